"""The one stage of a fresh test: stored models answer rows that came later, and are scored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from modelling.comparison.compare import current_rows, row_name
from modelling.datasets.problem import ProblemRef
from modelling.errors import FitError, TaskError
from modelling.evaluation.estimators import predict
from modelling.evaluation.persistence import load_model
from modelling.executor.protocol import Outcome, Task
from modelling.runner.context import RunContext
from modelling.runner.works import LockedScores, score_on_test
from modelling.tuning.ensemble import members_of, weighted_average
from modelling.types import FreshSpec, ModelResult, ResultStatus, Variant

LIMIT_CPU_S = 300.0


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerAndScore:
    """Work: let a stored model, or the average of stored answers, answer the locked test.

    ``weighed`` are (weight, answers) of the members of an ensemble; else ``model`` is loaded.
    """

    problem: ProblemRef
    model: Path | None
    weighed: tuple[tuple[float, Path], ...]
    prediction_path: Path
    draws_path: Path

    def __call__(self) -> LockedScores:
        """Return the scores; the files are written before it returns."""
        if self.model is None:
            weights = (weight for weight, _ in self.weighed)
            predicted = weighted_average(weights, (np.load(path) for _, path in self.weighed))
        else:
            rows = self.problem.load("test")
            predicted = predict(load_model(self.model), rows.features, self.problem.task)
        if not np.isfinite(predicted).all():
            raise FitError("The model answers some of the fresh rows with no number.")
        np.save(self.prediction_path, predicted)
        return score_on_test(self.problem, predicted, self.draws_path)


class FreshStage:
    """Scores the current models of another experiment on the test rows of this one."""

    title = "Scoring the stored models on the fresh rows"
    weight = 1.0

    def __init__(self, context: RunContext, spec: FreshSpec) -> None:
        self._context = context
        store = context.store
        source = store.catalogue.experiment(spec.source)
        rows = current_rows(store.results.models(spec.source), source.task)
        usable = [row for row in rows if row.status is ResultStatus.OK]
        self._models = [row for row in usable if row.model_blob is not None]
        self._ensembles = [row for row in usable if row.variant is Variant.ENSEMBLE]
        if not self._models:
            raise TaskError("There is no stored model to score; run the benchmark first.")
        self._gains = store.results.gains(spec.source)
        self._n_all = len(self._models) + len(self._ensembles)
        self._under_way: dict[str, ModelResult] = {}
        self._answers: dict[str, str] = {}
        self._n_ended = 0

    @property
    def finished(self) -> bool:
        """Whether every model was scored, or failed."""
        return self._n_ended == self._n_all

    def share_done(self) -> float:
        """Return the share of models that are done."""
        return self._n_ended / self._n_all

    def next_task(self) -> Task | None:
        """Return the next model's task; an ensemble waits for the answers of its members."""
        if self._models:
            return self._task(self._models.pop(0), ())
        while self._ensembles and not self._under_way:
            row = self._ensembles.pop(0)
            weighed = self._weighed(row)
            if weighed:
                return self._task(row, weighed)
            self._end(row, None, "A member of it has no answers on the fresh rows.")
        return None

    def handle(self, outcome: Outcome) -> None:
        """Take in the scores of a model; its files and its row become visible together."""
        row = self._under_way.pop(outcome.task_id)
        if not outcome.ok:
            self._end(row, None, outcome.error)
            return
        scored: LockedScores = outcome.value
        context, name = self._context, outcome.task_id
        answers = context.store.blobs.adopt(context.scratch(f"{name}.npy"))
        draws = context.store.blobs.adopt(context.scratch(f"{name}.draws.npy"))
        self._answers[row_name(row)] = answers
        context.batch.scored = True
        self._end(replace(row, test_prediction_blob=answers, draws_blob=draws), scored, row.error)

    def _end(self, row: ModelResult, scored: LockedScores | None, said: str | None) -> None:
        """Put the row of a model in this run; without scores it failed, and ``said`` says why."""
        context = self._context
        if scored is None:
            row = replace(
                row, status=ResultStatus.FAILED, test_prediction_blob=None, draws_blob=None
            )
        context.put(
            replace(
                row,
                run_id=context.run.id,
                error=said,
                test_score=None if scored is None else scored.scores[context.task.metric],
                test_interval=None if scored is None else scored.interval,
                metrics={} if scored is None else scored.scores,
            )
        )
        self._n_ended += 1
        if self.finished:
            self._take_gains_over()

    def _task(self, row: ModelResult, weighed: tuple[tuple[float, Path], ...]) -> Task:
        context = self._context
        name = f"fresh/{row.key}/{row.variant}"
        self._under_way[name] = row
        path = context.store.blobs.path
        work = AnswerAndScore(
            problem=context.problem,
            model=None if row.model_blob is None else path(row.model_blob),
            weighed=weighed,
            prediction_path=context.scratch(f"{name}.npy"),
            draws_path=context.scratch(f"{name}.draws.npy"),
        )
        return Task(id=name, work=work, limits=context.limits(LIMIT_CPU_S))

    def _weighed(self, row: ModelResult) -> tuple[tuple[float, Path], ...]:
        """Return weight and fresh answers of each member of an ensemble; none if one is missing."""
        if any(name not in self._answers for name in row.members):
            return ()
        path = self._context.store.blobs.path
        return tuple((weight, path(self._answers[name])) for weight, name in members_of(row))

    def _take_gains_over(self) -> None:
        """Keep what the search saw: it is the same search, under the names of this run."""
        run_id = self._context.run.id
        own = {row_name(replace(row, run_id=run_id)) for row in self._context.rows.values()}
        for (base, candidate), gain in self._gains.items():
            pair = (_renamed(base, run_id), _renamed(candidate, run_id))
            if own.issuperset(pair) and {base, candidate} <= self._answers.keys():
                self._context.batch.gains[pair] = gain


def _renamed(name: str, run_id: str) -> str:
    """Return the `row_name` of the same model in another run."""
    return f"{run_id}:{name.split(':', 1)[1]}"
