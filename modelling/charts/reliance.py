"""What models go by: what their scores lose without a column, or how far it moves their answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import plotly.graph_objects as go

from modelling.charts import wording as say
from modelling.charts.quantities import shortened
from modelling.charts.style import NEUTRAL, escaped, faded, layout, rows_height
from modelling.charts.two_models import COLOURS, SYMBOLS
from modelling.comparison.wording import significant
from modelling.metrics.spec import MetricSpec
from modelling.types import ColumnWeight, Explanation

Measure = Literal["lost", "moved"]
MEASURES: dict[Measure, str] = {"lost": "Harm when shuffled", "moved": "Answers moved (SHAP)"}
MOST_COLUMNS = 12
_NAME_LENGTH = 34
# A loss within so many standard errors of zero may be none.
_SURE = 2.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Reliance:
    """One model's (value, standard error) by column; ``n_rows`` were asked about."""

    model: str
    values: Mapping[str, tuple[float, float]]
    n_rows: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RelianceNumbers:
    """What the chart draws: ``columns`` the heaviest first, ``unit`` what a value is counted in."""

    measure: Measure
    columns: tuple[str, ...]
    models: tuple[Reliance, ...]
    n_columns: int
    unit: str


def reliance_numbers(
    explanations: Mapping[str, Explanation],
    measure: Measure,
    *,
    metric: MetricSpec,
    output: int = 0,
) -> RelianceNumbers:
    """Return what the models go by most.

    Parameters
    ----------
    explanations : mapping of str to Explanation
        By label of the model.
    output : int
        Place of the answer that contributions are shown of.
    """
    found = list(explanations.values())
    models = tuple(
        Reliance(
            model=label,
            values={weight.column: _value(weight, measure, output) for weight in item.weights},
            n_rows=item.n_shuffled if measure == "lost" else item.n_explained,
        )
        for label, item in explanations.items()
    )
    columns = {name for model in models for name in model.values}
    order = sorted(columns, key=lambda name: (-max(_size(model, name) for model in models), name))
    moved = f"change of the answer for {found[0].outputs[output]}" if found else ""
    return RelianceNumbers(
        measure=measure,
        columns=tuple(order[:MOST_COLUMNS]),
        models=models,
        n_columns=len(columns),
        unit=metric.title if measure == "lost" else moved,
    )


def _value(weight: ColumnWeight, measure: Measure, output: int) -> tuple[float, float]:
    return (weight.lost, weight.spread) if measure == "lost" else (weight.shares[output], 0.0)


def _size(model: Reliance, column: str) -> float:
    return model.values.get(column, (0.0, 0.0))[0]


def reliance_figure(numbers: RelianceNumbers) -> tuple[go.Figure, str]:
    """Return the figure and the sentence that states its finding."""
    figure = go.Figure()
    places = list(range(len(numbers.columns)))
    for i, model in enumerate(numbers.models):
        figure.add_trace(_marks(numbers, model, i))
    title = (
        f"Harm to {numbers.unit} when the column is shuffled"
        if numbers.measure == "lost"
        else f"Mean {numbers.unit} by the column (absolute SHAP value)"
    )
    figure.update_layout(
        **layout(
            height=rows_height(len(places), per_row=30, around=130),
            xaxis={"title": {"text": title}, "zeroline": True, "zerolinecolor": NEUTRAL},
            yaxis={
                "tickmode": "array",
                "tickvals": places,
                "ticktext": [escaped(shortened(name, _NAME_LENGTH)) for name in numbers.columns],
                "range": [max(0, len(places) - 1) + 0.6, -0.6],
                "zeroline": False,
                "automargin": True,
            },
            legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        )
    )
    return figure, _finding(numbers)


def _marks(numbers: RelianceNumbers, model: Reliance, i: int) -> go.Scatter:
    values = [model.values.get(name, (None, 0.0)) for name in numbers.columns]
    # Beside each other, so that equal models do not hide each other.
    shift = 0.14 * (2 * i - (len(numbers.models) - 1))
    return go.Scatter(
        x=[value for value, _ in values],
        y=[place + shift for place in range(len(values))],
        mode="markers",
        name=escaped(model.model),
        marker={"size": 10, "color": COLOURS[i], "symbol": SYMBOLS[i]},
        error_x={
            "type": "data",
            "array": [_SURE * spread for _, spread in values],
            "color": faded(COLOURS[i], 0.7),
            "thickness": 2,
            "width": 4,
            "visible": numbers.measure == "lost",
        },
        hovertext=[
            f"<b>{escaped(name)}</b>, {escaped(model.model)}: {_amount(value)}"
            for name, (value, _) in zip(numbers.columns, values, strict=True)
        ],
        hoverinfo="text",
    )


def _amount(value: float | None) -> str:
    if value is None:
        return say.MISSING
    sign = say.MINUS if value < 0 else ""
    return f"{sign}{significant(abs(value), digits=3)}"


def _finding(numbers: RelianceNumbers) -> str:
    parts = []
    for model in numbers.models:
        first = sorted(model.values, key=lambda name: -_size(model, name))[:3]
        told = [f"{name} ({_amount(_size(model, name))})" for name in first]
        parts.append(f"{model.model} goes by {say.listed(told)}")
    asked = f"On {numbers.models[0].n_rows:,} locked rows" if numbers.models else "On 0 rows"
    unused = sum(
        all(_is_nothing(model.values.get(name, (0.0, 0.0))) for model in numbers.models)
        for name in {name for model in numbers.models for name in model.values}
    )
    text = f"{asked}, in {numbers.unit}: {'; '.join(parts) or 'no model was asked'}."
    if numbers.measure == "lost" and unused:
        text += f" {say.counted(unused, 'column')} of {numbers.n_columns} may do nothing for them."
    return text


def _is_nothing(value: tuple[float, float]) -> bool:
    return value[0] <= _SURE * value[1]
