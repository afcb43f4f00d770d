"""The order of a benchmark: quickest models first, all folds of one before the next."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from modelling.evaluation.plan import (
    FinalJob,
    Findings,
    FoldJob,
    Progress,
    base_row,
    beaten_by_dummy,
)
from modelling.models import MODELS, model, models_named
from modelling.types import (
    BenchmarkSpec,
    FoldResult,
    ModelResult,
    ResultStatus,
    TaskSpec,
)


class BenchmarkPlan:
    """Evaluates each model's base configuration on every fold.

    A model that fails on one fold is not tried on the others. The dummy is always among them.

    Parameters
    ----------
    run_id : str
        Goes into the rows.
    stored : tuple of FoldResult
        What an earlier, interrupted attempt has finished.
    n_rows, n_features : int
        Size of the training table, for the estimate of progress.
    """

    def __init__(
        self,
        spec: BenchmarkSpec,
        task: TaskSpec,
        *,
        run_id: str,
        n_rows: int,
        n_features: int,
        stored: tuple[FoldResult, ...] = (),
    ) -> None:
        self._spec, self._task, self._run_id = spec, task, run_id
        chosen = {candidate.key for candidate in models_named(spec.models, task.kind)}
        order = [candidate.key for candidate in MODELS if candidate.key in {*chosen, "dummy"}]
        self._cost = {key: model(key).estimated_fit_cpu_s(n_rows, n_features) for key in order}
        self._todo = [(key, fold) for key in order for fold in range(task.folds)]
        self._folds: dict[str, list[FoldResult]] = defaultdict(list)
        self._rows: dict[str, ModelResult] = {}
        self._changed: list[ModelResult] = []
        self._under_way = 0
        for result in stored:
            self._take(result)

    @property
    def finished(self) -> bool:
        """Whether every model has its row."""
        return not self._todo and not self._under_way

    def next_job(self) -> FoldJob | None:
        """Return the next fold, quickest model first."""
        if not self._todo:
            return None
        key, fold = self._todo.pop(0)
        self._under_way += 1
        return FoldJob(
            model=key,
            trial=0,
            fold=fold,
            params=model(key).base,
            cpu_limit_s=self._spec.limits.cpu_s,
        )

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
        total = sum(self._cost.values()) * self._task.folds
        left = sum(self._cost[key] for key, _ in self._todo)
        return Progress(done=total - left, total=total)

    def _take(self, result: FoldResult) -> None:
        key, folds = result.model, self._folds[result.model]
        folds.append(result)
        self._todo = [job for job in self._todo if job != (key, result.fold)]
        failed = result.status is ResultStatus.FAILED
        if failed:
            self._todo = [job for job in self._todo if job[0] != key]
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
