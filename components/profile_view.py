"""A closer look at the data: columns in figures, relations, target, split."""

from __future__ import annotations

import streamlit as st

from components import errors
from components.text import sentences
from modelling.errors import ModellingError
from modelling.types import DatasetRef, Profile, SplitPreview
from modelling.workbench import TaskChoices, Workbench


def split_line(
    bench: Workbench, ref: DatasetRef, choices: TaskChoices, test: str | None
) -> SplitPreview | None:
    """Say how rows would be divided, or why they cannot be; return the split."""
    with errors.shown():
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
    return None


def show(ref: DatasetRef, profile: Profile | None, split: SplitPreview | None) -> None:
    """Draw the charts in tabs."""
