"""Two models of the analyst's choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components import paper, state
from modelling.charts.figures import row_label
from modelling.types import ModelResult

if TYPE_CHECKING:
    from modelling.workbench import Comparison


def choose(comparison: Comparison, *, prefix: str) -> tuple[ModelResult, ModelResult] | None:
    """Draw the choice of two models and return them; None as long as there are not two.

    ``prefix`` begins the keys of the widgets; the paper view has none.
    """
    rows = {row_label(row): row for row in comparison.models if row.test_prediction_blob}
    if len(rows) < 2:
        return None
    first, second = _usual(comparison, list(rows.values()))
    if paper.is_on():
        return first, second
    keys = [f"{prefix}_from", f"{prefix}_to"]
    state.begin_draft(f"{prefix}_two_basis", (row_label(first), row_label(second), *rows), keys)
    with st.grid(2, min_column_width=280, width=780):
        base = state.select("From", list(rows), key=keys[0], default=row_label(first))
        candidate = state.select("To", list(rows), key=keys[1], default=row_label(second))
    if base == candidate:
        st.caption("Choose two different models.")
        return None
    return rows[base], rows[candidate]


def _usual(comparison: Comparison, rows: list[ModelResult]) -> tuple[ModelResult, ModelResult]:
    """Return the pair of the verdict, else of the first tuned model, else the two best."""
    for pair in (comparison.overall, *comparison.pairs):
        if pair is not None and pair.base in rows and pair.candidate in rows:
            return pair.base, pair.candidate
    return rows[1], rows[0]
