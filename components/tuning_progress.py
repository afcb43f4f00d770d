"""The course of a study: best so far, trials, and the chart."""

from __future__ import annotations

import math
from dataclasses import replace

import streamlit as st

from components import chart_panel, model_tables, search_shows, tables, wish
from components.header import metric_of
from components.resources import workbench
from components.text import plain
from modelling.charts.history import Against, HistoryNumbers
from modelling.charts.studies import StudyHistory
from modelling.charts.wording import gain_text, money_text, score_text
from modelling.types import Experiment, Run, TuningSpec
from modelling.workbench import MetricSpec

_AGAINST: dict[Against, str] = {"cpu": "CPU time", "usd": "Money", "trials": "Trials"}


def show(experiment: Experiment, run: Run | None) -> None:
    """Draw what the run has found so far; nothing without one."""
    if run is None:
        return
    bench = workbench()
    metric = metric_of(bench, experiment)
    names = {spec.key: (spec.title, spec.family) for spec in bench.models(experiment.task.kind)}
    parts = f"{experiment.task.folds} folds"
    if isinstance(run.spec, TuningSpec) and run.spec.ask is not None:
        llm = bench.llm(run.spec.ask.llm)
        names[llm.key] = (llm.title, "language model")
        parts = f"the parts of {run.spec.ask.n_train} training rows"
    spec = chart_panel.chart("history")
    numbers: HistoryNumbers = spec.numbers(bench.trials(run.id), metric=metric, names=names)
    if not numbers.studies:
        return
    with st.container(key="tuning_progress"):
        st.subheader("Course of the study")
        for study in numbers.studies:
            _summary(study, metric)
        st.caption(
            f"Selection score: {metric.title}, the mean of {parts}. The "
            "search picks the luckiest as well as the best, so these numbers flatter the winner; "
            "Compare shows what is left of it on the locked test."
        )
        _history(run, numbers, experiment.task.folds)
        with st.expander("All trials", expanded=True, key="tuning_trials"):
            frame = model_tables.trials(numbers)
            tables.show(
                frame,
                key="tuning_table",
                alt="Trials of the study",
                height=320,
                widths={"state": 110, "parameters": 320, "reason": 320},
            )
        search_shows.show(run, numbers, experiment.task.folds)
        wish.show(
            run,
            {study.model: study.title for study in numbers.studies},
            {study.model: search_shows.report_of(run, study).best for study in numbers.studies},
        )


def count(run: Run | None) -> int:
    """Return how many trials `show` draws."""
    return 0 if run is None else workbench().n_trials(run.id)


def _history(run: Run, numbers: HistoryNumbers, n_folds: int) -> None:
    is_paid = any(study.usd and not study.cpu_s for study in numbers.studies)
    options: list[Against] = ["usd", "trials"] if is_paid else ["cpu", "trials"]
    by = st.segmented_control(
        "Against",
        options,
        format_func=_AGAINST.__getitem__,
        default=options[0],
        required=True,
        key="tuning_history_by",
    )
    reports = {study.model: search_shows.report_of(run, study) for study in numbers.studies}
    noise = {
        key: report.noise / math.sqrt(n_folds)
        for key, report in reports.items()
        if report.noise is not None
    }
    shown = replace(numbers, by=by, noise=noise)
    chart_panel.show(chart_panel.chart("history"), shown, key="tuning_history")
    if noise:
        st.caption("The band is one standard error: a rise within it may be the luck of the folds.")


def _summary(study: StudyHistory, metric: MetricSpec) -> None:
    counts = study.counts
    gain = _gain(study, metric)
    beside = None if study.base_score is None else "over base" if gain else "as base"
    st.markdown(f"**{plain(study.title)}**")
    figures = st.grid(5, min_column_width=165)
    figures.metric(
        "Best selection score",
        score_text(study.best_score, metric),
        delta=gain,
        delta_description=beside,
        delta_color="normal" if metric.sign > 0 else "inverse",
    )
    figures.metric("Trials complete", f"{counts.complete:,}")
    figures.metric("Stopped early", f"{counts.pruned:,}")
    figures.metric("Failed", f"{counts.failed:,}")
    if study.usd and not study.cpu_s:
        figures.metric("Paid for answers", money_text(study.usd))
        return
    # Minutes and seconds side by side would be cut off where the window is narrow.
    figures.metric("CPU used", f"{study.cpu_s:,.0f} s")


def _gain(study: StudyHistory, metric: MetricSpec) -> str | None:
    if study.best_score is None or study.base_score is None:
        return None
    change = study.best_score - study.base_score
    return gain_text(change, metric).replace("−", "-") if change else None
