"""The one stage of an external model: its answers are scored on the locked test like any other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from modelling.datasets.problem import ProblemRef
from modelling.errors import TaskError
from modelling.executor.protocol import Outcome, Task
from modelling.runner.context import RunContext
from modelling.runner.works import LockedScores, score_on_test
from modelling.types import ExternalSpec, ModelResult, Variant

FAMILY = "imported"
LIMIT_CPU_S = 300.0
_TASK = "external"


@dataclass(frozen=True, kw_only=True, slots=True)
class ScoreAnswers:
    """Work: score stored answers on the locked test."""

    problem: ProblemRef
    answers: Path
    draws_path: Path

    def __call__(self) -> LockedScores:
        """Return the scores; the resampled ones are written before it returns."""
        return score_on_test(self.problem, np.load(self.answers), self.draws_path)


class ExternalStage:
    """Scores the answers of a model from elsewhere and stores its row."""

    title = "Scoring the answers on the locked test"
    weight = 1.0

    def __init__(self, context: RunContext, spec: ExternalSpec) -> None:
        self._context, self._spec = context, spec
        self._asked = self._done = False

    @property
    def finished(self) -> bool:
        """Whether the row is there."""
        return self._done

    def share_done(self) -> float:
        """Return 1.0 once the row is there."""
        return float(self._done)

    def next_task(self) -> Task | None:
        """Return the one task there is."""
        if self._asked:
            return None
        self._asked = True
        context = self._context
        work = ScoreAnswers(
            problem=context.problem,
            answers=context.store.blobs.path(self._spec.answers),
            draws_path=context.scratch(f"{_TASK}.draws.npy"),
        )
        return Task(id=_TASK, work=work, limits=context.limits(LIMIT_CPU_S))

    def handle(self, outcome: Outcome) -> None:
        """Take in the scores.

        Raises
        ------
        TaskError
            If there are none, which ends the run.
        """
        if not outcome.ok:
            raise TaskError(outcome.error or "The answers could not be scored.")
        scored: LockedScores = outcome.value
        context, spec = self._context, self._spec
        context.batch.scored = True
        context.put(
            ModelResult(
                run_id=context.run.id,
                key=spec.key,
                title=spec.title,
                family=FAMILY,
                variant=Variant.IMPORTED,
                error=spec.note,
                test_score=scored.scores[context.task.metric],
                test_interval=scored.interval,
                metrics=scored.scores,
                predict_ms_single_p50=spec.latency_ms,
                test_prediction_blob=spec.answers,
                draws_blob=context.store.blobs.adopt(context.scratch(f"{_TASK}.draws.npy")),
                external=spec.costs,
            )
        )
        self._done = True
