"""What follows a run while it is active: the status every second, the results as it pays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import streamlit as st

from components import errors, run_status
from components.resources import workbench
from components.run_status import is_under_way
from modelling.types import Run

POLL_S = 1.0
# Right after the click, when the first results come.
FIRST_POLL_S = 0.5
_YOUNG_S = 10.0
# Drawing 10,000 trials takes 0.3 CPU seconds: so many of them come again after ten seconds only.
_TRIALS_PER_S = 1_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Live:
    """What follows a run while it is active.

    ``results`` draws what was found so far, ``next_step`` a link for when the run has ended;
    ``n_trials`` counts what ``results`` has to draw. ``place`` begins the keys of its widgets.
    """

    run_id: str
    results: Callable[[], None]
    next_step: Callable[[], None]
    n_trials: Callable[[], int]
    place: str = "run"

    @property
    def pace_s(self) -> float:
        """Seconds between two looks at the results; large ones are drawn less often."""
        return self.n_trials() / _TRIALS_PER_S


def nothing() -> None:
    """Draw nothing, where the page itself shows what came of a run."""


def show(
    run: Run | None,
    results: Callable[[], None] = nothing,
    next_step: Callable[[], None] = nothing,
    n_trials: Callable[[], int] = lambda: 0,
    *,
    place: str = "run",
) -> None:
    """Draw the status of a run and, below it, its results, as `Live` describes them."""
    if run is None:
        results()
        return
    shown = Live(
        run_id=run.id, results=results, next_step=next_step, n_trials=n_trials, place=place
    )
    if not is_under_way(run):
        st.fragment(_panel)(shown)
        return
    every = FIRST_POLL_S if _is_young(run) else POLL_S
    pace_s = shown.pace_s
    if pace_s <= every:
        st.fragment(_follow, run_every=every)(shown, every, every, with_results=True)
    else:
        st.fragment(_follow, run_every=every)(shown, every, pace_s, with_results=False)
        st.fragment(_results, run_every=pace_s)(shown)


def _is_young(run: Run) -> bool:
    age = datetime.now(tz=UTC) - datetime.fromisoformat(run.created_at)
    return age.total_seconds() < _YOUNG_S


def _follow(shown: Live, every: float, pace_s: float, *, with_results: bool) -> None:
    run = _panel(shown, with_results=with_results)
    if run is None:
        return
    is_older = every == FIRST_POLL_S and not _is_young(run)
    is_larger = shown.pace_s > 2 * pace_s
    if is_older or is_larger or not is_under_way(run):
        # Once more as a whole: the page around knows of the end, and the timer is gone or slower.
        st.rerun()


def _panel(shown: Live, *, with_results: bool = True) -> Run | None:
    """Draw the status, and the results; return the run, or None if it could not be read."""
    with errors.shown():
        run = workbench().run(shown.run_id)
        with st.container(key=f"{shown.place}_status", border=True):
            next_step = None if is_under_way(run) else shown.next_step
            run_status.show(run, next_step, place=shown.place)
        if with_results:
            shown.results()
        return run
    return None


def _results(shown: Live) -> None:
    with errors.shown():
        shown.results()
