"""Tuning: spend a budget on better configurations, and watch the search."""

from functools import partial

import streamlit as st

from components import (
    benchmark_view,
    header,
    ladder,
    live,
    navigation,
    state,
    study_actions,
    tuning_progress,
    tuning_view,
)
from components.guard import guard
from components.llm import study
from components.resources import workbench
from modelling.types import RunKind

guard()
st.title("Tuning")
bench = workbench()
experiment = header.open_experiment(bench)
if not benchmark_view.base_rows(bench, experiment):
    navigation.missing(
        "There are no base models to improve on yet: run the benchmark first.",
        "benchmark",
        "Go to Benchmark",
        experiment=experiment.id,
    )
run = state.run_of(bench, experiment, RunKind.TUNING)
tuning_view.start(bench, experiment, run)
study.show(bench, experiment, run)
live.show(
    run,
    results=partial(tuning_progress.show, experiment, run),
    next_step=partial(tuning_view.next_step, experiment),
    n_trials=partial(tuning_progress.count, run),
)
study_actions.show(experiment, run)
ladder.show(experiment, run)
