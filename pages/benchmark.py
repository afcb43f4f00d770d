"""Benchmark: what base models reach on this experiment, as they come."""

from functools import partial

import streamlit as st

from components import (
    base_configurations,
    benchmark_view,
    header,
    leaderboard,
    live,
    state,
)
from components.guard import guard
from components.llm import panel
from components.resources import workbench
from modelling.types import RunKind

guard()
st.title("Benchmark")
bench = workbench()
experiment = header.open_experiment(bench)
run = state.run_of(bench, experiment, RunKind.BENCHMARK)
benchmark_view.start(bench, experiment, run)
live.show(
    run,
    results=partial(leaderboard.show, experiment, run),
    next_step=partial(benchmark_view.next_step, experiment),
)
panel.show(bench, experiment)
base_configurations.show(bench, experiment)
