"""Every model in one table: scores, costs, parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components import model_tables, tables
from components.resources import workbench
from modelling.types import Experiment

if TYPE_CHECKING:
    from modelling.workbench import Comparison


def table(experiment: Experiment, comparison: Comparison) -> None:
    """Show every model with scores, costs and parameters, and offer it as a file."""
    st.subheader("All models")
    frame = model_tables.all_models(
        comparison, experiment.economics, workbench().metrics(experiment.task.kind)
    )
    tables.show(
        frame,
        key="compare_table",
        alt="All models with scores, costs and parameters",
        scores=model_tables.score_columns(comparison.metric),
    )
    st.download_button(
        "Download the table (CSV)",
        tables.csv_bytes(frame),
        file_name="tuneworth-models.csv",
        mime="text/csv",
        key="compare_download",
        on_click="ignore",
    )
