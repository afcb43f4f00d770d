"""What a little more of the same would bring: ten more trials, a tenth more rows.

Trials: if their order meant nothing, the best of n of them improves on the best of n - m by a
difference of expected minima, which order statistics give without assumptions about the losses
(Dodge et al. 2019, "Show your work", EMNLP, use the same expectation). What m further trials bring
is at most about that, for each next one brings less. Rows: the forecast of the learning curve
between the rows there are and twice as many, taken as linear in their logarithm.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

MORE_TRIALS = 10
MORE_ROWS = 0.1
_FORECAST = 2.0


@dataclass(frozen=True, kw_only=True, slots=True)
class NextStep:
    """A gain in the metric's units, what it would be worth over the horizon, and its cost."""

    gain: float
    value: float | None
    cost: float | None

    @property
    def net(self) -> float | None:
        """Worth less cost; None if one of them is not known."""
        return None if self.value is None or self.cost is None else self.value - self.cost


def expected_best(losses: Sequence[float], n: int) -> float:
    """Return the expected smallest of ``n`` losses drawn without replacement.

    Raises
    ------
    ValueError
        If there are not that many.
    """
    if not 1 <= n <= len(losses):
        raise ValueError(f"n must lie between 1 and {len(losses)}, got {n}")
    ordered = np.sort(np.asarray(losses, dtype=np.float64))
    total = len(ordered)
    # P(the i-th smallest is the smallest of n) = C(total - i, n - 1) / C(total, n), i from 1.
    log_all = _log_choose(total, n)
    chances = [math.exp(_log_choose(total - i, n - 1) - log_all) for i in range(1, total - n + 2)]
    return float(np.dot(chances, ordered[: len(chances)]))


def gain_of_trials(losses: Sequence[float], more: int = MORE_TRIALS) -> float | None:
    """Return what ``more`` further trials gain at most about; None with too few trials to tell."""
    if len(losses) <= more:
        return None
    return expected_best(losses, len(losses) - more) - expected_best(losses, len(losses))


def gain_of_rows(gain_of_twice: float, share: float = MORE_ROWS) -> float:
    """Return what a share more rows gain, from what the learning curve expects of twice as many."""
    return gain_of_twice * math.log1p(share) / math.log(_FORECAST)


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
