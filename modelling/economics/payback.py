"""When a candidate has paid for itself, and how likely it is to do so within the horizon.

Break-even of two straight lines (METHODS, cost: money): the extra fixed cost over what each
prediction brings more. The ratio explodes near zero gain, so what is reported beside it is the
share of draws in which the horizon ends above zero, and the median of their break-evens.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from modelling.economics.cost import ModelCost
from modelling.economics.outcomes import Floats
from modelling.types import Economics, VerdictWord

PAYS, PAYS_NOT = 0.8, 0.2


@dataclass(frozen=True, kw_only=True, slots=True)
class Payback:
    """What a candidate brings over a base, in money.

    ``extra_fixed`` is its further fixed cost over the horizon, ``value_gain`` what one prediction
    is worth more, ``per_prediction`` the same with serving deducted. ``net`` is what the horizon
    ends with, with its 95 % interval; ``p_pays`` the probability that it ends above zero.
    ``predictions`` and ``months`` to break-even are 0 if nothing has to be earned back and infinite
    for never; ``median_months`` is the median over draws.
    """

    extra_fixed: float
    value_gain: float
    per_prediction: float
    net: float
    net_interval: tuple[float, float]
    p_pays: float
    predictions: float
    months: float
    median_months: float

    @property
    def verdict(self) -> VerdictWord:
        """Return what the probability to pay means."""
        return verdict_of(self.p_pays)


@dataclass(frozen=True, kw_only=True, slots=True)
class Extra:
    """What a candidate costs more than a base: over the horizon, and for one prediction."""

    fixed: float
    per_prediction: float

    def p_pays(self, value_gains: Floats, economics: Economics) -> float:
        """Return the share of draws (n_draws,) in which the horizon ends above zero."""
        nets = (value_gains - self.per_prediction) * economics.predictions - self.fixed
        return float(np.count_nonzero(nets > 0.0) / len(nets))


def verdict_of(p_pays: float) -> VerdictWord:
    """Return ``tune`` at P(pays) >= 0.8, ``keep base`` at <= 0.2, else not enough evidence."""
    if p_pays >= PAYS:
        return VerdictWord.TUNE
    return VerdictWord.KEEP_BASE if p_pays <= PAYS_NOT else VerdictWord.NOT_ENOUGH_EVIDENCE


def extra_cost(base: ModelCost, candidate: ModelCost) -> Extra | None:
    """Return what a candidate costs more; None if a cost of either was not measured."""
    if base.fixed_usd is None or candidate.fixed_usd is None:
        return None
    if base.serving_usd_per_1k is None or candidate.serving_usd_per_1k is None:
        return None
    return Extra(
        fixed=candidate.fixed_usd - base.fixed_usd,
        per_prediction=(candidate.serving_usd_per_1k - base.serving_usd_per_1k) / 1000.0,
    )


def payback(
    extra: Extra, economics: Economics, *, value_gain: float, value_gains: Floats
) -> Payback:
    """Return when a candidate pays.

    Parameters
    ----------
    value_gain : float
        By how much a prediction of the candidate is worth more on the locked test.
    value_gains : array of shape (n_draws,)
        The same on draws of its rows.
    """
    rate, rates = value_gain - extra.per_prediction, value_gains - extra.per_prediction
    nets = rates * economics.predictions - extra.fixed
    low, high = np.quantile(nets, [0.025, 0.975])
    needed = break_even(extra.fixed, rate)
    # The median of the break-evens is the break-even at the median: it falls as the rate rises.
    median = break_even(extra.fixed, float(np.median(rates)))
    volume = economics.predictions_per_month
    return Payback(
        extra_fixed=extra.fixed,
        value_gain=value_gain,
        per_prediction=rate,
        net=rate * economics.predictions - extra.fixed,
        net_interval=(float(low), float(high)),
        p_pays=extra.p_pays(value_gains, economics),
        predictions=needed,
        months=_months(needed, volume),
        median_months=_months(median, volume),
    )


def break_even(extra_fixed: float, per_prediction: float) -> float:
    """Return after how many predictions an extra fixed cost is earned back.

    Examples
    --------
    >>> break_even(100.0, 0.5), break_even(100.0, 0.0), break_even(0.0, -1.0)
    (200.0, inf, 0.0)
    """
    if extra_fixed <= 0:
        return 0.0
    return extra_fixed / per_prediction if per_prediction > 0 else math.inf


def _months(predictions: float, per_month: float) -> float:
    if predictions == 0:
        return 0.0
    return predictions / per_month if per_month > 0 else math.inf
