"""The leaderboard as dots: selection scores with the spread of their folds, and the dummy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from modelling.charts import wording as say
from modelling.charts.figures import row_label
from modelling.charts.style import (
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
from modelling.metrics.spec import MetricSpec
from modelling.types import Direction, ModelResult, ResultStatus, Variant


@dataclass(frozen=True, kw_only=True, slots=True)
class LeaderboardDot:
    """One model's selection score; ``spread`` is the standard deviation over folds."""

    label: str
    family: str
    variant: Variant
    score: float
    spread: float
    fold_scores: tuple[float, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class LeaderboardNumbers:
    """What the chart draws, best first; ``dummy`` is the score of guessing, drawn as a line."""

    metric: MetricSpec
    dots: tuple[LeaderboardDot, ...]
    dummy: float | None


def leaderboard_numbers(rows: Sequence[ModelResult], metric: MetricSpec) -> LeaderboardNumbers:
    """Return the dots of all models that have a selection score.

    Parameters
    ----------
    rows : sequence of ModelResult
        Best selection score first.
    """
    scored = [
        row for row in rows if row.cv_score is not None and row.status is not ResultStatus.FAILED
    ]
    dummies = [row.cv_score for row in scored if row.family == "baseline"]
    return LeaderboardNumbers(
        metric=metric,
        dots=tuple(
            LeaderboardDot(
                label=row.title if row.variant is Variant.BASE else row_label(row),
                family=row.family,
                variant=row.variant,
                score=row.cv_score or 0.0,
                spread=row.cv_std or 0.0,
                fold_scores=row.fold_scores,
            )
            for row in scored[: MAX_MARKS // 25]
            if row.family != "baseline"
        ),
        dummy=dummies[0] if dummies else None,
    )


def leaderboard_figure(numbers: LeaderboardNumbers) -> tuple[go.Figure, str]:
    """Return the figure and the sentence that states its finding."""
    metric = numbers.metric
    figure = go.Figure()
    places = list(range(len(numbers.dots)))[::-1]
    for place, dot in zip(places, numbers.dots, strict=True):
        _add_dot(figure, dot, place, metric)
    ends = [
        value
        for dot in numbers.dots
        for value in (dot.score - dot.spread, dot.score + dot.spread, *dot.fold_scores)
    ]
    limits, dummy_shown = focus_range(ends, numbers.dummy)
    figure.update_layout(
        **layout(
            height=rows_height(len(places), around=118),
            xaxis={
                "title": {
                    "text": f"Selection score: {metric.title} ({say.direction_text(metric)})<br>"
                    "mean ± one standard deviation of the folds"
                },
                "range": list(limits),
                "zeroline": False,
            },
            yaxis={
                "tickmode": "array",
                "tickvals": places,
                "ticktext": [escaped(dot.label) for dot in numbers.dots],
                "range": [-0.6, max(0.6, len(places) - 0.4)],
                "showgrid": False,
                "zeroline": False,
            },
        )
    )
    _add_dummy(figure, numbers, shown=dummy_shown)
    return figure, _finding(numbers)


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
    figure.add_trace(
        go.Scatter(
            x=[dot.score],
            y=[place],
            mode="markers",
            marker={"symbol": SYMBOLS[dot.variant], "size": 12, "color": colour},
            error_x={
                "type": "data",
                "array": [dot.spread],
                "color": faded(colour, 0.75),
                "thickness": 2,
                "width": 5,
            },
            hovertext=[
                f"<b>{escaped(dot.label)}</b> ({escaped(dot.family)})<br>"
                f"Selection score {say.score_text(dot.score, metric)} "
                f"± {say.score_text(dot.spread, metric)}<br>"
                f"Folds: {', '.join(say.score_text(score, metric) for score in dot.fold_scores)}"
            ],
            hoverinfo="text",
            showlegend=False,
        )
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
    guess = (
        ""
        if numbers.dummy is None
        else f" Guessing scores {say.score_text(numbers.dummy, metric)}."
    )
    return (
        f"Selection scores ({metric.title}) of {say.counted(len(numbers.dots), 'model')}: "
        f"{best.label} is first with {say.score_text(best.score, metric)} "
        f"± {say.score_text(best.spread, metric)}.{guess}"
    )
