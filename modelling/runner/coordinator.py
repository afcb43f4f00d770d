"""One run from its first task to its last: stages in order, each asked for tasks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Protocol

from modelling.benchmark.plan import BenchmarkPlan
from modelling.evaluation.plan import Plan
from modelling.executor.protocol import End, Outcome, Task
from modelling.models import MODELS, model_for, models_named
from modelling.models.estimate import stage_seconds
from modelling.runner.ask_stage import AskStage
from modelling.runner.context import RunContext
from modelling.runner.ensemble_stage import EnsembleStage
from modelling.runner.explain_stage import ExplainStage
from modelling.runner.external_stage import ExternalStage
from modelling.runner.final_stages import FinalsStage, MeasureStage, models_without_base
from modelling.runner.folds_stage import FoldsStage
from modelling.runner.fresh_stage import FreshStage
from modelling.runner.gains_stage import GainsStage
from modelling.runner.hindsight_stage import HindsightStage
from modelling.runner.pace import Pace
from modelling.runner.prompt_stage import PromptStage
from modelling.runner.rung_stage import RungStage
from modelling.store import Store
from modelling.tuning.ladder import PointsPlan, points_of
from modelling.tuning.plan import TuningPlan
from modelling.types import (
    AskSpec,
    BenchmarkSpec,
    ExplanationSpec,
    ExternalSpec,
    FreshSpec,
    HindsightSpec,
    Run,
    RungSpec,
    TuningSpec,
)

USD_SECONDS = 3600.0
LOOK_FOR_WISHES_S = 0.5
# Folds, last fits, measuring: a study is nearly all folds.
_TUNING_WEIGHTS = (0.8, 0.1, 0.07)


class Stage(Protocol):
    """A part of a run."""

    weight: float

    @property
    def title(self) -> str:
        """What is being done, in words."""
        ...

    @property
    def finished(self) -> bool:
        """Whether nothing is left to do or under way."""
        ...

    def share_done(self) -> float:
        """Return how far it is, between 0 and 1."""
        ...

    def next_task(self) -> Task | None:
        """Return a task that can start now, or None."""
        ...

    def handle(self, outcome: Outcome) -> None:
        """Take in the end of a task."""
        ...


class Coordinator:
    """Moves one run on; the only writer of its results.

    Task ids are prefixed with the run's id, so that several runs share one executor.
    """

    def __init__(self, store: Store, run: Run, slots: int) -> None:
        self.context = RunContext(store, run, slots)
        self.under_way: set[str] = set()
        self._begin = time.monotonic()
        self._begin_cpu = time.process_time()
        self._done_weight = 0.0
        self._study: TuningPlan | PromptStage | None = None
        self._last_look = 0.0
        self._pace = Pace()
        self._fold_cpu_s = self._estimated_fold_cpu_s()
        self._stages = self._make_stages()
        self._stage: Stage | None = next(self._stages)

    @property
    def run_id(self) -> str:
        """Id of the run."""
        return self.context.run.id

    @property
    def finished(self) -> bool:
        """Whether all stages are done."""
        return self._stage is None

    def next_task(self) -> Task | None:
        """Return a task that can start now, or None."""
        if self._stage is None:
            return None
        self._hand_over_wishes()
        task = self._stage.next_task()
        if task is None:
            return None
        named = replace(task, id=f"{self.run_id}|{task.id}")
        self.under_way.add(named.id)
        return named

    def handle(self, outcome: Outcome) -> None:
        """Take in the end of a task; a cancelled one leaves no trace and is run on resuming."""
        self.under_way.discard(outcome.task_id)
        self.context.child_cpu_s += outcome.cpu_s
        if outcome.end is End.CANCELLED or self._stage is None:
            return
        plain = replace(outcome, task_id=outcome.task_id.split("|", 1)[1])
        self._stage.handle(plain)

    def advance(self) -> bool:
        """Go on to the next stage if this one is done; whatever it found must be saved before."""
        if self._stage is None or not self._stage.finished or self.under_way:
            return False
        self._done_weight += self._stage.weight
        self._stage = next(self._stages, None)
        return True

    def note_progress(self) -> None:
        """Put progress, times and the current step into the next batch."""
        run, values = self.context.run, self.context.batch.run_values
        done = self._done_weight
        if self._stage is not None:
            done += self._stage.weight * min(1.0, self._stage.share_done())
            values.setdefault("message", self._stage.title)
        elapsed = time.monotonic() - self._begin
        own_cpu = time.process_time() - self._begin_cpu
        fits = self.context.fit_cpu_s - run.fit_cpu_s
        values |= {
            "done": done,
            "total": 1.0,
            "remaining_s": self._pace.remaining_s(elapsed, done),
            "elapsed_s": run.elapsed_s + elapsed,
            "fit_cpu_s": self.context.fit_cpu_s,
            "engine_cpu_s": run.engine_cpu_s + own_cpu + max(0.0, self.context.child_cpu_s - fits),
        }

    def _make_stages(self) -> Iterator[Stage]:
        spec = self.context.run.spec
        if isinstance(spec, ExternalSpec):
            return iter([ExternalStage(self.context, spec)])
        if isinstance(spec, HindsightSpec):
            return iter([HindsightStage(self.context, spec)])
        if isinstance(spec, ExplanationSpec):
            return iter([ExplainStage(self.context, spec)])
        if isinstance(spec, AskSpec):
            return iter([AskStage(self.context, spec)])
        if isinstance(spec, FreshSpec):
            return iter([FreshStage(self.context, spec)])
        if isinstance(spec, TuningSpec) and spec.ask is not None:
            self._study = prompts = PromptStage(
                self.context, spec, spec.ask, usd_per_cpu_s=self._usd_per_cpu_s
            )
            return iter([prompts])
        return self._rung(spec) if isinstance(spec, RungSpec) else self._models(spec)

    def _rung(self, spec: RungSpec) -> Iterator[Stage]:
        stored = self.context.store.results.folds(self.run_id)
        points = points_of(spec.rung, model_for(spec.model, self.context.task))
        plan = PointsPlan(spec, points, n_folds=self.context.task.folds, stored=stored)
        yield FoldsStage(self.context, plan, weight=0.9)
        yield RungStage(self.context, spec, plan, weight=0.1)

    def _models(self, spec: BenchmarkSpec | TuningSpec) -> Iterator[Stage]:
        folds, last_fits, measuring = self._weights()
        plan = self._plan(spec)
        yield FoldsStage(self.context, plan, weight=folds)
        yield FinalsStage(self.context, plan.finals(), weight=last_fits)
        yield MeasureStage(self.context, weight=measuring)
        yield EnsembleStage(self.context)
        yield GainsStage(self.context)

    def _weights(self) -> tuple[float, float, float]:
        """Return which shares of the run its first stages should take; the rest is a moment."""
        if self._fold_cpu_s is None:
            return _TUNING_WEIGHTS
        context = self.context
        seconds = stage_seconds(self._fold_cpu_s, context.task, slots=context.slots)
        folds, last_fits, measuring = (0.97 * part / sum(seconds) for part in seconds)
        return folds, last_fits, measuring

    def _estimated_fold_cpu_s(self) -> dict[str, float] | None:
        """Return what a fold of each model of a benchmark should take; None for a study.

        The trials of a study may depend on nothing that another run could change in between.
        """
        spec, context = self.context.run.spec, self.context
        if not isinstance(spec, BenchmarkSpec):
            return None
        chosen = {"dummy", *(item.key for item in models_named(spec.models, context.task.kind))}
        return context.fold_cpu_s(item.key for item in MODELS if item.key in chosen)

    def _plan(self, spec: BenchmarkSpec | TuningSpec) -> Plan:
        context = self.context
        stored = context.store.results.folds(context.run.id)
        n_rows, n_features = context.experiment.n_train, context.width
        if isinstance(spec, BenchmarkSpec):
            return BenchmarkPlan(
                spec,
                context.task,
                run_id=context.run.id,
                fold_cpu_s=self._fold_cpu_s or {},
                slots=context.slots,
                stored=stored,
            )
        self._study = plan = TuningPlan(
            spec,
            context.task,
            run_id=context.run.id,
            n_rows=n_rows,
            n_features=n_features,
            slots=context.slots,
            usd_per_cpu_s=self._usd_per_cpu_s,
            with_base=models_without_base(context, spec.models),
            stored=stored,
            begun=context.store.results.trials(context.run.id),
        )
        return plan

    @property
    def _usd_per_cpu_s(self) -> float:
        return self.context.experiment.economics.usd_per_vcpu_hour / USD_SECONDS

    def _hand_over_wishes(self) -> None:
        """Give a study what the analyst asked for since the last look."""
        now = time.monotonic()
        if self._study is None or now - self._last_look < LOOK_FOR_WISHES_S:
            return
        self._last_look = now
        for key, params in self.context.store.results.wishes(self.run_id):
            self._study.ask(key, params)


MakeCoordinator = Callable[[Store, Run, int], Coordinator]
