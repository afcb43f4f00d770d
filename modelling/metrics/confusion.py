"""Label metrics over many draws: each draw is one confusion matrix."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from modelling.metrics.predictions import FloatArray, IntArray, labels_of
from modelling.metrics.ranking import Scorer, Values

Confusions = Callable[[Values], FloatArray]


def _confusions(truth: Values, prediction: Values) -> Confusions:
    """Return the function from weights to confusion matrices (n_draws, K, K), truth in rows."""
    n_classes = prediction.shape[1]
    cells: IntArray = truth.astype(np.int64) * n_classes + labels_of(prediction)
    order = np.argsort(cells, kind="stable")
    present, starts = np.unique(cells[order], return_index=True)

    def confusions(weights: Values) -> FloatArray:
        # Sums of sorted runs, not products with a one-hot (n, K * K): that has K * K columns.
        rows = np.take(weights, order, axis=1).astype(np.float64)
        counts = np.zeros((len(weights), n_classes * n_classes))
        counts[:, present] = np.add.reduceat(rows, starts, axis=1)
        return counts.reshape(-1, n_classes, n_classes)

    return confusions


def balanced_accuracy(truth: Values, prediction: Values) -> Scorer:
    """Return the function from weights to the mean recall of the classes that a draw holds."""
    confusions = _confusions(truth, prediction)

    def scorer(weights: Values) -> FloatArray:
        counts = confusions(weights)
        in_class = counts.sum(axis=2)
        recalls = np.diagonal(counts, axis1=1, axis2=2) / np.maximum(in_class, 1.0)
        return np.asarray(recalls.sum(axis=1) / np.count_nonzero(in_class, axis=1))

    return scorer


def _f1_by_class(counts: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the F1 of each class and its rows, true or predicted; zero rows have a zero F1."""
    hits = np.diagonal(counts, axis1=1, axis2=2)
    seen = counts.sum(axis=2) + counts.sum(axis=1)
    return np.asarray(2 * hits / np.maximum(seen, 1.0)), seen


def f1(truth: Values, prediction: Values) -> Scorer:
    """Return the function from weights to the F1 of class 1."""
    confusions = _confusions(truth, prediction)

    def scorer(weights: Values) -> FloatArray:
        counts = confusions(weights)
        scores, _ = _f1_by_class(counts)
        return np.where(counts.sum(axis=(1, 2)) == 0, np.nan, scores[:, 1])

    return scorer


def f1_macro(truth: Values, prediction: Values) -> Scorer:
    """Return the function from weights to the mean F1 of the classes that a draw shows."""
    confusions = _confusions(truth, prediction)

    def scorer(weights: Values) -> FloatArray:
        # A class that a draw neither holds nor predicts has no F1: its rows are not there. (With
        # sample_weight, scikit-learn would count it as zero.)
        scores, seen = _f1_by_class(confusions(weights))
        return np.asarray(scores.sum(axis=1) / np.count_nonzero(seen, axis=1))

    return scorer


def f1_weighted(truth: Values, prediction: Values) -> Scorer:
    """Return the function from weights to the F1 of the classes, weighted by their true rows."""
    confusions = _confusions(truth, prediction)

    def scorer(weights: Values) -> FloatArray:
        counts = confusions(weights)
        in_class = counts.sum(axis=2)
        scores, _ = _f1_by_class(counts)
        return np.asarray((scores * in_class).sum(axis=1) / in_class.sum(axis=1))

    return scorer


def matthews(truth: Values, prediction: Values) -> Scorer:
    """Return the function from weights to the Matthews correlation."""
    confusions = _confusions(truth, prediction)

    def scorer(weights: Values) -> FloatArray:
        # Gorodkin 2004, in scikit-learn's form; zero where truth or prediction is constant.
        in_truth, predicted, total, hits = _margins(confusions(weights))
        joint = hits * total - np.einsum("ij,ij->i", in_truth, predicted)
        spread = (total**2 - np.square(in_truth).sum(axis=1)) * (
            total**2 - np.square(predicted).sum(axis=1)
        )
        scores = np.where(spread == 0, 0.0, joint / np.sqrt(spread))
        return np.where(total == 0, np.nan, scores)

    return scorer


def kappa(truth: Values, prediction: Values) -> Scorer:
    """Return the function from weights to Cohen's kappa."""
    confusions = _confusions(truth, prediction)

    def scorer(weights: Values) -> FloatArray:
        # Disagreement over the disagreement of chance (Cohen 1960); of one class it is 0 / 0.
        in_truth, predicted, total, hits = _margins(confusions(weights))
        by_chance = total**2 - np.einsum("ij,ij->i", in_truth, predicted)
        return np.asarray(1 - (total - hits) * total / by_chance)

    return scorer


def _margins(counts: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return rows by true class and by predicted class (n_draws, K), all rows, and right ones."""
    in_truth, predicted = counts.sum(axis=2), counts.sum(axis=1)
    return in_truth, predicted, in_truth.sum(axis=1), np.trace(counts, axis1=1, axis2=2)
