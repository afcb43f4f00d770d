"""How well one column alone predicts the target: bins, and counts in them.

A column is cut into bins without looking at the target. Half of the rows says what each bin
means for the target, the other half judges it, and the other way round; both need no more than two
tables of counts, so thousands of columns take seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# Rows that a bin should hold: a mean of 40 is known within a sixth of a standard deviation.
ROWS_PER_BIN = 40
MIN_BINS = 4
MAX_BINS = 64
# A class that has fewer rows in one half says nothing certain about an AUC.
MIN_HALF_CLASS_ROWS = 10
MIN_ROWS = 60
# Standard errors by which noise of thousands of columns is not passed (one in 15,000 at 4).
NOISE_ERRORS = 4.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Truth:
    """A target as single columns are judged by it.

    ``codes`` are class codes (n_rows,) of a classification, else None; ``ranks`` are the ranks of a
    regression target (n_rows,), scaled to mean 0 and standard deviation 1. ``half`` says which
    half a row is in.
    """

    codes: np.ndarray | None
    ranks: np.ndarray | None
    n_classes: int
    half: np.ndarray

    @property
    def measure(self) -> str:
        """The name of the score: chance is 0.5 for the AUC and 0 for R2."""
        return "rank R2" if self.codes is None else "AUC"

    @property
    def chance(self) -> float:
        """The score of a column that says nothing."""
        return 0.0 if self.codes is None else 0.5

    def noise(self) -> float:
        """Return by how much a column without any meaning may pass chance."""
        if self.codes is not None:
            return NOISE_ERRORS * self.error(self.chance)
        # The predictions of B bins have variance B / n, so their covariance with n / 2 judged
        # rows has the standard error sqrt(8 B) / n, over both halves.
        n_rows = len(self.half)
        return float(NOISE_ERRORS * np.sqrt(8.0 * _n_bins(n_rows)) / n_rows)

    def error(self, score: float) -> float:
        """Return the standard error of a score over all rows.

        Of an AUC after Hanley and McNeil (1982), for the smallest class that is judged; of R2 after
        Olkin and Finn (1995).
        """
        n_rows = len(self.half)
        if self.codes is None:
            return float(2.0 * np.sqrt(max(score, 0.0) / n_rows) * (1.0 - score))
        counts = np.bincount(self.codes, minlength=self.n_classes)
        one = int(counts[counts >= 2 * MIN_HALF_CLASS_ROWS].min(initial=n_rows))
        rest = max(n_rows - one, 1)
        first, second = score / (2.0 - score), 2.0 * score**2 / (1.0 + score)
        spread = (one - 1) * (first - score**2) + (rest - 1) * (second - score**2)
        return float(np.sqrt(max(score * (1.0 - score) + spread, 0.0) / (one * rest)))


def halves(codes: np.ndarray | None, n_rows: int, rng: np.random.Generator) -> np.ndarray:
    """Return a random half of the rows (n_rows,) as booleans, of each class one half."""
    order = rng.permutation(n_rows)
    if codes is not None:
        order = order[np.argsort(codes[order], kind="stable")]
    half = np.zeros(n_rows, dtype=bool)
    half[order[::2]] = True
    return half


def number_bins(values: np.ndarray) -> np.ndarray:
    """Return bins (n_rows,) of numbers with about equally many rows; missing ones have their own.

    Up to `MAX_BINS` distinct values are bins of their own.
    """
    missing = np.isnan(values)
    present = values[~missing]
    if not len(present):
        return np.zeros(len(values), dtype=np.int64)
    most = _n_bins(len(values))
    ordered = np.sort(present)
    edges = ordered[np.append(True, np.diff(ordered) > 0)]
    if len(edges) > most:
        edges = np.unique(ordered[np.arange(1, most) * len(ordered) // most])
    bins = np.searchsorted(edges, values, side="right")
    bins[missing] = len(edges) + 1
    return np.asarray(bins)


def _n_bins(n_rows: int) -> int:
    return int(np.clip(n_rows // ROWS_PER_BIN, MIN_BINS, MAX_BINS))


def strength(bins: np.ndarray, truth: Truth) -> float | None:
    """Return the score of the bins (n_rows,) alone, or None where there are too few rows.

    It is the mean over classes of the AUC of one class against the rest, or R2 on ranks.
    """
    if len(bins) < MIN_ROWS:
        return None
    n_bins = int(bins.max()) + 1
    if truth.codes is None:
        return _rank_r2(bins, n_bins, truth)
    cells = truth.half * (n_bins * truth.n_classes) + bins * truth.n_classes + truth.codes
    counts = np.bincount(cells, minlength=2 * n_bins * truth.n_classes)
    one, other = counts.reshape(2, n_bins, truth.n_classes).astype(float)
    usable = np.minimum(one.sum(axis=0), other.sum(axis=0)) >= MIN_HALF_CLASS_ROWS
    if usable.sum() < 2:
        return None
    if truth.n_classes == 2:
        # The AUC of the second class is that of the first.
        usable[0] = False
    both = [_aucs(one, other, usable), _aucs(other, one, usable)]
    return float(np.mean(both))


def _aucs(known: np.ndarray, judged: np.ndarray, usable: np.ndarray) -> np.ndarray:
    """Return the AUC of each usable class; both tables of counts are (n_bins, n_classes)."""
    prior = known.sum(axis=0) / known.sum()
    scores = (known + prior) / (known.sum(axis=1, keepdims=True) + 1.0)
    order = np.argsort(scores[:, usable], axis=0, kind="stable")
    positives = np.take_along_axis(judged[:, usable], order, axis=0)
    rest = judged.sum(axis=1, keepdims=True) - judged[:, usable]
    negatives = np.take_along_axis(rest, order, axis=0)
    below = np.cumsum(negatives, axis=0) - 0.5 * negatives
    pairs = positives.sum(axis=0) * negatives.sum(axis=0)
    return np.asarray((positives * below).sum(axis=0) / np.maximum(pairs, 1.0))


def _rank_r2(bins: np.ndarray, n_bins: int, truth: Truth) -> float:
    ranks = np.asarray(truth.ranks)
    cells = truth.half * n_bins + bins
    counts = np.bincount(cells, minlength=2 * n_bins).reshape(2, n_bins).astype(float)
    sums = np.bincount(cells, weights=ranks, minlength=2 * n_bins).reshape(2, n_bins)
    means = sums / (counts + 1.0)
    totals = [float((ranks[part] ** 2).sum()) for part in (~truth.half, truth.half)]
    # Sum of (z - m)^2 over the judged rows, from sums: z has mean 0 in both halves, nearly.
    lost = [
        totals[judged]
        - float((2 * means[1 - judged] * sums[judged]).sum())
        + float((counts[judged] * means[1 - judged] ** 2).sum())
        for judged in (0, 1)
    ]
    return float(
        np.mean([1.0 - one / max(total, 1e-12) for one, total in zip(lost, totals, strict=True)])
    )
