"""What becomes of a language model's answers: a threshold or a temperature, learned for free."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modelling.metrics import metric
from modelling.metrics.resampled import weighted_scores
from modelling.metrics.spec import MetricSpec
from modelling.tuning.adjust import (
    Adjust,
    by_offsets,
    by_temperature,
    by_threshold,
    cross_fitted,
)
from modelling.types import Decision, TaskSpec

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
_LABELS = "accuracy"
# Differences of a score that rounding makes are none.
_ROUNDING = 1e-9


def adjustment(decision: Decision, judge: MetricSpec, n_classes: int) -> Adjust:
    """Return how answers are changed by what others teach.

    A threshold is learned for the metric if that judges labels, else for accuracy.
    """
    if decision is Decision.TEMPERATURE:
        return by_temperature
    labels = judge if judge.uses == "label" else metric(_LABELS)
    return by_threshold(labels) if n_classes == 2 else by_offsets(labels)


def decided(
    decision: Decision, judge: MetricSpec, truth: Codes, teach: Floats, answers: Floats
) -> Floats:
    """Return ``answers`` (n_rows, n_classes) as decided by what ``teach`` and ``truth`` show."""
    if decision is Decision.ANSWERED:
        return answers
    return adjustment(decision, judge, answers.shape[1])(truth, teach, answers)


def best_decision(
    task: TaskSpec, truth: Codes, answers: Floats, block: Codes
) -> tuple[Decision, Floats]:
    """Return the decision that scores best on rows that did not teach it, and its answers there.

    Of decisions that score alike the one with the better accuracy counts; then the plainer one.
    """
    judge = metric(task.metric)
    found: list[tuple[tuple[float, float], Decision, Floats]] = []
    for decision in Decision:
        changed = answers
        if decision.is_learned:
            adjust = adjustment(decision, judge, answers.shape[1])
            changed = cross_fitted(adjust, truth, answers, block)
        found.append((_worth(judge, truth, changed), decision, changed))
    _, decision, changed = max(found, key=lambda item: item[0])
    return decision, changed


def _worth(judge: MetricSpec, truth: Codes, answers: Floats) -> tuple[float, float]:
    everything = np.ones((1, len(truth)), dtype=np.uint8)
    scores = (
        spec.oriented(float(weighted_scores(spec, truth, answers, everything)[0]))
        for spec in (judge, metric(_LABELS))
    )
    first, second = (
        round(score / _ROUNDING) * _ROUNDING if np.isfinite(score) else -np.inf for score in scores
    )
    return first, second
