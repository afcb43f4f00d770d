"""Optimism: what the search saw, the same corrected for the search, and the locked test."""

from __future__ import annotations

import math
from dataclasses import dataclass

import plotly.graph_objects as go

from modelling.charts import wording as say
from modelling.charts.figures import row_label
from modelling.charts.style import MAX_MARKS, NEUTRAL, escaped, faded, layout, rows_height
from modelling.comparison import Comparison, Pair
from modelling.metrics.spec import MetricSpec

_KINDS = (
    ("Seen by the search", "circle-open", NEUTRAL),
    ("Corrected for the search", "diamond", "#0079bd"),
    ("On the locked test", "square", "#d55e00"),
)
_OFFSETS = (0.24, 0.0, -0.24)


@dataclass(frozen=True, kw_only=True, slots=True)
class GainEstimate:
    """One estimate of the same winner's gain; the interval is None where there is none."""

    kind: str
    gain: float
    interval: tuple[float, float] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class OptimismRow:
    """The three estimates of one pair, in the order of the chart."""

    label: str
    estimates: tuple[GainEstimate, GainEstimate, GainEstimate]
    n_configurations: int
    n_left_out: int


@dataclass(frozen=True, kw_only=True, slots=True)
class OptimismNumbers:
    """What the chart draws; pairs whose search left no predictions to correct with are absent."""

    metric: MetricSpec
    rows: tuple[OptimismRow, ...]


def optimism_numbers(comparison: Comparison) -> OptimismNumbers:
    """Return the three gains of each tuned model, once per pair of models."""
    rows: dict[str, OptimismRow] = {}
    for pair in comparison.pairs[: MAX_MARKS // 3]:
        label = f"{row_label(pair.base)} to {row_label(pair.candidate)}"
        row = _row(pair, label)
        if row is not None:
            rows.setdefault(label, row)
    return OptimismNumbers(metric=comparison.metric, rows=tuple(rows.values()))


def _row(pair: Pair, label: str) -> OptimismRow | None:
    seen = pair.selection
    if seen is None or not math.isfinite(seen.selection_gain):
        return None
    return OptimismRow(
        label=label,
        estimates=(
            GainEstimate(kind=_KINDS[0][0], gain=seen.selection_gain, interval=None),
            GainEstimate(
                kind=_KINDS[1][0], gain=seen.corrected_gain, interval=seen.corrected_interval
            ),
            GainEstimate(kind=_KINDS[2][0], gain=pair.gain.gain, interval=pair.gain.interval),
        ),
        n_configurations=seen.n_configurations,
        n_left_out=seen.n_left_out,
    )


def optimism_figure(numbers: OptimismNumbers) -> tuple[go.Figure, str]:
    """Return the figure and the sentence that states its finding."""
    figure = go.Figure()
    places = list(range(len(numbers.rows)))[::-1]
    for index, (kind, symbol, colour) in enumerate(_KINDS):
        estimates = [row.estimates[index] for row in numbers.rows]
        figure.add_trace(
            go.Scatter(
                x=[estimate.gain for estimate in estimates],
                y=[place + _OFFSETS[index] for place in places],
                mode="markers",
                marker={
                    "symbol": symbol,
                    "size": 12,
                    "color": colour,
                    "line": {"width": 2, "color": colour},
                },
                error_x={
                    "type": "data",
                    "symmetric": False,
                    "array": [_reach(estimate, upper=True) for estimate in estimates],
                    "arrayminus": [_reach(estimate, upper=False) for estimate in estimates],
                    "color": faded(colour, 0.7),
                    "thickness": 2,
                    "width": 5,
                },
                name=kind,
                hovertext=[_hover(row, index, numbers.metric) for row in numbers.rows],
                hoverinfo="text",
            )
        )
    figure.update_layout(
        **layout(
            height=rows_height(len(places), per_row=84, around=135),
            xaxis={
                "title": {
                    "text": f"Gain in {numbers.metric.title} over the base<br>"
                    "(to the right is better)"
                },
                "zeroline": True,
                "zerolinecolor": NEUTRAL,
            },
            yaxis={
                "tickmode": "array",
                "tickvals": places,
                "ticktext": [_two_lines(row.label) for row in numbers.rows],
                "range": [-0.5, len(places) - 0.5],
                "showgrid": False,
                "zeroline": False,
            },
            legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        )
    )
    return figure, _finding(numbers)


def _two_lines(label: str) -> str:
    return " to<br>".join(escaped(part) for part in label.split(" to ", maxsplit=1))


def _reach(estimate: GainEstimate, *, upper: bool) -> float:
    if estimate.interval is None or not all(map(math.isfinite, estimate.interval)):
        return 0.0
    low, high = estimate.interval
    return max(0.0, high - estimate.gain if upper else estimate.gain - low)


def _hover(row: OptimismRow, index: int, metric: MetricSpec) -> str:
    estimate = row.estimates[index]
    lines = [
        f"<b>{escaped(row.label)}</b>",
        f"{estimate.kind}: {say.gain_text(estimate.gain, metric)}",
    ]
    if estimate.interval is not None:
        lines.append(f"95 % interval {say.interval_text(estimate.interval, metric)}")
    if index < 2:
        lines.append(
            f"From {say.counted(row.n_configurations, 'configuration')}; "
            f"{say.counted(row.n_left_out, 'trial')} without all folds left out"
        )
    return "<br>".join(lines)


def _finding(numbers: OptimismNumbers) -> str:
    if not numbers.rows:
        return "No search has left predictions yet, so its optimism cannot be shown."
    metric = numbers.metric
    parts = []
    for row in numbers.rows[:4]:
        seen, corrected, test = (say.gain_text(item.gain, metric) for item in row.estimates)
        parts.append(
            f"{row.label}: the search saw {seen}, corrected {corrected}, locked test {test}"
        )
    return f"Gain in {metric.title} of the same winner. {'; '.join(parts)}."
