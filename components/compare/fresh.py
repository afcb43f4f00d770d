"""Try the stored models on rows that came later: a verdict that no look has worn."""

from __future__ import annotations

import streamlit as st

from components import errors, live, run_status, state
from components.resources import workbench
from modelling.types import Experiment, FreshSpec, Run
from modelling.workbench import Workbench

_ADD, _FILE = "compare_fresh_add", "compare_fresh_upload"


def follow(bench: Workbench, experiment: Experiment) -> None:
    """In an experiment made of fresh rows, show their scoring while it runs, and nothing else."""
    run = _own_run(bench, experiment)
    if run is not None and (run_status.is_under_way(run) or run.error):
        live.show(run)
    if run_status.is_under_way(run):
        st.stop()


def show(experiment: Experiment) -> None:
    """Draw the uploader of fresh rows."""
    bench = workbench()
    with st.expander("Try the models on fresh rows", key="compare_fresh"):
        st.markdown(
            "Rows that came after this experiment, or that nobody has looked at yet: the stored "
            "models answer them, nothing is fitted again. It becomes an experiment of its own with "
            "the same searches and a verdict on the fresh rows; this one stays as it is."
        )
        st.file_uploader(
            "Fresh rows with the same columns, the target included",
            key=_FILE,
            max_upload_size=bench.settings.max_upload_mb,
        )
        st.button(
            "Score the models on them",
            key=_ADD,
            disabled=st.session_state.get(_FILE) is None,
            on_click=_add,
            args=(experiment.id,),
        )
        errors.pending(_ADD)


def _own_run(bench: Workbench, experiment: Experiment) -> Run | None:
    if experiment.test_dataset_id is None:
        return None
    runs = bench.runs(experiment.id)
    return next((run for run in runs if isinstance(run.spec, FreshSpec)), None)


def _add(experiment_id: str) -> None:
    with errors.kept(_ADD):
        file = st.session_state[_FILE]
        made, _ = workbench().add_fresh_test(experiment_id, file, name=file.name)
        state.open_experiment(made.id)
