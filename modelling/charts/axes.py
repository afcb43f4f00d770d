"""What a model can cost: the axes that accuracy is drawn against."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from modelling.charts import wording as say
from modelling.charts.figures import BYTES_PER_MB, RowFigures
from modelling.comparison.wording import significant
from modelling.types import Economics


@dataclass(frozen=True, kw_only=True, slots=True)
class CostAxis:
    """One way to look at cost; ``value`` takes the figures of a model, ``tick`` writes a value.

    Amounts of money are in US dollars until `priced_in` says otherwise. ``is_timed`` says that it
    rests on seconds, which differ between machines.
    """

    key: str
    title: str
    value: Callable[[RowFigures], float | None]
    tick: Callable[[float], str]
    is_money: bool = False
    is_timed: bool = True

    def priced_in(self, currency: str) -> CostAxis:
        """Return the axis with its amounts in that currency; none is converted."""
        if not self.is_money or currency == _DOLLARS:
            return self
        return replace(
            self,
            title=self.title.replace(say.currency_name(_DOLLARS), say.currency_name(currency)),
            tick=partial(say.money_text, currency=currency),
        )


_DOLLARS = "USD"
AXES: tuple[CostAxis, ...] = (
    CostAxis(
        key="training_cpu_s",
        title="Training, search included (CPU seconds)",
        value=lambda figures: figures.row.training_cpu_s,
        tick=lambda value: f"{significant(value)} s",
    ),
    CostAxis(
        key="training_usd",
        title="Training, search included (US dollars)",
        value=lambda figures: figures.cost.training_usd,
        tick=say.money_text,
        is_money=True,
    ),
    CostAxis(
        key="predict_ms",
        title="Predicting 1,000 rows (CPU milliseconds)",
        value=lambda figures: figures.row.predict_cpu_ms_per_1k,
        tick=lambda value: f"{significant(value)} ms",
    ),
    CostAxis(
        key="serving_usd",
        title="Predicting 1,000 rows (US dollars)",
        value=lambda figures: figures.cost.serving_usd_per_1k,
        tick=say.money_text,
        is_money=True,
    ),
    CostAxis(
        key="total_usd",
        title="Everything over the horizon (US dollars)",
        value=lambda figures: figures.cost.total_usd,
        tick=say.money_text,
        is_money=True,
    ),
    CostAxis(
        key="size_mb",
        title="Model file (megabytes)",
        value=lambda figures: figures.size_mb,
        tick=lambda value: say.bytes_text(value * BYTES_PER_MB),
        is_timed=False,
    ),
)


def cost_axis(key: str) -> CostAxis:
    """Return the axis of that key.

    Raises
    ------
    ValueError
        If there is none.
    """
    for axis in AXES:
        if axis.key == key:
            return axis
    raise ValueError(f"key must be one of {[axis.key for axis in AXES]}, got {key!r}")


def assumptions(axis: CostAxis, economics: Economics) -> str:
    """Return the assumptions that the axis rests on; nothing where none does."""
    if not axis.is_money:
        return ""
    money = partial(say.money_text, currency=economics.currency)
    price = f"{money(economics.usd_per_vcpu_hour)} per vCPU hour"
    if axis.key != "total_usd":
        return f"Assumed: {price}."
    return (
        f"Assumed: {price}, {economics.predictions_per_month:,.0f} predictions a month for "
        f"{economics.horizon_months:g} months, {economics.data_preparation_hours:g} hours of "
        f"preparation at {money(economics.usd_per_analyst_hour)} an hour."
    )
