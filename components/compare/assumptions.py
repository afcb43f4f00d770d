"""The assumptions that turn seconds into money, stored with the experiment."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from components import errors
from components.resources import workbench
from modelling.types import Experiment

# Field of Economics -> (label, step, format, help).
_ASSUMPTIONS: dict[str, tuple[str, float, str, str]] = {
    "usd_per_vcpu_hour": ("vCPU hour, $", 0.01, "%.3f", "What an hour of one virtual core costs."),
    "usd_per_analyst_hour": ("Analyst hour, $", 5.0, "%.0f", "What an hour of your work costs."),
    "data_preparation_hours": (
        "Preparation, hours",
        1.0,
        "%.1f",
        "Work that every model needs: the same for all of them.",
    ),
    "predictions_per_month": ("Predictions a month", 10_000.0, "%.0f", "How often it will answer."),
    "horizon_months": ("Horizon, months", 1.0, "%.0f", "How long the model will serve."),
}


def show(experiment: Experiment) -> None:
    """Draw the prices and volumes of an experiment, folded; a change is stored at once."""
    with st.expander("Assumptions about money", key="compare_assumptions"):
        _inputs(experiment)


def _inputs(experiment: Experiment) -> None:
    st.caption("Stored with the experiment; every amount on this page follows at once.")
    with st.grid(len(_ASSUMPTIONS), min_column_width=150):
        for name, (label, step, form, words) in _ASSUMPTIONS.items():
            key = f"compare_{name}"
            if key not in st.session_state:
                st.session_state[key] = float(getattr(experiment.economics, name))
            st.number_input(
                label,
                min_value=0.0,
                step=step,
                format=form,
                key=key,
                help=words,
                on_change=_save_assumptions,
                args=(experiment.id,),
            )
    errors.pending("compare_assumptions")


def _save_assumptions(experiment_id: str) -> None:
    with errors.kept("compare_assumptions"):
        values: dict[str, Any] = {
            name: float(st.session_state[f"compare_{name}"]) for name in _ASSUMPTIONS
        }
        changed = replace(workbench().experiment(experiment_id).economics, **values)
        workbench().set_economics(experiment_id, changed)
