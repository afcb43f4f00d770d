"""Confusion matrices side by side: which classes a base and a candidate take for which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from modelling.charts.panels import BAR_COLOUR
from modelling.charts.quantities import shortened
from modelling.charts.style import escaped, faded, layout
from modelling.comparison.answers import Answers
from modelling.comparison.curves import confusion

MOST_CLASSES = 20
# Beyond that, figures in cells would touch each other.
_MOST_WITH_FIGURES = 10
_LABEL_LENGTH = 16
_SCALE = [[0.0, faded(BAR_COLOUR, 0.04)], [1.0, faded(BAR_COLOUR, 0.8)]]


@dataclass(frozen=True, kw_only=True, slots=True)
class ConfusionNumbers:
    """Counts by model, true class and answer, of the largest classes; ``n_left_out`` are not."""

    classes: tuple[str, ...]
    models: tuple[str, ...]
    counts: tuple[tuple[tuple[int, ...], ...], ...]
    n_left_out: int


def confusion_numbers(answers: Answers) -> ConfusionNumbers:
    """Return the matrix of each model that ``answers`` holds, the first two of them."""
    models = tuple(answers.predicted)[:2]
    n_classes = len(answers.classes)
    matrices = [confusion(answers.truth, answers.labels(model), n_classes) for model in models]
    sizes = matrices[0].sum(axis=1)
    kept = sorted(sorted(range(n_classes), key=lambda k: -int(sizes[k]))[:MOST_CLASSES])
    return ConfusionNumbers(
        classes=tuple(answers.classes[k] for k in kept),
        models=models,
        counts=tuple(
            tuple(tuple(int(matrix[i, j]) for j in kept) for i in kept) for matrix in matrices
        ),
        n_left_out=n_classes - len(kept),
    )


def confusion_figure(numbers: ConfusionNumbers) -> tuple[go.Figure, str]:
    """Return the figure and the sentence that states its finding."""
    size = len(numbers.classes)
    labels = [escaped(shortened(label, _LABEL_LENGTH)) for label in numbers.classes]
    figure = go.Figure()
    axes: dict[str, Any] = {}
    for place, model in enumerate(numbers.models):
        suffix = "" if place == 0 else str(place + 1)
        figure.add_trace(_cells(numbers, place, f"x{suffix}"))
        if size <= _MOST_WITH_FIGURES:
            figure.add_trace(_figures(numbers.counts[place], f"x{suffix}"))
        low, high = _domain(place, len(numbers.models))
        axes[f"xaxis{suffix}"] = {
            "domain": [low, high],
            "title": {"text": f"Answered by {escaped(model)}"},
            "tickmode": "array",
            "tickvals": list(range(size)),
            "ticktext": labels,
            "showgrid": False,
            "zeroline": False,
        }
    figure.update_layout(
        **layout(
            height=150 + max(140, 32 * size),
            yaxis={
                "title": {"text": "True class"},
                "tickmode": "array",
                "tickvals": list(range(size)),
                "ticktext": labels,
                "range": [size - 0.5, -0.5],
                "showgrid": False,
                "zeroline": False,
                "automargin": True,
            },
            **axes,
        )
    )
    return figure, _finding(numbers)


def _domain(place: int, n_models: int) -> tuple[float, float]:
    width = 1 / n_models
    return place * width + 0.02, (place + 1) * width - 0.02


def _cells(numbers: ConfusionNumbers, place: int, x_axis: str) -> go.Heatmap:
    """Return a matrix whose colours are shares of the true class, so that rare ones show."""
    counts = numbers.counts[place]
    totals = [max(1, sum(row)) for row in counts]
    size = range(len(counts))
    return go.Heatmap(
        x=list(size),
        y=list(size),
        z=[[counts[i][j] / totals[i] for j in size] for i in size],
        hovertext=[
            [
                f"<b>{escaped(numbers.models[place])}</b><br>{counts[i][j]:,} of "
                f"{totals[i]:,} rows that are {escaped(numbers.classes[i])} were called "
                f"{escaped(numbers.classes[j])} ({counts[i][j] / totals[i]:.1%})"
                for j in size
            ]
            for i in size
        ],
        hoverinfo="text",
        xaxis=x_axis,
        zmin=0.0,
        zmax=1.0,
        colorscale=_SCALE,
        showscale=False,
        xgap=1,
        ygap=1,
    )


def _figures(counts: tuple[tuple[int, ...], ...], x_axis: str) -> go.Scatter:
    cells = [(i, j) for i in range(len(counts)) for j in range(len(counts))]
    return go.Scatter(
        x=[j for _, j in cells],
        y=[i for i, _ in cells],
        text=[f"{counts[i][j]:,}" for i, j in cells],
        mode="text",
        hoverinfo="skip",
        showlegend=False,
        xaxis=x_axis,
    )


def _finding(numbers: ConfusionNumbers) -> str:
    parts = []
    for model, counts in zip(numbers.models, numbers.counts, strict=True):
        right = sum(counts[k][k] for k in range(len(counts)))
        parts.append(f"{model} answers {right:,} of {sum(map(sum, counts)):,} rows rightly")
    rest = f"; {numbers.n_left_out} small classes left out" if numbers.n_left_out else ""
    return f"{'; '.join(parts)}{rest}."
