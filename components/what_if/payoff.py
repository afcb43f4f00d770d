"""What answers are worth: a number for each outcome, with a stake where the data has one."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from components.text import plain
from modelling.charts.wording import class_names, outcome_label
from modelling.types import Payoff, TaskKind, TaskSpec
from modelling.workbench import usual_payoffs

_BINARY = ((1, 1), (1, 0), (0, 1), (0, 0))
_MISSED = "what_if_missed_stake"
_BEGUN = "what_if_begun"


def keys(task: TaskSpec) -> list[str]:
    """Return the keys of the widgets, which start again with another scenario."""
    if task.kind is TaskKind.MULTICLASS:
        return ["what_if_outcomes"]
    if task.kind is TaskKind.REGRESSION:
        return ["what_if_over", "what_if_under"]
    return [*(f"what_if_outcome_{i}_{j}" for i, j in _BINARY), _MISSED]


def begun_with(task: TaskSpec, stored: Payoff, scenario: object) -> Payoff:
    """Return what the draft begins with: the usual payoff that was chosen, else the stored one."""
    of, title = st.session_state.get(_BEGUN, (None, ""))
    if of != scenario:
        return stored
    return next((usual.payoff for usual in usual_payoffs(task) if usual.title == title), stored)


def begin(task: TaskSpec, scenario: object) -> None:
    """Draw payoffs to begin with, a click each."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("Begin with", width="content")
        for i, usual in enumerate(usual_payoffs(task)):
            st.button(
                plain(usual.title),
                key=f"what_if_begin_{i}",
                on_click=_begin,
                args=(scenario, usual.title),
                help="Round numbers to begin with: put your own in their place below.",
            )


def _begin(scenario: object, title: str) -> None:
    st.session_state[_BEGUN] = (scenario, title)
    # Once more from the beginning, even where this one was chosen before and then changed.
    st.session_state.pop("what_if_payoff_basis", None)


def show(task: TaskSpec, payoff: Payoff, currency: str) -> Payoff:
    """Draw the numbers and return what they say; a cost is negative."""
    if task.kind is TaskKind.BINARY:
        return _binary(task, payoff, currency)
    if task.kind is TaskKind.MULTICLASS:
        return _classes(task, payoff, currency)
    return _errors(task, payoff, currency)


def _binary(task: TaskSpec, payoff: Payoff, currency: str) -> Payoff:
    values = [list(row) for row in payoff.outcomes or ((0.0, 0.0), (0.0, 0.0))]
    stakes = [list(row) for row in payoff.stakes or ((0.0, 0.0), (0.0, 0.0))]
    with st.grid(5, min_column_width=170):
        for i, j in _BINARY:
            label = f"{outcome_label(task, i, j)}, {currency}"
            words = "What one such answer is worth; a cost is negative."
            values[i][j] = _number(label, f"what_if_outcome_{i}_{j}", values[i][j], words)
        if task.stake is not None:
            lost = _number(
                f"of its {task.stake}, lost when missed",
                _MISSED,
                -stakes[1][0],
                f"1: a missed {class_names(task)[1]} costs the whole {task.stake} of its row, "
                "besides the amount before.",
            )
            stakes[1][0] = -lost
    has_stakes = any(cell for row in stakes for cell in row)
    return Payoff(
        outcomes=tuple(map(tuple, values)),
        stakes=tuple(map(tuple, stakes)) if has_stakes else (),
    )


def _classes(task: TaskSpec, payoff: Payoff, currency: str) -> Payoff:
    n = len(task.classes)
    values = payoff.outcomes or ((0.0,) * n,) * n
    st.caption(
        f"What one answer is worth, {currency}: rows are the truth, columns the answer; a cost is "
        "negative."
    )
    # The editor keeps what was typed as changes to this frame, which must stay the same.
    frame = pd.DataFrame(values, index=task.classes, columns=task.classes, dtype="float64")
    edited = st.data_editor(frame, key="what_if_outcomes", width="stretch")
    cells: Any = edited.fillna(0.0).to_numpy(dtype="float64").tolist()
    return Payoff(outcomes=tuple(map(tuple, cells)), stakes=payoff.stakes)


def _errors(task: TaskSpec, payoff: Payoff, currency: str) -> Payoff:
    with st.grid(2, min_column_width=240, width=560):
        over = _number(
            f"A unit of {task.target} too high, {currency}",
            "what_if_over",
            payoff.over,
            "What predicting one unit too high is worth; a cost is negative.",
        )
        under = _number(
            f"A unit of {task.target} too low, {currency}",
            "what_if_under",
            payoff.under,
            "What predicting one unit too low is worth; a cost is negative.",
        )
    return Payoff(over=over, under=under)


def _number(label: str, key: str, value: float, words: str) -> float:
    if key not in st.session_state:
        st.session_state[key] = float(value)
    return float(st.number_input(label, step=1.0, format="%.4g", key=key, help=words))
