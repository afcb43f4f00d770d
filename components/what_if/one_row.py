"""One row: change its values and see what base and candidate answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from components import chart_panel, errors, state
from components.text import plain
from components.what_if import asked
from modelling.charts.wording import class_names, listed, number_text
from modelling.types import Experiment, ModelResult, TaskKind
from modelling.workbench import Workbench

if TYPE_CHECKING:
    import numpy as np

    from modelling.workbench import Pair

_ROW, _COLUMNS, _ALONG = "what_if_row", "what_if_columns", "what_if_along"
_FEW = 6
_MOST_CHOICES = 200
# Locked rows whose values are offered.
_USUAL = 1_000


def show(bench: Workbench, experiment: Experiment, pair: Pair) -> None:
    """Draw the row, its values to change, and the answers of both models."""
    st.subheader("One row")
    st.caption("Change what stands in a locked row, or type one of your own: both models answer.")
    place = _place(experiment)
    known = asked.locked_rows(bench, experiment, (place,))
    columns = state.multiselect(
        "Columns to change",
        list(experiment.task.features),
        key=_COLUMNS,
        default=list(experiment.task.features[:_FEW]),
    )
    state.begin_draft(
        "what_if_row_basis",
        (experiment.id, place),
        [_key(name) for name in experiment.task.features],
    )
    changed = _changed(bench, experiment, known, columns)
    both = (pair.base, pair.candidate)
    with errors.shown():
        _answers(experiment, asked.before_and_after(bench, experiment, both, known, changed))
        if columns:
            _along(bench, experiment, both, changed, columns)


def _place(experiment: Experiment) -> int:
    number = st.number_input(
        f"Locked row, 1 to {experiment.n_test:,}",
        min_value=1,
        max_value=experiment.n_test,
        value=1,
        step=1,
        key=_ROW,
        width=240,
    )
    return int(number or 1) - 1


def _key(name: str) -> str:
    return f"what_if_value_{name}"


def _changed(
    bench: Workbench, experiment: Experiment, known: pd.DataFrame, columns: list[str]
) -> pd.DataFrame:
    """Draw a widget for each column, and return the row with their values."""
    changed = known.copy()
    first = tuple(range(min(experiment.n_test, _USUAL)))
    usual = asked.locked_rows(bench, experiment, first)
    with st.grid(4, min_column_width=180):
        for name in columns:
            value = _widget(name, known[name].iloc[0], usual[name])
            changed[name] = pd.Series([value], dtype=known[name].dtype)
    return changed


def _widget(name: str, value: Any, usual: pd.Series) -> Any:
    """Draw the widget that suits a column and return its value; empty stands for missing."""
    missing = pd.isna(value)
    if pd.api.types.is_bool_dtype(usual.dtype):
        return st.toggle(plain(name), value=bool(value) and not missing, key=_key(name))
    if pd.api.types.is_numeric_dtype(usual.dtype):
        start = None if missing else float(value)
        found = st.number_input(plain(name), value=start, key=_key(name), format="%.6g")
        whole = pd.api.types.is_integer_dtype(usual.dtype)
        return pd.NA if found is None else round(found) if whole else found
    if pd.api.types.is_datetime64_any_dtype(usual.dtype):
        typed = st.datetime_input(
            plain(name), value=None if missing else value.to_pydatetime(), key=_key(name)
        )
        return pd.NaT if typed is None else pd.Timestamp(typed)
    choices = [str(item) for item in usual.dropna().unique()]
    if len(choices) <= _MOST_CHOICES and usual.dropna().astype("str").str.len().max() <= 60:
        options = list(dict.fromkeys([*([] if missing else [str(value)]), *choices]))
        index = None if missing else options.index(str(value))
        return st.selectbox(
            plain(name), options, index=index, key=_key(name), accept_new_options=True
        )
    return st.text_area(plain(name), value="" if missing else str(value), key=_key(name))


def _answers(experiment: Experiment, answers: dict[str, tuple[np.ndarray, np.ndarray]]) -> None:
    figures = st.grid(2, min_column_width=240)
    for label, (before, after) in answers.items():
        text, was = _told(experiment, after), _told(experiment, before)
        delta = "as it stands" if text == was else f"was {was}"
        figures.metric(plain(label), text, delta=delta, delta_color="off", delta_arrow="off")


def _told(experiment: Experiment, answer: np.ndarray) -> str:
    task = experiment.task
    if not task.kind.is_classification:
        return number_text(float(answer[0, 0]))
    place = 1 if task.kind is TaskKind.BINARY else int(answer[0].argmax())
    return f"{class_names(task)[place]}: {100 * answer[0, place]:.1f} %"


def _along(
    bench: Workbench,
    experiment: Experiment,
    rows: tuple[ModelResult, ModelResult],
    changed: pd.DataFrame,
    columns: list[str],
) -> None:
    column = state.select("Follow a column", columns, key=_ALONG, default=columns[0])
    along = asked.along(bench, experiment, rows, changed, column)
    found = {label: (one.values, one.answers) for label, one in along.items()}
    if not all(values for values, _ in found.values()):
        st.caption(f"No locked row has a value of {plain(listed([column]))} to follow.")
        return
    spec = chart_panel.chart("one_row")
    numbers = spec.numbers(found, column, task=experiment.task, value=changed[column].iloc[0])
    chart_panel.show(spec, numbers, key="what_if_one_row", as_file=True)
