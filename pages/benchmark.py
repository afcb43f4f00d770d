"""Benchmark: what base models reach on this experiment, as they come."""

from functools import partial

import streamlit as st

from components import benchmark_view, header, run_status, state
from components.guard import guard
from components.resources import workbench
from modelling.types import RunKind

guard()
st.title("Benchmark")
bench = workbench()
experiment = header.open_experiment(bench)
run = state.run_of(bench, experiment, RunKind.BENCHMARK)
benchmark_view.start(bench, experiment, run)
run_status.live(
    run,
    results=partial(benchmark_view.leaderboard, experiment),
    next_step=partial(benchmark_view.next_step, experiment),
)
benchmark_view.configurations(bench, experiment)
