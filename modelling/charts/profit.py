"""What calling rows positive is worth at each threshold, for two models of a binary task."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from modelling.charts import wording as say
from modelling.charts.style import MONEY_AXIS, escaped, layout, thinned
from modelling.charts.two_models import COLOURS, DASHES, SYMBOLS
from modelling.economics.profit import ProfitCurve

_MOST_POINTS = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class ProfitLine:
    """One model: (share of rows called, value of 1,000 predictions), and where it is used."""

    model: str
    shares: tuple[float, ...]
    values: tuple[float, ...]
    threshold: float
    used: tuple[float, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class ProfitNumbers:
    """What the chart draws; values are of 1,000 predictions on the locked test."""

    positive: str
    currency: str
    lines: tuple[ProfitLine, ...]


def profit_numbers(
    curves: dict[str, tuple[ProfitCurve, float]],
    prices: np.ndarray,
    *,
    positive: str,
    currency: str,
) -> ProfitNumbers:
    """Return the profit curves.

    Parameters
    ----------
    curves : dict of str to (ProfitCurve, float)
        By label of the model: its curve on the locked test, and the threshold that was chosen on
        training rows.
    prices : array of shape (8,)
        Value of each outcome.
    """
    return ProfitNumbers(
        positive=positive,
        currency=currency,
        lines=tuple(_line(label, *item, prices) for label, item in curves.items()),
    )


def _line(label: str, curve: ProfitCurve, threshold: float, prices: np.ndarray) -> ProfitLine:
    values = 1000.0 * curve.profit(prices)
    # Counts of calls: of negatives and of positives.
    shares = curve.outcomes[:, 1] + curve.outcomes[:, 3]
    kept = thinned(range(len(values)), _MOST_POINTS)
    place = int(np.searchsorted(-curve.thresholds, -threshold, side="right")) - 1
    place = max(0, place)
    return ProfitLine(
        model=label,
        shares=tuple(float(shares[i]) for i in kept),
        values=tuple(float(values[i]) for i in kept),
        threshold=threshold,
        used=(float(shares[place]), float(values[place])),
    )


def profit_figure(numbers: ProfitNumbers) -> tuple[go.Figure, str]:
    """Return the figure and the sentence that states its finding."""
    figure = go.Figure()
    for i, line in enumerate(numbers.lines):
        figure.add_trace(_curve(numbers, line, i))
        figure.add_trace(_used(numbers, line, i))
    figure.update_layout(
        **layout(
            height=360,
            xaxis={
                "title": {"text": f"Share of rows called {escaped(numbers.positive)}"},
                "tickformat": ".0%",
                "range": [-0.01, 1.01],
            },
            yaxis={
                **MONEY_AXIS,
                "title": {"text": f"Value of 1,000 predictions ({escaped(numbers.currency)})"},
                "zeroline": True,
            },
            legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        )
    )
    return figure, _finding(numbers)


def _curve(numbers: ProfitNumbers, line: ProfitLine, i: int) -> go.Scatter:
    return go.Scatter(
        x=line.shares,
        y=line.values,
        mode="lines",
        line={"color": COLOURS[i], "width": 2.5, "dash": DASHES[i]},
        name=escaped(line.model),
        hovertext=[
            f"<b>{escaped(line.model)}</b><br>{share:.1%} called: "
            f"{say.money_text(value, numbers.currency)} per 1,000"
            for share, value in zip(line.shares, line.values, strict=True)
        ],
        hoverinfo="text",
    )


def _used(numbers: ProfitNumbers, line: ProfitLine, i: int) -> go.Scatter:
    share, value = line.used
    at = "nobody is called" if math.isinf(line.threshold) else f"from {line.threshold:.3f} on"
    return go.Scatter(
        x=[share],
        y=[value],
        mode="markers",
        marker={"size": 13, "symbol": SYMBOLS[i], "color": COLOURS[i]},
        name=escaped(f"{line.model}: as chosen"),
        hovertext=[
            f"<b>{escaped(line.model)}</b>, {at}, chosen on training rows<br>"
            f"{say.money_text(value, numbers.currency)} per 1,000"
        ],
        hoverinfo="text",
    )


def _finding(numbers: ProfitNumbers) -> str:
    parts = [
        f"{line.model} is worth {say.money_text(line.used[1], numbers.currency)} per 1,000 "
        f"predictions with {line.used[0]:.1%} of the rows called (at best "
        f"{say.money_text(max(line.values), numbers.currency)})"
        for line in numbers.lines
    ]
    return f"Calling {numbers.positive}: {'; '.join(parts) or '0 models have a threshold'}."
