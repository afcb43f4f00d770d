"""How alike the models answer: each pair as a cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from modelling.charts.panels import BAR_COLOUR
from modelling.charts.quantities import shortened
from modelling.charts.style import escaped, faded, layout
from modelling.comparison.answers import Answers
from modelling.comparison.curves import agreement

MOST_MODELS = 20
_MOST_WITH_FIGURES = 12
_NAME_LENGTH = 24
_CELL_PX = 30
_SCALE = [[0.0, faded(BAR_COLOUR, 0.04)], [1.0, faded(BAR_COLOUR, 0.8)]]


@dataclass(frozen=True, kw_only=True, slots=True)
class AgreementNumbers:
    """What the chart draws: ``alike`` (m, m), shares of equal labels or correlations.

    NaN stands where a model gives one answer to all rows.
    """

    models: tuple[str, ...]
    alike: tuple[tuple[float, ...], ...]
    is_share: bool
    n_rows: int


def agreement_numbers(answers: Answers) -> AgreementNumbers:
    """Return how alike each two models answer, of the first `MOST_MODELS`."""
    models = tuple(answers.predicted)[:MOST_MODELS]
    together = agreement(answers)
    return AgreementNumbers(
        models=models,
        alike=tuple(tuple(map(float, row[: len(models)])) for row in together[: len(models)]),
        is_share=answers.kind.is_classification,
        n_rows=len(answers.truth),
    )


def agreement_figure(numbers: AgreementNumbers) -> tuple[go.Figure, str]:
    """Return the figure and the sentence that states its finding."""
    size = len(numbers.models)
    labels = [escaped(shortened(model, _NAME_LENGTH)) for model in numbers.models]
    # A model has no cell with itself, so the first row and the last column stay out.
    columns, rows = list(range(max(1, size - 1))), list(range(1, max(2, size)))
    cells = [(i, j) for i in rows for j in columns if j < i < size]
    what = "Share of rows answered alike" if numbers.is_share else "Correlation of the answers"
    figure = go.Figure(_heatmap(numbers, columns, rows))
    if size <= _MOST_WITH_FIGURES:
        figure.add_trace(
            go.Scatter(
                x=[j for _, j in cells],
                y=[i for i, _ in cells],
                text=[_figure(numbers.alike[i][j]) for i, j in cells],
                mode="text",
                textfont={"size": 11},
                hoverinfo="skip",
                showlegend=False,
            )
        )
    axis = {"tickmode": "array", "showgrid": False, "zeroline": False, "automargin": True}
    figure.update_layout(
        **layout(
            height=150 + _CELL_PX * max(3, size),
            xaxis={
                **axis,
                "title": {"text": what},
                "tickvals": columns,
                "ticktext": labels[:-1],
                "tickangle": -45,
            },
            yaxis={
                **axis,
                "tickvals": rows,
                "ticktext": labels[1:],
                "range": [max(1, size - 1) + 0.5, 0.5],
            },
        )
    )
    return figure, _finding(numbers)


def _heatmap(numbers: AgreementNumbers, columns: list[int], rows: list[int]) -> go.Heatmap:
    size = len(numbers.models)
    drawn = [[numbers.alike[i][j] if j < i < size else None for j in columns] for i in rows]
    known = [value for row in drawn for value in row if value is not None and np.isfinite(value)]
    return go.Heatmap(
        x=columns,
        y=rows,
        z=drawn,
        hovertext=[
            [
                ""
                if i >= size
                else f"<b>{escaped(numbers.models[i])}</b> and "
                f"<b>{escaped(numbers.models[j])}</b>: {_figure(numbers.alike[i][j])}"
                for j in columns
            ]
            for i in rows
        ],
        hoverinfo="text",
        hoverongaps=False,
        zmin=min([*known, 0.5]),
        zmax=1.0,
        colorscale=_SCALE,
        showscale=False,
        xgap=1,
        ygap=1,
    )


def _figure(value: float) -> str:
    return f"{value:.2f}" if np.isfinite(value) else "–"


def _finding(numbers: AgreementNumbers) -> str:
    pairs = [
        (numbers.alike[i][j], numbers.models[j], numbers.models[i])
        for i in range(len(numbers.models))
        for j in range(i)
        if np.isfinite(numbers.alike[i][j])
    ]
    if not pairs:
        return f"No two models to compare on {numbers.n_rows:,} locked rows."
    most, least = max(pairs), min(pairs)
    unit = "of the rows answered alike" if numbers.is_share else "correlation"
    told = f"On {numbers.n_rows:,} locked rows, most alike: {most[1]} and {most[2]} "
    told += f"({_figure(most[0])} {unit})"
    if least[1:] != most[1:]:
        told += f"; least alike: {least[1]} and {least[2]} ({_figure(least[0])})"
    return f"{told}."
