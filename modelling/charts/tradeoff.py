"""Accuracy against cost: every model on one chart, with the front that no model beats."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from modelling.charts import wording as say
from modelling.charts.axes import CostAxis, assumptions, cost_axis
from modelling.charts.figures import hover, row_figures
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
from modelling.charts.tradeoff_marks import (
    MARKER_PX,
    add_failed,
    add_keys,
    along,
    arrow_marks,
    notes_outside,
)
from modelling.comparison import Comparison, pareto_front, row_name
from modelling.metrics.spec import MetricSpec
from modelling.types import Economics, ModelResult, ResultStatus, Variant

# About the size of the plot on a laptop, for placing names.
_PLOT_PX = (600.0, 350.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class TradeoffPoint:
    """One model: ``cost`` and ``score`` on the chosen axes.

    ``name`` is unique within the experiment; ``interval`` is None for a metric without resamples.
    """

    name: str
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
    to tuned. ``failed`` holds (label, hover); ``left_out`` names models without such a figure;
    ``judged_on`` says which rows the scores are of.
    """

    axis: CostAxis
    metric: MetricSpec
    judged_on: str
    points: tuple[TradeoffPoint, ...]
    front: tuple[int, ...]
    arrows: tuple[tuple[int, int], ...]
    failed: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...]
    assumptions: str


def tradeoff_numbers(
    comparison: Comparison,
    economics: Economics,
    axis: str = "training_cpu_s",
    *,
    score: MetricSpec | None = None,
) -> TradeoffNumbers:
    """Return points, front and arrows for one choice of cost and of score.

    Parameters
    ----------
    axis : str
        Key of one of `AXES`.
    score : MetricSpec, optional
        A metric of the task; default: the one that judges. Only that one has intervals.
    """
    chosen = cost_axis(axis).priced_in(economics.currency)
    metric = score or comparison.metric
    points: list[TradeoffPoint] = []
    failed: list[tuple[str, str]] = []
    left_out: list[str] = []
    for row in comparison.models[: MAX_MARKS // 2 - 1]:
        figures = row_figures(row, economics)
        cost = chosen.value(figures)
        shown = hover(figures, comparison.metric, comparison.judged_on)
        reached = _score(row, metric, comparison.metric)
        if row.status is ResultStatus.FAILED:
            failed.append((figures.label, shown))
        elif cost is None or reached is None or not math.isfinite(cost + reached):
            left_out.append(figures.label)
        else:
            judged = metric == comparison.metric
            extra = "" if judged else f"<br>{metric.title}: {say.score_text(reached, metric)}"
            points.append(
                TradeoffPoint(
                    name=row_name(row),
                    label=figures.label,
                    key=row.key,
                    family=row.family,
                    variant=row.variant,
                    cost=cost,
                    score=reached,
                    interval=row.test_interval if judged else None,
                    hover=shown + extra,
                )
            )
    return TradeoffNumbers(
        axis=chosen,
        metric=metric,
        judged_on=comparison.judged_on,
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


def _score(row: ModelResult, metric: MetricSpec, judge: MetricSpec) -> float | None:
    return row.test_score if metric == judge else row.metrics.get(metric.name)


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
    add_keys(figure, numbers.points)
    figure.update_layout(
        **layout(
            height=470,
            xaxis=x_axis,
            yaxis={
                "title": {
                    "text": f"{metric.title} on {numbers.judged_on}<br>"
                    f"({say.direction_text(metric)})"
                },
                "range": y_range,
                "zeroline": False,
            },
            legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
            annotations=[*arrow_marks(numbers, x_axis), *notes_outside(numbers, y_range)],
        )
    )
    add_failed(figure, numbers)
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
            (along(point.cost, x_axis) - low) / (high - low),
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
            "size": MARKER_PX,
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
        customdata=[point.name],
        hoverinfo="text",
    )


def _finding(numbers: TradeoffNumbers) -> str:
    metric = numbers.metric
    if not numbers.points:
        scored = f"a {metric.title} on {numbers.judged_on}"
        return f"No model has {scored} and a figure for this cost yet."
    front = [numbers.points[position] for position in numbers.front]
    names = say.listed([point.label for point in front])
    best = front[-1]
    return (
        f"{metric.title} on {numbers.judged_on} against cost: {numbers.axis.title}. "
        f"Of {say.counted(len(numbers.points), 'model')}, no other beats {names} on both; the "
        f"best score is {say.score_text(best.score, metric)}, by {best.label}."
    )
