"""What calling more rows positive is worth: every threshold of a binary model at once.

Rows are sorted by score once; the counts and stakes of each outcome are cumulative sums, and a
payoff prices them (Provost and Fawcett 2001, "Robust classification for imprecise environments",
Machine Learning 42, has the profit curve).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from modelling.economics.outcomes import Floats
from modelling.economics.worth import Scored


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ProfitCurve:
    """Mean outcomes (T, 8) of one prediction at each distinct threshold, falling from infinity."""

    thresholds: Floats
    outcomes: Floats

    def profit(self, prices: Floats) -> Floats:
        """Return the value of one prediction at each threshold (T,)."""
        return self.outcomes @ prices

    def best(self, prices: Floats) -> tuple[float, float]:
        """Return the best threshold and the value of one prediction there; ties: fewest calls."""
        values = self.profit(prices)
        place = int(np.argmax(values))
        return float(self.thresholds[place]), float(values[place])

    def at(self, threshold: float, prices: Floats) -> float:
        """Return the value of one prediction if rows are called at or above a threshold."""
        place = int(np.searchsorted(-self.thresholds, -threshold, side="right")) - 1
        return float(self.outcomes[max(0, place)] @ prices)


def profit_curve(rows: Scored) -> ProfitCurve:
    """Return the curve of rows with probabilities of the positive class.

    Raises
    ------
    ValueError
        If there is no row.
    """
    if len(rows.truth) == 0:
        raise ValueError("a profit curve needs at least one row, got none")
    order = np.argsort(-np.asarray(rows.scores, dtype=np.float64), kind="stable")
    scores = np.asarray(rows.scores, dtype=np.float64)[order]
    positive = np.asarray(rows.truth)[order] == 1
    stakes = np.zeros(len(order)) if rows.stakes is None else np.asarray(rows.stakes)[order]
    # The last row of each run of equal scores: they are called together.
    ends = np.flatnonzero(np.append(scores[1:] != scores[:-1], True))
    columns = []
    for amounts in (np.ones(len(order)), stakes):
        for mine in (~positive, positive):
            part = np.where(mine, amounts, 0.0)
            called = np.append(0.0, np.cumsum(part)[ends])
            columns += [part.sum() - called, called]
    return ProfitCurve(
        thresholds=np.append(np.inf, scores[ends]),
        outcomes=np.stack(columns, axis=1) / len(order),
    )
