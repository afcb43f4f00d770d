"""The leaderboard as dots: selection scores with interval and folds, ties, and the dummy."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import plotly.graph_objects as go

from modelling.charts import wording as say
from modelling.charts.figures import row_label
from modelling.charts.style import (
    BAND,
    MAX_MARKS,
    NEUTRAL,
    SYMBOLS,
    escaped,
    faded,
    family_colour,
    focus_range,
    layout,
    rows_height,
)
from modelling.comparison.leaderboard import Standing
from modelling.metrics.spec import MetricSpec
from modelling.types import Direction, Variant


@dataclass(frozen=True, kw_only=True, slots=True)
class LeaderboardDot:
    """One model's selection score with its corrected 95 % interval; ties share a ``rank``."""

    label: str
    family: str
    variant: Variant
    score: float
    interval: tuple[float, float]
    fold_scores: tuple[float, ...]
    rank: int | None
    tied: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class LeaderboardNumbers:
    """What the chart draws, best first; ``dummy`` is the score of guessing, drawn as a line.

    There is room for ``n_places`` dots, so that a chart that fills up does not grow.
    """

    metric: MetricSpec
    dots: tuple[LeaderboardDot, ...]
    dummy: float | None
    n_places: int


def leaderboard_numbers(
    lines: Sequence[Standing],
    metric: MetricSpec,
    *,
    families: Collection[str] = (),
    n_places: int = 0,
) -> LeaderboardNumbers:
    """Return the dots of all models that have a selection score.

    Parameters
    ----------
    lines : sequence of Standing
        Best selection score first.
    families : collection of str, optional
        Whose models are drawn; default: all.
    n_places : int, optional
        How many dots there will be, if more are to come.
    """
    scored = [line for line in lines if line.rank is not None]
    dummies = [line.row.cv_score for line in scored if line.row.family == "baseline"]
    drawn = [
        line
        for line in scored
        if line.row.family != "baseline" and (not families or line.row.family in families)
    ]
    dots = tuple(_dot(line) for line in drawn[: MAX_MARKS // 25])
    return LeaderboardNumbers(
        metric=metric,
        dots=dots,
        dummy=dummies[0] if dummies else None,
        n_places=min(max(n_places, len(dots)), MAX_MARKS // 25),
    )


def _dot(line: Standing) -> LeaderboardDot:
    row, score = line.row, line.row.cv_score or 0.0
    return LeaderboardDot(
        label=row.title if row.variant is Variant.BASE else row_label(row),
        family=row.family,
        variant=row.variant,
        score=score,
        interval=line.interval or (score, score),
        fold_scores=row.fold_scores,
        rank=line.rank,
        tied=line.tied,
    )


def leaderboard_figure(numbers: LeaderboardNumbers) -> tuple[go.Figure, str]:
    """Return the figure and the sentence that states its finding."""
    metric = numbers.metric
    figure = go.Figure()
    places = [numbers.n_places - 1 - place for place in range(len(numbers.dots))]
    for place, dot in zip(places, numbers.dots, strict=True):
        _add_dot(figure, dot, place, metric)
    ends = [value for dot in numbers.dots for value in (*dot.interval, *dot.fold_scores)]
    limits, dummy_shown = focus_range(ends, numbers.dummy, reach=0.5)
    figure.update_layout(
        **layout(
            height=rows_height(numbers.n_places, around=136),
            xaxis=_score_axis(metric, limits, empty=not numbers.dots),
            yaxis=_model_axis(numbers, places),
        )
    )
    _add_ties(figure, numbers.dots, places)
    _add_dummy(figure, numbers, shown=dummy_shown)
    return figure, _finding(numbers)


def _score_axis(metric: MetricSpec, limits: tuple[float, float], *, empty: bool) -> dict[str, Any]:
    return {
        "title": {
            "text": f"Selection score: {metric.title} ({say.direction_text(metric)})<br>"
            "mean with its corrected 95 % interval<br>"
            "small dots: folds; shaded together: ties"
        },
        "range": list(limits),
        "showticklabels": not empty,
        "zeroline": False,
    }


def _model_axis(numbers: LeaderboardNumbers, places: Sequence[int]) -> dict[str, Any]:
    return {
        "tickmode": "array",
        "tickvals": list(places),
        "ticktext": [
            f"{escaped(dot.label)}  {say.rank_text(dot.rank, tied=dot.tied)}"
            for dot in numbers.dots
        ],
        "range": [-0.6, max(0.6, numbers.n_places - 0.4)],
        "showgrid": False,
        "zeroline": False,
    }


def _add_dot(figure: go.Figure, dot: LeaderboardDot, place: int, metric: MetricSpec) -> None:
    colour = family_colour(dot.family)
    figure.add_trace(
        go.Scatter(
            x=dot.fold_scores,
            y=[place] * len(dot.fold_scores),
            mode="markers",
            marker={"size": 5, "color": faded(colour, 0.45)},
            hoverinfo="skip",
            showlegend=False,
        )
    )
    low, high = dot.interval
    figure.add_trace(
        go.Scatter(
            x=[dot.score],
            y=[place],
            mode="markers",
            marker={"symbol": SYMBOLS[dot.variant], "size": 12, "color": colour},
            error_x={
                "type": "data",
                "array": [high - dot.score],
                "arrayminus": [dot.score - low],
                "color": faded(colour, 0.75),
                "thickness": 2,
                "width": 5,
            },
            hovertext=[_hover(dot, metric)],
            hoverinfo="text",
            showlegend=False,
        )
    )


def _hover(dot: LeaderboardDot, metric: MetricSpec) -> str:
    low, high = (say.score_text(end, metric) for end in dot.interval)
    folds = ", ".join(say.score_text(score, metric) for score in dot.fold_scores)
    rank = say.rank_text(dot.rank, tied=dot.tied)
    return (
        f"<b>{escaped(dot.label)}</b> ({escaped(dot.family)}), rank {rank}<br>"
        f"Selection score {say.score_text(dot.score, metric)}, {low} to {high}<br>"
        f"Folds: {folds}"
    )


def _add_ties(figure: go.Figure, dots: Sequence[LeaderboardDot], places: Sequence[int]) -> None:
    """Shade the models that share a rank."""
    for _, members in groupby(zip(dots, places, strict=True), key=lambda pair: pair[0].rank):
        of_group = [place for dot, place in members if dot.tied]
        if len(of_group) > 1:
            figure.add_hrect(
                y0=min(of_group) - 0.45,
                y1=max(of_group) + 0.45,
                fillcolor=BAND,
                line_width=0,
                layer="below",
            )


def _add_dummy(figure: go.Figure, numbers: LeaderboardNumbers, *, shown: bool) -> None:
    if numbers.dummy is None:
        return
    score = say.score_text(numbers.dummy, numbers.metric)
    if shown:
        figure.add_vline(x=numbers.dummy, line={"dash": "dash", "color": NEUTRAL, "width": 1.5})
    # Guessing stands at the bad end of the axis; its label keeps inside the chart.
    at_left = shown and numbers.metric.direction is Direction.MAXIMIZE
    figure.add_annotation(
        text=f"guessing: {score}" if shown else f"guessing scores {score}, outside this range",
        x=numbers.dummy if shown else 0.995,
        xref="x" if shown else "paper",
        xanchor="left" if at_left else "right",
        xshift=0 if not shown else 4 if at_left else -4,
        y=1,
        yref="paper",
        yanchor="bottom",
        showarrow=False,
        font={"size": 11},
    )
    figure.update_layout(margin={"t": 26})


def _finding(numbers: LeaderboardNumbers) -> str:
    metric = numbers.metric
    if not numbers.dots:
        return "No model has a selection score yet."
    best = numbers.dots[0]
    low, high = (say.score_text(end, metric) for end in best.interval)
    tied = sum(dot.rank == best.rank for dot in numbers.dots) - 1
    with_it = f", tied with {say.counted(tied, 'other')}" if tied else ""
    guess = (
        ""
        if numbers.dummy is None
        else f" Guessing scores {say.score_text(numbers.dummy, metric)}."
    )
    return (
        f"Selection scores ({metric.title}) of {say.counted(len(numbers.dots), 'model')}: "
        f"{best.label} is first with {say.score_text(best.score, metric)} "
        f"({low} to {high}){with_it}.{guess}"
    )
