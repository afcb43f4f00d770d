"""The ladder: what the same minutes could have bought, each with its gain and its cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from modelling.charts import wording as say
from modelling.charts.style import BAND, NEUTRAL, escaped, family_colour, layout, rows_height
from modelling.metrics.spec import MetricSpec
from modelling.types import Rung, RungResult

_LABELS = {Rung.MORE_ROWS: "Twice the rows"}
_RUNG_COLOUR, _TUNED_COLOUR = family_colour("linear"), family_colour("boosting")


@dataclass(frozen=True, kw_only=True, slots=True)
class LadderStep:
    """One thing to buy; the gain is oriented so that positive is better."""

    label: str
    detail: str
    gain: float
    interval: tuple[float, float]
    cpu_s: float
    is_tuning: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class LadderNumbers:
    """What the chart draws, cheapest first; gains up to ``margin`` do not matter."""

    metric: MetricSpec
    margin: float
    steps: tuple[LadderStep, ...]


def ladder_numbers(
    rungs: Sequence[RungResult],
    *,
    metric: MetricSpec,
    base_score: float,
    tuned: tuple[float, tuple[float, float], float] | None,
) -> LadderNumbers:
    """Return the steps in the order of their cost.

    Parameters
    ----------
    base_score : float
        Selection score of the base, from which a relative margin follows.
    tuned : tuple of (gain, interval, cpu_s), optional
        The gain of tuning the same model, corrected for the search, and the CPU of the search.
    """
    steps = [
        LadderStep(
            label=_LABELS.get(found.rung, found.rung.capitalize()),
            detail=found.detail,
            gain=found.gain,
            interval=found.interval,
            cpu_s=found.cpu_s,
            is_tuning=False,
        )
        for found in rungs
    ]
    if tuned is not None:
        gain, interval, cpu_s = tuned
        steps.append(
            LadderStep(
                label="Tuning",
                detail="corrected for the search",
                gain=gain,
                interval=interval,
                cpu_s=cpu_s,
                is_tuning=True,
            )
        )
    return LadderNumbers(
        metric=metric,
        margin=metric.margin_for(base_score),
        steps=tuple(sorted(steps, key=lambda step: step.cpu_s)),
    )


def ladder_figure(numbers: LadderNumbers) -> tuple[go.Figure, str]:
    """Return the figure and the sentence that states its finding."""
    figure = go.Figure()
    places = list(range(len(numbers.steps)))[::-1]
    for place, step in zip(places, numbers.steps, strict=True):
        _add_step(figure, step, place, numbers.metric)
    figure.update_layout(
        **layout(
            height=rows_height(len(places), per_row=46, around=110),
            showlegend=False,
            xaxis={
                "title": {
                    "text": f"Gain in {numbers.metric.title} over the base, out of fold<br>"
                    "(to the right is better; grey: too small to matter)"
                },
                "zeroline": True,
                "zerolinecolor": NEUTRAL,
            },
            yaxis={
                "tickmode": "array",
                "tickvals": places,
                "ticktext": [
                    f"{escaped(step.label)}<br>"
                    f'<span style="font-size:11px">{say.cpu_text(step.cpu_s)}</span>'
                    for step in numbers.steps
                ],
                "range": [-0.6, len(places) - 0.4],
                "showgrid": False,
                "zeroline": False,
            },
            shapes=[
                {
                    "type": "rect",
                    "x0": -numbers.margin,
                    "x1": numbers.margin,
                    "yref": "paper",
                    "y0": 0,
                    "y1": 1,
                    "fillcolor": BAND,
                    "line": {"width": 0},
                    "layer": "below",
                }
            ],
        )
    )
    return figure, _finding(numbers)


def _add_step(figure: go.Figure, step: LadderStep, place: int, metric: MetricSpec) -> None:
    low, high = step.interval
    colour = _TUNED_COLOUR if step.is_tuning else _RUNG_COLOUR
    figure.add_trace(
        go.Scatter(
            x=[step.gain],
            y=[place],
            mode="markers",
            marker={
                "symbol": "square" if step.is_tuning else "circle",
                "size": 13,
                "color": colour,
            },
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [high - step.gain],
                "arrayminus": [step.gain - low],
                "color": colour,
                "thickness": 2,
                "width": 5,
            },
            hovertext=[
                "<br>".join(
                    (
                        f"<b>{escaped(step.label)}</b>",
                        escaped(step.detail),
                        f"Gain {say.gain_text(step.gain, metric)} "
                        f"(95 % interval {say.interval_text(step.interval, metric)})",
                        f"Costs {say.cpu_text(step.cpu_s)} beyond the base",
                    )
                )
            ],
            hoverinfo="text",
        )
    )


def _finding(numbers: LadderNumbers) -> str:
    if not numbers.steps:
        return "No rung of the ladder has been measured yet."
    parts = [
        f"{step.label}: gain {say.gain_text(step.gain, numbers.metric)} (95 % interval "
        f"{say.interval_text(step.interval, numbers.metric)}) for {say.cpu_text(step.cpu_s)}"
        for step in numbers.steps
    ]
    return f"{numbers.metric.title} over the base, out of fold. {'; '.join(parts)}."
