"""What is open: experiment, run and data set stand in the URL, drafts in the session."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import streamlit as st

from modelling.errors import NotFoundError
from modelling.types import Experiment, Run, RunKind
from modelling.workbench import Workbench

T = TypeVar("T")
_LAST = "last_experiment"
_NOTHING = object()


def experiment_id() -> str | None:
    """Return the experiment of the URL, else the one open before: the menu drops the query."""
    chosen = st.query_params.get("experiment") or st.session_state.get(_LAST)
    if chosen:
        open_experiment(chosen)
    return chosen


def open_experiment(chosen: str) -> None:
    """Put an experiment into the URL and remember it for this browser session."""
    st.session_state[_LAST] = chosen
    if st.query_params.get("experiment") != chosen:
        st.query_params["experiment"] = chosen


def forget_experiment() -> None:
    """Remember no experiment, after one was asked for that does not exist."""
    st.session_state.pop(_LAST, None)


def open_dataset(chosen: str) -> None:
    """Put a data set into the URL; for callbacks of the Data page."""
    st.query_params["dataset"] = chosen


def run_of(bench: Workbench, experiment: Experiment, kind: RunKind) -> Run | None:
    """Return the run of the URL if it is one of this kind, else the newest of this kind."""
    wanted = st.query_params.get("run")
    if wanted:
        try:
            run = bench.run(wanted)
        except NotFoundError:
            run = None
        if run is not None and (run.experiment_id, run.kind) == (experiment.id, kind):
            return run
        del st.query_params["run"]
    return next((run for run in bench.runs(experiment.id) if run.kind is kind), None)


def select(
    label: str,
    options: Sequence[T],
    *,
    key: str,
    default: T,
    format_func: Callable[[Any], str] = str,
    help: str | None = None,
) -> T:
    """Draw a selectbox whose draft returns to ``default`` once it is no option any more."""
    if st.session_state.get(key, _NOTHING) not in options:
        st.session_state[key] = default
    chosen = st.selectbox(label, options, key=key, format_func=format_func, help=help)
    return default if chosen is None else chosen


def multiselect(
    label: str,
    options: Sequence[str],
    *,
    key: str,
    default: Sequence[str],
    format_func: Callable[[Any], str] = str,
    help: str | None = None,
) -> list[str]:
    """Draw a multiselect whose draft keeps only what still is an option."""
    draft = st.session_state.get(key, list(default))
    kept = [value for value in draft if value in options]
    # Writing the same value again would empty the text that is being typed into the widget.
    if key not in st.session_state or kept != list(draft):
        st.session_state[key] = kept
    return st.multiselect(label, options, key=key, format_func=format_func, help=help)


def begin_draft(name: str, basis: tuple[object, ...], keys: Sequence[str]) -> bool:
    """Drop the drafts of those widgets when what they were based on has changed, and say so."""
    if st.session_state.get(name) == basis:
        return False
    for key in keys:
        if key in st.session_state:
            del st.session_state[key]
    st.session_state[name] = basis
    return True
