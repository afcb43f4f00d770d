"""Bringing a file in, and showing what was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components import errors, navigation
from components.text import plain, sentences
from modelling.types import DatasetRef, Severity
from modelling.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Sequence

_COLOURS = {Severity.HIGH: "red", Severity.MEDIUM: "orange", Severity.LOW: "gray"}
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", " ": "space"}


def upload(bench: Workbench) -> None:
    """Draw the uploader; a file that was read puts its data set into the URL."""
    st.markdown("Upload a table with one row per case and one column to predict.")
    file = st.file_uploader(
        "CSV or Parquet file",
        type=["csv", "tsv", "txt", "parquet"],
        key="data_upload",
        max_upload_size=bench.settings.max_upload_mb,
    )
    navigation.link("home", "Or use a sample")
    if file is None:
        return
    # Reading is no run but a few seconds of a child process, and the same bytes are the same data
    # set: done here rather than in a callback, so that the page can say what it is doing.
    with errors.shown(), st.spinner("Reading the file…"):
        ref = bench.add_upload(file, file.name)
        st.query_params["dataset"] = ref.id
        # Without its widget, Streamlit drops the uploaded bytes.
        st.rerun()


def requested(bench: Workbench) -> DatasetRef | None:
    """Return the data set of the URL, or None."""
    wanted = st.query_params.get("dataset")
    return bench.dataset(wanted) if wanted else None


def _forget() -> None:
    del st.query_params["dataset"]


def show(bench: Workbench, ref: DatasetRef) -> None:
    """Show how the file was understood, a preview, the columns and the findings."""
    read = ref.read
    facts = [
        f"**{ref.n_rows:,}** rows",
        f"**{len(ref.columns):,}** columns",
        plain(read.format),
        f"{_DELIMITERS.get(read.delimiter, plain(read.delimiter))} between values"
        if read.delimiter
        else "",
        f"encoding {plain(read.encoding)}" if read.encoding else "",
    ]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(ref.name)}**: {', '.join(filter(None, facts))}", width="stretch")
        st.button("Use another file", key="data_another", on_click=_forget)
    if read.renamed:
        st.caption(
            "Renamed columns: "
            + ", ".join(f"{plain(old)} is now {plain(new)}" for old, new in read.renamed.items())
        )
    preview, columns, findings = st.tabs(
        ["First rows", "Columns", f"Findings ({len(ref.findings)})"], key="data_tabs"
    )
    with preview:
        st.dataframe(
            bench.preview(ref.id, 50), height=260, key="data_preview", alt="First rows of the table"
        )
    with columns:
        st.dataframe(
            _column_frame(ref),
            hide_index=True,
            height=260,
            key="data_columns",
            alt="Columns of the table",
            column_config={
                "missing": st.column_config.NumberColumn("missing", format="percent"),
                "different values": st.column_config.NumberColumn(format="localized"),
            },
        )
    with findings:
        _findings(ref)


def _column_frame(ref: DatasetRef) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "column": [column.name for column in ref.columns],
            "type": [column.type.value for column in ref.columns],
            "proposed use": [column.role.value for column in ref.columns],
            "missing": [column.missing_share for column in ref.columns],
            "different values": [column.n_distinct for column in ref.columns],
            "most frequent": [", ".join(column.top_values[:3]) for column in ref.columns],
        }
    )


def _findings(ref: DatasetRef) -> None:
    if not ref.findings:
        st.markdown("Nothing suspicious was found.")
    order: Sequence[Severity] = (Severity.HIGH, Severity.MEDIUM, Severity.LOW)
    for finding in sorted(ref.findings, key=lambda item: order.index(item.severity)):
        badge = f":{_COLOURS[finding.severity]}-badge[{finding.severity}]"
        st.markdown(f"{badge} {sentences(finding.message)}")


def about_sample(bench: Workbench, ref: DatasetRef) -> None:
    """Show source, licence and notes of a sample."""
    sample = next((item for item in bench.samples() if item.name == ref.sample), None)
    if sample is None:
        return
    with st.expander(f"About this sample: {plain(sample.title)}", key="data_about"):
        st.markdown(plain(sample.summary, longest=300) + " " + plain(sample.shows, longest=300))
        st.markdown("\n".join(f"- {sentences(note)}" for note in sample.notes))
        st.caption(
            f"Licence {plain(sample.licence)}. {plain(sample.copyright.rstrip('.'))}. "
            f"Source: {plain(sample.source, longest=300)}."
        )
