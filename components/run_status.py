"""Where a run stands, with its buttons."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

import streamlit as st

from components import errors, run_text
from components.resources import workbench
from components.text import sentences
from modelling.types import Run, RunState

# A link is lower than the button whose place it takes.
_BUTTON_PX = 42
_ASK_AGAIN_S = 10.0
_ASKED = "runner_asked_at"
_Colour = Literal["gray", "blue", "orange", "green", "red"]
_COLOURS: dict[RunState, _Colour] = {
    RunState.QUEUED: "gray",
    RunState.RUNNING: "blue",
    RunState.STOPPING: "orange",
    RunState.STOPPED: "orange",
    RunState.FINISHED: "green",
    RunState.FAILED: "red",
    RunState.INTERRUPTED: "orange",
}


def is_under_way(run: Run | None) -> bool:
    """Whether the run will go on without anybody's doing."""
    return run is not None and (run.state.is_active or run.state is RunState.INTERRUPTED)


def show(run: Run, next_step: Callable[[], None] | None, *, place: str = "run") -> None:
    """Draw the state in three lines, as many during the run as after it: nothing below may jump.

    Keys of widgets begin with ``place``: a page may follow two runs.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(run.state.value, color=_COLOURS[run.state])
        st.markdown(run_text.title(run), width="stretch")
        with st.container(
            horizontal=True,
            vertical_alignment="center",
            width="content",
            height=_BUTTON_PX,
            border=False,
        ):
            if run.state in (RunState.QUEUED, RunState.RUNNING):
                st.button("Stop", key=f"{place}_stop", on_click=_stop, args=(run.id, place))
            if run.state.can_resume:
                st.button("Resume", key=f"{place}_resume", on_click=_resume, args=(run.id, place))
            if next_step is not None:
                next_step()
    st.progress(run_text.share_done(run), text=run_text.times(run))
    st.caption(run_text.step(run))
    if run.state in (RunState.QUEUED, RunState.INTERRUPTED):
        _wake_runner()
    if run.state is RunState.INTERRUPTED:
        st.warning(
            "The process that worked on this run is gone. A new one is being started and goes on "
            "from what is stored; nothing that was finished is lost."
        )
    if run.error:
        incident = f" (incident {run.incident})" if run.incident else ""
        st.error(sentences(run.error) + sentences(incident))
    errors.pending(f"{place}_stop", live=True)
    errors.pending(f"{place}_resume", live=True)


def _wake_runner() -> None:
    """Start a runner if there is none, but not again and again if it cannot stay alive."""
    if time.monotonic() - st.session_state.get(_ASKED, -_ASK_AGAIN_S) >= _ASK_AGAIN_S:
        st.session_state[_ASKED] = time.monotonic()
        with errors.shown():
            workbench().ensure_runner()


def _stop(run_id: str, place: str) -> None:
    with errors.kept(f"{place}_stop"):
        workbench().stop(run_id)


def _resume(run_id: str, place: str) -> None:
    with errors.kept(f"{place}_resume"):
        workbench().resume(run_id)
    # The page as a whole: only that brings the timer back.
    st.rerun()
