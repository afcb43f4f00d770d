"""Which columns go together: all pairs as a triangle of cells, the target first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import plotly.graph_objects as go

from modelling.charts.panels import BAR_COLOUR
from modelling.charts.quantities import shortened
from modelling.charts.style import escaped, faded, layout
from modelling.charts.wording import MISSING, counted, listed
from modelling.types import Profile

# Beyond that, figures in cells would touch each other.
_MOST_WITH_FIGURES = 16
_NAME_LENGTH = 26
_CELL_PX = 24
# What shows through stays the background of the page, so that the page's text colour is legible.
_SCALE = [[0.0, faded(BAR_COLOUR, 0.04)], [1.0, faded(BAR_COLOUR, 0.8)]]


@dataclass(frozen=True, kw_only=True, slots=True)
class AssociationNumbers:
    """Associations from 0 to 1; ``matrix`` is (n_names, n_names), the target comes first."""

    target: str | None
    names: tuple[str, ...]
    matrix: tuple[tuple[float | None, ...], ...]
    n_columns: int

    def pairs(self) -> Iterator[tuple[int, int, float]]:
        """Yield each pair once with its association, where there is one."""
        for i in range(len(self.names)):
            for j in range(i):
                value = self.matrix[i][j]
                if value is not None:
                    yield i, j, value


def association_numbers(profile: Profile) -> AssociationNumbers:
    """Return the associations of the columns that are most related to the target."""
    return AssociationNumbers(
        target=profile.target,
        names=profile.associations.names,
        matrix=profile.associations.matrix,
        n_columns=len(profile.columns),
    )


def association_figure(numbers: AssociationNumbers) -> tuple[go.Figure, str]:
    """Return the figure and the sentence that states its finding."""
    size = len(numbers.names)
    if not any(numbers.pairs()):
        return _nothing(), _finding(numbers)
    # A column has no cell with itself, so the first row and the last column stay out.
    columns, rows = list(range(size - 1)), list(range(1, size))
    figure = go.Figure(_cells(numbers, columns, rows))
    if size <= _MOST_WITH_FIGURES:
        figure.add_trace(_figures(numbers))
    labels = [escaped(shortened(name, _NAME_LENGTH)) for name in numbers.names]
    axis = {"tickmode": "array", "showgrid": False, "zeroline": False, "automargin": True}
    figure.update_layout(
        **layout(
            height=170 + _CELL_PX * max(4, size),
            xaxis={
                **axis,
                "title": {"text": "Association from 0 (none) to 1 (one tells the other)"},
                "tickvals": columns,
                "ticktext": labels[:-1],
                "tickangle": -45,
                "range": [-0.5, size - 1.5],
            },
            yaxis={
                **axis,
                "tickvals": rows,
                "ticktext": labels[1:],
                "range": [size - 0.5, 0.5],
            },
        )
    )
    return figure, _finding(numbers)


def _nothing() -> go.Figure:
    figure = go.Figure()
    figure.add_annotation(
        text="There is no pair of columns to measure.",
        x=0.5,
        y=0.5,
        xref="paper",
        yref="paper",
        showarrow=False,
    )
    hidden = {"visible": False}
    figure.update_layout(**layout(height=120, xaxis=hidden, yaxis=hidden))
    return figure


def _cells(numbers: AssociationNumbers, columns: list[int], rows: list[int]) -> go.Heatmap:
    names = [escaped(name) for name in numbers.names]
    return go.Heatmap(
        x=columns,
        y=rows,
        z=[[numbers.matrix[i][j] if j < i else None for j in columns] for i in rows],
        hovertext=[
            [_hover(names[j], names[i], numbers.matrix[i][j]) for j in columns] for i in rows
        ],
        hoverinfo="text",
        hoverongaps=False,
        zmin=0.0,
        zmax=1.0,
        colorscale=_SCALE,
        colorbar={"thickness": 12, "len": 0.8, "tickvals": [0, 0.5, 1], "outlinewidth": 0},
        xgap=1,
        ygap=1,
    )


def _figures(numbers: AssociationNumbers) -> go.Scatter:
    pairs = list(numbers.pairs())
    return go.Scatter(
        x=[j for _, j, _ in pairs],
        y=[i for i, _, _ in pairs],
        text=[f"{value:.2f}" for _, _, value in pairs],
        mode="text",
        textfont={"size": 11},
        hoverinfo="skip",
        showlegend=False,
    )


def _hover(first: str, second: str, value: float | None) -> str:
    text = MISSING if value is None else f"{value:.2f}"
    return f"<b>{first}</b> and <b>{second}</b>: {text}"


def _finding(numbers: AssociationNumbers) -> str:
    names = [shortened(name, 40) for name in numbers.names]
    pairs = sorted(numbers.pairs(), key=lambda pair: -pair[2])
    if not pairs:
        return f"Associations of {counted(numbers.n_columns, 'column')}: no pair can be measured."
    with_target = [f"{names[i]} ({value:.2f})" for i, j, value in pairs if j == 0][:3]
    others = [(i, j, value) for i, j, value in pairs if j > 0][:1]
    told = f"Associations of {len(names)} of {counted(numbers.n_columns, 'column')}."
    if with_target:
        told += f" Closest to {names[0]}: {listed(with_target)}."
    for i, j, value in others:
        told += f" Closest to each other: {names[j]} and {names[i]} ({value:.2f})."
    return told
