"""The whole bill of a model over the horizon, from preparing the data to the last answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from modelling.charts import wording as say
from modelling.charts.style import MONEY_AXIS, NEUTRAL, escaped, faded, layout, rows_height
from modelling.economics.bill import PARTS, Bill

_SHADES = (
    "#858585",
    "#2f9dc4",
    "#d55e00",
    "#c566a0",
    "#b57b00",
    "#00966d",
    "#0079bd",
    "#8a6fd1",
    "#7f8a00",
)
_COLOURS = dict(zip(PARTS, _SHADES, strict=True))


@dataclass(frozen=True, kw_only=True, slots=True)
class BillNumbers:
    """What the chart draws: one stack a model."""

    bills: tuple[Bill, ...]
    currency: str
    months: float


def bill_numbers(bills: Sequence[Bill], *, currency: str, months: float) -> BillNumbers:
    """Return the bills in their order."""
    return BillNumbers(bills=tuple(bills), currency=currency, months=months)


def bill_figure(numbers: BillNumbers) -> tuple[go.Figure, str]:
    """Return the figure and the sentence that states its finding."""
    places = list(range(len(numbers.bills)))[::-1]
    figure = go.Figure()
    for part in PARTS:
        amounts = [bill.parts[part] for bill in numbers.bills]
        if any(amounts):
            figure.add_trace(
                go.Bar(
                    x=amounts,
                    y=places,
                    orientation="h",
                    marker={"color": faded(_COLOURS[part], 0.8)},
                    name=part,
                    hovertext=[
                        f"<b>{escaped(bill.label)}</b><br>{part}: "
                        f"{say.money_text(bill.parts[part], numbers.currency)} of "
                        f"{say.money_text(bill.total, numbers.currency)}"
                        for bill in numbers.bills
                    ],
                    hoverinfo="text",
                )
            )
    figure.update_layout(
        **layout(
            height=rows_height(len(places), per_row=44, around=140),
            barmode="stack",
            bargap=0.4,
            xaxis={
                **MONEY_AXIS,
                "title": {
                    "text": f"Costs over {numbers.months:g} months ({escaped(numbers.currency)})"
                },
                "rangemode": "tozero",
                "zerolinecolor": NEUTRAL,
            },
            yaxis={
                "tickmode": "array",
                "tickvals": places,
                "ticktext": [escaped(bill.label) for bill in numbers.bills],
                "range": [-0.6, max(0, len(places) - 1) + 0.6],
                "automargin": True,
                "showgrid": False,
            },
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


def _finding(numbers: BillNumbers) -> str:
    if not numbers.bills:
        return "The costs of 0 models are known."
    parts = []
    for bill in numbers.bills:
        largest = max(PARTS, key=lambda part: bill.parts[part])
        parts.append(
            f"{bill.label} {say.money_text(bill.total, numbers.currency)}, most of it {largest}"
        )
    return f"Over {numbers.months:g} months: {'; '.join(parts)}."
