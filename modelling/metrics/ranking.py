"""Ranking metrics over many draws: rows are sorted once, each draw is a cumulative sum."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelling.metrics.predictions import FloatArray

Values = NDArray[Any]
Scorer = Callable[[Values], FloatArray]


class Ranking:
    """Counts of positives and negatives per distinct score, from the highest score down."""

    def __init__(self, positive: Values, values: Values) -> None:
        order = np.argsort(-values.astype(np.float64), kind="stable")
        ranked = values[order]
        self.starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
        self.order = order
        self.positive = positive[order]

    def counts(self, weights: Values) -> tuple[FloatArray, FloatArray]:
        """Return positives and all rows (n_draws, n_distinct) in each group of tied scores."""
        rows = np.take(weights, self.order, axis=1).astype(np.float64)
        positives = rows * self.positive
        if len(self.starts) < len(self.order):
            rows = np.add.reduceat(rows, self.starts, axis=1)
            positives = np.add.reduceat(positives, self.starts, axis=1)
        return positives, rows


def _auc_scorer(positive: Values, values: Values) -> Scorer:
    """Return the AUC as the share of pairs ranked rightly, a tie counting half (Mann-Whitney).

    Rows of the larger class are sorted and cumulated; each row of the smaller class then looks
    up how many of them lie below and up to its own score, so that ties need no grouping.
    """
    few_are_positive = np.count_nonzero(positive) * 2 <= len(positive)
    few = np.flatnonzero(positive == few_are_positive)
    many = np.flatnonzero(positive != few_are_positive)
    many = many[np.argsort(values[many], kind="stable")]
    below = np.searchsorted(values[many], values[few], side="left")
    up_to = np.searchsorted(values[many], values[few], side="right")
    tied = bool(np.any(below != up_to))

    def scorer(weights: Values) -> FloatArray:
        cumulated = np.zeros((len(weights), len(many) + 1))
        held = np.take(weights, many, axis=1)
        np.cumsum(held, axis=1, dtype=np.float64, out=cumulated[:, 1:])
        beaten = np.take(cumulated, below, axis=1)
        if tied:
            beaten = 0.5 * (beaten + np.take(cumulated, up_to, axis=1))
        own = np.take(weights, few, axis=1).astype(np.float64)
        n_pairs = own.sum(axis=1) * cumulated[:, -1]
        share = np.einsum("ij,ij->i", own, beaten) / n_pairs
        return np.asarray(share if few_are_positive else 1 - share)

    return scorer


def roc_auc(truth: Values, prediction: Values) -> Scorer:
    """Return the function from weights to the ROC AUC of class 1."""
    return _auc_scorer(truth == 1, prediction[:, 1])


def roc_auc_ovr(truth: Values, prediction: Values) -> Scorer:
    """Return the function from weights to the mean ROC AUC of each class against the rest."""
    classes = range(prediction.shape[1])
    return _mean([_auc_scorer(truth == k, prediction[:, k]) for k in classes])


def average_precision(truth: Values, prediction: Values) -> Scorer:
    """Return the function from weights to the average precision.

    Of class 1 where there are two classes, else the mean over all classes, each against the rest.
    """
    n_classes = prediction.shape[1]
    classes = (1,) if n_classes == 2 else range(n_classes)
    return _mean([_precision_scorer(truth == k, prediction[:, k]) for k in classes])


def _precision_scorer(positive: Values, values: Values) -> Scorer:
    ranking = Ranking(positive, values)

    def scorer(weights: Values) -> FloatArray:
        positives, rows = ranking.counts(weights)
        hits = np.cumsum(positives, axis=1)
        chosen = np.maximum(np.cumsum(rows, axis=1), 1.0)  # zero only before the first row
        total = hits[:, -1]
        return np.asarray(np.einsum("ij,ij->i", positives, np.divide(hits, chosen)) / total)

    return scorer


def _mean(scorers: Sequence[Scorer]) -> Scorer:
    def scorer(weights: Values) -> FloatArray:
        return np.asarray(sum(one(weights) for one in scorers) / len(scorers))

    return scorer
