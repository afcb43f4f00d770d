"""The models by accuracy and by what their answers are worth, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components import tables
from components.text import plain
from modelling.charts.figures import row_label
from modelling.charts.wording import class_names, money_text
from modelling.types import Economics, Experiment

if TYPE_CHECKING:
    from modelling.workbench import Comparison, Ledger, Priced


def show(
    experiment: Experiment, comparison: Comparison, economics: Economics, kept: Ledger
) -> None:
    """Draw both rankings, and say in words where they part."""
    priced = [one for one in kept.books.priced(economics) if one.row.test_score is not None]
    if len(priced) < 2:
        return
    metric = comparison.metric
    by_score = sorted(priced, key=lambda one: -metric.oriented(one.row.test_score or 0.0))
    by_value = sorted(priced, key=lambda one: -(one.value or 0.0))
    st.subheader("By accuracy and by worth")
    st.markdown(_parting(by_score[0], by_value[0], metric.title, economics))
    lines = [_line(one, by_score, by_value, metric.title, economics) for one in by_value]
    calls = [kept.books.share_called(one.row, economics) for one in by_value]
    frame = pd.DataFrame(lines)
    if experiment.task.positive is not None:
        frame[f"called {class_names(experiment.task)[1]}"] = [
            f"{100 * (call or 0.0):.1f} %" for call in calls
        ]
    tables.show(
        frame,
        key="what_if_ranking",
        alt="Models by accuracy and by what their answers are worth",
        height=tables.height_of(min(12, len(lines))),
        widths={"95 % interval": 190, f"by {metric.title}": 100, "by worth": 80},
        pinned=("model",),
    )


def _line(
    one: Priced, by_score: list[Priced], by_value: list[Priced], title: str, economics: Economics
) -> dict[str, object]:
    low, high = one.value_interval or (0.0, 0.0)
    return {
        "model": row_label(one.row),
        f"{title}, locked": one.row.test_score,
        f"by {title}": by_score.index(one) + 1,
        "worth of 1,000": money_text(1000.0 * (one.value or 0.0), economics.currency),
        "95 % interval": f"{money_text(1000 * low, economics.currency)} to "
        f"{money_text(1000 * high, economics.currency)}",
        "by worth": by_value.index(one) + 1,
    }


def _parting(first: Priced, worth: Priced, title: str, economics: Economics) -> str:
    best, paid = plain(row_label(first.row)), plain(row_label(worth.row))
    amount = plain(money_text(1000 * (worth.value or 0.0), economics.currency))
    if first is worth:
        return f"{best} is first by {title} and by worth: 1,000 answers are worth {amount}."
    other = plain(money_text(1000 * (first.value or 0.0), economics.currency))
    return (
        f"By {title}, {best} is first; by worth, {paid}: 1,000 answers are worth {amount}, those "
        f"of {best} {other}. {title} weighs all mistakes the way the metric does; a payoff weighs "
        "them by what they cost, at the one threshold that is used."
    )
