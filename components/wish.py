"""Values that the analyst wants a running study to try next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from components import errors, state
from components.resources import workbench
from components.text import plain
from modelling.charts.wording import param_text
from modelling.types import ParamValue, Run, RunState, SearchParam, Trial, TuningSpec

_ADD = "tuning_wish_add"
_ADDED = "tuning_wish_added"
_VALUE = "tuning_wish_value_"


def show(run: Run, titles: Mapping[str, str], best: Mapping[str, Trial | None]) -> None:
    """Draw the inputs for one model of a run under way; ``best`` is its best trial by model."""
    if not isinstance(run.spec, TuningSpec) or not _takes_wishes(run):
        return
    # Inputs come when they are seen: a value set for one that the browser does not draw is lost.
    with st.expander("Try these values", key="tuning_wish", on_change="rerun") as opened:
        if not opened.open:
            return
        model = state.select(
            "Model",
            run.spec.models,
            key="tuning_wish_model",
            default=run.spec.models[0],
            format_func=lambda key: titles.get(key, key),
        )
        found = best.get(model)
        if found is None:
            st.caption("The inputs come with the first complete trial, which fills them in.")
            return
        space = workbench().search_space(run, model)
        start = workbench().starting_point(run, model, found.params)
        inputs = st.grid(3, min_column_width=180)
        for param in space:
            with inputs.cell():
                _input(param, _key(run, model, param), start[param.name])
        st.button("Try these values next", key=_ADD, on_click=_add, args=(run, model, space))
        errors.pending(_ADD, live=True)
        if st.session_state.get(_ADDED) == (run.id, model):
            st.caption(
                "Queued: it is the next trial of this study to start. If the study ends before, it "
                "is tried first once you extend it."
            )


def _takes_wishes(run: Run) -> bool:
    return run.state in (RunState.QUEUED, RunState.RUNNING)


def _input(param: SearchParam, key: str, first: ParamValue) -> None:
    """Draw one input that begins with ``first``; later bests do not change what is being edited.

    The first value belongs to the widget: one that goes through the session's state reaches the
    browser in a single message, and a poll that comes in between throws that message away.
    """
    if param.kind == "choice":
        choices = param.choices
        st.selectbox(param.name, choices, choices.index(first), key=key, format_func=param_text)
        return
    whole = param.kind == "int"
    step = 1 if whole else (param.high - param.low) / 100
    shown: dict[str, Any] = {"value": first, "step": step, "format": None if whole else "%.6g"}
    st.number_input(
        plain(param.name),
        key=key,
        help=f"From {param.low:g} to {param.high:g}",
        **shown,
    )


def _key(run: Run, model: str, param: SearchParam) -> str:
    return f"{_VALUE}{run.id[:8]}_{model}_{param.name}"


def _add(run: Run, model: str, space: Sequence[SearchParam]) -> None:
    st.session_state.pop(_ADDED, None)
    with errors.kept(_ADD):
        params = {param.name: st.session_state[_key(run, model, param)] for param in space}
        workbench().queue_trial(run.id, model, params)
        st.session_state[_ADDED] = (run.id, model)
