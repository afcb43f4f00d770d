"""Results: folds, trials, models, gains; all that ended in one tick is one transaction."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from modelling.codec import from_json, to_json
from modelling.store.database import Database, upsert
from modelling.store.runs import move_run
from modelling.store.tables import (
    asked_models,
    experiments,
    explanations,
    fold_costs,
    folds,
    gains,
    hindsights,
    results,
    rungs,
    runs,
    trials,
    wishes,
)
from modelling.types import (
    AskedModel,
    Explanation,
    FoldCost,
    FoldOutline,
    FoldResult,
    Hindsight,
    ModelResult,
    Params,
    ParamValue,
    RungResult,
    SelectionGain,
    TaskKind,
    Trial,
    Variant,
)

_FREE = "free"


@dataclass(kw_only=True, slots=True)
class Batch:
    """What one run wants written at once; ``run_values`` are columns of its row.

    ``fold_costs`` are by machine and kind of task.
    """

    run_id: str
    experiment_id: str
    folds: list[FoldResult] = field(default_factory=list)
    trials: dict[tuple[str, int], Trial] = field(default_factory=dict)
    results: dict[tuple[str, str], ModelResult] = field(default_factory=dict)
    gains: dict[tuple[str, str], SelectionGain] = field(default_factory=dict)
    rung: RungResult | None = None
    hindsight: Hindsight | None = None
    explanations: list[Explanation] = field(default_factory=list)
    asked: list[AskedModel] = field(default_factory=list)
    fold_costs: dict[tuple[str, TaskKind], list[FoldCost]] = field(default_factory=dict)
    run_values: dict[str, Any] = field(default_factory=dict)
    scored: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        contents = (
            self.folds,
            self.trials,
            self.results,
            self.gains,
            self.rung,
            self.hindsight,
            self.explanations,
            self.asked,
            self.fold_costs,
            self.run_values,
        )
        return not any(contents) and not self.scored

    @property
    def brings_result(self) -> bool:
        """Whether work was done, so that it was not in vain to start the run."""
        models = (row.model_blob for row in self.results.values())
        return bool(self.folds or self.gains or self.explanations or self.asked) or any(models)


class Results:
    """What runs found."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, batches: Iterable[Batch]) -> None:
        """Write batches of several runs in one transaction; writing twice changes nothing."""
        with self._database.write() as connection:
            for batch in batches:
                _save(connection, batch)

    def folds(self, run_id: str, model: str | None = None) -> tuple[FoldResult, ...]:
        """Return the fold results of a run, of one model or of all."""
        query = select(folds.c.body).where(folds.c.run_id == run_id)
        if model is not None:
            query = query.where(folds.c.model == model)
        return self._values(FoldResult, query.order_by(folds.c.model, folds.c.trial, folds.c.fold))

    def fold_outlines(
        self, run_id: str, model: str, trials: Container[int]
    ) -> tuple[FoldOutline, ...]:
        """Return the folds of some trials of a model in a run, by trial and fold, in outline."""
        query = select(folds.c.trial, folds.c.body).where(
            folds.c.run_id == run_id, folds.c.model == model
        )
        with self._database.read() as connection:
            return tuple(
                from_json(FoldOutline, body)
                for trial, body in connection.execute(query.order_by(folds.c.trial, folds.c.fold))
                if trial in trials
            )

    def trials(self, run_id: str) -> tuple[Trial, ...]:
        """Return all trials of a study, by model and number."""
        query = select(trials.c.body).where(trials.c.run_id == run_id)
        return self._values(Trial, query.order_by(trials.c.model, trials.c.number))

    def models(self, experiment_id: str) -> tuple[ModelResult, ...]:
        """Return the results of an experiment, oldest first."""
        query = select(results.c.body).where(results.c.experiment_id == experiment_id)
        return self._values(ModelResult, query.order_by(results.c.id))

    def n_trials(self, run_id: str) -> int:
        """Return how many trials of a study are stored."""
        query = select(func.count()).select_from(trials).where(trials.c.run_id == run_id)
        with self._database.read() as connection:
            return int(connection.scalar(query) or 0)

    def gains(self, experiment_id: str) -> Mapping[tuple[str, str], SelectionGain]:
        """Return the stored selection gains by (base, candidate) name."""
        query = select(gains).where(gains.c.experiment_id == experiment_id)
        with self._database.read() as connection:
            return {
                (row.base, row.candidate): from_json(SelectionGain, row.body)
                for row in connection.execute(query)
            }

    def rungs(self, experiment_id: str) -> tuple[RungResult, ...]:
        """Return what the rungs of the ladder gave, oldest first."""
        query = (
            select(rungs.c.body)
            .join(runs, runs.c.id == rungs.c.run_id)
            .where(rungs.c.experiment_id == experiment_id)
        )
        return self._values(RungResult, query.order_by(runs.c.position))

    def hindsights(self, experiment_id: str) -> tuple[Hindsight, ...]:
        """Return what studies look like in hindsight, oldest first."""
        query = (
            select(hindsights.c.body)
            .join(runs, runs.c.id == hindsights.c.run_id)
            .where(hindsights.c.experiment_id == experiment_id)
        )
        return self._values(Hindsight, query.order_by(runs.c.position))

    def explanation(self, experiment_id: str, row: str) -> Explanation | None:
        """Return what a model goes by, by the name of its result; None if it is not known."""
        query = select(explanations.c.body).where(
            explanations.c.experiment_id == experiment_id, explanations.c.row == row
        )
        found = self._values(Explanation, query)
        return found[0] if found else None

    def asked(self, experiment_id: str) -> tuple[AskedModel, ...]:
        """Return the language models that were asked about an experiment's rows."""
        query = select(asked_models.c.body).where(asked_models.c.experiment_id == experiment_id)
        return self._values(AskedModel, query.order_by(asked_models.c.key, asked_models.c.place))

    def fold_costs(self, machine: str, kind: TaskKind) -> tuple[FoldCost, ...]:
        """Return what folds of base models took on a machine."""
        columns = (
            fold_costs.c.model,
            fold_costs.c.n_rows,
            fold_costs.c.n_features,
            fold_costs.c.cpu_s,
        )
        query = select(*columns).where(fold_costs.c.machine == machine, fold_costs.c.kind == kind)
        with self._database.read() as connection:
            return tuple(FoldCost(**row) for row in connection.execute(query).mappings())

    def add_wish(self, run_id: str, model: str, params: Params) -> None:
        """Remember a configuration that is to be tried in a study."""
        values = {"run_id": run_id, "model": model, "params": to_json(dict(params))}
        with self._database.write() as connection:
            connection.execute(insert(wishes).values(**values))

    def wishes(self, run_id: str) -> tuple[tuple[str, Params], ...]:
        """Return the (model, configuration) that were asked for in a run, oldest first."""
        query = select(wishes).where(wishes.c.run_id == run_id).order_by(wishes.c.position)
        with self._database.read() as connection:
            return tuple(
                (row.model, from_json(dict[str, ParamValue], row.params))
                for row in connection.execute(query)
            )

    def _values(self, kind: type, query: Any) -> tuple[Any, ...]:
        with self._database.read() as connection:
            return tuple(from_json(kind, body) for body in connection.scalars(query))


