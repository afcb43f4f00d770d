"""The runs of a workspace: starting, watching, stopping and resuming them."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace

import psutil

from modelling.errors import SpecError
from modelling.machine import machine_name
from modelling.models import models_named, obstacle
from modelling.models.estimate import Estimate, benchmark_estimate
from modelling.models.spec import ModelSpec
from modelling.types import (
    BenchmarkSpec,
    FitLimits,
    Run,
    RunKind,
    RunSpec,
    RunState,
    TaskKind,
)
from modelling.workbench.experiments import Experiments

POLL_S = 0.2
# What a fit that failed may take when it is tried again.
LARGER_CPU = 4
LARGER_MEMORY = 2


class Work(Experiments):
    """The part of the workbench that knows runs."""

    def estimate_benchmark(self, experiment_id: str, models: Sequence[str]) -> Estimate:
        """Return what a benchmark of these models will take, before it starts."""
        experiment = self.experiment(experiment_id)
        known = self._store.results.fold_costs(machine_name(), experiment.task.kind)
        return benchmark_estimate(
            experiment,
            models,
            workers=self.settings.workers,
            known=known,
            n_text=len(self.texts(experiment_id)),
        )

    def start_benchmark(
        self,
        experiment_id: str,
        models: Sequence[str] | None = None,
        *,
        limits: FitLimits | None = None,
    ) -> Run:
        """Queue a benchmark of ``models`` (default: all of the task).

        ``limits`` end a fit that takes too long or too much memory; its model is a failed row.
        """
        suiting = tuple(spec.key for spec in self.base_models(experiment_id))
        keys = tuple(models) if models else suiting
        self._check_suiting(experiment_id, models_named(keys, self._kind(experiment_id)))
        spec = BenchmarkSpec(models=keys, limits=limits or FitLimits())
        estimate = self.estimate_benchmark(experiment_id, keys)
        return self._start(experiment_id, RunKind.BENCHMARK, spec, estimated_s=estimate.wall_s)

    def _kind(self, experiment_id: str) -> TaskKind:
        return self.experiment(experiment_id).task.kind

    def _check_suiting(self, experiment_id: str, specs: Sequence[ModelSpec]) -> None:
        task, texts = self.experiment(experiment_id).task, self.texts(experiment_id)
        for spec in specs:
            reason = obstacle(spec, task, has_text=bool(texts))
            if reason is not None:
                raise SpecError(
                    f"{spec.title} cannot learn this task: {reason}. Choose another model."
                )

    def larger_limits(self, run_id: str) -> FitLimits:
        """Return limits for another try at what failed in a run, within the machine's memory."""
        limits = self._store.runs.get(run_id).spec.limits
        machine = psutil.virtual_memory().total
        memory = min(LARGER_MEMORY * limits.memory_bytes, machine)
        return FitLimits(
            cpu_s=LARGER_CPU * limits.cpu_s, memory_bytes=max(limits.memory_bytes, memory)
        )

    def _start(
        self,
        experiment_id: str,
        kind: RunKind,
        spec: RunSpec,
        *,
        estimated_s: float | None = None,
        after: Run | None = None,
    ) -> Run:
        run = self._store.runs.add(
            uuid.uuid4().hex, experiment_id, kind, spec, estimated_s=estimated_s, after=after
        )
        self._launcher.ensure()
        return run

    def ensure_runner(self) -> None:
        """Start the workspace's runner if there is none, so that a later click finds it warm."""
        self._launcher.ensure()

    def run(self, run_id: str) -> Run:
        """Return where a run stands; one whose runner is gone is "interrupted"."""
        return self._seen(self._store.runs.get(run_id))

    def _seen(self, run: Run) -> Run:
        if run.state in (RunState.RUNNING, RunState.STOPPING) and not self._launcher.is_alive():
            # Read again: the runner may have ended it just before it went.
            run = self._store.runs.get(run.id)
            if run.state in (RunState.RUNNING, RunState.STOPPING):
                return replace(run, state=RunState.INTERRUPTED)
        return run

    def runs(self, experiment_id: str | None = None) -> tuple[Run, ...]:
        """Return the newest runs, newest first."""
        return tuple(self._seen(run) for run in self._store.runs.of(experiment_id))

    def wait(
        self,
        run_id: str,
        *,
        on_progress: Callable[[Run], None] | None = None,
        timeout_s: float | None = None,
    ) -> Run:
        """Wait for the end of a run and return it; restarts the runner if it dies.

        Raises
        ------
        TimeoutError
            If the run is still active after ``timeout_s``.
        """
        begin = time.monotonic()
        while True:
            run = self.run(run_id)
            if on_progress is not None:
                on_progress(run)
            if run.state is RunState.INTERRUPTED or run.state is RunState.QUEUED:
                self._launcher.ensure()
            elif not run.state.is_active:
                return run
            if timeout_s is not None and time.monotonic() - begin > timeout_s:
                raise TimeoutError(
                    f"Run {run_id[:8]} is still {run.state} after {timeout_s:.0f} s."
                )
            time.sleep(POLL_S)

    def stop(self, run_id: str) -> Run:
        """Ask a run to stop; what it found so far is kept."""
        self._store.runs.get(run_id)
        self._store.runs.request_stop(run_id)
        return self.run(run_id)

    def resume(self, run_id: str) -> Run:
        """Let a run go on that was stopped, interrupted, or failed."""
        run = self._store.runs.resume(run_id)
        self._launcher.ensure()
        return run
