"""When a fit is ended: the limits of a benchmark, as drafts on its page."""

from __future__ import annotations

import streamlit as st

from modelling.types import FitLimits

_CPU, _MEMORY = "benchmark_cpu_limit", "benchmark_memory_limit"
_BYTES_PER_GB = 1024**3


def show() -> None:
    """Draw the inputs; most benchmarks never need them."""
    usual = FitLimits()
    with st.expander("Limits per fit", key="benchmark_limits"):
        st.caption(
            "A fit that takes more is ended, and its model becomes a row that says so; all other "
            "models go on. The last fit, on all training rows, may take three times the CPU."
        )
        with st.grid(2, min_column_width=180, width=480):
            st.number_input(
                "CPU seconds",
                min_value=1.0,
                value=usual.cpu_s,
                step=60.0,
                format="%.0f",
                key=_CPU,
            )
            st.number_input(
                "Memory, GB",
                # The libraries alone take a third of it.
                min_value=0.5,
                value=usual.memory_bytes / _BYTES_PER_GB,
                step=0.5,
                format="%.1f",
                key=_MEMORY,
            )


def chosen() -> FitLimits:
    """Return the limits as they stand in the inputs; for callbacks."""
    return FitLimits(
        cpu_s=st.session_state[_CPU],
        memory_bytes=round(st.session_state[_MEMORY] * _BYTES_PER_GB),
    )


def in_words(limits: FitLimits) -> str:
    """Return limits as a sentence says them."""
    return f"{limits.cpu_s:,.0f} CPU seconds and {limits.memory_bytes / _BYTES_PER_GB:.1f} GB"
