"""What changes the answers of a fitted model without another fit: a threshold, a calibration.

Each is learned from the out-of-fold answers of all other folds and applied to a fold's own, so
that its score may stand beside selection scores.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelling.metrics.resampled import weighted_scores
from modelling.metrics.spec import MetricSpec

Values = NDArray[Any]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
# (truth, answers of the rows that teach, answers to change) -> changed answers.
Adjust = Callable[[Values, Values, Values], FloatArray]

MAX_THRESHOLDS = 200
_SMALLEST = 1e-7
_ROUNDS = 2
# Offsets of a log probability that are tried, the smallest first.
_OFFSETS = np.array(sorted(np.linspace(-4.0, 4.0, 33), key=abs))
_HEATS = np.geomspace(0.25, 8.0, 31)


def cross_fitted(adjust: Adjust, truth: Values, answers: Values, fold_of: IntArray) -> FloatArray:
    """Return each fold's answers as adjusted by what the other folds teach.

    Parameters
    ----------
    truth : array of shape (n_rows,)
        Class codes.
    answers : array of shape (n_rows, n_classes)
        Out-of-fold probabilities.
    fold_of : array of shape (n_rows,)
        The fold that validates each row.

    Returns
    -------
    array of shape (n_rows, n_classes)
    """
    adjusted = np.array(answers, dtype=np.float64)
    for fold in np.unique(fold_of):
        own = fold_of == fold
        adjusted[own] = adjust(truth[~own], answers[~own], answers[own])
    return adjusted


def by_threshold(metric: MetricSpec) -> Adjust:
    """Return an adjustment of two classes by the threshold that scores best."""

    def adjust(truth: Values, teach: Values, answers: Values) -> FloatArray:
        return with_threshold(answers, best_threshold(metric, truth, teach))

    return adjust


def best_threshold(metric: MetricSpec, truth: Values, answers: Values) -> float:
    """Return the probability of the second class above which rows are best given to it.

    Of equal scores the threshold nearest to one half counts.
    """
    values = np.unique(answers[:, 1])
    if len(values) > MAX_THRESHOLDS:
        values = np.quantile(values, np.linspace(0.0, 1.0, MAX_THRESHOLDS))
    between = (values[:-1] + values[1:]) / 2.0
    tried = sorted({0.5, *between.tolist()}, key=lambda threshold: abs(threshold - 0.5))
    scores = [_score(metric, truth, with_threshold(answers, one)) for one in tried]
    return float(tried[int(np.argmax(scores))])


def with_threshold(answers: Values, threshold: float) -> FloatArray:
    """Return probabilities of two classes bent so that ``threshold`` becomes one half."""
    second = np.asarray(answers[:, 1], dtype=np.float64)
    below = 0.5 * second / max(threshold, _SMALLEST)
    above = 0.5 + 0.5 * (second - threshold) / max(1.0 - threshold, _SMALLEST)
    bent = np.where(second <= threshold, np.minimum(below, 0.5), above)
    return np.column_stack([1.0 - bent, bent])


def by_offsets(metric: MetricSpec) -> Adjust:
    """Return an adjustment of several classes by what is added to each one's log probability.

    Class by class the offset that scores best is taken, twice around; of equal ones the smallest.
    """

    def adjust(truth: Values, teach: Values, answers: Values) -> FloatArray:
        offsets = np.zeros(teach.shape[1])
        for place in [*range(1, len(offsets))] * _ROUNDS:
            tried = offsets + np.eye(len(offsets))[place] * (_OFFSETS[:, None] - offsets[place])
            scores = [_score(metric, truth, with_offsets(teach, one)) for one in tried]
            offsets = tried[int(np.argmax(scores))]
        return with_offsets(answers, offsets)

    return adjust


def with_offsets(answers: Values, offsets: FloatArray) -> FloatArray:
    """Return probabilities after ``offsets`` (n_classes,) were added to their logarithms."""
    return _softmax(_logs(answers) + offsets)


def by_temperature(truth: Values, teach: Values, answers: Values) -> FloatArray:
    """Adjust probabilities by one temperature; the most probable class stays what it is.

    Temperature scaling: Guo, Pleiss, Sun and Weinberger (2017), "On calibration of modern neural
    networks"; the temperature is the one of a grid with the least log loss.
    """
    rows = np.arange(len(truth))
    losses = [-np.log(_softmax(_logs(teach) / t)[rows, truth] + _SMALLEST).mean() for t in _HEATS]
    return _softmax(_logs(answers) / _HEATS[int(np.argmin(losses))])


def _score(metric: MetricSpec, truth: Values, answers: Values) -> float:
    everything = np.ones((1, len(truth)), dtype=np.uint8)
    score = metric.oriented(float(weighted_scores(metric, truth, answers, everything)[0]))
    return score if np.isfinite(score) else -np.inf


def _logs(answers: Values) -> FloatArray:
    return np.log(np.clip(np.asarray(answers, dtype=np.float64), _SMALLEST, 1.0))


def _softmax(logs: FloatArray) -> FloatArray:
    raised = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def by_calibration(truth: Values, teach: Values, answers: Values) -> FloatArray:
    """Adjust probabilities by a logistic regression on their logarithms.

    Two classes: Platt (1999), "Probabilistic outputs for support vector machines"; more: matrix
    scaling, Guo, Pleiss, Sun and Weinberger (2017), "On calibration of modern neural networks".
    """
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(max_iter=1000).fit(_logits(teach), truth)
    adjusted = np.zeros(answers.shape)
    adjusted[:, model.classes_.astype(int)] = model.predict_proba(_logits(answers))
    return adjusted


def _logits(answers: Values) -> FloatArray:
    """Return log odds against the first class, shape (n_rows, n_classes - 1)."""
    logs = _logs(answers)
    return np.asarray(logs[:, 1:] - logs[:, :1])
