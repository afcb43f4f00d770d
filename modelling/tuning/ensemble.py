"""Greedy ensembles: how much of each fitted model makes the best average.

Caruana, Niculescu-Mizil, Crew and Ksikes (2004), "Ensemble selection from libraries of models",
ICML: members are added one by one, each as often as it helps, to the average of what was added
before. It costs no fit: out-of-fold predictions are all it needs.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelling.errors import FitError
from modelling.metrics.resampled import weighted_scores
from modelling.metrics.spec import MetricSpec
from modelling.types import ModelResult

Values = NDArray[Any]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

STEPS = 40
MAX_ROWS = 5_000
# Sums of the same members in another order differ in their last digits; that is no better score.
_ROUNDING = 1e-12


def greedy_weights(
    metric: MetricSpec, truth: Values, predictions: Values, *, steps: int = STEPS
) -> FloatArray:
    """Return the weights of the members of the best average that greedy steps find.

    Each step adds the member, chosen before or not, that makes the average of all added so far
    score best; of the averages after each step the best is kept. Of equal members the first is
    added, of equal averages that of fewer steps is kept.

    Parameters
    ----------
    metric : MetricSpec
        What the average should be good at.
    truth : array of shape (n_rows,)
        Class codes or values.
    predictions : array of shape (n_members, n_rows) or (n_members, n_rows, n_classes)
        Predictions of each member for the same rows, cheapest member first.
    steps : int
        Number of steps.

    Returns
    -------
    array of shape (n_members,)
        Zero or more each; their sum is one.

    Raises
    ------
    FitError
        If the metric is undefined on these rows.

    Examples
    --------
    The errors of the first two cancel; the third adds nothing.

    >>> from modelling.metrics import metric
    >>> members = np.array([[1.0, 3.0], [3.0, 1.0], [9.0, 9.0]])
    >>> greedy_weights(metric("neg_root_mean_squared_error"), np.array([2.0, 2.0]), members)
    array([0.5, 0.5, 0. ])
    """
    total = np.zeros(predictions.shape[1:])
    counts = np.zeros(len(predictions), dtype=np.int64)
    best, kept = -math.inf, counts
    for step in range(1, steps + 1):
        scores = [_oriented(metric, truth, (total + one) / step) for one in predictions]
        chosen = _first_best(scores)
        total += predictions[chosen]
        counts[chosen] += 1
        if scores[chosen] > best + _tolerance(best):
            best, kept = scores[chosen], counts.copy()
    if not math.isfinite(best):
        raise FitError(
            f"{metric.title} is undefined on the rows that choose the ensemble; choose another "
            "metric or fewer folds."
        )
    return np.asarray(kept / kept.sum())


def cross_fitted_weights(
    metric: MetricSpec,
    truth: Values,
    predictions: Values,
    fold_of: IntArray,
    *,
    steps: int = STEPS,
) -> FloatArray:
    """Return, for each fold, the weights that the rows of all other folds choose.

    What they make of the fold's own rows is no optimum over those rows, so its score may stand
    beside the selection scores of other models.

    Parameters
    ----------
    metric, truth, predictions, steps
        As `greedy_weights` takes them.
    fold_of : array of shape (n_rows,)
        The fold that validates each row: 0 to n_folds - 1.

    Returns
    -------
    array of shape (n_folds, n_members)
    """
    others = (fold_of != fold for fold in range(int(fold_of.max()) + 1))
    return np.stack(
        [greedy_weights(metric, truth[rows], predictions[:, rows], steps=steps) for rows in others]
    )


def weighted_average(weights: Iterable[float], predictions: Iterable[Values]) -> FloatArray:
    """Return the average of predictions of one shape, in double precision.

    A member whose weight is one gives its predictions back as they are, to the last digit.
    """
    parts = zip(weights, predictions, strict=True)
    return np.asarray(sum(weight * part.astype(np.float64) for weight, part in parts))


def members_of(row: ModelResult) -> tuple[tuple[float, str], ...]:
    """Return weight and name of each model that a result is made of; one is its own only member.

    Names are those of `modelling.comparison.row_name`.
    """
    if not row.members:
        return ((1.0, f"{row.run_id}:{row.key}:{row.variant}"),)
    weights = (value for value in row.params.values() if isinstance(value, (int, float)))
    return tuple(zip(map(float, weights), row.members, strict=True))


def sample_rows(truth: Values, fold_of: IntArray, seed: int, *, most: int = MAX_ROWS) -> IntArray:
    """Return a seeded sample of the rows that a fold validates, in their order.

    Each class of each fold is there in proportion, and with one row at least, so that a metric
    that is defined on every fold is defined on the sample of every fold.

    Parameters
    ----------
    truth : array of shape (n_rows,)
        Class codes (integers) or values of a regression (floating point).
    fold_of : array of shape (n_rows,)
        The fold that validates each row, -1 where none does.
    seed : int
        Same seed, same rows.
    most : int
        The largest size of the sample.
    """
    rows = np.flatnonzero(fold_of >= 0)
    if len(rows) <= most:
        return rows
    rows = np.random.default_rng([seed, 0xE5]).permutation(rows)
    cells = fold_of[rows]
    if np.issubdtype(truth.dtype, np.integer):
        cells = cells * (int(truth.max()) + 1) + truth[rows]
    order = np.argsort(cells, kind="stable")
    _, starts, counts = np.unique(cells[order], return_index=True, return_counts=True)
    # A row's place within its cell, as a share of the cell: the first rows of all cells are 0.
    places = (np.arange(len(rows)) - np.repeat(starts, counts)) / np.repeat(counts, counts)
    return np.sort(rows[order[np.argsort(places, kind="stable")[:most]]])


def _oriented(metric: MetricSpec, truth: Values, prediction: FloatArray) -> float:
    """Return a score of which larger is better; minus infinity where it is undefined."""
    each_once = np.ones((1, len(truth)))
    score = float(weighted_scores(metric, truth, prediction, each_once)[0])
    return metric.oriented(score) if math.isfinite(score) else -math.inf


def _first_best(scores: list[float]) -> int:
    best = max(scores)
    return next(i for i, score in enumerate(scores) if score >= best - _tolerance(best))


def _tolerance(score: float) -> float:
    return _ROUNDING * abs(score) if math.isfinite(score) else 0.0
