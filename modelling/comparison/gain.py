"""How much better a candidate is than a base, and how sure the test rows make us.

Everything is a subtraction of two stored vectors: the scores of both models on the same draws
of the locked-test rows (paired bootstrap, percentile intervals; Efron and Tibshirani 1993).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelling.metrics.spec import MetricSpec

FloatArray = NDArray[np.float64]

# One-sided 95 % point of the normal distribution.
Z_95 = 1.6448536269514722

# Scores that are shares differ by exact steps; rounding must not push a step over the margin.
_ROUNDING = 1e-12


@dataclass(frozen=True, kw_only=True, slots=True)
class Gain:
    """A paired difference in score, candidate minus base; positive is better, whatever the metric.

    ``interval`` holds 95 % of the draws and, like everything here, measures row noise only.
    ``p_worse``, ``p_equal`` and ``p_better`` sum to one: worse by more than ``margin``, within
    it, better by more. ``sd`` is the standard deviation of the draws.
    ``smallest_detectable`` is the smallest observed gain that this many test rows could call
    better by more than the margin (``margin + 1.645 sd``). ``rows_to_decide`` is about how many
    test rows would settle a gain of this size either way, as noise shrinks with 1 / sqrt(n);
    None where no number would. ``n_parts`` is set where the gain comes from so many outer parts of
    a nested cross-validation over ``n_test`` rows; then noise of learning counts as well.
    """

    gain: float
    interval: tuple[float, float]
    p_worse: float
    p_equal: float
    p_better: float
    sd: float
    margin: float
    smallest_detectable: float
    n_test: int
    rows_to_decide: int | None
    n_parts: int | None = None


def paired_gain(
    base_draws: FloatArray,
    candidate_draws: FloatArray,
    *,
    base_score: float,
    candidate_score: float,
    metric: MetricSpec,
    margin: float,
    n_test: int,
) -> Gain:
    """Return the gain of a candidate over a base.

    Parameters
    ----------
    base_draws, candidate_draws : array of shape (n_draws,)
        Published scores on the same draws; a draw that is NaN for either is left out.
    base_score, candidate_score : float
        Published scores on the test rows themselves.
    metric : MetricSpec
        Says which direction is better.
    margin : float
        The smallest gain that matters, in units of the metric, zero or more.
    n_test : int
        Number of locked-test rows.

    Returns
    -------
    Gain
        NaN throughout when no draw is defined for both.
    """
    if base_draws.shape != candidate_draws.shape or base_draws.ndim != 1:
        raise ValueError(
            f"both sets of draws must be (n_draws,), got {base_draws.shape} and "
            f"{candidate_draws.shape}"
        )
    differences = metric.sign * (candidate_draws - base_draws)
    differences = differences[np.isfinite(differences)]
    gain = metric.oriented(candidate_score) - metric.oriented(base_score)
    sd = float(differences.std(ddof=1)) if len(differences) > 1 else math.nan
    p_worse, p_equal, p_better = _shares(differences, margin)
    return Gain(
        gain=gain,
        interval=interval(differences),
        p_worse=p_worse,
        p_equal=p_equal,
        p_better=p_better,
        sd=sd,
        margin=margin,
        smallest_detectable=margin + Z_95 * sd,
        n_test=n_test,
        rows_to_decide=_rows_to_decide(gain - margin, sd, n_test),
    )


def interval(draws: FloatArray) -> tuple[float, float]:
    """Return the 2.5 and 97.5 percentiles of the draws that are finite; NaN without any."""
    finite = draws[np.isfinite(draws)]
    if not len(finite):
        return math.nan, math.nan
    low, high = np.percentile(finite, [2.5, 97.5])
    return float(low), float(high)


def _shares(differences: FloatArray, margin: float) -> tuple[float, float, float]:
    """Return the shares of draws that are worse, practically equal and better."""
    if not len(differences):
        return math.nan, math.nan, math.nan
    edge = margin + _ROUNDING
    n_worse = np.count_nonzero(differences < -edge)
    n_better = np.count_nonzero(differences > edge)
    n_draws = len(differences)
    return n_worse / n_draws, (n_draws - n_worse - n_better) / n_draws, n_better / n_draws


def _rows_to_decide(beyond_margin: float, sd: float, n_test: int) -> int | None:
    """Return the rows at which 1.645 standard deviations equal the distance to the margin."""
    if not (math.isfinite(beyond_margin) and math.isfinite(sd)) or sd == 0:
        return None
    if abs(beyond_margin) < 1e-6 * sd:
        return None
    return math.ceil(n_test * (Z_95 * sd / beyond_margin) ** 2)
