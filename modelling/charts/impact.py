"""What each search bought, beside its bill: the gain, and the CPU seconds by how trials ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from modelling.charts import wording as say
from modelling.charts.figures import row_label
from modelling.charts.style import (
    BAND,
    MAX_MARKS,
    NEUTRAL,
    escaped,
    faded,
    family_colour,
    layout,
    rows_height,
)
from modelling.comparison import Comparison, Pair
from modelling.metrics.spec import MetricSpec
from modelling.types import ModelResult

_LEFT, _RIGHT = (0.0, 0.46), (0.54, 1.0)
# Parts of a bill, in the order of the bar, and their colours: what was of use, then what was not.
_PARTS: dict[str, str] = {
    "last fit": "#00966d",
    "complete trials": "#0079bd",
    "trials stopped early": "#b57b00",
    "failed trials": "#d55e00",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ImpactRow:
    """One tuned model: its gain over its base, and CPU seconds by part of the bill."""

    label: str
    family: str
    gain: float
    interval: tuple[float, float]
    margin: float
    bill: tuple[tuple[str, float], ...]

    @property
    def cpu_s(self) -> float:
        """The whole bill."""
        return sum(seconds for _, seconds in self.bill)


@dataclass(frozen=True, kw_only=True, slots=True)
class ImpactNumbers:
    """What the chart draws, the largest gain first."""

    metric: MetricSpec
    n_test: int
    rows: tuple[ImpactRow, ...]


def impact_numbers(comparison: Comparison) -> ImpactNumbers:
    """Return gain and bill of each model that was tuned."""
    rows = [_row(pair) for pair in comparison.pairs if pair.role == "same model"]
    rows.sort(key=lambda row: -row.gain)
    return ImpactNumbers(
        metric=comparison.metric,
        n_test=comparison.n_test,
        rows=tuple(rows[: MAX_MARKS // (len(_PARTS) + 1)]),
    )


def _row(pair: Pair) -> ImpactRow:
    return ImpactRow(
        label=row_label(pair.candidate),
        family=pair.candidate.family,
        gain=pair.gain.gain,
        interval=pair.gain.interval,
        margin=pair.gain.margin,
        bill=tuple(zip(_PARTS, _seconds(pair.candidate), strict=True)),
    )


def _seconds(row: ModelResult) -> tuple[float, float, float, float]:
    # Studies of an earlier version know only their sum.
    complete = row.trial_cpu.complete if row.trial_cpu.total else row.search_cpu_s
    return row.fit_cpu_s or 0.0, complete, row.trial_cpu.pruned, row.trial_cpu.failed


def impact_figure(numbers: ImpactNumbers) -> tuple[go.Figure, str]:
    """Return the figure and the sentence that states its finding."""
    places = list(range(len(numbers.rows)))[::-1]
    figure = go.Figure(_gains(numbers, places))
    figure.add_traces(_bills(numbers, places))
    figure.update_layout(
        **layout(
            height=rows_height(len(places), per_row=44, around=135),
            barmode="stack",
            bargap=0.45,
            xaxis={
                "domain": _LEFT,
                "title": {"text": f"Gain in {numbers.metric.title}<br>(to the right is better)"},
                "zeroline": True,
                "zerolinecolor": NEUTRAL,
            },
            xaxis2={
                "domain": _RIGHT,
                "title": {"text": "Its bill<br>(CPU seconds)"},
                "rangemode": "tozero",
            },
            yaxis={
                "tickmode": "array",
                "tickvals": places,
                "ticktext": [escaped(row.label) for row in numbers.rows],
                "range": [-0.6, max(0, len(places) - 1) + 0.6],
                "showgrid": False,
                "zeroline": False,
            },
            shapes=[_band(row, place) for row, place in zip(numbers.rows, places, strict=True)],
            legend={
                "orientation": "h",
                "y": 1.02,
                "yanchor": "bottom",
                "x": 0,
                "traceorder": "normal",
            },
        )
    )
    return figure, _finding(numbers)


def _gains(numbers: ImpactNumbers, places: list[int]) -> go.Bar:
    rows = numbers.rows
    return go.Bar(
        x=[row.gain for row in rows],
        y=places,
        orientation="h",
        marker={"color": [faded(family_colour(row.family), 0.6) for row in rows]},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [row.interval[1] - row.gain for row in rows],
            "arrayminus": [row.gain - row.interval[0] for row in rows],
            "color": NEUTRAL,
            "thickness": 2,
            "width": 5,
        },
        hovertext=[_hover(row, numbers.metric) for row in rows],
        hoverinfo="text",
        showlegend=False,
    )


def _bills(numbers: ImpactNumbers, places: list[int]) -> list[go.Bar]:
    bars = []
    for part, colour in _PARTS.items():
        seconds = [dict(row.bill)[part] for row in numbers.rows]
        if any(seconds):
            bars.append(
                go.Bar(
                    x=seconds,
                    y=places,
                    orientation="h",
                    xaxis="x2",
                    marker={"color": faded(colour, 0.75)},
                    name=part,
                    hovertext=[
                        f"<b>{escaped(row.label)}</b><br>{part}: {say.cpu_text(value)} of "
                        f"{say.cpu_text(row.cpu_s)}"
                        for row, value in zip(numbers.rows, seconds, strict=True)
                    ],
                    hoverinfo="text",
                )
            )
    return bars


def _band(row: ImpactRow, place: int) -> dict[str, Any]:
    return {
        "type": "rect",
        "x0": -row.margin,
        "x1": row.margin,
        "y0": place - 0.4,
        "y1": place + 0.4,
        "fillcolor": BAND,
        "line": {"width": 0},
        "layer": "below",
    }


def _hover(row: ImpactRow, metric: MetricSpec) -> str:
    return (
        f"<b>{escaped(row.label)}</b><br>Gain {say.gain_text(row.gain, metric)} "
        f"(95 % interval {say.interval_text(row.interval, metric)})<br>"
        f"for {say.cpu_text(row.cpu_s)}"
    )


def _finding(numbers: ImpactNumbers) -> str:
    if not numbers.rows:
        return "No model has been tuned yet, so there are 0 searches to account for."
    metric = numbers.metric
    parts = [
        f"{row.label}: {say.gain_text(row.gain, metric)} for {say.cpu_text(row.cpu_s)}"
        for row in numbers.rows[:4]
    ]
    return (
        f"Gain in {metric.title} on {numbers.n_test:,} locked test rows, and what it took. "
        f"{'; '.join(parts)}."
    )
