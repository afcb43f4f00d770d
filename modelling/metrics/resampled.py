"""The same metrics over thousands of weighted draws of one set of rows, in numpy alone.

Each metric is prepared once (sorting, one loss per row, one code per cell of the confusion
matrix) and then evaluated on blocks of draws, so that memory stays flat.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from modelling.metrics.confusion import (
    balanced_accuracy,
    f1,
    f1_macro,
    f1_weighted,
    kappa,
    matthews,
)
from modelling.metrics.predictions import (
    FloatArray,
    bounded,
    check_shapes,
    clean_probabilities,
    labels_of,
)
from modelling.metrics.ranking import Scorer, Values, average_precision, roc_auc, roc_auc_ovr
from modelling.metrics.registry import PINBALL_ALPHA
from modelling.metrics.spec import MetricSpec

# Blocks that fit the processor's cache halve the time of the ranking metrics.
_BLOCK_CELLS = 60_000


def weighted_scores(
    metric: MetricSpec, truth: Values, prediction: Values, weights: Values
) -> FloatArray:
    """Return the score of a prediction under each row of weights.

    Equals scikit-learn's metric of the rows repeated as often as ``weights[b]`` says.

    Parameters
    ----------
    metric : MetricSpec
        What to compute.
    truth : array of shape (n,)
        Class codes, or values of a regression.
    prediction : array of shape (n, K) or (n,)
        Probabilities of the classes, or values.
    weights : array of shape (n_draws, n)
        How often each draw holds each row: whole numbers, zero or more.

    Returns
    -------
    array of shape (n_draws,)
        Published scores; NaN for a draw without rows or where the metric is undefined.
    """
    truth, prediction, weights = np.asarray(truth), np.asarray(prediction), np.asarray(weights)
    check_shapes(metric.uses, truth, prediction)
    if weights.ndim != 2 or weights.shape[1] != len(truth):
        raise ValueError(f"weights must be (n_draws, {len(truth)}), got {weights.shape}")
    scores = np.full(len(weights), np.nan)
    if len(truth) == 0 or not np.all(np.isfinite(prediction)):
        return scores
    scorer = _SCORERS[metric.name](truth, prediction)
    cells = max(len(truth), prediction.shape[1] ** 2 if prediction.ndim == 2 else 1)
    step = max(1, _BLOCK_CELLS // cells)
    with np.errstate(divide="ignore", invalid="ignore"):
        for start in range(0, len(weights), step):
            scores[start : start + step] = scorer(weights[start : start + step])
    return scores


def _mean_of(row_values: Values) -> Scorer:
    # One product gives the weighted sum and the sum of the weights.
    columns = np.column_stack([row_values.astype(np.float64), np.ones(len(row_values))])

    def scorer(weights: Values) -> FloatArray:
        sums = weights.astype(np.float64) @ columns
        return np.asarray(sums[:, 0] / sums[:, 1])

    return scorer


def _log_loss(truth: Values, prediction: Values) -> Scorer:
    eps = np.finfo(np.float64).eps  # scikit-learn's clip
    probabilities = np.clip(clean_probabilities(prediction), eps, 1 - eps)
    return _mean_of(-np.log(probabilities[np.arange(len(truth)), truth.astype(np.int64)]))


def _brier(truth: Values, prediction: Values) -> Scorer:
    n_classes = prediction.shape[1]
    if n_classes == 2:
        return _mean_of(np.square(bounded(prediction)[:, 1] - (truth == 1)))
    happened = np.eye(n_classes)[truth.astype(np.int64)]
    return _mean_of(np.square(clean_probabilities(prediction) - happened).sum(axis=1))


def _accuracy(truth: Values, prediction: Values) -> Scorer:
    return _mean_of(labels_of(prediction) == truth)


def _rmse(truth: Values, prediction: Values) -> Scorer:
    mean = _mean_of(np.square(_errors(truth, prediction)))

    def scorer(weights: Values) -> FloatArray:
        return np.sqrt(mean(weights))

    return scorer


def _mean_absolute_error(truth: Values, prediction: Values) -> Scorer:
    return _mean_of(np.abs(_errors(truth, prediction)))


def _mean_absolute_percentage_error(truth: Values, prediction: Values) -> Scorer:
    # scikit-learn's floor: a zero counts as about 2e-16, so that the error stays finite.
    sizes = np.maximum(np.abs(truth.astype(np.float64)), np.finfo(np.float64).eps)
    return _mean_of(np.abs(_errors(truth, prediction)) / sizes)


def _pinball(truth: Values, prediction: Values) -> Scorer:
    errors = _errors(truth, prediction)
    slopes = np.where(errors > 0, 1 - PINBALL_ALPHA, PINBALL_ALPHA)
    return _mean_of(slopes * np.abs(errors))


def _median_absolute_error(truth: Values, prediction: Values) -> Scorer:
    sizes = np.abs(_errors(truth, prediction))
    order = np.argsort(sizes, kind="stable")
    ordered = sizes[order]

    def scorer(weights: Values) -> FloatArray:
        # The mean of the two middle ones among the repeated rows.
        below = np.cumsum(np.take(weights, order, axis=1), axis=1, dtype=np.int64)
        total = below[:, -1]
        low = np.count_nonzero(below <= ((total - 1) // 2)[:, None], axis=1)
        high = np.count_nonzero(below <= (total // 2)[:, None], axis=1)
        last = len(ordered) - 1
        medians = (ordered[np.minimum(low, last)] + ordered[np.minimum(high, last)]) / 2
        return np.where(total == 0, np.nan, medians)

    return scorer


def _r2(truth: Values, prediction: Values) -> Scorer:
    # Distances from the median: sums of squares lose fewest digits near the centre.
    centred = truth.astype(np.float64) - np.median(truth)
    columns = np.column_stack(
        [
            np.ones(len(truth)),
            centred,
            np.square(centred),
            np.square(_errors(truth, prediction)),
        ]
    )

    def scorer(weights: Values) -> FloatArray:
        rows, first, second, residual = (weights.astype(np.float64) @ columns).T
        total = second - first**2 / rows
        constant = total <= 1e-14 * second
        scores = np.where(constant, np.where(residual == 0, 1.0, 0.0), 1 - residual / total)
        return np.where(rows < 2, np.nan, scores)

    return scorer


def _errors(truth: Values, prediction: Values) -> FloatArray:
    return np.asarray(prediction.astype(np.float64) - truth.astype(np.float64))


_SCORERS: dict[str, Callable[[Values, Values], Scorer]] = {
    "roc_auc": roc_auc,
    "roc_auc_ovr": roc_auc_ovr,
    "average_precision": average_precision,
    "neg_log_loss": _log_loss,
    "neg_brier_score": _brier,
    "accuracy": _accuracy,
    "balanced_accuracy": balanced_accuracy,
    "f1": f1,
    "f1_macro": f1_macro,
    "f1_weighted": f1_weighted,
    "matthews_corrcoef": matthews,
    "cohen_kappa_score": kappa,
    "neg_root_mean_squared_error": _rmse,
    "neg_mean_absolute_error": _mean_absolute_error,
    "neg_median_absolute_error": _median_absolute_error,
    "neg_mean_absolute_percentage_error": _mean_absolute_percentage_error,
    "neg_mean_pinball_loss": _pinball,
    "r2": _r2,
}
