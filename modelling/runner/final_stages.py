"""The rest of a run: last fits, scoring on the locked test, cost of answering, corrected gains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from modelling.evaluation.final import FitFinal
from modelling.evaluation.measure import MeasurePredict, PredictCost
from modelling.evaluation.plan import FinalJob, beaten_by_dummy, dummy_of
from modelling.executor.protocol import Outcome, Task
from modelling.machine import was_busy
from modelling.models import model
from modelling.runner.context import RunContext
from modelling.runner.works import FinalScores, FitAndScore
from modelling.types import ModelResult, ResultStatus, Variant

# The last fit sees all folds at once and may search no more: a multiple of a fold's limit is ample.
FINAL_LIMIT_FACTOR = 3.0
MEASURE_LIMIT_S = 120.0


class FinalsStage:
    """Fits each final model on all training rows and scores it once on the locked test."""

    title = "Fitting on all training rows and scoring the locked test"

    def __init__(self, context: RunContext, jobs: Sequence[FinalJob], *, weight: float) -> None:
        self._context, self.weight = context, weight
        self._dummy = dummy_of(context.store.results.models(context.experiment.id))
        self._todo = [job for job in jobs if not self._is_done(job)]
        self._all = max(1, len(self._todo))
        self._jobs: dict[str, FinalJob] = {}

    @property
    def finished(self) -> bool:
        """Whether all models are fitted, or failed."""
        return not self._todo and not self._jobs

    def share_done(self) -> float:
        """Return the share of models that are done."""
        return 1.0 - (len(self._todo) + len(self._jobs)) / self._all

    def next_task(self) -> Task | None:
        """Return the next model's task."""
        if not self._todo:
            return None
        job = self._todo.pop(0)
        name = f"final/{job.row.key}/{job.row.variant}"
        self._jobs[name] = job
        scratch = self._context.scratch
        fit = FitFinal(
            model=job.row.key,
            params=job.row.params,
            problem=self._context.problem,
            model_path=scratch(f"{name}.skops"),
            prediction_path=scratch(f"{name}.test.npy"),
            rounds=job.rounds,
        )
        limit = FINAL_LIMIT_FACTOR * self._context.run.spec.limits.cpu_s
        work = FitAndScore(fit=fit, draws_path=scratch(f"{name}.draws.npy"))
        return Task(id=name, work=work, limits=self._context.limits(limit))

    def handle(self, outcome: Outcome) -> None:
        """Take in a fitted model; its files and its row become visible together."""
        job = self._jobs.pop(outcome.task_id)
        if not outcome.ok:
            failed = replace(job.row, status=ResultStatus.FAILED, error=outcome.error)
            self._context.put(failed)
            return
        final: FinalScores = outcome.value
        self._context.fit_cpu_s += final.fit.fit_cpu_s
        self._context.batch.scored = True
        self._context.put(self._row(job, final, outcome.task_id))

    def _row(self, job: FinalJob, final: FinalScores, name: str) -> ModelResult:
        adopt, scratch = self._context.store.blobs.adopt, self._context.scratch
        fit, task = final.fit, self._context.task
        return replace(
            job.row,
            beaten_by_dummy=beaten_by_dummy(job.row, self._dummy, task) or job.row.beaten_by_dummy,
            test_score=final.scores[task.metric],
            test_interval=final.interval,
            metrics=final.scores,
            fit_cpu_s=fit.fit_cpu_s,
            fit_time_s=fit.fit_time_s,
            peak_memory_bytes=fit.peak_memory_bytes,
            size_bytes=fit.size_bytes,
            machine_busy=was_busy(fit.fit_time_s, fit.fit_cpu_s),
            model_blob=adopt(scratch(f"{name}.skops")),
            test_prediction_blob=adopt(scratch(f"{name}.test.npy")),
            draws_blob=adopt(scratch(f"{name}.draws.npy")),
        )

    def _is_done(self, job: FinalJob) -> bool:
        row = self._context.rows.get((job.row.key, str(job.row.variant)))
        failed_here = row is not None and row.status is ResultStatus.FAILED
        return row is not None and (row.model_blob is not None or failed_here)


class MeasureStage:
    """Measures what answering costs: one model at a time, with nothing else of ours running."""

    title = "Measuring what answering costs"

    def __init__(self, context: RunContext, *, weight: float) -> None:
        self._context, self.weight = context, weight
        self._todo = [
            row
            for row in context.rows.values()
            if row.model_blob is not None and row.predict_cpu_ms_per_1k is None
        ]
        self._all = max(1, len(self._todo))
        self._rows: dict[str, ModelResult] = {}

    @property
    def finished(self) -> bool:
        """Whether every fitted model was measured."""
        return not self._todo and not self._rows

    def share_done(self) -> float:
        """Return the share of models that are measured."""
        return 1.0 - (len(self._todo) + len(self._rows)) / self._all

    def next_task(self) -> Task | None:
        """Return the next model's task; it runs alone."""
        if not self._todo:
            return None
        row = self._todo.pop(0)
        name = f"measure/{row.key}/{row.variant}"
        self._rows[name] = row
        path = self._context.store.blobs.path(str(row.model_blob))
        return Task(
            id=name,
            work=MeasurePredict(model_path=path, problem=self._context.problem),
            limits=self._context.limits(MEASURE_LIMIT_S),
            exclusive=True,
        )

    def handle(self, outcome: Outcome) -> None:
        """Take in a measurement; without one the row stays, and says why."""
        row = self._rows.pop(outcome.task_id)
        if not outcome.ok:
            reason = f"Its answers could not be timed: {outcome.error}"
            self._context.put(replace(row, error=reason))
            return
        cost: PredictCost = outcome.value
        self._context.put(
            replace(
                row,
                predict_cpu_ms_per_1k=cost.cpu_ms_per_1k,
                predict_ms_per_1k_p50=cost.ms_per_1k_p50,
                predict_ms_per_1k_p95=cost.ms_per_1k_p95,
                predict_ms_single_p50=cost.ms_single_p50,
                predict_ms_single_p95=cost.ms_single_p95,
            )
        )


def models_without_base(context: RunContext, keys: Sequence[str]) -> frozenset[str]:
    """Return the models of ``keys`` whose base has no usable result in the experiment."""
    known = {
        row.key
        for row in context.store.results.models(context.experiment.id)
        if row.variant is Variant.BASE
        and row.draws_blob is not None
        and row.run_id != context.run.id
    }
    return frozenset(key for key in keys if model(key).key not in known)
