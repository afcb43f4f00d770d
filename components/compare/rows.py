"""Which locked rows change with a candidate: counts, where it gains and loses, the rows to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from components import chart_panel, paper, tables
from components.text import plain
from modelling.charts.wording import counted
from modelling.types import Change, Experiment, ModelResult
from modelling.workbench import Workbench

if TYPE_CHECKING:
    from modelling.workbench import Answers, Changes

MOST_ROWS = 200
_WORDS = {
    Change.FIXED: ("Fixed", "wrong before, right now"),
    Change.BROKEN: ("Broken", "right before, wrong now"),
    Change.BOTH_WRONG: ("Both wrong", "no model gets them"),
    Change.BOTH_RIGHT: ("Both right", "either model gets them"),
}


def show(
    bench: Workbench, experiment: Experiment, base: ModelResult, candidate: ModelResult
) -> None:
    """Draw what becomes of the base's answers with the candidate."""
    found = _changes(bench, bench.settings.database_url, experiment.id, base, candidate)
    _counts(experiment, found)
    spec = chart_panel.chart("row_slices")
    unit = "share of rows" if experiment.task.kind.is_classification else experiment.task.target
    numbers = spec.numbers(found.slices, overall=float(found.rows.gains.mean()), unit=unit)
    st.markdown(f"**{spec.title}**")
    if numbers.slices:
        chart_panel.show(spec, numbers, key="compare_row_slices", as_file=True)
    st.caption(_about_slices(found, numbers.n_judged, numbers.n_real))
    if not paper.is_on():
        _rows(bench, experiment, found)


@st.cache_data(show_spinner="Comparing the answers row by row …", max_entries=16)
def _changes(
    _bench: Workbench,
    address: str,  # noqa: ARG001
    experiment_id: str,
    base: ModelResult,
    candidate: ModelResult,
) -> Changes:
    return _bench.changes(experiment_id, base, candidate)


def _counts(experiment: Experiment, found: Changes) -> None:
    counts = found.rows.counts
    with st.grid(len(_WORDS), min_column_width=115):
        for change, (word, meaning) in _WORDS.items():
            st.metric(
                word, f"{counts[change]:,}", delta=meaning, delta_color="off", delta_arrow="off"
            )
    if experiment.task.kind.is_classification:
        st.caption(
            f"Of {len(found.rows.gains):,} locked rows, by the most probable class"
            + (" (a threshold of one half)." if len(experiment.task.classes) == 2 else ".")
        )
    else:
        st.caption(
            f"Of {len(found.rows.gains):,} locked rows. Right means off by at most "
            f"{found.rows.tolerance:.4g}, the median absolute error of {plain(found.rows.base)}."
        )


def _about_slices(found: Changes, n_judged: int, n_real: int) -> str:
    n_rows = found.n_sliced
    sampled = " drawn at random" if n_rows < len(found.rows.gains) else ""
    if not n_judged:
        return "Too few answers change to say where the gain comes from."
    return (
        f"{counted(n_judged, 'part')} of {n_rows:,} rows{sampled} were judged together by Holm's "
        f"rule; {n_real} of them gain or lose beyond luck (filled). The dotted line is the gain of "
        "all rows. Looking is free; but once you build on what you see here, the verdict needs "
        "fresh test rows."
    )


def _rows(bench: Workbench, experiment: Experiment, found: Changes) -> None:
    counts = found.rows.counts
    there = [change for change in Change if counts[change]]
    chosen = st.segmented_control(
        "Rows to read",
        there,
        default=there[0],
        required=True,
        key="compare_change",
        format_func=lambda change: f"{_WORDS[change][0]} ({counts[change]:,})",
    )
    places = found.rows.rows_with(chosen or there[0])[:MOST_ROWS]
    frame = bench.locked_rows(experiment.id, places.tolist()).reset_index(drop=True)
    answers = _answers(found.answers, found, places)
    tables.show(
        pd.concat([answers, frame.drop(columns=list(answers), errors="ignore")], axis=1),
        key="compare_rows",
        alt=f"Locked rows that are {chosen}",
        height=tables.height_of(min(8, max(1, len(places)))),
        pinned=("row", "truth"),
    )
    if counts[chosen or there[0]] > len(places):
        st.caption(f"The {len(places)} rows whose answers differ most.")


def _answers(answers: Answers, found: Changes, places: np.ndarray) -> pd.DataFrame:
    """Return row, truth and both answers, with the probability of the answered class."""
    columns: dict[str, object] = {"row": answers.rows[places]}
    if not answers.kind.is_classification:
        columns["truth"] = answers.truth[places]
        for model in (found.rows.base, found.rows.candidate):
            columns[model] = tables.rounded(answers.predicted[model][places])
        return pd.DataFrame(columns)
    names = pd.Index(answers.classes)
    columns["truth"] = names[answers.truth[places]]
    for model in (found.rows.base, found.rows.candidate):
        labels = answers.labels(model)[places]
        columns[model] = names[labels]
        columns[f"{model}: sure"] = answers.predicted[model][places, labels]
    return pd.DataFrame(columns)
