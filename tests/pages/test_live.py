"""Following a run: a long study is drawn at a pace of its own."""

import pytest
import streamlit as st

from components import live, tuning_progress

HEADING = "Course of the study"


@pytest.mark.parametrize(
    ("n_trials", "paces"),
    [(100, [live.POLL_S]), (5_000, [live.POLL_S, 5.0])],
)
def test_a_long_study_is_drawn_less_often_than_its_status(
    open_page, finished, monkeypatch, n_trials, paces
):
    """The run has ended; only the timers of one that goes on are looked at."""
    monkeypatch.setattr(live, "is_under_way", lambda run: run is not None)
    monkeypatch.setattr(live, "_is_young", lambda _: False)
    monkeypatch.setattr(tuning_progress, "count", lambda _: n_trials)
    asked = []

    def fragment(draw, *, run_every=None):
        asked.append(run_every)
        return draw

    monkeypatch.setattr(st, "fragment", fragment)
    app = open_page("tuning", experiment=finished.tuned, run=finished.tuning_run)
    assert not app.exception
    assert [every for every in asked if every is not None] == paces
    assert [heading.value for heading in app.subheader].count(HEADING) == 1
