"""The search in hindsight: the course of a study, and its winners on the locked test on demand."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import streamlit as st

from components import chart_panel, errors, live, paper, run_status, state
from components.resources import workbench
from components.text import sentences
from modelling.charts.figures import row_label
from modelling.charts.wording import cpu_text
from modelling.types import (
    Experiment,
    Hindsight,
    HindsightSpec,
    ModelResult,
    Run,
    Trial,
    Variant,
)
from modelling.workbench import Workbench

if TYPE_CHECKING:
    from modelling.workbench import Comparison

_START = "compare_hindsight"
# At most so many winners are fitted again.
_MOST = 8


def show(
    bench: Workbench, experiment: Experiment, comparison: Comparison, runs: tuple[Run, ...]
) -> None:
    """Draw the course of the study behind a tuned model."""
    rows = {row_label(row): row for row in comparison.models if row.variant is Variant.TUNED}
    if not rows:
        return
    spec = chart_panel.chart("trajectory")
    st.subheader(spec.title)
    row = next(iter(rows.values()))
    if len(rows) > 1 and not paper.is_on():
        with st.container(width=480):
            label = state.select("Study", list(rows), key="compare_study", default=next(iter(rows)))
        row = rows[label]
    found = bench.hindsight(experiment.id, row.run_id, row.key)
    trials = [trial for trial in bench.trials(row.run_id) if trial.model == row.key]
    numbers = spec.numbers(
        trials,
        row=row,
        metric=comparison.metric,
        noise=_noise(bench, experiment, row, trials),
        hindsight=found,
    )
    chart_panel.show(spec, numbers, key="compare_trajectory", as_file=True)
    _look_back(row, found, _run_of(runs, row))


def _noise(
    bench: Workbench, experiment: Experiment, row: ModelResult, trials: list[Trial]
) -> float | None:
    noise = bench.search_report(row.run_id, row.key, trials).noise
    return None if noise is None else noise / math.sqrt(experiment.task.folds)


def _look_back(row: ModelResult, found: Hindsight | None, run: Run | None) -> None:
    if found is not None:
        st.caption(
            "Hollow points are hindsight: the winners that the search had on its way, fitted again "
            f"({cpu_text(found.cpu_s)}, the cost of measuring, not of tuning) and scored in one "
            "further look at the locked test. They decide nothing."
        )
        return
    if paper.is_on():
        return
    if run is not None and run_status.is_under_way(run):
        live.show(run)
        return
    if run is not None and run.error:
        st.error(sentences(run.error))
    about = cpu_text(_MOST * row.fit_cpu_s) if row.fit_cpu_s else "a few minutes"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Look back on the search", key=_START, on_click=_start, args=(row.run_id, row.key)
        )
        st.caption(
            "Would less search have been enough? Fits at most eight earlier winners again (up to "
            f"about {about}) and scores them on the locked test: one further look, which is "
            "counted. The verdict above stays as it is."
        )
    errors.pending(_START)


def _run_of(runs: tuple[Run, ...], row: ModelResult) -> Run | None:
    wanted = (row.run_id, row.key)
    for run in runs:
        if isinstance(run.spec, HindsightSpec) and (run.spec.study, run.spec.model) == wanted:
            return run
    return None


def _start(study: str, model_key: str) -> None:
    with errors.kept(_START):
        workbench().start_hindsight(study, model_key)
