"""Base to tuned: the gain of each pair on the locked test, its interval, and the margin."""

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
    SYMBOLS,
    escaped,
    faded,
    family_colour,
    layout,
    rows_height,
)
from modelling.comparison import Comparison, Pair
from modelling.metrics.spec import MetricSpec
from modelling.types import Variant, VerdictWord


@dataclass(frozen=True, kw_only=True, slots=True)
class DumbbellRow:
    """One pair; ``gain`` and ``interval`` are oriented so that positive is better."""

    label: str
    base_label: str
    candidate_label: str
    family: str
    variant: Variant
    base_score: float | None
    candidate_score: float | None
    gain: float
    interval: tuple[float, float]
    margin: float
    verdict: VerdictWord


@dataclass(frozen=True, kw_only=True, slots=True)
class DumbbellNumbers:
    """What the chart draws, the pair of the experiment first."""

    metric: MetricSpec
    n_test: int
    rows: tuple[DumbbellRow, ...]


def dumbbell_numbers(comparison: Comparison) -> DumbbellNumbers:
    """Return one row per pair; the experiment's own pair only where it is not among the others."""
    overall = comparison.overall
    own = [pair for pair in comparison.pairs if pair.role == "same model"]
    rows = [_row(pair, pair.candidate.title) for pair in own]
    if overall is not None and all(_members(pair) != _members(overall) for pair in own):
        best = "ensemble" if overall.candidate.variant is Variant.ENSEMBLE else "best tuned"
        rows.insert(0, _row(overall, f"Best base to {best}"))
    return DumbbellNumbers(
        metric=comparison.metric, n_test=comparison.n_test, rows=tuple(rows[: MAX_MARKS // 4])
    )


def _members(pair: Pair) -> tuple[str, str, str, str]:
    return (pair.base.key, pair.base.run_id, pair.candidate.key, pair.candidate.run_id)


def _row(pair: Pair, label: str) -> DumbbellRow:
    return DumbbellRow(
        label=label,
        base_label=row_label(pair.base),
        candidate_label=row_label(pair.candidate),
        family=pair.candidate.family,
        variant=pair.candidate.variant,
        base_score=pair.base.test_score,
        candidate_score=pair.candidate.test_score,
        gain=pair.gain.gain,
        interval=pair.gain.interval,
        margin=pair.gain.margin,
        verdict=pair.verdict.verdict,
    )


def dumbbell_figure(numbers: DumbbellNumbers) -> tuple[go.Figure, str]:
    """Return the figure and the sentence that states its finding."""
    figure = go.Figure()
    places = list(range(len(numbers.rows)))[::-1]
    for place, row in zip(places, numbers.rows, strict=True):
        _add_row(figure, row, place, numbers.metric)
    _add_key(figure, numbers)
    figure.update_layout(
        **layout(
            height=rows_height(len(places), per_row=46, around=135),
            xaxis={
                "title": {
                    "text": f"Gain in {numbers.metric.title} on the locked test<br>"
                    "(0 is the base, to the right is better)"
                },
                "zeroline": True,
                "zerolinecolor": NEUTRAL,
            },
            yaxis={
                "tickmode": "array",
                "tickvals": places,
                "ticktext": [escaped(row.label) for row in numbers.rows],
                "range": [-0.6, len(places) - 0.4],
                "showgrid": False,
                "zeroline": False,
            },
            shapes=[_band(row, place) for place, row in zip(places, numbers.rows, strict=True)],
            legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        )
    )
    return figure, _finding(numbers)


def _add_row(figure: go.Figure, row: DumbbellRow, place: int, metric: MetricSpec) -> None:
    colour = family_colour(row.family)
    low, high = row.interval
    text = _hover(row, metric)
    figure.add_trace(
        go.Scatter(
            x=[0, row.gain],
            y=[place, place],
            mode="lines",
            line={"color": colour, "width": 3},
            hoverinfo="skip",
            showlegend=False,
        )
    )
    figure.add_trace(
        go.Scatter(
            x=[0],
            y=[place],
            mode="markers",
            marker={"symbol": SYMBOLS[Variant.BASE], "size": 12, "color": colour},
            hovertext=[text],
            hoverinfo="text",
            showlegend=False,
        )
    )
    figure.add_trace(
        go.Scatter(
            x=[row.gain],
            y=[place],
            mode="markers",
            marker={"symbol": SYMBOLS[row.variant], "size": 13, "color": colour},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [high - row.gain],
                "arrayminus": [row.gain - low],
                "color": faded(colour, 0.7),
                "thickness": 2,
                "width": 5,
            },
            hovertext=[text],
            hoverinfo="text",
            showlegend=False,
        )
    )


def _add_key(figure: go.Figure, numbers: DumbbellNumbers) -> None:
    """Explain the marks that are there in the legend."""
    there = {row.variant for row in numbers.rows}
    marks = [("base", SYMBOLS[Variant.BASE], 10, NEUTRAL)]
    marks += [
        (f"{variant}, with its 95 % interval", SYMBOLS[variant], 10, NEUTRAL)
        for variant in (Variant.TUNED, Variant.ENSEMBLE)
        if variant in there
    ]
    marks.append(("too small to matter (margin)", "square", 14, BAND))
    for name, symbol, size, colour in marks:
        marker = {"symbol": symbol, "size": size, "color": colour}
        figure.add_trace(go.Scatter(x=[None], y=[None], mode="markers", marker=marker, name=name))


def _band(row: DumbbellRow, place: int) -> dict[str, Any]:
    return {
        "type": "rect",
        "x0": -row.margin,
        "x1": row.margin,
        "y0": place - 0.38,
        "y1": place + 0.38,
        "fillcolor": BAND,
        "line": {"width": 0},
        "layer": "below",
    }


def _hover(row: DumbbellRow, metric: MetricSpec) -> str:
    base = say.score_text(row.base_score, metric)
    candidate = say.score_text(row.candidate_score, metric)
    return "<br>".join(
        (
            f"<b>{escaped(row.base_label)} to {escaped(row.candidate_label)}</b>",
            f"{metric.title} on the locked test: {base} to {candidate}",
            f"Gain {say.gain_text(row.gain, metric)} "
            f"(95 % interval {say.interval_text(row.interval, metric)})",
            f"Gains up to {say.score_text(row.margin, metric)} do not matter (margin)",
            f"Verdict: {row.verdict}",
        )
    )


def _finding(numbers: DumbbellNumbers) -> str:
    if not numbers.rows:
        return "Nothing has been tuned yet, so there is no pair to compare."
    metric = numbers.metric
    parts = [
        f"{row.candidate_label} against {row.base_label}: gain {say.gain_text(row.gain, metric)} "
        f"(95 % interval {say.interval_text(row.interval, metric)}), {row.verdict}"
        for row in numbers.rows[:4]
    ]
    return f"{metric.title} on {numbers.n_test:,} locked test rows. {'; '.join(parts)}."
