"""Slices of a search: the score of each trial along one parameter after the other."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from modelling.charts import wording as say
from modelling.charts.quantities import shortened
from modelling.charts.studies import StudyHistory
from modelling.charts.style import (
    MAX_MARKS,
    escaped,
    faded,
    family_colour,
    layout,
    log_ticks,
    thinned,
)
from modelling.metrics.spec import MetricSpec
from modelling.types import ParamValue, SearchParam

MAX_SLICES = 8
_COLUMNS, _ROW_PX, _AROUND_PX = 3, 210, 60
_NAME_LENGTH, _MAX_TICKS = 20, 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Slice:
    """One parameter: its value and the selection score of each trial that ended with one."""

    param: SearchParam
    values: tuple[ParamValue, ...]
    scores: tuple[float, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SlicesNumbers:
    """What the chart draws, the parameter that matters most first."""

    metric: MetricSpec
    title: str
    family: str
    slices: tuple[Slice, ...]


def slices_numbers(
    study: StudyHistory,
    *,
    space: Sequence[SearchParam],
    importance: Mapping[str, float],
    metric: MetricSpec,
) -> SlicesNumbers:
    """Return at most eight slices, of trials spread evenly over the study."""
    scored = [point for point in study.points if point.score is not None]
    kept = thinned(range(len(scored)), MAX_MARKS // MAX_SLICES)
    points = [scored[i] for i in kept]
    ordered = sorted(space, key=lambda param: -importance.get(param.name, 0.0))
    slices = [
        Slice(
            param=param,
            values=tuple(point.trial.params.get(param.name) for point in points),
            scores=tuple(point.score or 0.0 for point in points),
        )
        for param in ordered[:MAX_SLICES]
    ]
    return SlicesNumbers(
        metric=metric, title=study.title, family=study.family, slices=tuple(slices)
    )


def slices_figure(numbers: SlicesNumbers) -> tuple[go.Figure, str]:
    """Return the figure and the sentence that states its finding."""
    n_slices = len(numbers.slices)
    columns = min(_COLUMNS, max(1, n_slices))
    rows = max(1, math.ceil(n_slices / columns))
    figure = make_subplots(
        rows=rows,
        cols=columns,
        shared_yaxes=True,
        horizontal_spacing=0.06,
        vertical_spacing=0.3 / rows,
    )
    for place, one in enumerate(numbers.slices):
        row, column = place // columns + 1, place % columns + 1
        figure.add_trace(_marks(one, numbers), row=row, col=column)
        figure.update_xaxes(
            **_axis(one.param),
            row=row,
            col=column,
        )
    for row in range(1, rows + 1):
        figure.update_yaxes(title={"text": numbers.metric.title}, row=row, col=1)
    figure.update_layout(**layout(height=_AROUND_PX + _ROW_PX * rows, showlegend=False))
    return figure, _finding(numbers)


def _axis(param: SearchParam) -> dict[str, Any]:
    """Return the axis of a parameter, with so few ticks that they never touch."""
    name = {"text": escaped(shortened(param.name, _NAME_LENGTH)), "standoff": 4}
    if _is_category(param):
        return {"title": name, "type": "category"}
    if not param.log:
        return {"title": name, "type": "linear", "nticks": _MAX_TICKS}
    ticks = log_ticks(param.low, param.high)
    shown = [ticks[i] for i in thinned(range(len(ticks)), _MAX_TICKS)]
    texts = [f"{tick:g}" for tick in shown]
    return {"title": name, "type": "log", "tickvals": shown, "ticktext": texts}


def _is_category(param: SearchParam) -> bool:
    return param.kind == "choice"


def _marks(one: Slice, numbers: SlicesNumbers) -> go.Scatter:
    colour = family_colour(numbers.family)
    shown = [str(value) if _is_category(one.param) else value for value in one.values]
    return go.Scatter(
        x=[escaped(value) if isinstance(value, str) else value for value in shown],
        y=list(one.scores),
        mode="markers",
        marker={"size": 6, "color": faded(colour, 0.5), "line": {"width": 1, "color": colour}},
        hovertext=[
            f"{escaped(one.param.name)} = {escaped(say.param_text(value))}<br>"
            f"Selection score {say.score_text(score, numbers.metric)}"
            for value, score in zip(one.values, one.scores, strict=True)
        ],
        hoverinfo="text",
    )


def _finding(numbers: SlicesNumbers) -> str:
    if not numbers.slices or not numbers.slices[0].scores:
        return f"No trial of {numbers.title} has ended with a score yet."
    names = say.listed([one.param.name for one in numbers.slices])
    trials = say.counted(len(numbers.slices[0].scores), "trial")
    return f"{numbers.metric.title} of {trials} of {numbers.title} along {names}."
