"""The course of a study: the best selection score so far against the CPU time spent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from modelling.charts import wording as say
from modelling.charts.studies import HistoryPoint, StudyHistory, study_histories
from modelling.charts.style import (
    MAX_MARKS,
    NEUTRAL,
    escaped,
    faded,
    family_colour,
    focus_range,
    layout,
    thinned,
)
from modelling.metrics.spec import MetricSpec
from modelling.types import Trial, TrialState

_LOOKS: dict[TrialState, tuple[str, str]] = {
    TrialState.COMPLETE: ("circle", "complete"),
    TrialState.PRUNED: ("triangle-down-open", "stopped early"),
    TrialState.FAILED: ("x-thin", "failed"),
}
_DASHES = ("solid", "dash", "dot", "dashdot")


@dataclass(frozen=True, kw_only=True, slots=True)
class HistoryNumbers:
    """What the chart draws."""

    metric: MetricSpec
    studies: tuple[StudyHistory, ...]


def history_numbers(
    trials: Sequence[Trial], *, metric: MetricSpec, names: Mapping[str, tuple[str, str]]
) -> HistoryNumbers:
    """Return the course of each study of a run.

    Parameters
    ----------
    trials : sequence of Trial
        By model and number, as they are stored.
    names : mapping of str to (title, family)
        By model key.
    """
    return HistoryNumbers(metric=metric, studies=study_histories(trials, metric, names))


def history_figure(numbers: HistoryNumbers) -> tuple[go.Figure, str]:
    """Return the figure and the sentence that states its finding."""
    figure = go.Figure()
    metric = numbers.metric
    most = MAX_MARKS // max(1, len(numbers.studies))
    for position, study in enumerate(numbers.studies):
        dash = _DASHES[_same_family_before(numbers.studies, position) % len(_DASHES)]
        _add_study(figure, study, metric, dash, most)
    _add_key(figure, numbers)
    limits, n_outside = _range(numbers)
    figure.update_layout(
        **layout(
            height=380,
            xaxis={
                "title": {"text": "CPU time spent by the study (seconds)"},
                "rangemode": "tozero",
            },
            yaxis={
                "title": {
                    "text": f"Selection score: {metric.title}<br>({say.direction_text(metric)})"
                },
                "range": limits,
                "zeroline": False,
            },
            legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        )
    )
    if n_outside:
        _note_outside(figure, n_outside, below=metric.sign > 0)
    return figure, _finding(numbers)


def _range(numbers: HistoryNumbers) -> tuple[list[float] | None, int]:
    """Return a range that shows the better half of the trials, and how many lie outside.

    A few hopeless trials would squeeze what the search is about.
    """
    sign = numbers.metric.sign
    scores = sorted(
        sign * point.score
        for study in numbers.studies
        for point in study.points
        if point.score is not None
    )
    if not scores:
        return None, 0
    bases = [sign * study.base_score for study in numbers.studies if study.base_score is not None]
    shown = [*scores[len(scores) // 2 :], *bases]
    (low, high), _ = focus_range(shown, None, pad=0.15)
    low -= high - low
    n_outside = sum(score < low for score in scores)
    return sorted((sign * low, sign * high)), n_outside


def _note_outside(figure: go.Figure, n_outside: int, *, below: bool) -> None:
    figure.add_annotation(
        text=f"{say.counted(n_outside, 'worse trial')} outside this range",
        xref="paper",
        yref="paper",
        x=0.995,
        y=0.01 if below else 0.99,
        xanchor="right",
        yanchor="bottom" if below else "top",
        showarrow=False,
        font={"size": 11},
    )


def _same_family_before(studies: Sequence[StudyHistory], position: int) -> int:
    return sum(study.family == studies[position].family for study in studies[:position])


def _add_study(
    figure: go.Figure, study: StudyHistory, metric: MetricSpec, dash: str, most: int
) -> None:
    colour = family_colour(study.family)
    if study.best:
        steps = [(point.cpu_s, point.score) for point in study.best]
        steps.append((study.cpu_s, study.best_score))
        kept = thinned(range(len(steps)), most // 4)
        figure.add_trace(
            go.Scatter(
                x=[steps[i][0] for i in kept],
                y=[steps[i][1] for i in kept],
                mode="lines",
                line={"shape": "hv", "color": colour, "width": 2.5, "dash": dash},
                name=f"{escaped(study.title)}: best so far",
                hoverinfo="skip",
            )
        )
    scored = [i for i, point in enumerate(study.points) if point.score is not None]
    for state, (symbol, _) in _LOOKS.items():
        positions = [i for i in scored if study.points[i].trial.state is state]
        kept = thinned(positions, most // 4)
        if not kept:
            continue
        figure.add_trace(
            go.Scatter(
                x=[study.points[i].cpu_s for i in kept],
                y=[study.points[i].score for i in kept],
                mode="markers",
                marker={
                    "symbol": symbol,
                    "size": 8,
                    "color": faded(colour, 0.75),
                    "line": {"width": 1.5, "color": colour},
                },
                hovertext=[_hover(study, study.points[i], metric) for i in kept],
                hoverinfo="text",
                showlegend=False,
            )
        )


def _add_key(figure: go.Figure, numbers: HistoryNumbers) -> None:
    """Explain the shapes of the trials that are there."""
    states = {point.trial.state for study in numbers.studies for point in study.points}
    for state, (symbol, name) in _LOOKS.items():
        if state in states and state is not TrialState.FAILED:
            marker: dict[str, Any] = {
                "symbol": symbol,
                "size": 9,
                "color": NEUTRAL,
                "line": {"width": 1.5, "color": NEUTRAL},
            }
            figure.add_trace(
                go.Scatter(x=[None], y=[None], mode="markers", marker=marker, name=f"trial, {name}")
            )


def _hover(study: StudyHistory, point: HistoryPoint, metric: MetricSpec) -> str:
    trial = point.trial
    lines = [
        f"<b>{escaped(study.title)}, trial {trial.number}</b> ({escaped(trial.origin)})",
        f"Selection score {say.score_text(point.score, metric)}, {_LOOKS[trial.state][1]} "
        f"after {say.counted(trial.folds_done, 'fold')}",
        f"{say.cpu_text(trial.cpu_s)}",
    ]
    lines += [
        escaped(f"{name} = {say.param_text(value)}")
        for name, value in list(trial.params.items())[:12]
    ]
    return "<br>".join(lines)


def _finding(numbers: HistoryNumbers) -> str:
    metric = numbers.metric
    parts = [
        f"{study.title}: best selection score {say.score_text(study.best_score, metric)} after "
        f"{say.cpu_text(study.cpu_s)}, base {say.score_text(study.base_score, metric)}, "
        f"{study.counts.complete} trials complete, {study.counts.pruned} stopped early, "
        f"{study.counts.failed} failed"
        for study in numbers.studies
        if study.best
    ]
    if not parts:
        return "No trial is complete yet."
    return f"{metric.title} against CPU time. {'; '.join(parts)}."
