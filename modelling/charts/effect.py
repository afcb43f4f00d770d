"""How answers go with one column: the mean answer along its values, and single rows around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import plotly.graph_objects as go

from modelling.charts import wording as say
from modelling.charts.style import escaped, faded, layout
from modelling.charts.two_models import COLOURS, DASHES, SYMBOLS
from modelling.comparison.wording import significant
from modelling.types import ColumnEffect, Explanation, ParamValue


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """One model's mean answers along the values, and (value, contribution) of single rows.

    A contribution is drawn around ``centre``, the mean of the mean answers.
    """

    model: str
    values: tuple[ParamValue, ...]
    means: tuple[float, ...]
    rows: tuple[tuple[ParamValue, float], ...]

    @property
    def centre(self) -> float:
        """What contributions are drawn around."""
        return sum(self.means) / len(self.means) if self.means else 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class EffectNumbers:
    """What the chart draws for a column; ``answer`` names what goes up."""

    column: str
    answer: str
    effects: tuple[Effect, ...]


def effect_numbers(
    explanations: Mapping[str, Explanation], column: str, *, answer: str, output: int = 0
) -> EffectNumbers:
    """Return how the models' answers go with a column.

    Parameters
    ----------
    explanations : mapping of str to Explanation
        By label of the model; one that goes little by the column has nothing to draw.
    answer : str
        Title of the axis: "Probability of yes", "Predicted price".
    output : int
        Place of the answer among those that are explained.
    """
    found = {
        label: next((item for item in known.effects if item.column == column), None)
        for label, known in explanations.items()
    }
    return EffectNumbers(
        column=column,
        answer=answer,
        effects=tuple(_effect(label, item, output) for label, item in found.items()),
    )


def _effect(label: str, item: ColumnEffect | None, output: int) -> Effect:
    if item is None:
        return Effect(model=label, values=(), means=(), rows=())
    return Effect(
        model=label,
        values=item.values,
        means=item.means[output] if item.means else (),
        rows=tuple(zip(item.own, item.amounts[output], strict=True)),
    )


def effect_figure(numbers: EffectNumbers) -> tuple[go.Figure, str]:
    """Return the figure and the sentence that states its finding."""
    figure = go.Figure()
    for i, effect in enumerate(numbers.effects):
        figure.add_trace(_rows(effect, i))
        figure.add_trace(_line(numbers, effect, i))
    along = [value for effect in numbers.effects for value in effect.values]
    is_text = any(isinstance(value, str) for value in along)
    figure.update_layout(
        **layout(
            height=400,
            xaxis={
                "title": {"text": escaped(numbers.column)},
                "type": "category" if is_text and not _are_dates(along) else "-",
                "zeroline": False,
            },
            yaxis={"title": {"text": escaped(numbers.answer)}, "zeroline": False},
            legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        )
    )
    return figure, _finding(numbers)


def _are_dates(values: list[ParamValue]) -> bool:
    return all(isinstance(value, str) and value[4:5] == "-" and "T" in value for value in values)


def _line(numbers: EffectNumbers, effect: Effect, i: int) -> go.Scatter:
    is_text = any(isinstance(value, str) for value in effect.values)
    return go.Scatter(
        x=list(map(_drawn, effect.values)),
        y=list(effect.means),
        mode="markers" if is_text and not _are_dates(list(effect.values)) else "lines+markers",
        name=escaped(f"{effect.model}: mean"),
        line={"color": COLOURS[i], "width": 2.5, "dash": DASHES[i]},
        marker={"size": 8, "symbol": SYMBOLS[i], "color": COLOURS[i]},
        hovertext=[
            f"<b>{escaped(effect.model)}</b><br>{escaped(numbers.column)} = {escaped(value)}: "
            f"{significant(mean, digits=3)}"
            for value, mean in zip(effect.values, effect.means, strict=True)
        ],
        hoverinfo="text",
    )


def _drawn(value: ParamValue) -> ParamValue:
    """Return a value as an axis takes it: text is read as HTML."""
    return escaped(value) if isinstance(value, str) else value


def _rows(effect: Effect, i: int) -> go.Scatter:
    known = [(value, amount) for value, amount in effect.rows if value is not None]
    return go.Scatter(
        x=[_drawn(value) for value, _ in known] if effect.means else [],
        y=[effect.centre + amount for _, amount in known] if effect.means else [],
        mode="markers",
        name=escaped(f"{effect.model}: single rows (SHAP)"),
        marker={"size": 5, "color": faded(COLOURS[i], 0.45), "symbol": SYMBOLS[i]},
        hoverinfo="skip",
    )


def _finding(numbers: EffectNumbers) -> str:
    drawn = [effect for effect in numbers.effects if effect.means]
    if not drawn:
        return f"{numbers.column} moves no answer enough to follow it along 1 or more values."
    parts = []
    for effect in drawn:
        low, high = min(effect.means), max(effect.means)
        at_low = effect.values[effect.means.index(low)]
        at_high = effect.values[effect.means.index(high)]
        parts.append(
            f"by {effect.model} from {_number(low)} at {_value(at_low)} to {_number(high)} at "
            f"{_value(at_high)}"
        )
    return f"{numbers.answer} along {numbers.column}: {'; '.join(parts)}."


def _number(value: float) -> str:
    sign = say.MINUS if value < 0 else ""
    return sign + significant(abs(value), digits=3)


def _value(value: ParamValue) -> str:
    return _number(value) if isinstance(value, float) else str(value)
