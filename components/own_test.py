"""Test rows that the analyst brings: a file, or a column that marks them."""

from __future__ import annotations

import streamlit as st

from components import errors, state, uploads
from components.text import plain
from modelling.types import ColumnType, DatasetRef
from modelling.workbench import Workbench

_MARKER_VALUES = 50


def own_file(bench: Workbench, data: DatasetRef) -> None:
    """Draw the uploader of a test file, or the one that was chosen."""
    known = st.query_params.get("test")
    if known:
        ref = bench.dataset(known)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"Test file: {plain(ref.name)}, {ref.n_rows:,} rows.")
            st.button("Use another test file", key="data_test_another", on_click=_forget_test)
        return
    file = st.file_uploader(
        "Test file with the same columns",
        key="data_test_upload",
        max_upload_size=bench.settings.max_upload_mb,
    )
    if file is None:
        return
    with errors.shown(), st.spinner("Reading the test file…"):
        st.query_params["test"] = uploads.take(bench, file, test_of=data.id).id
        st.rerun()


def _forget_test() -> None:
    st.query_params.pop("test", None)


def marker(bench: Workbench, ref: DatasetRef, target: str | None) -> None:
    """Draw the column and the value of it that mark the test rows."""
    usable = [
        column.name
        for column in ref.columns
        if column.name != target
        and 2 <= column.n_distinct <= _MARKER_VALUES
        and column.type is not ColumnType.DATE
    ]
    if not usable:
        st.caption("No column has few enough different values to mark test rows.")
        return
    usable.sort(key=lambda name: not _names_test(ref, name))
    cells = st.grid(2, min_column_width=140)
    with cells.cell():
        column = state.select("Column", usable, key="data_test_column", default=usable[0])
    labels = bench.class_labels(ref.id, column)
    with cells.cell():
        state.select("Marks test rows", labels, key="data_test_value", default=_likely(labels))


def _names_test(ref: DatasetRef, name: str) -> bool:
    column = ref.column(name)
    return column is not None and any("test" in value.lower() for value in column.top_values)


def _likely(labels: tuple[str, ...]) -> str:
    return next((label for label in labels if "test" in label.lower()), labels[-1])
