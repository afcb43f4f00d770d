"""Where a run stands, live while it is active, with its buttons."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

import streamlit as st

from components import errors
from components.resources import workbench
from components.text import sentences
from modelling.charts.wording import counted, cpu_text, seconds_text
from modelling.types import Run, RunState, TuningSpec

POLL_S = 1.0
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


def live(run: Run | None, results: Callable[[], None], next_step: Callable[[], None]) -> None:
    """Draw the status of a run and, below it, its results; both follow the run while it is active.

    ``results`` draws what was found so far, ``next_step`` where to go once the run has ended.
    """
    if run is None:
        results()
        return
    follow = is_under_way(run)
    # A timer only while there is something to wait for.
    st.fragment(_panel, run_every=POLL_S if follow else None)(run.id, results, next_step, follow)


def is_under_way(run: Run | None) -> bool:
    """Whether the run will go on without anybody's doing."""
    return run is not None and (run.state.is_active or run.state is RunState.INTERRUPTED)


def _panel(
    run_id: str, results: Callable[[], None], next_step: Callable[[], None], follow: bool
) -> None:
    ended = False
    with errors.shown():
        run = workbench().run(run_id)
        ended = not is_under_way(run)
        with st.container(key="run_status", border=True):
            _status(run)
        if ended:
            next_step()
        results()
    if follow and ended:
        # Once more as a whole: the page around knows of the end, and the timer is gone.
        st.rerun()


def _status(run: Run) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(run.state.value, color=_COLOURS[run.state])
        st.markdown(_title(run), width="stretch")
        if run.state in (RunState.QUEUED, RunState.RUNNING):
            st.button("Stop", key="run_stop", on_click=_stop, args=(run.id,))
        if run.state.can_resume:
            st.button("Resume", key="run_resume", on_click=_resume, args=(run.id,))
    if run.state.is_active:
        st.progress(_share(run), text=_progress(run))
    else:
        st.caption(_progress(run))
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
    errors.pending("run_stop")
    errors.pending("run_resume")


def _title(run: Run) -> str:
    models = counted(len(run.spec.models), "model")
    return f"Tuning of {models}" if isinstance(run.spec, TuningSpec) else f"Benchmark of {models}"


def _share(run: Run) -> float:
    return min(1.0, max(0.0, run.done / run.total)) if run.total > 0 else 0.0


def _progress(run: Run) -> str:
    parts = [f"{seconds_text(run.elapsed_s)} elapsed"]
    if run.state is RunState.QUEUED:
        parts = ["waiting for its turn"]
    elif run.state is RunState.STOPPING:
        parts.append("ending what is under way")
    elif run.state is RunState.RUNNING and run.remaining_s is not None:
        parts.append(f"about {seconds_text(run.remaining_s)} to go")
    if run.state is RunState.FINISHED and run.estimated_s is not None:
        parts.append(f"{seconds_text(run.estimated_s)} were expected")
    if run.fit_cpu_s or run.engine_cpu_s:
        parts.append(f"{cpu_text(run.fit_cpu_s)} in fits, {cpu_text(run.engine_cpu_s)} in all else")
    if run.message:
        parts.append(sentences(run.message))
    return " · ".join(parts)


def _wake_runner() -> None:
    """Start a runner if there is none, but not again and again if it cannot stay alive."""
    if time.monotonic() - st.session_state.get(_ASKED, -_ASK_AGAIN_S) >= _ASK_AGAIN_S:
        st.session_state[_ASKED] = time.monotonic()
        with errors.shown():
            workbench().ensure_runner()


def _stop(run_id: str) -> None:
    with errors.kept("run_stop"):
        workbench().stop(run_id)


def _resume(run_id: str) -> None:
    with errors.kept("run_resume"):
        workbench().resume(run_id)
    # The page as a whole: only that brings the timer back.
    st.rerun()
