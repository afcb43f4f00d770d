"""The learning curve: scores by number of training rows, and what twice the rows would bring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from modelling.charts import wording as say
from modelling.charts.style import NEUTRAL, escaped, family_colour, layout
from modelling.metrics.spec import MetricSpec
from modelling.types import CurvePoint

_HEIGHT = 320
_COLOUR = family_colour("linear")


@dataclass(frozen=True, kw_only=True, slots=True)
class LearningCurveNumbers:
    """What the chart draws: points by number of rows, the forecast last."""

    metric: MetricSpec
    title: str
    points: tuple[CurvePoint, ...]


def learning_curve_numbers(
    curve: Sequence[CurvePoint], *, metric: MetricSpec, title: str
) -> LearningCurveNumbers:
    """Return the points in the order of their rows; ``title`` is that of the model."""
    points = tuple(sorted(curve, key=lambda point: point.n_rows))
    return LearningCurveNumbers(metric=metric, title=title, points=points)


def learning_curve_figure(numbers: LearningCurveNumbers) -> tuple[go.Figure, str]:
    """Return the figure and the sentence that states its finding."""
    figure = go.Figure()
    seen = [point for point in numbers.points if not point.is_forecast]
    forecast = [point for point in numbers.points if point.is_forecast]
    _add(figure, seen, numbers, name="Measured", first=0)
    if forecast and seen:
        _add(figure, [seen[-1], *forecast], numbers, name="Forecast", first=1)
    ticks = [point.n_rows for point in numbers.points]
    figure.update_layout(
        **layout(
            height=_HEIGHT,
            xaxis={
                "title": {"text": "Training rows of a fold (log scale)"},
                "type": "log",
                "tickmode": "array",
                "tickvals": ticks,
                "ticktext": [f"{tick:,}" for tick in ticks],
            },
            yaxis={
                "title": {
                    "text": f"{numbers.metric.title}, out of fold<br>"
                    f"({say.direction_text(numbers.metric)})"
                }
            },
            legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        )
    )
    return figure, _finding(seen, forecast, numbers.metric)


def _add(
    figure: go.Figure,
    points: Sequence[CurvePoint],
    numbers: LearningCurveNumbers,
    *,
    name: str,
    first: int,
) -> None:
    """Add a line with the intervals of its points from ``first`` on."""
    metric, marked, is_forecast = numbers.metric, points[first:], first > 0
    colour = NEUTRAL if is_forecast else _COLOUR
    figure.add_trace(
        go.Scatter(
            x=[point.n_rows for point in points],
            y=[point.score for point in points],
            mode="lines",
            line={"color": colour, "width": 2, "dash": "dot" if is_forecast else "solid"},
            hoverinfo="skip",
            showlegend=False,
        )
    )
    figure.add_trace(
        go.Scatter(
            x=[point.n_rows for point in marked],
            y=[point.score for point in marked],
            mode="markers",
            name=f"{name}, with its 95 % interval",
            marker={"color": colour, "size": 10, "symbol": "diamond" if is_forecast else "circle"},
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [point.interval[1] - point.score for point in marked],
                "arrayminus": [point.score - point.interval[0] for point in marked],
                "color": colour,
            },
            hovertext=[
                f"<b>{escaped(numbers.title)}</b><br>"
                f"{point.n_rows:,} rows: {say.score_text(point.score, metric)} "
                f"(95 % interval {say.interval_text(point.interval, metric)})"
                for point in marked
            ],
            hoverinfo="text",
        )
    )


def _finding(seen: Sequence[CurvePoint], forecast: Sequence[CurvePoint], metric: MetricSpec) -> str:
    if not seen:
        return "The learning curve has not been measured yet."
    parts = [f"{point.n_rows:,} rows: {say.score_text(point.score, metric)}" for point in seen]
    parts += [
        f"forecast for {point.n_rows:,} rows: {say.score_text(point.score, metric)} (95 % interval "
        f"{say.interval_text(point.interval, metric)})"
        for point in forecast
    ]
    return f"{metric.title} by training rows of a fold. {'; '.join(parts)}."
