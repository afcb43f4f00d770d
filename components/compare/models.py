"""The parts of the comparison below the verdict: margin, trade-off with its assumptions, table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components import chart_panel, errors, model_tables, state, tables
from components.resources import workbench
from modelling.charts.axes import AXES
from modelling.charts.tradeoff import TradeoffNumbers
from modelling.types import Economics, Experiment
from modelling.workbench import MetricSpec

if TYPE_CHECKING:
    from modelling.workbench import Comparison

# Field of Economics -> (label, step, format, help).
_ASSUMPTIONS: dict[str, tuple[str, float, str, str]] = {
    "usd_per_vcpu_hour": ("vCPU hour, $", 0.01, "%.3f", "What an hour of one virtual core costs."),
    "usd_per_analyst_hour": ("Analyst hour, $", 5.0, "%.0f", "What an hour of your work costs."),
    "data_preparation_hours": (
        "Preparation, hours",
        1.0,
        "%.1f",
        "Work that every model needs: the same for all of them.",
    ),
    "predictions_per_month": ("Predictions a month", 10_000.0, "%.0f", "How often it will answer."),
    "horizon_months": ("Horizon, months", 1.0, "%.0f", "How long the model will serve."),
}


def margin(metric: MetricSpec) -> float | None:
    """Draw the input of the smallest gain that matters; empty means the metric's default."""
    usual = (
        f"{metric.default_margin:.0%} of the base's score"
        if metric.margin_relative
        else f"{metric.default_margin:g}"
    )
    return st.number_input(
        f"Margin: the smallest gain in {metric.title} that matters",
        min_value=0.0,
        value=None,
        step=metric.default_margin if not metric.margin_relative else None,
        format="%.6g" if metric.margin_relative else "%.4f",
        placeholder=f"default: {usual}",
        key="compare_margin",
        help="A gain below it counts as equal. The verdict follows at once; nothing is run again.",
        width=480,
    )


def gains(comparison: Comparison) -> None:
    """Draw base to tuned, pair by pair."""
    spec = chart_panel.chart("dumbbell")
    st.subheader(spec.title)
    st.caption(
        f"On {comparison.n_test:,} locked test rows. The band is the margin: a gain inside it does "
        "not matter. Several models at once are judged by Holm's stricter rule."
    )
    chart_panel.show(spec, spec.numbers(comparison), key="compare_gains")


def optimism(comparison: Comparison) -> None:
    """Draw what the search saw against what is left of it."""
    spec = chart_panel.chart("optimism")
    numbers = spec.numbers(comparison)
    if not numbers.rows:
        return
    st.subheader(spec.title)
    st.caption(
        "The same winner, three times: the gain on the rows that chose it, the same corrected for "
        "having chosen, and the gain on the locked rows that no search has seen."
    )
    chart_panel.show(spec, numbers, key="compare_optimism")


def tradeoff(experiment: Experiment, comparison: Comparison) -> None:
    """Draw accuracy against a cost of the analyst's choice."""
    spec = chart_panel.chart("tradeoff")
    titles = {axis.key: axis.title for axis in AXES}
    with st.container(key="compare_tradeoff"):
        st.subheader(spec.title)
        with st.container(width=480):
            axis = state.select(
                "Cost",
                list(titles),
                key="compare_axis",
                default=AXES[0].key,
                format_func=titles.__getitem__,
            )
        numbers: TradeoffNumbers = spec.numbers(comparison, experiment.economics, axis)
        chart_panel.show(spec, numbers, key="compare_tradeoff_chart")
        notes = [
            numbers.assumptions,
            "Faded: another model is at least as good and no dearer. Bars: 95 % interval.",
            f"Not measured yet: {', '.join(numbers.left_out)}." if numbers.left_out else "",
        ]
        st.caption(" ".join(filter(None, notes)))
        with st.expander("Assumptions about money", key="compare_assumptions"):
            _assumptions(experiment)


def _assumptions(experiment: Experiment) -> None:
    st.caption("Stored with the experiment; every amount on this page follows at once.")
    with st.grid(len(_ASSUMPTIONS), min_column_width=150):
        for name, (label, step, form, words) in _ASSUMPTIONS.items():
            key = f"compare_{name}"
            if key not in st.session_state:
                st.session_state[key] = float(getattr(experiment.economics, name))
            st.number_input(
                label,
                min_value=0.0,
                step=step,
                format=form,
                key=key,
                help=words,
                on_change=_save_assumptions,
                args=(experiment.id,),
            )
    errors.pending("compare_assumptions")


def _save_assumptions(experiment_id: str) -> None:
    with errors.kept("compare_assumptions"):
        values = {name: float(st.session_state[f"compare_{name}"]) for name in _ASSUMPTIONS}
        workbench().set_economics(experiment_id, Economics(**values))


def table(experiment: Experiment, comparison: Comparison) -> None:
    """Show every model with scores, costs and parameters, and offer it as a file."""
    st.subheader("All models")
    frame = model_tables.all_models(
        comparison, experiment.economics, workbench().metrics(experiment.task.kind)
    )
    tables.show(
        frame,
        key="compare_table",
        alt="All models with scores, costs and parameters",
        scores=model_tables.score_columns(comparison.metric),
    )
    st.download_button(
        "Download the table (CSV)",
        tables.csv_bytes(frame),
        file_name="tuneworth-models.csv",
        mime="text/csv",
        key="compare_download",
        on_click="ignore",
    )
