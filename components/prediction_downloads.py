"""A model's answers for the training rows, as files to compute with."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from components import tables
from modelling.types import Experiment, ModelResult
from modelling.workbench import Workbench


def show(bench: Workbench, experiment: Experiment, row: ModelResult) -> None:
    """Draw the buttons; a file is made when it is asked for."""
    with st.container(horizontal=True, vertical_alignment="center"):
        for form, (name, write) in tables.FORMS.items():
            st.download_button(
                f"Out-of-fold predictions ({name})",
                partial(_file, bench, experiment.id, row, write),
                file_name=f"tuneworth-{row.key}-out-of-fold.{form}",
                key=f"benchmark_predictions_{form}",
                on_click="ignore",
            )
    st.caption(
        "Each training row by its position in the data set, its fold, the truth, and what the "
        "model answered that was fitted without it: every metric above can be recomputed. "
        "Probabilities are as the model gave them; log loss and Brier score divide each row by "
        "its sum, which single precision leaves a little off 1."
    )


def _file(
    bench: Workbench, experiment_id: str, row: ModelResult, write: Callable[[pd.DataFrame], bytes]
) -> bytes:
    return write(bench.out_of_fold(experiment_id, row.key, row.variant))
