"""Models that failed: why, and another try with more time and memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from components import benchmark_limits, errors
from components.resources import workbench
from components.text import plain, sentences
from modelling.types import Experiment, ModelResult, ResultStatus, Variant

if TYPE_CHECKING:
    from modelling.workbench import Standing


def show(experiment: Experiment, lines: Sequence[Standing]) -> None:
    """Draw one line a failed model, with its button."""
    rows = [line.row for line in lines if line.row.status is ResultStatus.FAILED]
    if not rows:
        return
    with st.container(key="benchmark_failures", border=True):
        st.markdown("**Failed**")
        for row in rows:
            _failure(experiment, row)


def _failure(experiment: Experiment, row: ModelResult) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        reason = sentences(row.error or "no reason was given")
        st.markdown(f"**{plain(row.title)}**: {reason}", width="stretch")
        if row.variant is Variant.BASE:
            limits = workbench().larger_limits(row.run_id)
            st.button(
                "Retry with a larger limit",
                key=_button(row),
                help=f"Runs this model alone, with {benchmark_limits.in_words(limits)} a fit.",
                on_click=_retry,
                args=(experiment.id, row),
            )
    errors.pending(_button(row))


def _button(row: ModelResult) -> str:
    return f"benchmark_retry_{row.key}"


def _retry(experiment_id: str, row: ModelResult) -> None:
    with errors.kept(_button(row)):
        bench = workbench()
        limits = bench.larger_limits(row.run_id)
        run = bench.start_benchmark(experiment_id, [row.key], limits=limits)
        st.query_params["run"] = run.id
    # The page as a whole: the new run brings its timer.
    st.rerun()
