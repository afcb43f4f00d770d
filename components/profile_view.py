"""A closer look at the data: columns in figures, relations, target, split."""

from __future__ import annotations

import math

import streamlit as st

from components import chart_panel, state
from components.text import sentences
from modelling.charts import sampling_notice
from modelling.charts.column_shapes import MAX_COLUMNS
from modelling.errors import ModellingError
from modelling.types import DatasetRef, Profile, SplitPreview
from modelling.workbench import TaskChoices, Workbench


def split_line(
    bench: Workbench, ref: DatasetRef, choices: TaskChoices, test: str | None
) -> SplitPreview | None:
    """Say how rows would be divided, or why they cannot be; return the split."""
    try:
        split = bench.preview_split(ref.id, choices, test_dataset_id=test)
    except ModellingError as error:
        st.error(sentences(error))
        return None
    left_out = f", {split.n_left_out:,} in neither" if split.n_left_out else ""
    st.caption(
        f"Rows: {split.train.n_rows:,} to train, {split.test.n_rows:,} locked away{left_out}."
    )
    return split


def show(profile: Profile | None, split: SplitPreview | None, choices: TaskChoices) -> None:
    """Draw the charts in tabs."""
    if profile is None:
        return
    st.subheader("A closer look")
    shapes, relations, target, parts = st.tabs(
        ["Columns", "Relations", "Target", "Split"], key="data_profile_tabs"
    )
    with shapes:
        _columns(profile, choices.positive)
    with relations:
        spec = chart_panel.chart("association")
        chart_panel.show(spec, spec.numbers(profile), key="data_association")
    with target:
        spec = chart_panel.chart("target")
        chart_panel.show(spec, spec.numbers(profile), key="data_target_chart")
    with parts:
        if split is not None:
            spec = chart_panel.chart("split_preview")
            chart_panel.show(spec, spec.numbers(split), key="data_split_chart")


def _columns(profile: Profile, positive: str | None) -> None:
    """Draw one page of columns, those most related to the target first."""
    ranked = sorted(
        (column for column in profile.columns if column.name != profile.target),
        key=lambda column: -(column.relation or 0.0),
    )
    names = [column.name for column in ranked]
    pages = list(range(math.ceil(len(names) / MAX_COLUMNS)))
    page = 0
    if len(pages) > 1:
        page = state.select(
            "Columns, those most related to the target first",
            pages,
            key="data_profile_page",
            default=0,
            format_func=lambda number: _page_name(number, len(names)),
        )
    shown = names[page * MAX_COLUMNS : (page + 1) * MAX_COLUMNS]
    spec = chart_panel.chart("column_shapes")
    numbers = spec.numbers(profile, shown, positive=positive)
    chart_panel.show(spec, numbers, key="data_column_shapes")
    notice = sampling_notice(profile)
    if notice:
        st.caption(sentences(notice))


def _page_name(page: int, n_columns: int) -> str:
    first = page * MAX_COLUMNS
    return f"{first + 1} to {min(first + MAX_COLUMNS, n_columns)} of {n_columns}"
