"""Keeping what is tried: under a name that has a link, for the experiment, or as a file."""

from __future__ import annotations

from functools import partial

import streamlit as st

from components import errors
from components.resources import workbench
from modelling.types import Economics, Experiment, Scenario
from modelling.workbench import Workbench

_NAME, _SAVE, _FILE = "what_if_name", "what_if_save", "what_if_file"


def show(bench: Workbench, experiment: Experiment, tried: Economics) -> None:
    """Draw how to keep what is tried: by name, for the experiment, as a file."""
    with st.expander("Keep, share, compare", key="what_if_keep"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name = st.text_input("Name of the scenario", key=_NAME, placeholder="Pessimistic")
            st.button(
                "Save scenario",
                key=_SAVE,
                disabled=not name.strip(),
                on_click=_save,
                args=(experiment.id, tried),
            )
            st.button(
                "Use in this experiment",
                key="what_if_use",
                disabled=tried == experiment.economics,
                on_click=_use,
                args=(experiment.id, tried),
                help="Every amount on Compare, and its verdict, follow these assumptions.",
            )
            st.download_button(
                "Save as JSON",
                partial(_json, bench, name, tried),
                file_name="tuneworth-scenario.json",
                mime="application/json",
                key="what_if_json",
                on_click="ignore",
            )
        st.file_uploader(
            "Open a scenario (JSON)",
            type=["json"],
            key=_FILE,
            on_change=_read,
            args=(experiment.id,),
        )
        errors.pending(_SAVE)


def _save(experiment_id: str, tried: Economics) -> None:
    with errors.kept(_SAVE):
        saved = workbench().save_scenario(experiment_id, st.session_state[_NAME], tried)
        st.query_params["scenario"] = saved.name


def _use(experiment_id: str, tried: Economics) -> None:
    with errors.kept(_SAVE):
        workbench().set_economics(experiment_id, tried)
        st.query_params.pop("scenario", None)


def _read(experiment_id: str) -> None:
    file = st.session_state[_FILE]
    if file is None:
        return
    with errors.kept(_SAVE):
        bench = workbench()
        found = bench.read_scenario(file.getvalue())
        saved = bench.save_scenario(experiment_id, found.name, found.economics)
        st.query_params["scenario"] = saved.name


def _json(bench: Workbench, name: str, tried: Economics) -> bytes:
    scenario = Scenario(name=name.strip() or "Scenario", economics=tried)
    return bench.scenario_json(scenario).encode()
