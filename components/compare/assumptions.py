"""The assumptions that turn seconds into money, stored with the experiment."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from components import errors
from components.assumption_fields import FIELDS, label
from components.resources import workbench
from modelling.types import Experiment

# Those that move the figures of Compare; What-if has all of them.
_SHOWN = tuple(name for name in FIELDS if name != "retune_every_months")


def show(experiment: Experiment) -> None:
    """Draw the prices and volumes of an experiment, folded; a change is stored at once."""
    with st.expander("Assumptions about money", key="compare_assumptions"):
        _inputs(experiment)


def _inputs(experiment: Experiment) -> None:
    st.caption("Stored with the experiment; every amount on this page follows at once.")
    with st.grid(len(_SHOWN), min_column_width=150):
        for name in _SHOWN:
            field = FIELDS[name]
            key = f"compare_{name}"
            if key not in st.session_state:
                st.session_state[key] = float(getattr(experiment.economics, name))
            st.number_input(
                label(name, experiment.economics.currency),
                min_value=0.0,
                step=field.step,
                format=field.format,
                key=key,
                help=field.help,
                on_change=_save_assumptions,
                args=(experiment.id,),
            )
    errors.pending("compare_assumptions")


def _save_assumptions(experiment_id: str) -> None:
    with errors.kept("compare_assumptions"):
        values: dict[str, Any] = {
            name: float(st.session_state[f"compare_{name}"]) for name in _SHOWN
        }
        changed = replace(workbench().experiment(experiment_id).economics, **values)
        workbench().set_economics(experiment_id, changed)
