"""The search part of a run: folds are encoded when first needed, then fitted and scored."""

from __future__ import annotations

from dataclasses import replace

from modelling.errors import TaskError
from modelling.evaluation.encodings import EncodedFold, EncodeFold
from modelling.evaluation.folds import PrepareFolds
from modelling.evaluation.plan import FoldJob, Plan
from modelling.evaluation.unit import FitFold
from modelling.executor.protocol import Outcome, Task
from modelling.models import model
from modelling.models.spec import Encoding
from modelling.runner.context import RunContext
from modelling.types import FoldResult, ResultStatus

_FOLDS = "folds"
Slot = tuple[Encoding, int]


class FoldsStage:
    """Runs a plan: each job waits for the encoding of its fold, which is made once for all."""

    title = "Evaluating on the folds"
    weight = 0.8

    def __init__(self, context: RunContext, plan: Plan) -> None:
        self._context, self._plan = context, plan
        self._folds_asked = False
        self._asked: set[Slot] = set()
        self._broken: dict[Slot, str] = {}
        self._waiting: list[FoldJob] = []
        self._jobs: dict[str, FoldJob] = {}
        self._encoding: dict[str, Slot] = {}
        self._collect()

    @property
    def finished(self) -> bool:
        """Whether the plan is done."""
        return self._plan.finished and not self._jobs and not self._waiting

    def share_done(self) -> float:
        """Return how far the plan is, between 0 and 1."""
        progress = self._plan.progress()
        return progress.done / progress.total if progress.total else 1.0

    def next_task(self) -> Task | None:
        """Return a task that can start now: folds first, encodings when needed, then fits."""
        if not self._context.folds.exists():
            return self._ask_for_folds()
        while True:
            task = self._startable()
            if task is not None:
                return task
            if len(self._waiting) > self._context.slots:
                return None
            job = self._plan.next_job()
            self._collect()
            if job is None:
                return None
            self._waiting.append(job)

    def handle(self, outcome: Outcome) -> None:
        """Take in the end of a task.

        Raises
        ------
        TaskError
            If the folds cannot be drawn, which ends the run.
        """
        if outcome.task_id == _FOLDS:
            if not outcome.ok:
                raise TaskError(outcome.error or "The folds could not be drawn.")
        elif outcome.task_id in self._encoding:
            slot = self._encoding.pop(outcome.task_id)
            if not outcome.ok:
                self._broken[slot] = outcome.error or "The table could not be encoded."
        else:
            self._finish(self._jobs.pop(outcome.task_id), outcome)

    def _ask_for_folds(self) -> Task | None:
        if self._folds_asked:
            return None
        self._folds_asked = True
        work = PrepareFolds(problem=self._context.problem, path=self._context.folds)
        return Task(id=_FOLDS, work=work, limits=self._context.limits(600.0))

    def _startable(self) -> Task | None:
        for job in list(self._waiting):
            slot = (model(job.model).encoding, job.fold)
            if slot in self._broken:
                self._waiting.remove(job)
                self._record(_failed(job, self._broken[slot], cpu_s=0.0, wall_s=0.0))
            elif self._context.encoded(*slot).exists():
                self._waiting.remove(job)
                return self._fit(job, slot)
            elif slot not in self._asked:
                self._asked.add(slot)
                return self._encode(slot)
        return None

    def _encode(self, slot: Slot) -> Task:
        encoding, fold = slot
        name = f"encode/{encoding}/{fold}"
        self._encoding[name] = slot
        work = EncodeFold(
            problem=self._context.problem,
            folds=self._context.folds,
            encoding=encoding,
            fold=fold,
            folder=self._context.encoded(encoding, fold),
        )
        return Task(id=name, work=work, limits=self._context.limits(600.0))

    def _fit(self, job: FoldJob, slot: Slot) -> Task:
        self._jobs[job.id] = job
        work = FitFold(
            model=job.model,
            trial=job.trial,
            fold=job.fold,
            params=job.params,
            task=self._context.task,
            encoded=EncodedFold(folder=self._context.encoded(*slot)),
            prediction=self._context.scratch(f"{job.id}.npy"),
            stop_early=job.stop_early,
        )
        return Task(id=job.id, work=work, limits=self._context.limits(job.cpu_limit_s))

    def _finish(self, job: FoldJob, outcome: Outcome) -> None:
        if not outcome.ok:
            self._context.fit_cpu_s += outcome.cpu_s
            error = outcome.error or "The fit failed."
            self._record(_failed(job, error, cpu_s=outcome.cpu_s, wall_s=outcome.wall_s))
            return
        result: FoldResult = outcome.value
        # The child's own start and end are the engine's, not the model's.
        self._context.fit_cpu_s += result.cpu_s
        blob = self._context.store.blobs.adopt(self._context.scratch(f"{job.id}.npy"))
        self._record(replace(result, prediction_blob=blob))

    def _record(self, result: FoldResult) -> None:
        self._context.batch.folds.append(result)
        self._plan.handle(result)
        self._collect()

    def _collect(self) -> None:
        """Pass on what the plan found; a stored study replays its trials before any job."""
        findings = self._plan.drain()
        for trial in findings.trials:
            self._context.batch.trials[trial.model, trial.number] = trial
        for row in findings.rows:
            # A resumed benchmark replays its rows; those with a last fit know more already.
            held = self._context.rows.get((row.key, str(row.variant)))
            if held is None or held.model_blob is None:
                self._context.put(row)


def _failed(job: FoldJob, error: str, *, cpu_s: float, wall_s: float) -> FoldResult:
    return FoldResult(
        model=job.model,
        trial=job.trial,
        fold=job.fold,
        status=ResultStatus.FAILED,
        fit_cpu_s=cpu_s,
        fit_time_s=wall_s,
        cpu_s=cpu_s,
        error=error,
    )
