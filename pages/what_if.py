"""What-if: does tuning pay, at which prices, volumes and payoffs; nothing is fitted again."""

import streamlit as st

from components import benchmark_view, header, navigation
from components.guard import guard
from components.resources import workbench
from components.what_if import assumptions, next_steps, one_row, outcome, scenarios

guard()
st.title("What-if")
bench = workbench()
experiment = header.open_experiment(bench)
if not benchmark_view.base_rows(bench, experiment):
    navigation.missing(
        "There are no models to price yet: run the benchmark first.",
        "benchmark",
        "Go to Benchmark",
        experiment=experiment.id,
    )
comparison = bench.by_accuracy(experiment.id)
economics = assumptions.show(bench, experiment, comparison.models)
pair = outcome.choose(bench, experiment, comparison)
outcome.show(bench, experiment, comparison, pair, economics)
if pair is not None:
    scenarios.show(bench, experiment, pair, economics)
next_steps.show(bench, experiment, comparison, economics)
if pair is not None:
    one_row.show(bench, experiment, pair)
