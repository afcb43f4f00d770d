"""The course of studies in numbers: trials by model, what each cost, when the best changed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

from modelling.metrics.spec import MetricSpec
from modelling.types import Trial, TrialCounts, TrialState


@dataclass(frozen=True, kw_only=True, slots=True)
class HistoryPoint:
    """One ended trial; ``cpu_s`` is what the study had spent when it ended, in order of number.

    ``usd`` is what others had been paid by then.
    """

    trial: Trial
    cpu_s: float
    score: float | None
    usd: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class StudyHistory:
    """The trials of one model.

    ``points`` have ended; ``best`` are those of them that were better than all before.
    """

    model: str
    title: str
    family: str
    points: tuple[HistoryPoint, ...]
    best: tuple[HistoryPoint, ...]
    counts: TrialCounts
    running: int
    cpu_s: float
    usd: float = 0.0

    @property
    def base_score(self) -> float | None:
        """Selection score of trial 0, which is the base; None if it has failed or still runs."""
        first = self.best[0] if self.best else None
        return first.score if first is not None and first.trial.number == 0 else None

    @property
    def best_score(self) -> float | None:
        """Best selection score so far."""
        return self.best[-1].score if self.best else None


def study_histories(
    trials: Sequence[Trial], metric: MetricSpec, names: Mapping[str, tuple[str, str]]
) -> tuple[StudyHistory, ...]:
    """Return the course of each study of a run.

    Parameters
    ----------
    trials : sequence of Trial
        By model and number, as they are stored.
    names : mapping of str to (title, family)
        By model key.
    """
    return tuple(
        _study(model, list(own), metric, names.get(model, (model, "")))
        for model, own in groupby(trials, key=lambda trial: trial.model)
    )


def trial_score(trial: Trial, metric: MetricSpec) -> float | None:
    """Return the selection score of a trial from the loss that the sampler was told."""
    if trial.value is None or not math.isfinite(trial.value):
        return None
    return -metric.sign * trial.value


def _study(
    model: str, trials: list[Trial], metric: MetricSpec, name: tuple[str, str]
) -> StudyHistory:
    spent = accumulate(trial.cpu_s for trial in trials)
    paid = accumulate(trial.usd for trial in trials)
    points = [
        HistoryPoint(trial=trial, cpu_s=cpu_s, usd=usd, score=trial_score(trial, metric))
        for trial, cpu_s, usd in zip(trials, spent, paid, strict=True)
    ]
    states = [trial.state for trial in trials]
    ended = [point for point in points if point.trial.state is not TrialState.RUNNING]
    return StudyHistory(
        model=model,
        title=name[0],
        family=name[1],
        points=tuple(ended),
        best=tuple(_best(ended, metric)),
        counts=TrialCounts(
            complete=states.count(TrialState.COMPLETE),
            pruned=states.count(TrialState.PRUNED),
            failed=states.count(TrialState.FAILED),
        ),
        running=states.count(TrialState.RUNNING),
        cpu_s=points[-1].cpu_s if points else 0.0,
        usd=points[-1].usd if points else 0.0,
    )


def _best(points: Sequence[HistoryPoint], metric: MetricSpec) -> list[HistoryPoint]:
    best: list[HistoryPoint] = []
    highest = -math.inf
    for point in points:
        if point.score is None or point.trial.state is not TrialState.COMPLETE:
            continue
        if metric.oriented(point.score) > highest:
            highest = metric.oriented(point.score)
            best.append(point)
    return best
