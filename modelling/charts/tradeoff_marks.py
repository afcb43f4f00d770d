"""What explains the points of the accuracy-versus-cost chart: keys, arrows, notes, failures."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from modelling.charts import wording as say
from modelling.charts.style import NEUTRAL, SYMBOLS, escaped, faded, family_colour
from modelling.types import Direction, Variant

if TYPE_CHECKING:
    from modelling.charts.tradeoff import TradeoffNumbers, TradeoffPoint

MARKER_PX = 12


def along(cost: float, x_axis: dict[str, Any]) -> float:
    """Return a cost as its axis and annotations count it: a logarithmic one by its exponent."""
    return math.log10(cost) if x_axis.get("type") == "log" else cost


def add_keys(figure: go.Figure, points: Sequence[TradeoffPoint]) -> None:
    """Explain the colours and the shapes that are there."""
    keys = [
        ("square", family_colour(family), family) for family in _unique(p.family for p in points)
    ]
    keys += [
        (f"{SYMBOLS[Variant(variant)]}-open", NEUTRAL, variant)
        for variant in _unique(point.variant.value for point in points)
    ]
    for symbol, colour, name in keys:
        marker = {
            "symbol": symbol,
            "size": 10,
            "color": colour,
            "line": {"width": 1.5, "color": colour},
        }
        figure.add_trace(
            go.Scatter(x=[None], y=[None], mode="markers", marker=marker, name=escaped(name))
        )


def _unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def arrow_marks(numbers: TradeoffNumbers, x_axis: dict[str, Any]) -> list[dict[str, Any]]:
    """Return an arrow from each base to its tuned model."""
    return [
        {
            "x": along(numbers.points[tuned].cost, x_axis),
            "y": numbers.points[tuned].score,
            "ax": along(numbers.points[base].cost, x_axis),
            "ay": numbers.points[base].score,
            "xref": "x",
            "yref": "y",
            "axref": "x",
            "ayref": "y",
            "text": "",
            "showarrow": True,
            "arrowhead": 2,
            "arrowwidth": 1.5,
            "arrowcolor": faded(family_colour(numbers.points[base].family), 0.7),
            "standoff": MARKER_PX / 2 + 2,
            "startstandoff": MARKER_PX / 2 + 2,
        }
        for base, tuned in numbers.arrows
    ]


def notes_outside(numbers: TradeoffNumbers, y_range: list[float]) -> list[dict[str, Any]]:
    """Return a note on each model whose score lies outside the range that is shown."""
    outside = [
        f"{escaped(point.label)}: {say.score_text(point.score, numbers.metric)}"
        for point in numbers.points
        if not y_range[0] <= point.score <= y_range[1]
    ]
    if not outside:
        return []
    below = numbers.metric.direction is Direction.MAXIMIZE
    return [
        {
            "text": f"Outside this range: {', '.join(outside)}",
            "xref": "paper",
            "yref": "paper",
            "x": 0.995,
            "y": 0.01 if below else 0.99,
            "xanchor": "right",
            "yanchor": "bottom" if below else "top",
            "showarrow": False,
            "font": {"size": 11},
        }
    ]


def add_failed(figure: go.Figure, numbers: TradeoffNumbers) -> None:
    """Draw failed models as dashed rings in a lane of their own: they have no score or cost."""
    if not numbers.failed:
        return
    places = [0.02 + 0.13 * i for i in range(len(numbers.failed))]
    figure.add_trace(
        go.Scatter(
            x=places,
            y=[0.05] * len(places),
            xaxis="x2",
            yaxis="y2",
            mode="markers+text",
            marker={"symbol": "circle", "size": MARKER_PX, "color": "rgba(0, 0, 0, 0)"},
            text=[f"  {escaped(label)}: failed" for label, _ in numbers.failed],
            textposition="middle right",
            textfont={"size": 11},
            hovertext=[text for _, text in numbers.failed],
            hoverinfo="text",
            showlegend=False,
        )
    )
    lane = {"range": [0, 1], "visible": False, "fixedrange": True}
    figure.update_layout(
        xaxis2={**lane, "overlaying": "x"},
        yaxis2={**lane, "overlaying": "y"},
        shapes=[
            {
                "type": "circle",
                "xref": "x2",
                "yref": "y2",
                "xsizemode": "pixel",
                "ysizemode": "pixel",
                "xanchor": place,
                "yanchor": 0.05,
                "x0": -MARKER_PX / 2,
                "x1": MARKER_PX / 2,
                "y0": -MARKER_PX / 2,
                "y1": MARKER_PX / 2,
                "line": {"dash": "dot", "width": 1.5, "color": NEUTRAL},
            }
            for place in places
        ],
    )
