"""Which rows change from one model to another of the analyst's choice, and the gain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components import two_models
from components.text import plain
from modelling.charts.figures import row_label
from modelling.charts.wording import gain_text, interval_text
from modelling.types import Experiment, ModelResult
from modelling.workbench import Workbench

if TYPE_CHECKING:
    from modelling.workbench import Comparison


def choose(comparison: Comparison) -> tuple[ModelResult, ModelResult] | None:
    """Draw the choice of two models and return them; None as long as there are not two."""
    if sum(row.test_prediction_blob is not None for row in comparison.models) < 2:
        return None
    st.subheader("Which rows change, and why")
    return two_models.choose(comparison, prefix="compare")


def gain(
    bench: Workbench,
    experiment: Experiment,
    comparison: Comparison,
    base: ModelResult,
    candidate: ModelResult,
) -> None:
    """Say how much better the second model is, with its interval."""
    found = bench.paired(experiment.id, base, candidate)
    metric = comparison.metric
    st.markdown(
        f"From {plain(row_label(base))} to {plain(row_label(candidate))}: gain in {metric.title} "
        f"**{gain_text(found.gain, metric)}** (95 % {interval_text(found.interval, metric)}) on "
        f"{found.n_test:,} locked rows."
    )
