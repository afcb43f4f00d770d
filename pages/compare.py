"""Compare: what tuning bought on the locked test, whether it is real, and what it cost."""

import streamlit as st

from components import benchmark_view, compare_view, header, navigation, verdict_card
from components.guard import guard
from components.resources import workbench

guard()
st.title("Compare")
bench = workbench()
experiment = header.open_experiment(bench)
if not benchmark_view.base_rows(bench, experiment):
    navigation.missing(
        "There are no models to compare yet: run the benchmark first.",
        "benchmark",
        "Go to Benchmark",
        experiment=experiment.id,
    )
verdict_place = st.container()
margin = compare_view.margin(header.metric_of(bench, experiment))
comparison = bench.comparison(experiment.id, margin=margin)
with verdict_place:
    verdict_card.show(experiment, comparison)

if comparison.pairs:
    compare_view.gains(comparison)
else:
    navigation.link("tuning", "Tune a model", experiment=experiment.id)
compare_view.tradeoff(experiment, comparison)
compare_view.optimism(comparison)
compare_view.table(experiment, comparison)
