"""Choosing base models and starting them."""

from __future__ import annotations

import streamlit as st

from components import benchmark_limits, errors, navigation, run_status, start_button, state
from components.resources import workbench
from modelling.charts.wording import cpu_text, money_text, seconds_text
from modelling.types import Experiment, ModelResult, Run, Variant
from modelling.workbench import Estimate, Workbench

_BUTTON = "benchmark_run"


def start(bench: Workbench, experiment: Experiment, run: Run | None) -> None:
    """Draw the choice of models, what they will take, and the button."""
    specs = {spec.key: spec for spec in bench.base_models(experiment.id)}
    # Above the models: their list grows by a line while it is edited and shrinks when another
    # place is pressed, and a button below it would move away from under the pointer.
    above = st.container(key="benchmark_start")
    chosen = state.multiselect(
        "Base models",
        list(specs),
        key="benchmark_models",
        default=list(specs),
        format_func=lambda key: f"{specs[key].title} · {specs[key].family}",
        help="Each is fitted as it comes, with the configuration printed below. The dummy, which "
        "ignores the features, always runs: every other model has to beat it.",
    )
    benchmark_limits.show()
    estimate = bench.estimate_benchmark(experiment.id, chosen)
    price = money_text(estimate.usd, experiment.economics.currency)
    with above:
        start_button.show(
            "Run benchmark",
            f"Will take about {seconds_text(estimate.low_s)} to {seconds_text(estimate.high_s)}: "
            f"{cpu_text(estimate.cpu_s)}, {price} of computing time, {_source(estimate)}."
            if chosen
            else "Choose at least one model.",
            key=_BUTTON,
            disabled=not chosen or run_status.is_under_way(run),
            on_click=_start,
            experiment_id=experiment.id,
        )


def _source(estimate: Estimate) -> str:
    if estimate.n_known == estimate.n_models:
        return "from earlier runs on this machine"
    return "from the size of the table" if not estimate.n_known else "in part from earlier runs"


def _start(experiment_id: str) -> None:
    with errors.kept(_BUTTON):
        run = workbench().start_benchmark(
            experiment_id, st.session_state["benchmark_models"], limits=benchmark_limits.chosen()
        )
        st.query_params["run"] = run.id


def base_rows(bench: Workbench, experiment: Experiment) -> list[ModelResult]:
    """Return the base models of an experiment, best selection score first."""
    return [row for row in bench.results(experiment.id) if row.variant is Variant.BASE]


def next_step(experiment: Experiment) -> None:
    """Draw the way to tuning, once there is something to tune."""
    if base_rows(workbench(), experiment):
        navigation.link("tuning", "Next: tune a model", experiment=experiment.id)
