"""Where a candidate gains and where it loses: parts of the locked rows with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from modelling.charts import wording as say
from modelling.charts.quantities import shortened
from modelling.charts.style import NEUTRAL, escaped, faded, layout, rows_height
from modelling.comparison.slices import RowSlice
from modelling.comparison.wording import significant

# More lines than fit on a screen hide those that matter.
MOST_SLICES = 12
_BETTER, _WORSE = "#0079bd", "#d55e00"
_LABEL_LENGTH = 44


@dataclass(frozen=True, kw_only=True, slots=True)
class RowSlicesNumbers:
    """What the chart draws, the surest first.

    ``overall`` is the mean gain per row of all rows; ``unit`` is what a gain is counted in.
    ``n_judged`` parts were judged together, of which ``n_real`` gain or lose beyond luck.
    """

    slices: tuple[RowSlice, ...]
    overall: float
    unit: str
    n_judged: int
    n_real: int


def row_slices_numbers(
    slices: Sequence[RowSlice], *, overall: float, unit: str
) -> RowSlicesNumbers:
    """Return the parts that say most; ``slices`` come the surest first."""
    return RowSlicesNumbers(
        slices=tuple(slices[:MOST_SLICES]),
        overall=overall,
        unit=unit,
        n_judged=sum(part.p_adjusted is not None for part in slices),
        n_real=sum(part.is_real for part in slices),
    )


def row_slices_figure(numbers: RowSlicesNumbers) -> tuple[go.Figure, str]:
    """Return the figure and the sentence that states its finding."""
    figure = go.Figure()
    places = list(range(len(numbers.slices)))[::-1]
    for place, part in zip(places, numbers.slices, strict=True):
        figure.add_trace(_mark(part, place, numbers.unit))
    for name, symbol in (("beyond luck", "circle"), ("may be luck", "circle-open")):
        marker = {"symbol": symbol, "size": 10, "color": NEUTRAL}
        figure.add_trace(go.Scatter(x=[None], y=[None], mode="markers", marker=marker, name=name))
    figure.update_layout(
        **layout(
            height=rows_height(len(places), per_row=32, around=135),
            xaxis={
                "title": {"text": f"Gain per row ({numbers.unit}; to the right is better)"},
                "zeroline": True,
                "zerolinecolor": NEUTRAL,
            },
            yaxis={
                "tickmode": "array",
                "tickvals": places,
                "ticktext": [
                    escaped(shortened(_name(part), _LABEL_LENGTH)) for part in numbers.slices
                ],
                "range": [-0.6, max(0, len(places) - 1) + 0.6],
                "showgrid": False,
                "zeroline": False,
                "automargin": True,
            },
            shapes=[
                {
                    "type": "line",
                    "x0": numbers.overall,
                    "x1": numbers.overall,
                    "yref": "paper",
                    "y0": 0,
                    "y1": 1,
                    "line": {"color": NEUTRAL, "width": 1, "dash": "dot"},
                }
            ],
            legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        )
    )
    return figure, _finding(numbers)


def _name(part: RowSlice) -> str:
    return f"{part.column}: {part.label}"


def _mark(part: RowSlice, place: int, unit: str) -> go.Scatter:
    colour = _BETTER if part.gain >= 0 else _WORSE
    return go.Scatter(
        x=[part.gain],
        y=[place],
        mode="markers",
        marker={
            "symbol": "circle" if part.is_real else "circle-open",
            "size": 11,
            "color": colour,
            "line": {"width": 2, "color": colour},
        },
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [part.interval[1] - part.gain],
            "arrayminus": [part.gain - part.interval[0]],
            "color": faded(colour, 0.7),
            "thickness": 2,
            "width": 5,
        },
        hovertext=[_hover(part, unit)],
        hoverinfo="text",
        showlegend=False,
    )


def _hover(part: RowSlice, unit: str) -> str:
    low, high = part.interval
    return "<br>".join(
        (
            f"<b>{escaped(_name(part))}</b>",
            f"{say.counted(part.n_rows, 'row')}: {part.n_better:,} better, {part.n_worse:,} worse",
            f"Gain per row {_signed(part.gain)} {unit}, 95 % interval of this part alone "
            f"{_signed(low)} to {_signed(high)}",
            _luck(part),
        )
    )


def _luck(part: RowSlice) -> str:
    if part.p_adjusted is None:
        return "Too few rows change here to judge."
    return f"Probability of such a difference by luck, all parts counted: {part.p_adjusted:.2g}"


def _signed(value: float) -> str:
    sign = say.MINUS if value < 0 else "+"
    return f"{sign}{significant(abs(value), digits=2)}"


def _finding(numbers: RowSlicesNumbers) -> str:
    if not numbers.n_judged:
        return "In 0 parts of the rows do enough answers change to judge where the gain comes from."
    told = f"Of {say.counted(numbers.n_judged, 'part')} of the locked rows that were judged"
    real = [part for part in numbers.slices if part.is_real]
    if not real:
        return f"{told}, 0 gain or lose more than luck would show."
    names = [f"{_name(part)} ({_signed(part.gain)} {numbers.unit} per row)" for part in real]
    return f"{told}, {numbers.n_real} gain or lose beyond luck: {say.listed(names, most=3)}."
