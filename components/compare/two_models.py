"""Two models of the analyst's choice: which ones, and the gain from the one to the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components import paper, state
from components.text import plain
from modelling.charts.figures import row_label
from modelling.charts.wording import gain_text, interval_text
from modelling.types import Experiment, ModelResult
from modelling.workbench import Workbench

if TYPE_CHECKING:
    from modelling.workbench import Comparison

_KEYS = ("compare_from", "compare_to")


def choose_two(comparison: Comparison) -> tuple[ModelResult, ModelResult] | None:
    """Draw the choice of two models and return them; None as long as there are not two."""
    rows = {row_label(row): row for row in comparison.models if row.test_prediction_blob}
    if len(rows) < 2:
        return None
    st.subheader("Which rows change, and why")
    first, second = _usual(comparison, list(rows.values()))
    if paper.is_on():
        return first, second
    state.begin_draft(
        "compare_two_basis", (row_label(first), row_label(second), *rows), list(_KEYS)
    )
    with st.grid(2, min_column_width=280, width=780):
        base = state.select("From", list(rows), key=_KEYS[0], default=row_label(first))
        candidate = state.select("To", list(rows), key=_KEYS[1], default=row_label(second))
    if base == candidate:
        st.caption("Choose two different models to see which rows change.")
        return None
    return rows[base], rows[candidate]


def _usual(comparison: Comparison, rows: list[ModelResult]) -> tuple[ModelResult, ModelResult]:
    """Return the pair of the verdict, else of the first tuned model, else the two best."""
    for pair in (comparison.overall, *comparison.pairs):
        if pair is not None and pair.base in rows and pair.candidate in rows:
            return pair.base, pair.candidate
    return rows[1], rows[0]


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
