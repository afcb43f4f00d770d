"""Parallel coordinates: each trial a line through its parameters to its score."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from modelling.charts import wording as say
from modelling.charts.quantities import shortened
from modelling.charts.studies import StudyHistory
from modelling.charts.style import escaped, layout, log_ticks, thinned
from modelling.metrics.spec import MetricSpec
from modelling.types import Params, SearchParam

MAX_LINES = 400
_NAME_LENGTH = 18
_HEIGHT = 380
# From the worse to the better; both ends stand out from white and from black.
_SCALE = ((0.0, "#858585"), (0.5, "#0079bd"), (1.0, "#d55e00"))


@dataclass(frozen=True, kw_only=True, slots=True)
class ParallelNumbers:
    """What the chart draws: complete trials, their parameters and their selection scores."""

    metric: MetricSpec
    title: str
    space: tuple[SearchParam, ...]
    params: tuple[Params, ...]
    scores: tuple[float, ...]


def parallel_numbers(
    study: StudyHistory, *, space: Sequence[SearchParam], metric: MetricSpec
) -> ParallelNumbers:
    """Return the best trials and others spread evenly over the study, at most 400."""
    names = {param.name for param in space}
    scored = [
        point
        for point in study.points
        if point.score is not None and names <= point.trial.params.keys()
    ]
    scored.sort(key=lambda point: metric.oriented(point.score or 0.0))
    kept = [scored[i] for i in thinned(range(len(scored)), MAX_LINES)]
    return ParallelNumbers(
        metric=metric,
        title=study.title,
        space=tuple(space),
        params=tuple(point.trial.params for point in kept),
        scores=tuple(point.score or 0.0 for point in kept),
    )


def parallel_figure(numbers: ParallelNumbers) -> tuple[go.Figure, str]:
    """Return the figure and the sentence that states its finding."""
    scores = list(numbers.scores)
    dimensions = [_dimension(param, numbers.params) for param in numbers.space]
    dimensions.append({"label": escaped(numbers.metric.title), "values": scores})
    sign = numbers.metric.sign
    figure = go.Figure()
    if scores:
        # Lines are drawn in the order of the rows: the best come last and lie on top.
        figure.add_trace(
            go.Parcoords(
                dimensions=dimensions,
                line={
                    "color": [sign * score for score in scores],
                    "colorscale": [list(stop) for stop in _SCALE],
                    "showscale": False,
                },
                labelfont={"size": 12},
                labelangle=-20,
            )
        )
    margin = {"l": 60, "r": 50, "t": 80, "b": 20}
    figure.update_layout(**{**layout(height=_HEIGHT), "margin": margin})
    return figure, _finding(numbers)


def _dimension(param: SearchParam, rows: Sequence[Params]) -> dict[str, Any]:
    label = escaped(shortened(param.name, _NAME_LENGTH))
    values = [row[param.name] for row in rows]
    if param.kind == "choice":
        names = [say.param_text(choice) for choice in param.choices]
        places = [param.choices.index(value) for value in values]
        ticks = {"tickvals": list(range(len(names))), "ticktext": [escaped(n) for n in names]}
        return {"label": label, "values": places, **ticks}
    numbers = [float(value or 0.0) for value in values]
    if not param.log:
        return {"label": label, "values": numbers, "range": [param.low, param.high]}
    at = log_ticks(param.low, param.high)
    return {
        "label": label,
        "values": [math.log10(number) for number in numbers],
        "range": [math.log10(param.low), math.log10(param.high)],
        "tickvals": [math.log10(tick) for tick in at],
        "ticktext": [f"{tick:g}" for tick in at],
    }


def _finding(numbers: ParallelNumbers) -> str:
    if not numbers.scores:
        return f"No trial of {numbers.title} has ended with a score yet."
    best = dict(numbers.params[-1])
    shown = {param.name: best[param.name] for param in numbers.space}
    score = say.score_text(numbers.scores[-1], numbers.metric)
    return (
        f"Of {say.counted(len(numbers.scores), 'trial')} of {numbers.title} the best, {score}, "
        f"has {say.params_text(shown)}."
    )
