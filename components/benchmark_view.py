"""Choosing base models, starting them, and the leaderboard."""

from __future__ import annotations

import streamlit as st

from components import (
    chart_panel,
    errors,
    model_tables,
    navigation,
    run_status,
    start_button,
    state,
    tables,
)
from components.header import metric_of
from components.resources import workbench
from components.text import plain
from modelling.charts.wording import cpu_text, params_text, seconds_text, usd_text
from modelling.types import Experiment, ModelResult, Run, Variant
from modelling.workbench import Workbench

_BUTTON = "benchmark_run"


def start(bench: Workbench, experiment: Experiment, run: Run | None) -> None:
    """Draw the choice of models, what they will take, and the button."""
    specs = {spec.key: spec for spec in bench.models(experiment.task.kind)}
    chosen = state.multiselect(
        "Base models",
        list(specs),
        key="benchmark_models",
        default=list(specs),
        format_func=lambda key: f"{specs[key].title} · {specs[key].family}",
        help="Each is fitted as it comes, with the configuration printed below. The dummy, which "
        "ignores the features, always runs: every other model has to beat it.",
    )
    estimate = bench.estimate_benchmark(experiment.id, chosen)
    start_button.show(
        "Run benchmark",
        f"Will take about {seconds_text(estimate.low_s)} to {seconds_text(estimate.high_s)}: "
        f"{cpu_text(estimate.cpu_s)}, {usd_text(estimate.usd)} of computing time."
        if chosen
        else "Choose at least one model.",
        key=_BUTTON,
        disabled=not chosen or run_status.is_under_way(run),
        on_click=_start,
        experiment_id=experiment.id,
    )


def _start(experiment_id: str) -> None:
    with errors.kept(_BUTTON):
        run = workbench().start_benchmark(experiment_id, st.session_state["benchmark_models"])
        st.query_params["run"] = run.id


def leaderboard(experiment: Experiment) -> None:
    """Draw the base models found so far, best selection score first."""
    bench = workbench()
    rows = base_rows(bench, experiment)
    if not rows:
        return
    metric = metric_of(bench, experiment)
    with st.container(key="benchmark_leaderboard"):
        st.subheader("Leaderboard")
        st.caption(
            f"Ranked by **selection score**: {metric.title}, the mean of {experiment.task.folds} "
            f"folds of the training rows. {metric.sentence} It chooses models, so it is a little "
            "optimistic; scores on the locked test are shown on Compare only."
        )
        tables.show(
            model_tables.leaderboard(rows),
            key="benchmark_table",
            alt="Leaderboard of base models",
            scores=model_tables.LEADERBOARD_SCORES,
            explained=model_tables.LEADERBOARD_WORDS,
        )
        spec = chart_panel.chart("leaderboard")
        chart_panel.show(spec, spec.numbers(rows, metric), key="benchmark_chart")


def base_rows(bench: Workbench, experiment: Experiment) -> list[ModelResult]:
    """Return the base models of an experiment, best selection score first."""
    return [row for row in bench.results(experiment.id) if row.variant is Variant.BASE]


def configurations(bench: Workbench, experiment: Experiment) -> None:
    """Show the configuration of each base model, and how it differs from its library's."""
    with st.expander("Base configurations", key="benchmark_configurations"):
        for spec in bench.models(experiment.task.kind):
            params = params_text(spec.base) or "no parameters"
            note = f"  \n{plain(spec.base_note, longest=300)}" if spec.base_note else ""
            st.markdown(
                f"**{plain(spec.title)}** ({spec.family}): {plain(params, longest=300)}{note}"
            )


def next_step(experiment: Experiment) -> None:
    """Draw the way to tuning, once there is something to tune."""
    if base_rows(workbench(), experiment):
        navigation.link("tuning", "Next: tune a model", experiment=experiment.id)
