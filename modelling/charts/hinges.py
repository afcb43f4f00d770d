"""What the verdict hangs on: how far each assumption moves the net, and where it would flip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from modelling.charts import wording as say
from modelling.charts.quantities import shortened
from modelling.charts.style import MONEY_AXIS, NEUTRAL, escaped, faded, layout, rows_height
from modelling.comparison.wording import significant
from modelling.economics.decision import SWING, Sensitivity
from modelling.economics.wording import assumption_label
from modelling.types import TaskSpec

MOST_HINGES = 8
_LESS, _MORE = "#c566a0", "#0079bd"
_NAME_LENGTH = 40
# Of the largest move: less is no bar to see.
_SEEN = 0.005


@dataclass(frozen=True, kw_only=True, slots=True)
class Hinge:
    """One assumption: the net with it halved and half more, and where the verdict flips."""

    label: str
    nets: tuple[float, float]
    flips: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HingesNumbers:
    """What the chart draws, what moves the net most first; ``net`` is where it stands."""

    net: float
    currency: str
    hinges: tuple[Hinge, ...]


def hinges_numbers(
    found: Sequence[Sensitivity], *, task: TaskSpec, net: float, currency: str
) -> HingesNumbers:
    """Return the assumptions that matter most, ``net`` is where the candidate stands."""
    hinges = [
        Hinge(label=assumption_label(task, one.assumption.name), nets=one.nets, flips=_flips(one))
        for one in found
        if _matters(one, max(other.swing for other in found))
    ]
    return HingesNumbers(net=net, currency=currency, hinges=tuple(hinges[:MOST_HINGES]))


def _matters(one: Sensitivity, largest: float) -> bool:
    """Return whether an assumption would be seen, or changes the verdict somewhere."""
    flips = one.flips.below is not None or one.flips.above is not None
    return flips or one.swing > _SEEN * largest


def _flips(one: Sensitivity) -> str:
    told = [
        f"{flip.verdict} {side} {significant(flip.value, digits=3)}"
        for side, flip in (("below", one.flips.below), ("above", one.flips.above))
        if flip is not None
    ]
    return say.listed(told) if told else "no value changes the verdict"


def hinges_figure(numbers: HingesNumbers) -> tuple[go.Figure, str]:
    """Return the figure and the sentence that states its finding."""
    places = list(range(len(numbers.hinges)))[::-1]
    figure = go.Figure()
    for side, (name, colour) in enumerate(
        ((f"{SWING:.0%} less", _LESS), (f"{SWING:.0%} more", _MORE))
    ):
        figure.add_trace(
            go.Bar(
                x=[hinge.nets[side] - numbers.net for hinge in numbers.hinges],
                base=numbers.net,
                y=places,
                orientation="h",
                marker={"color": faded(colour, 0.7)},
                name=name,
                hovertext=[_hover(hinge, side, name, numbers.currency) for hinge in numbers.hinges],
                hoverinfo="text",
            )
        )
    figure.update_layout(
        **layout(
            height=rows_height(len(places), per_row=34, around=130),
            # Side by side: where both moves change the net the same way, neither hides the other.
            barmode="group",
            bargap=0.3,
            xaxis={
                **MONEY_AXIS,
                "title": {
                    "text": f"Ahead of the base at the horizon's end ({escaped(numbers.currency)})"
                },
                "zeroline": True,
                "zerolinecolor": NEUTRAL,
            },
            yaxis={
                "tickmode": "array",
                "tickvals": places,
                "ticktext": [
                    escaped(shortened(hinge.label, _NAME_LENGTH)) for hinge in numbers.hinges
                ],
                "range": [-0.6, max(0, len(places) - 1) + 0.6],
                "automargin": True,
                "showgrid": False,
            },
            legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        )
    )
    return figure, _finding(numbers)


def _hover(hinge: Hinge, side: int, name: str, currency: str) -> str:
    net = say.money_text(hinge.nets[side], currency)
    return f"<b>{escaped(hinge.label)}</b>, {name}: {net}<br>{escaped(hinge.flips)}"


def _finding(numbers: HingesNumbers) -> str:
    if not numbers.hinges:
        return "0 assumptions move the net: nothing is priced yet."
    first = numbers.hinges[0]
    low, high = (say.money_text(net, numbers.currency) for net in first.nets)
    return (
        f"The net hangs most on {first.label}: {low} with half of it, {high} with half more; "
        f"{first.flips}."
    )
