"""What one row is answered along the values of a column, by two models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from modelling.charts import wording as say
from modelling.charts.style import NEUTRAL, escaped, layout
from modelling.charts.two_models import COLOURS, DASHES, SYMBOLS
from modelling.comparison.wording import significant
from modelling.types import TaskKind, TaskSpec


@dataclass(frozen=True, kw_only=True, slots=True)
class OneRowNumbers:
    """What the chart draws: (label, answers) along ``values``; ``here`` is the row's own value."""

    column: str
    answer: str
    values: tuple[float | str, ...]
    here: float | str | None
    lines: tuple[tuple[str, tuple[float, ...]], ...]


def one_row_numbers(
    answers: Mapping[str, tuple[Sequence[Any], np.ndarray]],
    column: str,
    *,
    task: TaskSpec,
    value: Any,
) -> OneRowNumbers:
    """Return the answers for one row along a column.

    Parameters
    ----------
    answers : mapping of str to (values, array of shape (n_values, n_outputs))
        By label of the model; the values are the same for all.
    value : Any
        What stands in the row itself.
    """
    place = _output(task, [found for _, found in answers.values()])
    what = (
        f"Probability of {say.class_names(task)[place]}"
        if task.classes
        else f"Predicted {task.target}"
    )
    values = next((known for known, _ in answers.values()), ())
    return OneRowNumbers(
        column=column,
        answer=what,
        values=tuple(map(_plain, values)),
        here=_plain(value),
        lines=tuple(
            (label, tuple(map(float, found[:, place]))) for label, (_, found) in answers.items()
        ),
    )


def _output(task: TaskSpec, answers: list[np.ndarray]) -> int:
    """Return which answer is drawn: the positive class, or the one most probable on the way."""
    if task.kind is TaskKind.BINARY:
        return 1
    return int(np.mean(answers, axis=(0, 1)).argmax()) if task.classes and answers else 0


def _plain(value: Any) -> float | str:
    if isinstance(value, (bool, np.bool_)):
        return str(value)
    if isinstance(value, (int, float, np.number)):
        return float(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def one_row_figure(numbers: OneRowNumbers) -> tuple[go.Figure, str]:
    """Return the figure and the sentence that states its finding."""
    is_text = any(isinstance(value, str) for value in numbers.values)
    figure = go.Figure(
        [
            go.Scatter(
                x=[escaped(v) if isinstance(v, str) else v for v in numbers.values],
                y=answers,
                mode="markers" if is_text else "lines+markers",
                name=escaped(label),
                line={"color": COLOURS[i], "width": 2.5, "dash": DASHES[i]},
                marker={"size": 9 if is_text else 6, "symbol": SYMBOLS[i], "color": COLOURS[i]},
                hovertext=[
                    f"<b>{escaped(label)}</b><br>{escaped(numbers.column)} = {escaped(value)}: "
                    f"{significant(answer, digits=3)}"
                    for value, answer in zip(numbers.values, answers, strict=True)
                ],
                hoverinfo="text",
            )
            for i, (label, answers) in enumerate(numbers.lines)
        ]
    )
    figure.update_layout(
        **layout(
            height=340,
            xaxis={"title": {"text": escaped(numbers.column)}, "zeroline": False},
            yaxis={"title": {"text": escaped(numbers.answer)}, "zeroline": False},
            legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        )
    )
    if isinstance(numbers.here, float) and np.isfinite(numbers.here) and not is_text:
        figure.add_vline(x=numbers.here, line={"color": NEUTRAL, "width": 1, "dash": "dot"})
    return figure, _finding(numbers)


def _finding(numbers: OneRowNumbers) -> str:
    parts = [
        f"{label} from {_short(min(answers))} to {_short(max(answers))}"
        for label, answers in numbers.lines
        if answers
    ]
    return f"{numbers.answer} of this row along {numbers.column}: {'; '.join(parts) or '0 values'}."


def _short(value: float) -> str:
    return significant(value, digits=3)
