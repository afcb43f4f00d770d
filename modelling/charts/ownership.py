"""What 1,000 predictions of each model bring, all costs in, at few predictions and at many."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import plotly.graph_objects as go

from modelling.charts import wording as say
from modelling.charts.figures import row_label
from modelling.charts.style import (
    MONEY_AXIS,
    NEUTRAL,
    SYMBOLS,
    escaped,
    family_colour,
    layout,
    value_axis,
)
from modelling.economics.decision import Priced
from modelling.types import Economics, Variant

MOST_MODELS = 12
_POINTS = 25
_DECADES = 2.0


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnershipLine:
    """One model: a fixed amount, and what each prediction brings less what it costs."""

    label: str
    family: str
    variant: Variant
    fixed: float
    per_prediction: float

    def net(self, n: float) -> float:
        """Return what ``n`` predictions bring less all costs."""
        return n * self.per_prediction - self.fixed

    def net_per_1k(self, n: float) -> float | None:
        """Return the same for 1,000 of ``n`` predictions; None without any."""
        return 1000.0 * self.net(n) / n if n > 0 else None


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnershipNumbers:
    """What the chart draws over predictions a month, the best at the current volume first.

    ``crossings`` are (predictions a month, label of who is best from there on).
    """

    lines: tuple[OwnershipLine, ...]
    volumes: tuple[float, ...]
    current: float
    months: float
    currency: str
    has_value: bool
    crossings: tuple[tuple[float, str], ...]


def ownership_numbers(priced: Sequence[Priced], economics: Economics) -> OwnershipNumbers:
    """Return the lines of the models whose costs are known."""
    lines = [_line(one, economics) for one in priced if one.net is not None]
    current, months = economics.predictions_per_month, economics.horizon_months
    lines.sort(key=lambda line: -line.net(current * months))
    centre = math.log10(max(current, 1.0))
    volumes = tuple(
        10 ** (centre - _DECADES + 2 * _DECADES * i / (_POINTS - 1)) for i in range(_POINTS)
    )
    return OwnershipNumbers(
        lines=tuple(lines[:MOST_MODELS]),
        volumes=volumes,
        current=current,
        months=months,
        currency=economics.currency,
        has_value=economics.payoff.is_set,
        crossings=tuple(crossings(lines, months)),
    )


def _line(one: Priced, economics: Economics) -> OwnershipLine:
    served = (one.cost.serving_usd_per_1k or 0.0) / 1000.0
    value = (one.value or 0.0) if economics.payoff.is_set else 0.0
    return OwnershipLine(
        label=row_label(one.row),
        family=one.row.family,
        variant=one.row.variant,
        fixed=one.cost.fixed_usd or 0.0,
        per_prediction=value - served,
    )


def crossings(lines: Sequence[OwnershipLine], months: float) -> list[tuple[float, str]]:
    """Return (predictions a month, best from there on), from no prediction upwards."""
    if not lines or months <= 0:
        return []
    best = max(lines, key=lambda line: (line.net(0.0), line.per_prediction))
    n, found = 0.0, [(0.0, best.label)]
    while True:
        # The next line that overtakes the best one: steeper, and soonest.
        meets = [
            ((line.fixed - best.fixed) / (line.per_prediction - best.per_prediction), line)
            for line in lines
            if line.per_prediction > best.per_prediction
        ]
        later = [meet for meet in meets if meet[0] >= n]
        if not later:
            return found
        n, best = min(later, key=lambda meet: (meet[0], -meet[1].per_prediction))
        found.append((n / months, best.label))


def ownership_figure(numbers: OwnershipNumbers) -> tuple[go.Figure, str]:
    """Return the figure and the sentence that states its finding."""
    figure = go.Figure([_trace(numbers, line) for line in numbers.lines])
    what = "Value less all costs" if numbers.has_value else "All costs"
    title = f"{what}, per 1,000 ({escaped(numbers.currency)})"
    axis = value_axis("Predictions a month", numbers.volumes, lambda value: f"{value:,.0f}")
    figure.update_layout(
        **layout(
            height=400,
            xaxis=axis,
            yaxis={
                **MONEY_AXIS,
                "title": {"text": title},
                # Costs alone fall with the volume, by as many powers of ten.
                "type": "linear" if numbers.has_value else "log",
            },
            shapes=[
                {
                    "type": "line",
                    "x0": max(numbers.current, 1.0),
                    "x1": max(numbers.current, 1.0),
                    "yref": "paper",
                    "y0": 0,
                    "y1": 1,
                    "line": {"color": NEUTRAL, "width": 1, "dash": "dot"},
                }
            ],
            legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        )
    )
    return figure, _finding(numbers)


def _trace(numbers: OwnershipNumbers, line: OwnershipLine) -> go.Scatter:
    sign = 1.0 if numbers.has_value else -1.0
    nets = [line.net_per_1k(volume * numbers.months) for volume in numbers.volumes]
    heights = [None if net is None else sign * net for net in nets]
    return go.Scatter(
        x=numbers.volumes,
        y=heights,
        mode="lines+markers",
        line={
            "color": family_colour(line.family),
            "width": 2,
            "dash": "solid" if line.variant is Variant.BASE else "dash",
        },
        marker={"symbol": SYMBOLS[line.variant], "size": 6},
        name=escaped(line.label),
        hovertext=[
            f"<b>{escaped(line.label)}</b><br>{volume:,.0f} a month: "
            f"{say.money_text(height, numbers.currency)} for 1,000"
            for volume, height in zip(numbers.volumes, heights, strict=True)
        ],
        hoverinfo="text",
    )


def _finding(numbers: OwnershipNumbers) -> str:
    if not numbers.lines:
        return "The costs of 0 models are known, so there is nothing to draw."
    best = numbers.lines[0]
    amount = say.money_text(best.net(numbers.current * numbers.months), numbers.currency)
    text = (
        f"At {numbers.current:,.0f} predictions a month, {best.label} ends {numbers.months:g} "
        f"months best, with {amount}"
    )
    changes = [
        f"{label} from {volume:,.0f} a month on"
        for (volume, label), _ in pairwise([*numbers.crossings, (math.inf, "")])
    ]
    return f"{text}. Best by volume: {say.listed(changes)}." if len(changes) > 1 else f"{text}."
