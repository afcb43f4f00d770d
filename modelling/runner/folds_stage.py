"""The search part of a run: folds are encoded when first needed, then fitted and scored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from modelling.errors import TaskError
from modelling.evaluation.encodings import EncodedFold, EncodeFolds
from modelling.evaluation.folds import PrepareFolds
from modelling.evaluation.plan import FoldJob, Plan
from modelling.evaluation.unit import FitFold
from modelling.executor.protocol import Outcome, Task
from modelling.models import model
from modelling.models.spec import Encoding
from modelling.runner.context import RunContext
from modelling.runner.works import FailedFit, FitSeveral
from modelling.types import FoldResult, ResultStatus

_FOLDS = "folds"
Slot = tuple[Encoding, int]
# What one child does, one after the other.
Jobs = tuple[FoldJob, ...]


class FoldsStage:
    """Runs a plan: jobs wait for the encodings of their folds, which are made once for all."""

    title = "Evaluating on the folds"

    def __init__(self, context: RunContext, plan: Plan, *, weight: float) -> None:
        self._context, self._plan, self.weight = context, plan, weight
        self._folds_asked = False
        self._asked: set[Slot] = set()
        self._broken: dict[Slot, str] = {}
        self._waiting: list[Jobs] = []
        self._jobs: dict[str, Jobs] = {}
        self._encoding: dict[str, tuple[Slot, ...]] = {}
        self._collect()

    @property
    def finished(self) -> bool:
        """Whether the plan is done; what follows needs the folds even if no fit did."""
        is_done = self._plan.finished and not self._jobs and not self._waiting
        return is_done and self._context.folds.exists()

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
            jobs = self._plan.next_jobs()
            self._collect()
            if not jobs:
                return None
            self._waiting.append(jobs)

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
            self._note_encoding(self._encoding.pop(outcome.task_id), outcome)
        else:
            self._finish(self._jobs.pop(outcome.task_id), outcome)

    def _ask_for_folds(self) -> Task | None:
        if self._folds_asked:
            return None
        self._folds_asked = True
        work = PrepareFolds(problem=self._context.problem, path=self._context.folds)
        return Task(id=_FOLDS, work=work, limits=self._context.limits(600.0))

    def _startable(self) -> Task | None:
        for jobs in list(self._waiting):
            slots = dict.fromkeys(_slot(job) for job in jobs)
            missing = [slot for slot in slots if not self._context.encoded(*slot).exists()]
            broken = next((self._broken[slot] for slot in missing if slot in self._broken), None)
            new = [slot for slot in missing if slot not in self._asked]
            if broken is not None:
                self._waiting.remove(jobs)
                for job in jobs:
                    self._record(_failed(job, broken, cpu_s=0.0, wall_s=0.0))
            elif not missing:
                self._waiting.remove(jobs)
                return self._fit(jobs)
            elif new:
                return self._encode([slot for slot in new if slot[0] is new[0][0]])
        return None

    def _encode(self, slots: Sequence[Slot]) -> Task:
        """Return a task that makes one encoding for some folds: the table is read only once."""
        encoding = slots[0][0]
        self._asked.update(slots)
        name = "/".join(["encode", encoding, *(str(fold) for _, fold in slots)])
        self._encoding[name] = tuple(slots)
        work = EncodeFolds(
            problem=self._context.problem,
            folds=self._context.folds,
            encoding=encoding,
            folders={fold: self._context.encoded(encoding, fold) for _, fold in slots},
        )
        return Task(id=name, work=work, limits=self._context.limits(600.0))

    def _note_encoding(self, slots: Sequence[Slot], outcome: Outcome) -> None:
        if outcome.ok:
            return
        # Folds that were written before the failure are whole.
        for slot in slots:
            if not self._context.encoded(*slot).exists():
                self._broken[slot] = outcome.error or "The table could not be encoded."

    def _fit(self, jobs: Jobs) -> Task:
        first, fits = jobs[0], tuple(self._fold_fit(job) for job in jobs)
        self._jobs[first.id] = jobs
        work = fits[0] if len(fits) == 1 else FitSeveral(fits=fits)
        limits = self._context.limits(first.cpu_limit_s)
        return Task(id=first.id, work=work, limits=limits, shares_child=True)

    def _fold_fit(self, job: FoldJob) -> FitFold:
        return FitFold(
            model=job.model,
            trial=job.trial,
            fold=job.fold,
            params=job.params,
            task=self._context.task,
            encoded=EncodedFold(folder=self._context.encoded(*_slot(job))),
            prediction=self._context.scratch(f"{job.id}.npy"),
            stop_early=job.stop_early,
            share=job.share,
        )

    def _finish(self, jobs: Jobs, outcome: Outcome) -> None:
        if len(jobs) == 1:
            failed = FailedFit(error=outcome.error or "The fit failed.", cpu_s=outcome.cpu_s)
            self._take(jobs[0], outcome.value if outcome.ok else failed, outcome.wall_s)
        elif outcome.ok:
            for job, result in zip(jobs, outcome.value, strict=True):
                self._take(job, result, outcome.wall_s)
        else:
            # The child ended without an answer: alone, each shows whether it was the one.
            self._plan.give_back(jobs)

    def _take(self, job: FoldJob, result: FoldResult | FailedFit, wall_s: float) -> None:
        # The child's own start and end are the engine's, not the model's.
        self._context.fit_cpu_s += result.cpu_s
        if isinstance(result, FailedFit):
            self._record(_failed(job, result.error, cpu_s=result.cpu_s, wall_s=wall_s))
        else:
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
                self._context.learn_cost(row)


def _slot(job: FoldJob) -> Slot:
    return model(job.model).encoding, job.fold


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
