"""The ladder: what else the minutes of a study could have bought, and the fits that it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modelling.evaluation.plan import FinalJob, Findings, FoldJob, Progress
from modelling.metrics import metric
from modelling.models.spec import ModelSpec
from modelling.tuning.learning_curve import SHARES
from modelling.types import FoldResult, Params, ResultStatus, Rung, RungSpec, TaskKind, TaskSpec

# Probabilities are judged by these; others look at their order or at the most probable class only.
CALIBRATED = ("neg_log_loss", "neg_brier_score")


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """A configuration to be evaluated on every fold, learning from a share of its rows."""

    params: Params
    share: float = 1.0


def why_not(rung: Rung, task: TaskSpec, model: ModelSpec) -> str | None:
    """Return why a rung has nothing to offer here, as a sentence; None if it has."""
    judged_by = metric(task.metric)
    match rung:
        case Rung.KNOWN_GOOD if not model.known_good:
            return f"{model.title} has no known-good configuration."
        case Rung.THRESHOLD if task.kind is not TaskKind.BINARY:
            return "A threshold divides two classes only."
        case Rung.THRESHOLD if judged_by.uses != "label":
            return f"{judged_by.title} does not depend on a threshold."
        case Rung.CALIBRATION if not task.kind.is_classification:
            return "Only probabilities are calibrated."
        case Rung.CALIBRATION if judged_by.name not in CALIBRATED:
            return f"{judged_by.title} does not depend on how large the probabilities are."
    return None


def points_of(rung: Rung, model: ModelSpec) -> tuple[Point, ...]:
    """Return what a rung has to fit; most need no fit."""
    if rung is Rung.KNOWN_GOOD:
        # They are listed cheapest first.
        return (Point(params=dict(model.base) | dict(model.known_good[0])),)
    if rung is Rung.MORE_ROWS:
        return tuple(Point(params=model.base, share=share) for share in SHARES)
    return ()


class PointsPlan:
    """Evaluates a few configurations of one model on every fold, as trials 1, 2 and so on.

    Trial 0 is the base, which the benchmark has evaluated. One failure ends the plan: a rung
    with a part of its fits says nothing.
    """

    def __init__(
        self,
        spec: RungSpec,
        points: Sequence[Point],
        *,
        n_folds: int,
        stored: tuple[FoldResult, ...] = (),
    ) -> None:
        self._jobs = {
            (trial, fold): FoldJob(
                model=spec.model,
                trial=trial,
                fold=fold,
                params=point.params,
                cpu_limit_s=spec.limits.cpu_s,
                share=point.share,
            )
            for trial, point in enumerate(points, start=1)
            for fold in range(n_folds)
        }
        self._todo = list(self._jobs)
        self._results: dict[tuple[int, int], FoldResult] = {}
        self._under_way = 0
        self.error: str | None = None
        for result in stored:
            self._take(result)

    @property
    def finished(self) -> bool:
        """Whether nothing is left to do or under way."""
        return not self._todo and not self._under_way

    @property
    def cpu_s(self) -> float:
        """CPU seconds of the fits."""
        return sum(result.cpu_s for result in self._results.values())

    def next_jobs(self) -> tuple[FoldJob, ...]:
        """Return the next fold."""
        if not self._todo:
            return ()
        self._under_way += 1
        return (self._jobs[self._todo.pop(0)],)

    def give_back(self, jobs: Sequence[FoldJob]) -> None:
        """Take back jobs that gave no answer."""
        self._under_way -= len(jobs)
        self._todo += [(job.trial, job.fold) for job in jobs]

    def handle(self, result: FoldResult) -> None:
        """Take in the result of a fold."""
        self._under_way -= 1
        self._take(result)

    def drain(self) -> Findings:
        """Return nothing: a rung is no row and no trial."""
        return Findings()

    def finals(self) -> tuple[FinalJob, ...]:
        """Return nothing: a rung is measured on the folds alone."""
        return ()

    def progress(self) -> Progress:
        """Return the folds done and in all."""
        return Progress(done=len(self._results), total=len(self._jobs))

    def _take(self, result: FoldResult) -> None:
        place = result.trial, result.fold
        self._results[place] = result
        self._todo = [other for other in self._todo if other != place]
        if result.status is ResultStatus.FAILED:
            self.error = result.error
            self._todo = []
