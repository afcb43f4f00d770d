"""Which parameters of a search mattered: the share of the loss that each explains by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from modelling.charts.quantities import shortened
from modelling.charts.style import escaped, faded, family_colour, layout, rows_height
from modelling.charts.wording import listed

_NAME_LENGTH = 30
_PER_ROW_PX, _AROUND_PX = 26, 70


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportanceNumbers:
    """What the chart draws: (parameter, share) with the largest first.

    A share is None as long as too few trials have ended to tell.
    """

    title: str
    family: str
    shares: tuple[tuple[str, float | None], ...]


def importance_numbers(
    shares: Mapping[str, float], *, parameters: Sequence[str], title: str, family: str
) -> ImportanceNumbers:
    """Return the parameters of a study by importance.

    Parameters
    ----------
    shares : mapping of str to float
        Share of the variance of the ranked loss by parameter, 0 to 1; empty while it is unknown.
    parameters : sequence of str
        All that are searched, so that the chart keeps its size while it waits.
    """
    known = [(name, shares.get(name)) for name in parameters]
    ordered = sorted(known, key=lambda item: -1.0 if item[1] is None else -item[1])
    return ImportanceNumbers(title=title, family=family, shares=tuple(ordered))


def importance_figure(numbers: ImportanceNumbers) -> tuple[go.Figure, str]:
    """Return the figure and the sentence that states its finding."""
    colour = family_colour(numbers.family)
    names = [escaped(shortened(name, _NAME_LENGTH)) for name, _ in numbers.shares]
    rows = list(range(len(names)))
    bars = go.Bar(
        x=[share for _, share in numbers.shares],
        y=rows,
        orientation="h",
        marker={"color": faded(colour, 0.6), "line": {"color": colour, "width": 1}},
        text=["" if share is None else f"{share:.2f}" for _, share in numbers.shares],
        textposition="outside",
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
    )
    figure = go.Figure(bars)
    figure.update_layout(
        **layout(
            height=rows_height(len(rows), per_row=_PER_ROW_PX, around=_AROUND_PX),
            xaxis={
                "title": {"text": "Share of the variance of the ranked loss (0 to 1)"},
                "range": [0, 1.08],
                "tickvals": [0, 0.25, 0.5, 0.75, 1],
                "zeroline": False,
            },
            yaxis={
                "tickmode": "array",
                "tickvals": rows,
                "ticktext": names,
                "range": [len(rows) - 0.4, -0.6],
                "automargin": True,
                "showgrid": False,
            },
        )
    )
    if not _is_known(numbers):
        _say_too_early(figure)
    return figure, _finding(numbers)


def _is_known(numbers: ImportanceNumbers) -> bool:
    return any(share is not None for _, share in numbers.shares)


def _say_too_early(figure: go.Figure) -> None:
    figure.add_annotation(
        text="Too few trials have ended to tell.",
        x=0.5,
        y=0.5,
        xref="paper",
        yref="paper",
        showarrow=False,
    )


def _finding(numbers: ImportanceNumbers) -> str:
    if not _is_known(numbers):
        return f"Parameters of {numbers.title}: 0 are ranked, too few trials have ended to tell."
    first = [f"{name} ({share:.2f})" for name, share in numbers.shares[:3] if share is not None]
    return f"Parameters of {numbers.title} that explain most of the loss: {listed(first)}."
