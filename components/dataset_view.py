"""Bringing a file in, and showing what was read."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from components import errors, navigation, read_facts, read_form, tables, uploads
from components.text import plain, sentences
from modelling.errors import NotFoundError
from modelling.types import DatasetRef
from modelling.workbench import Workbench

_LAST = "last_dataset"


def upload(bench: Workbench) -> None:
    """Draw the uploader; a file that was read puts its data set into the URL."""
    st.markdown("Upload a table with one row per case and one column to predict.")
    file = st.file_uploader(
        "CSV, Excel, Parquet, Feather or JSON file; plain or packed (gz, xz, zst, zip)",
        key="data_upload",
        max_upload_size=bench.settings.max_upload_mb,
    )
    navigation.link("home", "Or use a sample")
    if file is None:
        return
    # Reading is no run but a few seconds of a child process, and the same bytes are the same data
    # set: done here rather than in a callback, so that the page can say what it is doing.
    with errors.shown(), st.spinner("Reading the file…"):
        ref = uploads.take(bench, file)
        st.query_params["dataset"] = ref.id
        # Without its widget, Streamlit drops the uploaded bytes.
        st.rerun()


def requested(bench: Workbench) -> DatasetRef | None:
    """Return the data set of the URL, or of its experiment, which "back" leads to; or None."""
    wanted = st.query_params.get("dataset")
    experiment = st.query_params.get("experiment")
    with suppress(NotFoundError):
        if wanted is None and experiment is not None:
            wanted = bench.experiment(experiment).dataset_id
        # The menu drops the query.
        wanted = wanted or st.session_state.get(_LAST)
        st.session_state[_LAST] = wanted
        return bench.dataset(wanted) if wanted else None
    st.session_state.pop(_LAST, None)
    st.warning("That data set is not in this workspace; upload a file or take a sample.")
    return None


def _forget() -> None:
    st.query_params.clear()
    st.session_state.pop(_LAST, None)


def show(bench: Workbench, ref: DatasetRef) -> None:
    """Show what was read, the first rows, and how to read it another way."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**{plain(ref.name)}**: **{ref.n_rows:,}** rows, **{len(ref.columns):,}** columns; "
            f"{read_facts.summary(ref.read)}",
            width="stretch",
        )
        st.button("Use another file", key="data_another", on_click=_forget)
    rows, reading = st.tabs(["First rows", "How it was read"], key="data_tabs")
    with rows:
        st.dataframe(
            tables.safe_frame(bench.preview(ref.id, 50)),
            height=215,
            key="data_preview",
            alt="First rows of the table, without locked test rows",
        )
    with reading, errors.shown():
        read_form.show(bench, ref)


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
