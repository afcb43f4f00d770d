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

    ``extra_fixed`` is its further fixed cost over the horizon, ``per_prediction`` what one
    prediction brings more, serving deducted. ``net`` is what the horizon ends with, with its 95 %
    interval; ``p_pays`` the probability that it ends above zero. ``predictions`` and ``months`` to
    break-even are 0 if nothing has to be earned back and infinite for never; ``median_months``
    is the median over draws.
    """

    extra_fixed: float
    per_prediction: float
    net: float
    net_interval: tuple[float, float]
    p_pays: float
    predictions: float
    months: float
    median_months: float

    @property
    def verdict(self) -> VerdictWord:
        """Return ``tune`` at P(pays) >= 0.8, ``keep base`` at <= 0.2, else not enough evidence."""
        if self.p_pays >= PAYS:
            return VerdictWord.TUNE
        return VerdictWord.KEEP_BASE if self.p_pays <= PAYS_NOT else VerdictWord.NOT_ENOUGH_EVIDENCE


def payback(
    base: ModelCost,
    candidate: ModelCost,
    economics: Economics,
    *,
    value_gain: float,
    value_gains: Floats,
) -> Payback | None:
    """Return when a candidate pays; None if a cost of either was not measured.

    Parameters
    ----------
    value_gain : float
        By how much a prediction of the candidate is worth more on the locked test.
    value_gains : array of shape (n_draws,)
        The same on draws of its rows.
    """
    costs = (
        base.fixed_usd,
        candidate.fixed_usd,
        base.serving_usd_per_1k,
        candidate.serving_usd_per_1k,
    )
    if any(cost is None for cost in costs):
        return None
    fixed, fixed_candidate, served, served_candidate = (float(cost or 0.0) for cost in costs)
    extra = fixed_candidate - fixed
    dearer = (served_candidate - served) / 1000.0
    rate, rates = value_gain - dearer, value_gains - dearer
    nets = rates * economics.predictions - extra
    low, high = np.quantile(nets, [0.025, 0.975])
    needed = break_even(extra, rate)
    volume = economics.predictions_per_month
    return Payback(
        extra_fixed=extra,
        per_prediction=rate,
        net=rate * economics.predictions - extra,
        net_interval=(float(low), float(high)),
        p_pays=float(np.mean(nets > 0.0)),
        predictions=needed,
        months=_months(needed, volume),
        median_months=float(
            np.median([_months(break_even(extra, float(one)), volume) for one in rates])
        ),
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
