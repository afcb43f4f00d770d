"""What a model's answers are worth: thresholds from training rows, values from the locked test.

The threshold of a binary task is chosen on out-of-fold predictions for training rows (Elkan 2001,
"The foundations of cost-sensitive learning", IJCAI, with the stake of each row) among quantiles of
their scores; the value is read off the locked test, and its draws are those of the same rows for
every model. All sums are taken once: afterwards a payoff costs a product of two small arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelling.economics.outcomes import Floats, row_outcomes

MOST_THRESHOLDS = 100
# Draws are summed so many rows at a time, which bounds the memory.
_CELLS = 20_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Scored:
    """Rows with their truth, scores or answers, and stakes.

    ``scores`` are probabilities of the positive class (n,) of a binary task, else class codes or
    values (n,); ``stakes`` may be None.
    """

    truth: NDArray[Any]
    scores: NDArray[Any]
    stakes: Floats | None = None


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Worth:
    """The outcomes of one model, per prediction, at each threshold that may be chosen.

    ``thresholds`` (T,) fall; a row is called positive at or above. Without a threshold T is 1 and
    it is NaN. ``choosing`` (T, n_outcomes) are means over training rows, ``locked`` over the
    locked test, ``draws`` (B, T, n_outcomes) over draws of it.
    """

    thresholds: Floats
    choosing: Floats
    locked: Floats
    draws: NDArray[np.float32]

    def place(self, prices: Floats) -> int:
        """Return the place of the threshold worth most on training rows; ties: fewest calls.

        Parameters
        ----------
        prices : array of shape (n_outcomes,)
            As `modelling.economics.outcomes.prices` returns them.
        """
        return int(np.argmax(self.choosing @ prices))

    def value(self, prices: Floats) -> float:
        """Return the value of one prediction on the locked test, at that threshold."""
        return float(self.locked[self.place(prices)] @ prices)

    def values_drawn(self, prices: Floats) -> Floats:
        """Return the value of one prediction for each draw (B,), at that threshold."""
        return np.asarray(self.draws[:, self.place(prices)] @ prices, dtype=np.float64)


def worth_of_calls(
    chosen_on: Scored | None, locked: Scored, weights: NDArray[Any], *, usual: float = 0.5
) -> Worth:
    """Return what a binary model is worth.

    Parameters
    ----------
    chosen_on : Scored, optional
        Training rows with out-of-fold scores; without them the usual threshold is the only one.
    locked : Scored
        The locked test.
    weights : array of shape (n_draws, n_locked)
        How often each draw holds each locked row.
    """
    thresholds = np.array([usual]) if chosen_on is None else _thresholds(chosen_on.scores, usual)
    found = _called(locked, thresholds, np.ones((1, len(locked.truth))))[0]
    choosing = found
    if chosen_on is not None:
        choosing = _called(chosen_on, thresholds, np.ones((1, len(chosen_on.truth))))[0]
    return Worth(
        thresholds=thresholds,
        choosing=choosing,
        locked=found,
        draws=_called(locked, thresholds, weights).astype(np.float32),
    )


def worth_of_answers(locked: Scored, weights: NDArray[Any], *, n_classes: int) -> Worth:
    """Return what answers are worth that no threshold decides: most probable classes, or values."""
    rows = row_outcomes(locked.truth, locked.scores, locked.stakes, n_classes=n_classes)
    mean = rows.mean(axis=0, keepdims=True)
    drawn = _summed(weights, rows) / weights.sum(axis=1, dtype=np.float64)[:, None]
    return Worth(
        thresholds=np.array([np.nan]),
        choosing=mean,
        locked=mean,
        draws=drawn[:, None, :].astype(np.float32),
    )


def _thresholds(scores: NDArray[Any], usual: float) -> Floats:
    """Return falling thresholds: nobody, quantiles of the scores, the usual one, everybody."""
    distinct = np.unique(np.asarray(scores, dtype=np.float64))
    if len(distinct) > MOST_THRESHOLDS:
        # Of rows, not of distinct scores: where many rows lie, thresholds lie close.
        shares = np.linspace(0.0, 1.0, MOST_THRESHOLDS)
        distinct = np.unique(np.quantile(scores, shares, method="inverted_cdf"))
    return np.unique(np.concatenate([distinct, [usual, np.inf]]))[::-1]


def _called(rows: Scored, thresholds: Floats, weights: NDArray[Any]) -> Floats:
    """Return mean outcomes (n_draws, T, 8) of calling rows positive at or above each threshold."""
    # bin t: called from threshold t on, not before; bin T: never called.
    rising = thresholds[::-1]
    bins = len(thresholds) - np.searchsorted(rising, rows.scores, side="right")
    truth = np.asarray(rows.truth, dtype=np.int64)
    cell = bins * 2 + truth
    n_cells = 2 * (len(thresholds) + 1)
    stakes = np.zeros(len(truth)) if rows.stakes is None else rows.stakes
    per_cell = np.stack([np.ones(len(truth)), stakes])
    sums = np.stack([_by_cell(weights, cell, amounts, n_cells) for amounts in per_cell], axis=1)
    sums = sums.reshape(len(weights), 2, -1, 2)
    called = np.cumsum(sums[:, :, :-1], axis=2)
    rest = sums.sum(axis=2, keepdims=True) - called
    # Order of `row_outcomes`: (truth 0, answer 0), (0, 1), (1, 0), (1, 1); counts, then stakes.
    parts = [side[:, kind, :, t] for kind in (0, 1) for t in (0, 1) for side in (rest, called)]
    drawn = weights.sum(axis=1, dtype=np.float64)[:, None, None]
    return np.asarray(np.stack(parts, axis=2) / drawn)


def _by_cell(
    weights: NDArray[Any], cell: NDArray[np.int64], amounts: Floats, n_cells: int
) -> Floats:
    """Return the weighted sums of amounts by cell (n_draws, n_cells)."""
    order = np.argsort(cell, kind="stable")
    present, starts = np.unique(cell[order], return_index=True)
    sums = np.zeros((len(weights), n_cells))
    step = max(1, _CELLS // max(1, len(cell)))
    ones = bool(np.all(amounts == 1.0))
    for first in range(0, len(weights), step):
        block = weights[first : first + step][:, order]
        if not ones:
            block = block * amounts[order].astype(np.float64)
        sums[first : first + step, present] = np.add.reduceat(
            block, starts, axis=1, dtype=np.float64
        )
    return sums


def _summed(weights: NDArray[Any], rows: Floats) -> Floats:
    """Return the weighted sums of rows (n_draws, n_outcomes), some draws at a time."""
    step = max(1, _CELLS // max(1, len(rows)))
    blocks = (weights[i : i + step].astype(np.float64) for i in range(0, len(weights), step))
    return np.concatenate([block @ rows for block in blocks])
