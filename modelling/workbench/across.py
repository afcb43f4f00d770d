"""Results of several runs and experiments on the same locked rows, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from modelling.types import Experiment, ModelResult, ResultStatus, Run
from modelling.workbench.fresh import FreshTests

if TYPE_CHECKING:
    from modelling.comparison import Comparison


@dataclass(frozen=True, kw_only=True, slots=True)
class Across:
    """Every result on one set of locked rows.

    The models of ``comparison`` carry the time of their run in their titles; it has no pairs.
    ``machines`` are those that they were measured on: times of several never share an axis unasked.
    """

    comparison: Comparison
    n_experiments: int
    machines: tuple[str, ...]


class AcrossRuns(FreshTests):
    """The part of the workbench that looks across runs and experiments."""

    def across(self, experiment_id: str) -> Across:
        """Return all results on the locked rows of an experiment, of whatever run.

        Experiments belong together if data set, target, kind of task, metric and locked rows are
        the same; seeds, folds, features and search spaces may differ.
        """
        comparison = self.comparison(experiment_id)
        alike = self._alike(self.experiment(experiment_id))
        rows: list[ModelResult] = []
        machines: dict[str, None] = {}
        for experiment in alike:
            runs = {run.id: run for run in self._store.runs.of(experiment.id)}
            for row in self._store.results.models(experiment.id):
                if row.status is ResultStatus.OK and row.test_score is not None:
                    run = runs.get(row.run_id)
                    rows.append(replace(row, title=_title(row, run)))
                    machines |= {} if run is None else {_machine(run.fingerprint): None}
        return Across(
            comparison=replace(comparison, models=tuple(rows), pairs=(), overall=None),
            n_experiments=len(alike),
            machines=tuple(name for name in machines if name),
        )

    def _alike(self, experiment: Experiment) -> list[Experiment]:
        own = self.problem(experiment.id).positions("test")
        return [
            other
            for other in self._store.catalogue.experiments_on(experiment.dataset_id)
            if _question(other) == _question(experiment)
            and (
                other.split_blob == experiment.split_blob
                or np.array_equal(self.problem(other.id).positions("test"), own)
            )
        ]


def _question(experiment: Experiment) -> tuple[object, ...]:
    task = experiment.task
    return (task.target, task.kind, task.metric, task.classes, experiment.test_dataset_id)


def _title(row: ModelResult, run: Run | None) -> str:
    if run is None:
        return row.title
    return f"{row.title}, {datetime.fromisoformat(run.created_at):%d %b %H:%M:%S}"


def _machine(fingerprint: Mapping[str, str]) -> str:
    return ", ".join(
        fingerprint[name] for name in ("cpu", "cores", "memory_gb") if name in fingerprint
    )
