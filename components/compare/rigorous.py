"""The rigorous check of a verdict: its price first, then how far it is, then what it took."""

from __future__ import annotations

import streamlit as st

from components import errors
from components.resources import workbench
from components.text import sentences
from modelling.charts.wording import cpu_text, money_text
from modelling.types import Experiment
from modelling.workbench import Rigorous, Workbench

_START = "compare_rigorous"
_POLL_S = 2.0
# Below so many rows a locked test decides little, and nested cross-validation is recommended.
_FEW_ROWS = 1_000


def show(bench: Workbench, experiment: Experiment, found: Rigorous | None) -> None:
    """Draw the way to a verdict from all rows."""
    if found is not None and found.is_active:
        st.fragment(_follow, run_every=_POLL_S)(experiment.id)
        return
    if found is not None and found.is_whole:
        st.caption(f"The rigorous check took {cpu_text(found.cpu_s)}; the price is paid.")
        return
    if found is not None and found.failed:
        st.error(f"The rigorous check did not come to its end: {sentences(found.failed)}")
    price = bench.rigorous_price(experiment.id)
    if price is not None and bench.rigorous_obstacle(experiment.id) is None:
        _offer(experiment, *price)


def _offer(experiment: Experiment, cpu_s: float, usd: float) -> None:
    n_rows = experiment.n_train + experiment.n_test
    advice = (
        f"Recommended here: {experiment.n_test:,} test rows decide little. "
        if n_rows < _FEW_ROWS
        else ""
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Check rigorously", key=_START, on_click=_start, args=(experiment.id,))
        st.caption(
            f"{advice}Base and search are repeated on five parts of all {n_rows:,} rows, each "
            f"judged by models that never saw it: about {cpu_text(cpu_s)}, "
            f"{money_text(usd, experiment.economics.currency)}. Its verdict replaces this one."
        )
    errors.pending(_START)


def _follow(experiment_id: str) -> None:
    with errors.shown():
        found: Rigorous | None = workbench().rigorous(experiment_id)
        if found is None or not found.is_active:
            # Once more as a whole: the verdict above changes.
            st.rerun()
            return
        st.progress(
            found.share_done,
            text=f"Checking rigorously: {len(found.scores)} of {found.n_parts} parts judged, "
            f"{cpu_text(found.cpu_s)} so far",
        )
        st.button("Stop the check", key="compare_rigorous_stop", on_click=_stop, args=(found,))


def _start(experiment_id: str) -> None:
    with errors.kept(_START):
        workbench().start_rigorous(experiment_id)


def _stop(found: Rigorous) -> None:
    with errors.kept(_START):
        for run in found.runs:
            if run.state.is_active:
                workbench().stop(run.id)
