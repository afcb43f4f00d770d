"""Errors of a regression: answers against the truth, and the error along it, of two models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from modelling.charts.quantities import number_text
from modelling.charts.style import MAX_MARKS, NEUTRAL, escaped, faded, layout
from modelling.charts.two_models import COLOURS, SYMBOLS
from modelling.charts.wording import counted
from modelling.comparison.answers import Answers
from modelling.comparison.curves import ErrorDecile, error_deciles

_LEFT, _RIGHT = (0.0, 0.46), (0.56, 1.0)
# Points of one model; the tenths and the diagonal take the rest of what a chart may hold.
_MOST_POINTS = MAX_MARKS // 2 - 50


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelErrors:
    """One model: some (truth, answer), its errors by tenths of the truth, and on all rows."""

    model: str
    points: tuple[tuple[float, float], ...]
    deciles: tuple[ErrorDecile, ...]
    mean_size: float


@dataclass(frozen=True, kw_only=True, slots=True)
class ResidualNumbers:
    """What the chart draws; of ``n_rows`` rows, those drawn are spread evenly over the truth."""

    target: str
    n_rows: int
    models: tuple[ModelErrors, ...]


def residual_numbers(answers: Answers, *, target: str) -> ResidualNumbers:
    """Return points and tenths of the first two models that ``answers`` holds."""
    truth = np.asarray(answers.truth, dtype=np.float64)
    order = np.argsort(truth, kind="stable")
    step = max(1, -(-len(order) // _MOST_POINTS))
    kept = order[::step]
    models = []
    for model in tuple(answers.predicted)[:2]:
        answered, errors = answers.predicted[model], answers.errors(model)
        models.append(
            ModelErrors(
                model=model,
                points=tuple(zip(truth[kept].tolist(), answered[kept].tolist(), strict=True)),
                deciles=error_deciles(truth, errors),
                mean_size=float(np.abs(errors).mean()),
            )
        )
    return ResidualNumbers(target=target, n_rows=len(truth), models=tuple(models))


def residual_figure(numbers: ResidualNumbers) -> tuple[go.Figure, str]:
    """Return the figure and the sentence that states its finding."""
    figure = go.Figure(_diagonal(numbers))
    for place, model in enumerate(numbers.models):
        figure.add_trace(_points(model, place))
        figure.add_trace(_sizes(model, place))
    name = escaped(numbers.target)
    figure.update_layout(
        **layout(
            height=430,
            xaxis={"domain": _LEFT, "title": {"text": f"True {name}"}, "zeroline": False},
            yaxis={"title": {"text": f"Answered {name}"}, "zeroline": False},
            xaxis2={
                "domain": _RIGHT,
                "anchor": "y2",
                "title": {"text": f"True {name}, by tenths of the rows"},
                "zeroline": False,
            },
            yaxis2={
                "anchor": "x2",
                "title": {"text": f"Mean absolute error ({name})"},
                "rangemode": "tozero",
                "zeroline": False,
            },
            legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        )
    )
    return figure, _finding(numbers)


def _diagonal(numbers: ResidualNumbers) -> go.Scatter:
    truths = [truth for model in numbers.models for truth, _ in model.points]
    ends = [min(truths), max(truths)] if truths else [0.0, 1.0]
    return go.Scatter(
        x=ends,
        y=ends,
        mode="lines",
        line={"color": NEUTRAL, "width": 1, "dash": "dot"},
        name="perfect",
        hoverinfo="skip",
    )


def _points(model: ModelErrors, place: int) -> go.Scatter:
    colour = COLOURS[place % len(COLOURS)]
    return go.Scatter(
        x=[truth for truth, _ in model.points],
        y=[answer for _, answer in model.points],
        mode="markers",
        marker={"size": 5, "color": faded(colour, 0.45), "symbol": SYMBOLS[place % 2]},
        name=escaped(model.model),
        hovertext=[
            f"<b>{escaped(model.model)}</b><br>true {number_text(truth)}, "
            f"answered {number_text(answer)}"
            for truth, answer in model.points
        ],
        hoverinfo="text",
    )


def _sizes(model: ModelErrors, place: int) -> go.Scatter:
    colour = COLOURS[place % len(COLOURS)]
    marker: dict[str, Any] = {"size": 9, "symbol": SYMBOLS[place % 2]}
    return go.Scatter(
        x=[item.truth for item in model.deciles],
        y=[item.size for item in model.deciles],
        mode="lines+markers",
        line={"color": colour, "width": 2},
        marker=marker,
        xaxis="x2",
        yaxis="y2",
        showlegend=False,
        hovertext=[
            f"<b>{escaped(model.model)}</b><br>{counted(item.n_rows, 'row')} around "
            f"{number_text(item.truth)}<br>off by {number_text(item.size)} on average, "
            f"bias {number_text(item.bias)}"
            for item in model.deciles
        ],
        hoverinfo="text",
    )


def _finding(numbers: ResidualNumbers) -> str:
    parts = [
        f"{model.model} is off by {number_text(model.mean_size)} on average"
        for model in numbers.models
    ]
    return f"Errors in {numbers.target} on {numbers.n_rows:,} locked rows: {'; '.join(parts)}."
