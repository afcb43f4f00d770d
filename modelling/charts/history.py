"""The course of a study: the best selection score so far, against CPU time or trials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

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
Against = Literal["cpu", "usd", "trials"]
_AXES: dict[Against, str] = {
    "cpu": "CPU time spent by the study (seconds)",
    "usd": "Paid for answers by the study (US dollars)",
    "trials": "Trials, in the order in which they were proposed",
}
_DASHES = ("solid", "dash", "dot", "dashdot")


@dataclass(frozen=True, kw_only=True, slots=True)
class HistoryNumbers:
    """What the chart draws.

    ``noise`` has, by model, how far the best may lie from what the folds show by luck alone: one
    standard error of a paired difference, in units of the metric.
    """

    metric: MetricSpec
    by: Against
    noise: Mapping[str, float]
    studies: tuple[StudyHistory, ...]


def history_numbers(
    trials: Sequence[Trial],
    *,
    metric: MetricSpec,
    names: Mapping[str, tuple[str, str]],
    by: Against = "cpu",
    noise: Mapping[str, float] = MappingProxyType({}),
) -> HistoryNumbers:
    """Return the course of each study of a run.

    Parameters
    ----------
    trials : sequence of Trial
        By model and number, as they are stored.
    names : mapping of str to (title, family)
        By model key.
    by : "cpu", "usd" or "trials"
        What the course is drawn against.
    noise : mapping of str to float
        Width of the band around the best so far, by model key; without it there is no band.
    """
    studies = study_histories(trials, metric, names)
    return HistoryNumbers(metric=metric, by=by, noise=dict(noise), studies=studies)


def history_figure(numbers: HistoryNumbers) -> tuple[go.Figure, str]:
    """Return the figure and the sentence that states its finding."""
    figure = go.Figure()
    metric = numbers.metric
    most = MAX_MARKS // max(1, len(numbers.studies))
    for position, study in enumerate(numbers.studies):
        dash = _DASHES[_same_family_before(numbers.studies, position) % len(_DASHES)]
        _add_best(figure, study, numbers, dash, most)
        _add_trials(figure, study, numbers, most)
    _add_key(figure, numbers)
    limits, n_outside = _range(numbers)
    figure.update_layout(
        **layout(
            height=380,
            xaxis={
                "title": {"text": _AXES[numbers.by]},
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


def _at(point: HistoryPoint, by: Against) -> float:
    match by:
        case "cpu":
            return point.cpu_s
        case "usd":
            return point.usd
        case "trials":
            return float(point.trial.number)


def _add_best(
    figure: go.Figure, study: StudyHistory, numbers: HistoryNumbers, dash: str, most: int
) -> None:
    """Add the line of the best so far, above its band of noise."""
    if not study.best:
        return
    colour, last = family_colour(study.family), study.points[-1]
    kept = thinned(range(len(study.best)), most // 4)
    x = [*(_at(study.best[i], numbers.by) for i in kept), _at(last, numbers.by)]
    scores = [*(study.best[i].score or 0.0 for i in kept), study.best_score or 0.0]
    noise = numbers.noise.get(study.model)
    if noise:
        _add_band(figure, x, scores, noise, colour)
    figure.add_trace(
        go.Scatter(
            x=x,
            y=scores,
            mode="lines",
            line={"shape": "hv", "color": colour, "width": 2.5, "dash": dash},
            name=f"{escaped(study.title)}: best so far" + (", noise of the folds" if noise else ""),
            hoverinfo="skip",
        )
    )


def _add_band(
    figure: go.Figure, x: list[float], scores: list[float], noise: float, colour: str
) -> None:
    for side, fill in ((-1, None), (1, "tonexty")):
        figure.add_trace(
            go.Scatter(
                x=x,
                y=[score + side * noise for score in scores],
                mode="lines",
                line={"shape": "hv", "width": 0},
                fill=fill,
                fillcolor=faded(colour, 0.15),
                hoverinfo="skip",
                showlegend=False,
            )
        )


def _add_trials(figure: go.Figure, study: StudyHistory, numbers: HistoryNumbers, most: int) -> None:
    colour = family_colour(study.family)
    scored = [i for i, point in enumerate(study.points) if point.score is not None]
    for state, (symbol, _) in _LOOKS.items():
        positions = [i for i in scored if study.points[i].trial.state is state]
        kept = thinned(positions, most // 4)
        if not kept:
            continue
        figure.add_trace(
            go.Scatter(
                x=[_at(study.points[i], numbers.by) for i in kept],
                y=[study.points[i].score for i in kept],
                mode="markers",
                marker={
                    "symbol": symbol,
                    "size": 8,
                    "color": faded(colour, 0.75),
                    "line": {"width": 1.5, "color": colour},
                },
                hovertext=[_hover(study, study.points[i], numbers.metric) for i in kept],
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
        _cost(trial.cpu_s, trial.usd),
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
        f"{_cost(study.cpu_s, study.usd)}, base {say.score_text(study.base_score, metric)}, "
        f"{study.counts.complete} trials complete, {study.counts.pruned} stopped early, "
        f"{study.counts.failed} failed"
        for study in numbers.studies
        if study.best
    ]
    if not parts:
        return "No trial is complete yet."
    against = {"cpu": "CPU time", "usd": "money", "trials": "trials"}[numbers.by]
    return f"{metric.title} against {against}. {'; '.join(parts)}."


def _cost(cpu_s: float, usd: float) -> str:
    """Return CPU time, or what others were paid where that is all there is."""
    return say.money_text(usd) if usd and not cpu_s else say.cpu_text(cpu_s)
