"""What a little more of the same would bring: ten more trials, a tenth more rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components import header
from components.text import plain
from modelling.charts.figures import row_label
from modelling.charts.wording import gain_text, money_text
from modelling.types import Economics, Experiment, Variant
from modelling.workbench import Workbench

if TYPE_CHECKING:
    from modelling.workbench import Comparison, MetricSpec, NextStep


def show(
    bench: Workbench, experiment: Experiment, comparison: Comparison, economics: Economics
) -> None:
    """Say in a line each what the next step would gain, be worth and cost."""
    tuned = [pair for pair in comparison.pairs if pair.candidate.variant is Variant.TUNED]
    if not tuned:
        return
    st.subheader("A little more of the same")
    metric = header.metric_of(bench, experiment)
    lines = []
    for pair in {pair.key: pair for pair in tuned}.values():
        step = bench.next_trials(experiment.id, pair, economics)
        if step is not None:
            label = plain(row_label(pair.candidate))
            lines.append(
                f"Ten more trials of {label}: at most about {_told(step, metric, economics)}"
            )
    step = bench.next_rows(experiment.id, tuned[-1], economics)
    if step is None:
        lines.append(
            "A tenth more rows: measure the rung *more rows* of the ladder on the Tuning page."
        )
    else:
        lines.append(f"A tenth more rows: about {_told(step, metric, economics)}")
    st.markdown("\n".join(f"- {line}" for line in lines))


def _told(step: NextStep, metric: MetricSpec, economics: Economics) -> str:
    parts = [f"{gain_text(step.gain, metric)} in {metric.title}"]
    if step.value is not None:
        parts.append(f"worth {plain(money_text(step.value, economics.currency))} over the horizon")
    if step.cost is not None:
        parts.append(f"for {plain(money_text(step.cost, economics.currency))}")
    return f"{', '.join(parts)}."
