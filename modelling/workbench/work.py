"""The runs of a workspace: starting, watching, stopping and resuming them."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import psutil

from modelling.errors import SpecError
from modelling.machine import machine_name
from modelling.models import model, models_named, models_to_tune, obstacle
from modelling.models.estimate import Estimate, benchmark_estimate
from modelling.models.space import as_point, with_space
from modelling.models.spec import ModelSpec
from modelling.tuning.propose import SAMPLERS, sampler_factory
from modelling.types import (
    AskSpec,
    BenchmarkSpec,
    Budget,
    FitLimits,
    Params,
    Run,
    RunKind,
    RunSpec,
    RunState,
    SearchParam,
    TaskKind,
    TuningSpec,
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

    def start_tuning(
        self,
        experiment_id: str,
        models: Sequence[str],
        budget: Budget,
        *,
        sampler: str = "tpe",
        seed: int | None = None,
        window: int = 4,
        spaces: Mapping[str, tuple[SearchParam, ...]] | None = None,
        given: Mapping[str, tuple[Params, ...]] | None = None,
        limits: FitLimits | None = None,
    ) -> Run:
        """Queue a study for each of ``models`` that share ``budget``.

        Parameters
        ----------
        sampler : str
            "tpe", "random", "grid", or a function of yours as "package.module:function", which
            takes a seed and returns an Optuna sampler; the runner imports it.
        spaces : mapping of str to tuple of SearchParam, optional
            Edited search spaces by model.
        given : mapping of str to tuple of params, optional
            Configurations by model that come before the sampler's.

        Raises
        ------
        SpecError
            If a model is unknown, does not fit the task, or has nothing to tune, or if there is no
            such sampler.
        """
        if sampler not in SAMPLERS:
            sampler_factory(sampler)
        task = self.experiment(experiment_id).task
        specs = models_to_tune(tuple(models), task.kind)
        self._check_suiting(experiment_id, specs)
        tuning = TuningSpec(
            models=tuple(spec.key for spec in specs),
            budget=budget,
            sampler=sampler,
            window=window,
            seed=task.seed if seed is None else seed,
            spaces=dict(spaces or {}),
            limits=limits or FitLimits(),
        )
        searched = {key: with_space(model(key), tuning.spaces.get(key)) for key in tuning.models}
        points = {
            key: tuple(as_point(searched[key].space, params) for params in configurations)
            for key, configurations in (given or {}).items()
        }
        tuning = replace(tuning, given=points)
        return self._start(experiment_id, RunKind.TUNING, tuning)

    def extend_tuning(self, run_id: str, further: Budget, *, provider_key: str = "") -> Run:
        """Queue a run that goes on where a study ended, with ``further`` added to its budget.

        Its trials are those that the study would have had with the larger budget from the start.

        Parameters
        ----------
        provider_key : str
            For a study of a prompt: the provider's key, if it is not in the environment.

        Raises
        ------
        SpecError
            If the run is no study, has not ended, or its budget has none of the limits of
            ``further``.
        """
        run = self.run(run_id)
        if not isinstance(run.spec, TuningSpec) or run.state.is_active:
            raise SpecError("Only a study that has ended can be extended; wait for its end.")
        try:
            budget = run.spec.budget.extended_by(further)
        except ValueError as error:
            raise SpecError(
                "The study has another kind of budget; extend it in the unit it was given."
            ) from error
        spec = replace(
            run.spec,
            budget=budget,
            opening=run.spec.opening or run.spec.budget,
            extends=run_id,
            ask=self._asked_again(run.spec.ask, further, provider_key),
        )
        return self._start(run.experiment_id, RunKind.TUNING, spec, after=run)

    def _asked_again(
        self, ask: AskSpec | None, further: Budget, provider_key: str
    ) -> AskSpec | None:
        """Return whom a longer study asks: with the key again, and more money."""
        if ask is None:
            return None
        from modelling.text.keys import left

        ticket = left(self.settings.home, provider_key) if provider_key else ""
        return replace(ask, ticket=ticket, cap_usd=ask.cap_usd + (further.usd or 0.0))

    def queue_trial(self, run_id: str, model_key: str, params: Params) -> None:
        """Ask a running study to try ``params`` next.

        Raises
        ------
        SpecError
            If the study is not running, or ``params`` is no point of its search space.
        """
        run = self.run(run_id)
        spec = run.spec
        if not isinstance(spec, TuningSpec) or model_key not in spec.models:
            raise SpecError(f"The run has no study of {model_key!r}; choose one of its models.")
        if not run.state.is_active:
            raise SpecError("The study has ended; extend it to try more values.")
        space = searched_space(spec, model_key)
        self._store.results.add_wish(run_id, model_key, as_point(space, params))

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


def searched_space(spec: TuningSpec, model_key: str) -> tuple[SearchParam, ...]:
    """Return what a study searches: the space of the model, the edited one, or that of a prompt."""
    if spec.ask is not None:
        return tuple(spec.spaces[model_key])
    return with_space(model(model_key), spec.spaces.get(model_key)).space
