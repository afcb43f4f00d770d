"""The search in hindsight: what its winners scored in the search, and on the locked test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from modelling.charts import wording as say
from modelling.charts.studies import HistoryPoint, StudyHistory, study_histories
from modelling.charts.style import (
    MAX_MARKS,
    escaped,
    faded,
    family_colour,
    focus_range,
    layout,
    thinned,
)
from modelling.metrics.spec import MetricSpec
from modelling.types import Hindsight, HindsightPoint, ModelResult, Trial

_LOCKED = "#0079bd"


@dataclass(frozen=True, kw_only=True, slots=True)
class TrajectoryNumbers:
    """What the chart draws: the winners of one study, and some of them on the locked test.

    ``noise`` is how far the best may lie from what the folds show by luck alone, in units of the
    metric; None where it is not known. ``cpu_s`` is all that the study spent.
    """

    metric: MetricSpec
    title: str
    family: str
    best: tuple[HistoryPoint, ...]
    cpu_s: float
    noise: float | None
    hindsight: tuple[HindsightPoint, ...]


def trajectory_numbers(
    trials: Sequence[Trial],
    *,
    row: ModelResult,
    metric: MetricSpec,
    noise: float | None = None,
    hindsight: Hindsight | None = None,
) -> TrajectoryNumbers:
    """Return the course of one study.

    Parameters
    ----------
    trials : sequence of Trial
        Those of the model, by number.
    row : ModelResult
        The tuned model.
    noise : float, optional
        Half the width of the band around the best so far.
    """
    studies = study_histories(trials, metric, {row.key: (row.title, row.family)})
    study: StudyHistory | None = studies[0] if studies else None
    return TrajectoryNumbers(
        metric=metric,
        title=row.title,
        family=row.family,
        best=() if study is None else study.best,
        cpu_s=0.0 if study is None else study.cpu_s,
        noise=noise,
        hindsight=() if hindsight is None else hindsight.points,
    )


def trajectory_figure(numbers: TrajectoryNumbers) -> tuple[go.Figure, str]:
    """Return the figure and the sentence that states its finding."""
    figure = go.Figure()
    if numbers.best:
        _add_search(figure, numbers)
    if numbers.hindsight:
        figure.add_trace(_locked(numbers))
    scores = [point.score for point in numbers.best if point.score is not None]
    ends = [end for point in numbers.hindsight for end in (*point.test_interval, point.test_score)]
    limits, _ = focus_range([*scores, *ends], None, pad=0.1)
    figure.update_layout(
        **layout(
            height=380,
            xaxis={
                "title": {"text": "CPU time spent by the study (seconds)"},
                "rangemode": "tozero",
            },
            yaxis={
                "title": {
                    "text": f"{numbers.metric.title}<br>({say.direction_text(numbers.metric)})"
                },
                "range": list(limits),
                "zeroline": False,
            },
            legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        )
    )
    return figure, _finding(numbers)


def _add_search(figure: go.Figure, numbers: TrajectoryNumbers) -> None:
    colour = family_colour(numbers.family)
    kept = [numbers.best[i] for i in thinned(range(len(numbers.best)), MAX_MARKS // 5)]
    x = [*(point.cpu_s for point in kept), numbers.cpu_s]
    y = [*(point.score or 0.0 for point in kept), kept[-1].score or 0.0]
    for side, fill in ((-1, None), (1, "tonexty")) if numbers.noise else ():
        figure.add_trace(
            go.Scatter(
                x=x,
                y=[score + side * (numbers.noise or 0.0) for score in y],
                mode="lines",
                line={"shape": "hv", "width": 0},
                fill=fill,
                fillcolor=faded(colour, 0.15),
                hoverinfo="skip",
                showlegend=False,
            )
        )
    figure.add_trace(
        go.Scatter(
            x=x,
            y=y,
            mode="lines",
            line={"shape": "hv", "color": colour, "width": 2.5},
            name=f"{escaped(numbers.title)}: best selection score so far",
            hoverinfo="skip",
        )
    )


def _locked(numbers: TrajectoryNumbers) -> go.Scatter:
    points = numbers.hindsight
    return go.Scatter(
        x=[point.cpu_s for point in points],
        y=[point.test_score for point in points],
        mode="lines+markers",
        line={"color": faded(_LOCKED, 0.5), "width": 1, "dash": "dot"},
        marker={
            "symbol": "circle-open",
            "size": 11,
            "color": _LOCKED,
            "line": {"width": 2, "color": _LOCKED},
        },
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [point.test_interval[1] - point.test_score for point in points],
            "arrayminus": [point.test_score - point.test_interval[0] for point in points],
            "color": faded(_LOCKED, 0.5),
            "thickness": 1.5,
            "width": 3,
        },
        name="hindsight: on the locked test, 95 %",
        hovertext=[_hover(point, numbers.metric) for point in points],
        hoverinfo="text",
    )


def _hover(point: HindsightPoint, metric: MetricSpec) -> str:
    low, high = point.test_interval
    return "<br>".join(
        (
            f"<b>Trial {point.trial}</b>, best after {say.cpu_text(point.cpu_s)}",
            f"Selection score {say.score_text(point.cv_score, metric)}",
            f"Locked test {say.score_text(point.test_score, metric)} "
            f"({say.score_text(low, metric)} to {say.score_text(high, metric)})",
        )
    )


def _finding(numbers: TrajectoryNumbers) -> str:
    metric = numbers.metric
    if not numbers.best:
        return f"{numbers.title}: no trial is complete, 0 winners to look back on."
    first, last = numbers.best[0].score, numbers.best[-1].score
    told = (
        f"{numbers.title}, {metric.title} in {say.cpu_text(numbers.cpu_s)} of search: selection "
        f"score {say.score_text(first, metric)} to {say.score_text(last, metric)}"
    )
    if len(numbers.hindsight) > 1:
        ends = [numbers.hindsight[i].test_score for i in (0, -1)]
        told += (
            f"; the same winners on the locked test {say.score_text(ends[0], metric)} to "
            f"{say.score_text(ends[1], metric)}"
        )
    return f"{told}."
