"""A benchmark: the base configuration of each model on every fold, and what becomes of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from modelling.benchmark.order import TwoEndedOrder
from modelling.evaluation.plan import (
    FinalJob,
    Findings,
    FoldJob,
    Progress,
    base_row,
    beaten_by_dummy,
)
from modelling.models import model_for
from modelling.types import (
    BenchmarkSpec,
    FoldResult,
    ModelResult,
    ResultStatus,
    TaskSpec,
)


class BenchmarkPlan:
    """Evaluates each model's base configuration on every fold.

    A model that fails on one fold is not tried on the others.

    Parameters
    ----------
    run_id : str
        Goes into the rows.
    fold_cpu_s : mapping of str to float
        The models, the dummy among them, and the CPU seconds that one fold of each should take.
    slots : int
        How many folds are fitted at once.
    stored : tuple of FoldResult
        What an earlier, interrupted attempt has finished.
    """

    def __init__(
        self,
        spec: BenchmarkSpec,
        task: TaskSpec,
        *,
        run_id: str,
        fold_cpu_s: Mapping[str, float],
        slots: int,
        stored: tuple[FoldResult, ...] = (),
    ) -> None:
        self._spec, self._task, self._run_id = spec, task, run_id
        places = [(key, fold) for key in fold_cpu_s for fold in range(task.folds)]
        self._order = TwoEndedOrder(fold_cpu_s, places, slots=slots)
        self._models = tuple(fold_cpu_s)
        self._folds: dict[str, list[FoldResult]] = defaultdict(list)
        self._rows: dict[str, ModelResult] = {}
        self._changed: list[ModelResult] = []
        self._under_way = 0
        for result in stored:
            self._take(result)

    @property
    def finished(self) -> bool:
        """Whether every model has its row."""
        return not self._under_way and self._rows.keys() >= set(self._models)

    def next_jobs(self) -> tuple[FoldJob, ...]:
        """Return the next fold, or several short ones."""
        jobs = tuple(
            FoldJob(
                model=key,
                trial=0,
                fold=fold,
                params=model_for(key, self._task).base,
                cpu_limit_s=self._spec.limits.cpu_s,
            )
            for key, fold in self._order.take()
        )
        self._under_way += len(jobs)
        return jobs

    def give_back(self, jobs: Sequence[FoldJob]) -> None:
        """Take back jobs whose common task gave no answer; each comes again, alone."""
        self._under_way -= len(jobs)
        self._order.give_back([(job.model, job.fold) for job in jobs])
        for key in self._rows:
            # A model may have failed meanwhile: it is not tried again.
            if self._rows[key].status is ResultStatus.FAILED:
                self._order.drop(key)

    def handle(self, result: FoldResult) -> None:
        """Take in a fold; the last one of a model completes its row."""
        self._under_way -= 1
        self._take(result)

    def drain(self) -> Findings:
        """Return the rows that are new."""
        changed, self._changed = self._changed, []
        return Findings(rows=changed)

    def finals(self) -> tuple[FinalJob, ...]:
        """Return the models that have a selection score."""
        ok = (row for row in self._rows.values() if row.status is ResultStatus.OK)
        return tuple(FinalJob(row=row) for row in ok)

    def progress(self) -> Progress:
        """Return the estimated CPU seconds done and in all."""
        done = sum(fold.cpu_s for folds in self._folds.values() for fold in folds)
        return Progress(done=done, total=done + self._order.left_s)

    def _take(self, result: FoldResult) -> None:
        key, folds = result.model, self._folds[result.model]
        folds.append(result)
        self._order.ended((key, result.fold), result.cpu_s)
        failed = result.status is ResultStatus.FAILED
        if failed:
            self._order.drop(key)
        # A fold that was under way when its model failed still belongs to the cost of the row.
        if failed or key in self._rows or len(folds) == self._task.folds:
            self._complete(key)

    def _complete(self, key: str) -> None:
        folds = sorted(self._folds[key], key=lambda fold: fold.fold)
        row = base_row(self._run_id, key, self._task, folds)
        self._rows[key] = row
        # The dummy may end after a model that is compared with it.
        late = list(self._rows) if key == "dummy" else [key]
        for name in late:
            beaten = beaten_by_dummy(self._rows[name], self._rows.get("dummy"), self._task)
            self._rows[name] = replace(self._rows[name], beaten_by_dummy=beaten)
            self._changed.append(self._rows[name])