def _save(connection: Any, batch: Batch) -> None:
    for fold in batch.folds:
        key = {"run_id": batch.run_id, "model": fold.model, "trial": fold.trial, "fold": fold.fold}
        upsert(connection, folds, {**key, "body": to_json(fold)}, tuple(key))
    for trial in batch.trials.values():
        key = {"run_id": batch.run_id, "model": trial.model, "number": trial.number}
        upsert(connection, trials, {**key, "body": to_json(trial)}, tuple(key))
    for result in batch.results.values():
        key = {"run_id": batch.run_id, "key": result.key, "variant": result.variant}
        values = {**key, "experiment_id": batch.experiment_id, "body": to_json(result)}
        upsert(connection, results, values, tuple(key))
    for (base, candidate), gain in batch.gains.items():
        key = {"experiment_id": batch.experiment_id, "base": base, "candidate": candidate}
        upsert(connection, gains, {**key, "body": to_json(gain)}, tuple(key))
    if batch.rung is not None:
        values = {"experiment_id": batch.experiment_id, "body": to_json(batch.rung)}
        upsert(connection, rungs, {"run_id": batch.run_id, **values}, ("run_id",))
    if batch.hindsight is not None:
        values = {"experiment_id": batch.experiment_id, "body": to_json(batch.hindsight)}
        upsert(connection, hindsights, {"run_id": batch.run_id, **values}, ("run_id",))
    for found in batch.explanations:
        key = {"experiment_id": batch.experiment_id, "row": found.row}
        upsert(connection, explanations, {**key, "body": to_json(found)}, tuple(key))
    for row in batch.asked:
        _save_asked(connection, batch.experiment_id, row)
    for (machine, kind), measured in batch.fold_costs.items():
        for cost in measured:
            size = {"model": cost.model, "n_rows": cost.n_rows, "n_features": cost.n_features}
            key = {"machine": machine, "kind": kind, **size}
            upsert(connection, fold_costs, {**key, "cpu_s": cost.cpu_s}, tuple(key))
    if batch.scored:
        _count_scoring(connection, batch)
    # Only starts in vain are counted against a run.
    values = dict(batch.run_values, **({"attempts": 1} if batch.brings_result else {}))
    if values:
        move_run(connection, batch.run_id, **values)


def _save_asked(connection: Any, experiment_id: str, row: AskedModel) -> None:
    """Store a language model's row; what was learned from the answers of an older base goes."""
    place = _FREE if row.is_free else str(row.variant)
    key = {"experiment_id": experiment_id, "key": row.key, "place": place}
    upsert(connection, asked_models, {**key, "body": to_json(row)}, tuple(key))
    if row.variant is Variant.BASE:
        old = (asked_models.c.experiment_id == experiment_id, asked_models.c.key == row.key)
        connection.execute(delete(asked_models).where(*old, asked_models.c.place == _FREE))


def _count_scoring(connection: Any, batch: Batch) -> None:
    """Count the batch in which a run scored the locked test: once, however often it resumes."""
    first = update(runs).where(runs.c.id == batch.run_id, runs.c.scored.is_(False))
    if connection.execute(first.values(scored=True)).rowcount == 1:
        connection.execute(
            update(experiments)
            .where(experiments.c.id == batch.experiment_id)
            .values(test_batches=experiments.c.test_batches + 1)
        )
