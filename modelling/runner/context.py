"""What the stages of one run share: its experiment, its files, and what is to be written next."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from modelling.datasets.problem import problem_of
from modelling.executor.protocol import Limits
from modelling.machine import machine_name
from modelling.models.estimate import fold_cpu_s, width
from modelling.models.spec import Encoding
from modelling.store import Store
from modelling.store.encodings import FOLDS_FILE, encodings_folder
from modelling.store.results import Batch
from modelling.types import (
    Experiment,
    FoldCost,
    ModelResult,
    ResultStatus,
    Run,
    Variant,
)

WALL_PER_CPU = 4.0


class RunContext:
    """The surroundings of one run.

    Attributes
    ----------
    batch : Batch
        What is to be written at the end of this tick.
    rows : dict of (key, variant) to ModelResult
        The rows of this run as known so far.
    fit_cpu_s, child_cpu_s : float
        CPU seconds of fits, and of all children.
    """

    def __init__(self, store: Store, run: Run, slots: int) -> None:
        self.store, self.run, self.slots = store, run, slots
        self.experiment: Experiment = store.catalogue.experiment(run.experiment_id)
        self.task = self.experiment.task
        self.problem = problem_of(
            self.experiment,
            store.catalogue.dataset(self.experiment.dataset_id),
            path_of=store.blobs.path,
        )
        self._cache = encodings_folder(store.home, self.experiment)
        self._scratch = store.home / "scratch" / run.id
        shutil.rmtree(self._scratch, ignore_errors=True)
        self._scratch.mkdir(parents=True)
        self.rows = {
            (row.key, str(row.variant)): row
            for row in store.results.models(self.experiment.id)
            if row.run_id == run.id
        }
        self.fit_cpu_s = run.fit_cpu_s
        self.child_cpu_s = 0.0
        self.batch = self._empty_batch()

    @property
    def width(self) -> int:
        """Values of a row, by which the time of fits is estimated."""
        return width(len(self.task.features), len(self.problem.text))

    @property
    def folds(self) -> Path:
        """File with the rows of each fold."""
        return self._cache / FOLDS_FILE

    def encoded(self, encoding: Encoding, fold: int) -> Path:
        """Return the folder of one encoded fold."""
        return self._cache / f"{encoding}-{fold}"

    def scratch(self, name: str) -> Path:
        """Return a path for a file that a child will write."""
        return self._scratch / name.replace("/", "-")

    def limits(self, cpu_s: float) -> Limits:
        """Return the limits of a fit that may take ``cpu_s`` CPU seconds."""
        return Limits(
            cpu_s=cpu_s,
            wall_s=WALL_PER_CPU * cpu_s,
            memory_bytes=self.run.spec.limits.memory_bytes,
        )

    def put(self, row: ModelResult) -> None:
        """Keep a new state of a row, to be written in this tick."""
        place = (row.key, str(row.variant))
        self.rows[place] = row
        self.batch.results[place] = row

    def fold_cpu_s(self, keys: Iterable[str]) -> dict[str, float]:
        """Return the CPU seconds that one fold of each model should take, shortest first."""
        known = self.store.results.fold_costs(machine_name(), self.task.kind)
        costs = fold_cpu_s(keys, self.experiment.n_train, self.width, known)
        return dict(sorted(costs.items(), key=lambda item: item[1]))

    def learn_cost(self, row: ModelResult) -> None:
        """Remember what the folds of a base model took here, for the next estimate."""
        if row.variant is not Variant.BASE or row.status is not ResultStatus.OK:
            return
        cost = FoldCost(
            model=row.key,
            n_rows=self.experiment.n_train,
            n_features=self.width,
            cpu_s=row.cv_cpu_s / self.task.folds,
        )
        self.batch.fold_costs.setdefault((machine_name(), self.task.kind), []).append(cost)

    def take_batch(self) -> Batch:
        """Return what is to be written and start afresh."""
        batch, self.batch = self.batch, self._empty_batch()
        return batch

    def clean_up(self) -> None:
        """Remove what children left behind."""
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _empty_batch(self) -> Batch:
        return Batch(run_id=self.run.id, experiment_id=self.experiment.id)
