"""What answers look like beyond one score: curves over thresholds, calibration, errors, classes.

In numpy alone: the web process draws them from stored answers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelling.comparison.answers import Answers

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# Points of a curve that is drawn: more than a screen shows.
MOST_POINTS = 200
N_BINS = 10
_Z_975 = 1.959963984540054


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Ranked:
    """Rows by falling score, cumulated at every distinct score.

    At threshold ``thresholds[i]`` (k,), ``positives[i]`` of the ``n_positive`` positive rows and
    ``negatives[i]`` of the ``n_negative`` others are called positive. The first entry calls none.
    """

    thresholds: FloatArray
    positives: FloatArray
    negatives: FloatArray

    @property
    def n_positive(self) -> float:
        """Number of positive rows."""
        return float(self.positives[-1])

    @property
    def n_negative(self) -> float:
        """Number of negative rows."""
        return float(self.negatives[-1])

    def roc(self) -> tuple[FloatArray, FloatArray]:
        """Return false and true positive rates (k,); NaN where a class has no row."""
        with np.errstate(invalid="ignore"):
            return self.negatives / self.n_negative, self.positives / self.n_positive

    def precision_recall(self) -> tuple[FloatArray, FloatArray]:
        """Return recall and precision (k - 1,), from the highest threshold down."""
        called = self.positives + self.negatives
        with np.errstate(invalid="ignore"):
            return self.positives[1:] / self.n_positive, self.positives[1:] / called[1:]

    def gains(self) -> tuple[FloatArray, FloatArray]:
        """Return the share of rows called positive, and the share of positives among them (k,)."""
        called = self.positives + self.negatives
        with np.errstate(invalid="ignore"):
            return called / called[-1], self.positives / self.n_positive


def ranked(positive: NDArray[np.bool_], scores: FloatArray) -> Ranked:
    """Return rows cumulated by falling score; rows of equal score come together.

    Parameters
    ----------
    positive : bool array of shape (n,)
    scores : array of shape (n,)
        Higher means more likely positive.
    """
    order = np.argsort(-scores, kind="stable")
    falling = scores[order]
    last = np.flatnonzero(np.append(np.diff(falling) != 0, True))
    hits = np.cumsum(positive[order])[last].astype(np.float64)
    return Ranked(
        thresholds=np.append(math.inf, falling[last]),
        positives=np.append(0.0, hits),
        negatives=np.append(0.0, last + 1 - hits),
    )


def thinned_curve(
    x: FloatArray, y: FloatArray, most: int = MOST_POINTS
) -> tuple[list[float], list[float]]:
    """Return at most ``most`` points of a curve, evenly along its length, both ends included."""
    if len(x) <= most:
        return x.tolist(), y.tolist()
    length = np.append(0.0, np.cumsum(np.hypot(np.diff(x), np.diff(y))))
    places = np.searchsorted(length, np.linspace(0.0, length[-1], most))
    kept = np.unique(np.clip(places, 0, len(x) - 1))
    kept[-1] = len(x) - 1
    return x[kept].tolist(), y[kept].tolist()


@dataclass(frozen=True, kw_only=True, slots=True)
class CalibrationBin:
    """Rows of similar predicted probability: its mean, and how often it came true.

    ``interval`` is Wilson's 95 % interval (1927) of the share that came true.
    """

    n_rows: int
    predicted: float
    observed: float
    interval: tuple[float, float]


def calibration(
    positive: NDArray[np.bool_], probabilities: FloatArray, n_bins: int = N_BINS
) -> tuple[CalibrationBin, ...]:
    """Return bins of about equally many rows by rising probability; equal ones stay together."""
    edges = np.unique(np.quantile(probabilities, np.linspace(0, 1, n_bins + 1)))
    codes = np.searchsorted(edges[1:-1], probabilities, side="left")
    bins = []
    for code in np.unique(codes):
        rows = codes == code
        n_rows, n_true = int(rows.sum()), int(positive[rows].sum())
        bins.append(
            CalibrationBin(
                n_rows=n_rows,
                predicted=float(probabilities[rows].mean()),
                observed=n_true / n_rows,
                interval=wilson_interval(n_true, n_rows),
            )
        )
    return tuple(bins)


def wilson_interval(n_true: int, n_rows: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share.

    Examples
    --------
    >>> [round(end, 3) for end in wilson_interval(5, 10)]
    [0.237, 0.763]
    """
    share, z2 = n_true / n_rows, _Z_975**2
    centre = (share + z2 / (2 * n_rows)) / (1 + z2 / n_rows)
    reach = _Z_975 * math.sqrt(share * (1 - share) / n_rows + z2 / (4 * n_rows**2))
    reach /= 1 + z2 / n_rows
    return max(0.0, centre - reach), min(1.0, centre + reach)


@dataclass(frozen=True, kw_only=True, slots=True)
class ErrorDecile:
    """A tenth of the rows by true value: its middle, and the model's errors there.

    ``bias`` is the mean of answer minus truth, ``size`` the mean absolute error.
    """

    n_rows: int
    truth: float
    bias: float
    size: float


def error_deciles(truth: FloatArray, errors: FloatArray) -> tuple[ErrorDecile, ...]:
    """Return the errors by tenths of the true value, the lowest first; equal values in one."""
    edges = np.unique(np.quantile(truth, np.linspace(0, 1, N_BINS + 1)))
    codes = np.searchsorted(edges[1:-1], truth, side="left")
    return tuple(
        ErrorDecile(
            n_rows=int(np.sum(codes == code)),
            truth=float(np.median(truth[codes == code])),
            bias=float(errors[codes == code].mean()),
            size=float(np.abs(errors[codes == code]).mean()),
        )
        for code in np.unique(codes)
    )


def confusion(truth: NDArray[Any], labels: IntArray, n_classes: int) -> IntArray:
    """Return the confusion matrix (K, K), truth in rows."""
    cells = truth.astype(np.int64) * n_classes + labels
    return np.bincount(cells, minlength=n_classes**2).reshape(n_classes, n_classes)


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassScores:
    """One class: its rows, and how well they are found; zero where nothing is divided by."""

    label: str
    n_rows: int
    precision: float
    recall: float
    f1: float


def class_scores(answers: Answers, model: str) -> tuple[ClassScores, ...]:
    """Return precision, recall and F1 of every class."""
    counts = confusion(answers.truth, answers.labels(model), len(answers.classes))
    in_class, called, hits = counts.sum(axis=1), counts.sum(axis=0), np.diagonal(counts)
    return tuple(
        ClassScores(
            label=label,
            n_rows=int(in_class[k]),
            precision=float(hits[k] / max(called[k], 1)),
            recall=float(hits[k] / max(in_class[k], 1)),
            f1=float(2 * hits[k] / max(called[k] + in_class[k], 1)),
        )
        for k, label in enumerate(answers.classes)
    )


def agreement(answers: Answers) -> FloatArray:
    """Return how alike each two models answer (m, m): share of equal labels, or correlation.

    The correlation of a model whose answers are all the same is NaN, 1 with itself.
    """
    models = list(answers.predicted)
    if answers.kind.is_classification:
        labels = np.stack([answers.labels(model) for model in models])
        return np.asarray((labels[:, None, :] == labels[None, :, :]).mean(axis=2))
    with np.errstate(divide="ignore", invalid="ignore"):
        together = np.corrcoef(np.stack([answers.predicted[model] for model in models]))
    together = np.atleast_2d(together)
    np.fill_diagonal(together, 1.0)
    return np.asarray(together, dtype=np.float64)
