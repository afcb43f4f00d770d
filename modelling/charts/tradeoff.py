"""Accuracy against cost: every model on one chart, with the front that no model beats."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from modelling.charts import wording as say
from modelling.charts.axes import CostAxis, assumptions, cost_axis
from modelling.charts.figures import RowFigures, hover, row_figures
from modelling.charts.labels import label_sides
from modelling.charts.style import (
    DOMINATED_OPACITY,
    MAX_MARKS,
    NEUTRAL,
    SYMBOLS,
    escaped,
    faded,
    family_colour,
    focus_range,
    layout,
    value_axis,
)
from modelling.comparison import Comparison, pareto_front
from modelling.metrics.spec import MetricSpec
from modelling.types import Direction, Economics, ResultStatus, Variant

_MARKER_PX = 12
# About the size of the plot on a laptop, for placing names.
_PLOT_PX = (600.0, 350.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class TradeoffPoint:
    """One model: ``cost`` on the chosen axis, ``score`` on the locked test."""

    label: str
    key: str
    family: str
    variant: Variant
    cost: float
    score: float
    interval: tuple[float, float] | None
    hover: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TradeoffNumbers:
    """What the chart draws.

    ``front`` holds positions in ``points``, cheapest first; ``arrows`` pairs of positions, base
    to tuned. ``failed`` holds (label, hover); ``left_out`` names models without such a figure.
    """

    axis: CostAxis
    metric: MetricSpec
    points: tuple[TradeoffPoint, ...]
    front: tuple[int, ...]
    arrows: tuple[tuple[int, int], ...]
    failed: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...]
    assumptions: str


def tradeoff_numbers(
    comparison: Comparison, economics: Economics, axis: str = "training_cpu_s"
) -> TradeoffNumbers:
    """Return points, front and arrows for one choice of cost.

    Parameters
    ----------
    axis : str
        Key of one of `AXES`.
    """
    chosen = cost_axis(axis)
    metric = comparison.metric
    points: list[TradeoffPoint] = []
    failed: list[tuple[str, str]] = []
    left_out: list[str] = []
    for row in comparison.models[: MAX_MARKS // 2 - 1]:
        figures = row_figures(row, economics)
        cost = chosen.value(figures)
        if row.status is ResultStatus.FAILED:
            failed.append((figures.label, hover(figures, metric)))
        elif not (_is_finite(cost) and _is_finite(row.test_score)):
            left_out.append(figures.label)
        else:
            points.append(_point(figures, float(cost or 0.0), metric))
    return TradeoffNumbers(
        axis=chosen,
        metric=metric,
        points=tuple(points),
        front=tuple(
            pareto_front(
                [point.cost for point in points],
                [point.score for point in points],
                direction=metric.direction,
            )
        ),
        arrows=_arrows(points),
        failed=tuple(failed),
        left_out=tuple(left_out),
        assumptions=assumptions(chosen, economics),
    )


def _point(figures: RowFigures, cost: float, metric: MetricSpec) -> TradeoffPoint:
    row = figures.row
    score = math.nan if row.test_score is None else row.test_score
    return TradeoffPoint(
        label=figures.label,
        key=row.key,
        family=row.family,
        variant=row.variant,
        cost=cost,
        score=score,
        interval=row.test_interval,
        hover=hover(figures, metric),
    )


def _arrows(points: Sequence[TradeoffPoint]) -> tuple[tuple[int, int], ...]:
    bases = {point.key: i for i, point in enumerate(points) if point.variant is Variant.BASE}
    return tuple(
        (bases[point.key], i)
        for i, point in enumerate(points)
        if point.variant is Variant.TUNED and point.key in bases
    )


def tradeoff_figure(numbers: TradeoffNumbers) -> tuple[go.Figure, str]:
    """Return the figure and the sentence that states its finding."""
    metric = numbers.metric
    figure = go.Figure()
    costs = [point.cost for point in numbers.points]
    x_axis = value_axis(numbers.axis.title, costs, numbers.axis.tick)
    y_range = _y_range(numbers)
    _add_front(figure, numbers, x_axis)
    sides = _label_sides(numbers, x_axis, y_range)
    for position, point in enumerate(numbers.points):
        figure.add_trace(_trace(point, position in numbers.front, sides.get(position)))
    _add_keys(figure, numbers.points)
    figure.update_layout(
        **layout(
            height=470,
            xaxis=x_axis,
            yaxis={
                "title": {
                    "text": f"{metric.title} on the locked test<br>({say.direction_text(metric)})"
                },
                "range": y_range,
                "zeroline": False,
            },
            legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
            annotations=[*_arrow_marks(numbers, x_axis), *_below(numbers, y_range)],
        )
    )
    _add_failed(figure, numbers)
    return figure, _finding(numbers)


def _y_range(numbers: TradeoffNumbers) -> list[float]:
    ends: list[float] = []
    dummy = None
    for point in numbers.points:
        if point.family == "baseline":
            dummy = point.score
        else:
            ends += [point.score, *(point.interval or ())]
    limits, _ = focus_range(ends, dummy)
    return list(limits)


def _add_front(figure: go.Figure, numbers: TradeoffNumbers, x_axis: dict[str, Any]) -> None:
    if not numbers.front:
        return
    best = [numbers.points[position] for position in numbers.front]
    xs, ys = [point.cost for point in best], [point.score for point in best]
    # The front holds for any larger budget, so its last step reaches the edge of the chart.
    xs.append(10 ** x_axis["range"][1] if x_axis.get("type") == "log" else 1.08 * max(xs))
    ys.append(ys[-1])
    figure.add_trace(
        go.Scatter(
            x=xs,
            y=ys,
            mode="lines",
            line={"shape": "hv", "color": NEUTRAL, "width": 1.5, "dash": "dot"},
            name="Pareto front",
            hoverinfo="skip",
        )
    )


def _label_sides(
    numbers: TradeoffNumbers, x_axis: dict[str, Any], y_range: list[float]
) -> dict[int, str]:
    """Return where names go: first those on the front, then by score."""
    if not numbers.points:
        return {}
    low, high = x_axis.get("range", (0.0, 1.1 * max(point.cost for point in numbers.points) or 1.0))
    bottom, top = y_range
    places = [
        (
            (_along(point.cost, x_axis) - low) / (high - low),
            (point.score - bottom) / (top - bottom),
        )
        for point in numbers.points
    ]
    rest = [i for i in range(len(places)) if i not in numbers.front]
    best_first = sorted(rest, key=lambda i: numbers.metric.loss(numbers.points[i].score))
    return label_sides(
        places,
        [point.label for point in numbers.points],
        [*reversed(numbers.front), *best_first],
        width_px=_PLOT_PX[0],
        height_px=_PLOT_PX[1],
    )


def _along(cost: float, x_axis: dict[str, Any]) -> float:
    """Return a cost as its axis and annotations count it: a logarithmic one by its exponent."""
    return math.log10(cost) if x_axis.get("type") == "log" else cost


def _trace(point: TradeoffPoint, on_front: bool, side: str | None) -> go.Scatter:
    colour = family_colour(point.family)
    opacity = 1.0 if on_front else DOMINATED_OPACITY
    low, high = point.interval or (point.score, point.score)
    return go.Scatter(
        x=[point.cost],
        y=[point.score],
        mode="markers+text" if side else "markers",
        text=[escaped(point.label)],
        textposition=side or "top right",
        textfont={"size": 11},
        marker={
            "symbol": SYMBOLS[point.variant],
            "size": _MARKER_PX,
            "color": faded(colour, opacity),
            "line": {"width": 1.5, "color": faded(colour, 1.0 if on_front else 0.7)},
        },
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [high - point.score],
            "arrayminus": [point.score - low],
            "color": faded(colour, 0.75 * opacity),
            "thickness": 1.5,
            "width": 3,
        },
        showlegend=False,
        hovertext=[point.hover],
        hoverinfo="text",
    )


def _add_keys(figure: go.Figure, points: Sequence[TradeoffPoint]) -> None:
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


def _arrow_marks(numbers: TradeoffNumbers, x_axis: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "x": _along(numbers.points[tuned].cost, x_axis),
            "y": numbers.points[tuned].score,
            "ax": _along(numbers.points[base].cost, x_axis),
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
            "standoff": _MARKER_PX / 2 + 2,
            "startstandoff": _MARKER_PX / 2 + 2,
        }
        for base, tuned in numbers.arrows
    ]


def _below(numbers: TradeoffNumbers, y_range: list[float]) -> list[dict[str, Any]]:
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


def _add_failed(figure: go.Figure, numbers: TradeoffNumbers) -> None:
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
            marker={"symbol": "circle", "size": _MARKER_PX, "color": "rgba(0, 0, 0, 0)"},
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
                "x0": -_MARKER_PX / 2,
                "x1": _MARKER_PX / 2,
                "y0": -_MARKER_PX / 2,
                "y1": _MARKER_PX / 2,
                "line": {"dash": "dot", "width": 1.5, "color": NEUTRAL},
            }
            for place in places
        ],
    )


def _finding(numbers: TradeoffNumbers) -> str:
    metric = numbers.metric
    if not numbers.points:
        return f"No model has a {metric.title} on the locked test and a figure for this cost yet."
    front = [numbers.points[position] for position in numbers.front]
    names = say.listed([point.label for point in front])
    best = front[-1]
    return (
        f"{metric.title} on the locked test against cost: {numbers.axis.title}. "
        f"Of {say.counted(len(numbers.points), 'model')}, no other beats {names} on both; the "
        f"best score is {say.score_text(best.score, metric)}, by {best.label}."
    )


def _is_finite(value: float | None) -> bool:
    return value is not None and math.isfinite(value)
