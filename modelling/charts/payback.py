"""When tuning has paid for itself: what the candidate is ahead, month by month, with its band."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go

from modelling.charts import wording as say
from modelling.charts.style import BAND, MONEY_AXIS, NEUTRAL, escaped, layout
from modelling.economics.payback import Payback
from modelling.economics.wording import months_text
from modelling.types import Economics

_COLOUR = "#0079bd"


@dataclass(frozen=True, kw_only=True, slots=True)
class PaybackNumbers:
    """What the chart draws: (month, net, low, high) at the turns of the line.

    Nets are what the candidate is ahead of the base, its extra cost deducted when it falls due.
    """

    base: str
    candidate: str
    currency: str
    horizon_months: float
    points: tuple[tuple[float, float, float, float], ...]
    payback: Payback


def payback_numbers(
    found: Payback, economics: Economics, *, base: str, candidate: str
) -> PaybackNumbers:
    """Return the course of what a candidate is ahead.

    Parameters
    ----------
    found : Payback
        As `modelling.economics.payback.payback` returns it.
    base, candidate : str
        What the analyst calls the two models.
    """
    horizon = economics.horizon_months
    low, high = (end + found.extra_fixed for end in found.net_interval)
    rates = (found.net + found.extra_fixed, low, high)
    each = found.extra_fixed / economics.n_tunings
    every = economics.retune_every_months
    dues = [i * every for i in range(economics.n_tunings)] if every else [0.0]
    points = []
    for made, due in enumerate(dues, start=1):
        end = dues[made] if made < len(dues) else horizon
        for month in (due, end):
            share = month / horizon if horizon else 0.0
            mean, lower, upper = (rate * share - made * each for rate in rates)
            points.append((month, mean, lower, upper))
    return PaybackNumbers(
        base=base,
        candidate=candidate,
        currency=economics.currency,
        horizon_months=horizon,
        points=tuple(points),
        payback=found,
    )


def payback_figure(numbers: PaybackNumbers) -> tuple[go.Figure, str]:
    """Return the figure and the sentence that states its finding."""
    months, nets, lows, highs = (list(column) for column in zip(*numbers.points, strict=True))
    figure = go.Figure(
        [
            go.Scatter(
                x=[*months, *months[::-1]],
                y=[*highs, *lows[::-1]],
                mode="lines",
                fill="toself",
                fillcolor=BAND,
                line={"width": 0},
                hoverinfo="skip",
                name="95 % interval",
            ),
            go.Scatter(
                x=months,
                y=nets,
                mode="lines",
                line={"color": _COLOUR, "width": 3},
                name=escaped(f"{numbers.candidate} is ahead of {numbers.base}"),
                hovertext=[
                    f"After {month:.3g} months: {say.money_text(net, numbers.currency)}"
                    for month, net in zip(months, nets, strict=True)
                ],
                hoverinfo="text",
            ),
        ]
    )
    if 0 < numbers.payback.months <= numbers.horizon_months:
        figure.add_trace(_break_even(numbers))
    figure.update_layout(
        **layout(
            height=360,
            xaxis={"title": {"text": "Months in service"}, "rangemode": "tozero"},
            yaxis={
                **MONEY_AXIS,
                "title": {"text": f"Ahead of the base ({escaped(numbers.currency)})"},
                "zeroline": True,
                "zerolinecolor": NEUTRAL,
            },
            legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        )
    )
    return figure, _finding(numbers)


def _break_even(numbers: PaybackNumbers) -> go.Scatter:
    return go.Scatter(
        x=[numbers.payback.months],
        y=[0],
        mode="markers",
        marker={"size": 12, "symbol": "diamond", "color": _COLOUR},
        name="paid back",
        hovertext=[f"Paid back after {months_text(numbers.payback.months)}"],
        hoverinfo="text",
    )


def _finding(numbers: PaybackNumbers) -> str:
    found = numbers.payback
    low, high = (say.money_text(end, numbers.currency) for end in found.net_interval)
    return (
        f"{numbers.candidate} against {numbers.base}: paid back "
        f"{_when(found.months)}; after {numbers.horizon_months:g} months it is ahead by "
        f"{say.money_text(found.net, numbers.currency)} (95 % interval {low} to {high}); the "
        f"probability that it pays within the horizon is {say.percent_text(found.p_pays)}."
    )


def _when(months: float) -> str:
    text = months_text(months)
    return text if text in ("at once", "never") else f"after {text}"
