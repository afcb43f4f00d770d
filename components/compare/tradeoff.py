"""Accuracy against cost: axes of the analyst's choice, points to select, runs side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components import chart_panel, paper, state
from components.compare import assumptions
from components.resources import workbench
from components.text import plain
from modelling.charts.axes import AXES, cost_axis
from modelling.charts.figures import row_label
from modelling.charts.tradeoff import TradeoffNumbers
from modelling.charts.wording import counted, listed
from modelling.types import Experiment
from modelling.workbench import MetricSpec

if TYPE_CHECKING:
    from modelling.workbench import Comparison

_CHART = "compare_tradeoff_chart"
# Outlives the pickers, which the paper view does not draw.
_CHOSEN = "compare_axes_chosen"


def show(experiment: Experiment, comparison: Comparison) -> None:
    """Draw the chart with its pickers, its notes, and the assumptions about money."""
    spec = chart_panel.chart("tradeoff")
    state.begin_draft("compare_chart_basis", (experiment.id,), [_CHART, _CHOSEN])
    with st.container(key="compare_tradeoff"):
        st.subheader(spec.title)
        metric, axis = _axes(experiment, comparison)
        drawn = comparison if paper.is_on() else _across(experiment, comparison, axis)
        numbers: TradeoffNumbers = spec.numbers(drawn, experiment.economics, axis, score=metric)
        chart_panel.show(spec, numbers, key=_CHART, can_select=True, as_file=True)
        st.caption(notes(numbers, comparison.metric))
        if not paper.is_on():
            assumptions.show(experiment)


def _axes(experiment: Experiment, comparison: Comparison) -> tuple[MetricSpec, str]:
    """Return the metric and the cost to draw; drawn as pickers outside the paper view."""
    metrics = {spec.name: spec for spec in workbench().metrics(experiment.task.kind)}
    chosen = st.session_state.get(_CHOSEN, (comparison.metric.name, AXES[0].key))
    if not paper.is_on():
        currency = experiment.economics.currency
        titles = {axis.key: axis.priced_in(currency).title for axis in AXES}
        with st.grid(2, min_column_width=280, width=780):
            name = state.select(
                "Accuracy (up)",
                list(metrics),
                key="compare_score",
                default=chosen[0],
                format_func=lambda name: metrics[name].title,
            )
            axis = state.select(
                "Cost (across)",
                list(titles),
                key="compare_axis",
                default=chosen[1],
                format_func=titles.__getitem__,
            )
        chosen = st.session_state[_CHOSEN] = (name, axis)
    return metrics[chosen[0]], chosen[1]


def _across(experiment: Experiment, comparison: Comparison, axis: str) -> Comparison:
    """Return the comparison, or every result on the same locked rows if that is asked for."""
    if not st.toggle(
        "Every run on these locked rows",
        key="compare_across",
        help="Also earlier runs, and other experiments with the same data, target, metric and "
        "locked rows: other seeds, days, features, search spaces.",
    ):
        return comparison
    found = workbench().across(experiment.id)
    n_rows = len(found.comparison.models)
    st.caption(f"{counted(n_rows, 'result')} of {counted(found.n_experiments, 'experiment')}.")
    if len(found.machines) > 1 and cost_axis(axis).is_timed:
        names = "; ".join(map(plain, found.machines))
        st.warning(f"Measured on different machines, whose seconds cannot be compared: {names}.")
        if not st.checkbox("Show them on one axis all the same", key="compare_machines"):
            return comparison
    return found.comparison


def notes(numbers: TradeoffNumbers, judge: MetricSpec) -> str:
    """Return what is to be known to read the chart."""
    parts = (
        numbers.assumptions,
        "Faded: another model is at least as good and no dearer.",
        "Bars: 95 % interval." if numbers.metric == judge else f"{judge.title} has the intervals.",
        f"Without this figure: {listed(list(numbers.left_out))}." if numbers.left_out else "",
    )
    return " ".join(filter(None, parts))


def selected(comparison: Comparison) -> Comparison:
    """Return the comparison of the models that are selected in the chart, and say so."""
    shown = comparison.only(chart_panel.selected(_CHART))
    if not shown.models:
        if not paper.is_on():
            st.caption(
                "Click a point, or draw around several with the lasso above the chart, to see only "
                "those models below; a double click on the chart shows all again."
            )
        return comparison
    labels = ", ".join(plain(row_label(row)) for row in shown.models)
    st.info(f"Below: {labels}. A double click on the chart shows all models again.", icon="🔎")
    return shown
