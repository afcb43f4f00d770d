"""Compare: what tuning bought on the locked test, whether it is real, and what it cost."""

import streamlit as st

from components import benchmark_view, header, navigation, paper
from components.compare import (
    changed,
    diagnosis,
    explanation,
    external,
    fresh,
    gains,
    models,
    rigorous,
    rows,
    sampled,
    tradeoff,
    trajectory,
    verdict,
)
from components.guard import guard
from components.resources import workbench

guard()
st.title("Compare")
bench = workbench()
experiment = header.open_experiment(bench)
fresh.follow(bench, experiment)
if not benchmark_view.base_rows(bench, experiment):
    navigation.missing(
        "There are no models to compare yet: run the benchmark first.",
        "benchmark",
        "Go to Benchmark",
        experiment=experiment.id,
    )
# Read before the comparison: what ends while the page is drawn is followed, and draws it again.
runs, check = bench.runs(experiment.id), bench.rigorous(experiment.id)
comparison = bench.comparison(experiment.id, margin=gains.margin(experiment))
paper.controls()
verdict_place, chart_place = paper.places()
with verdict_place:
    verdict.show(experiment, comparison)
    if not paper.is_on():
        rigorous.show(bench, experiment, check)
    if comparison.pairs:
        gains.gains(comparison)
    else:
        navigation.link("tuning", "Tune a model", experiment=experiment.id)
with chart_place:
    tradeoff.show(experiment, comparison)

if not paper.is_on():
    sampled.show(bench, experiment)
shown = tradeoff.selected(comparison)
gains.optimism(shown)
gains.impact(shown)
trajectory.show(bench, experiment, shown, runs)
two = changed.choose(shown)
if two is not None:
    changed.gain(bench, experiment, comparison, *two)
    rows.show(bench, experiment, *two)
    diagnosis.show(bench, experiment, shown, two)
    explanation.show(bench, experiment, comparison, two, runs)
models.table(experiment, shown)
if not paper.is_on():
    external.show(bench, experiment, runs)
    fresh.show(experiment)
