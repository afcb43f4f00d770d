"""The verdict in money: what tuning brings over the horizon, and whether it pays."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import streamlit as st

from components.text import plain, sentences
from modelling.charts.figures import row_label
from modelling.charts.wording import (
    beside_accuracy,
    class_names,
    counted,
    money_text,
    months_text,
    percent_figure,
    what_decided,
)
from modelling.types import Economics, Experiment, VerdictWord

if TYPE_CHECKING:
    from collections.abc import Sequence

    from modelling.workbench import Pair, Payback, Sensitivity

# As good as all rows, or none.
_ALL = 0.001
_COLOURS = {
    VerdictWord.TUNE: "green",
    VerdictWord.KEEP_BASE: "blue",
    VerdictWord.NOT_ENOUGH_EVIDENCE: "orange",
}

# Of two models of the analyst's choice nothing is tuned or kept.
_WORDS = {
    VerdictWord.TUNE: "it pays",
    VerdictWord.KEEP_BASE: "it does not pay",
    VerdictWord.NOT_ENOUGH_EVIDENCE: str(VerdictWord.NOT_ENOUGH_EVIDENCE),
}


def show(
    experiment: Experiment,
    economics: Economics,
    pair: Pair,
    found: Payback,
    hinges: Sequence[Sensitivity],
) -> None:
    """Draw the verdict by net value, the accuracy beside it, and what it hangs on."""
    colour = _COLOURS[found.verdict]
    word = str(found.verdict) if pair.role == "experiment" else _WORDS[found.verdict]
    st.caption(
        f"{plain(row_label(pair.base))} against {plain(row_label(pair.candidate))}, in money"
    )
    st.subheader(f":{colour}[{word.capitalize()}]", anchor=False)
    currency = economics.currency
    low, high = (money_text(end, currency) for end in found.net_interval)
    figures = st.grid(3, min_column_width=220)
    figures.metric(
        f"Ahead after {economics.horizon_months:g} months",
        money_text(found.net, currency),
        delta=f"95 %: {low} to {high}",
        delta_color="off",
        delta_arrow="off",
        help="What the candidate brings more over the horizon, less what it costs more. The "
        "interval is that of the locked rows.",
    )
    figures.metric(
        "Likely to pay",
        percent_figure(found.p_pays),
        delta="80 %: tune, 20 %: keep base",
        delta_color="off",
        delta_arrow="off",
        help="Share of the draws of the locked rows in which the horizon ends above zero.",
    )
    figures.metric(
        "Paid back",
        months_text(found.months),
        delta=_needed(found.predictions),
        delta_color="off",
        delta_arrow="off",
        help="The extra cost of search, fits and re-tuning over what a prediction brings more.",
    )
    reasons = [
        beside_accuracy(pair.verdict.verdict, found, economics),
        what_decided(experiment.task, hinges),
    ]
    st.markdown("\n".join(f"- {sentences(reason)}" for reason in reasons))


def calls(experiment: Experiment, shares: Sequence[float | None]) -> None:
    """Say it where no model is needed: everybody is called, or nobody."""
    known = [share for share in shares if share is not None]
    if not known:
        return
    positive = plain(class_names(experiment.task)[1])
    if min(known) > 1 - _ALL:
        st.markdown(
            f"At these payoffs it is best to call **every** row {positive}: a missed one costs so "
            "much that no model is needed."
        )
    elif max(known) < _ALL:
        st.markdown(
            f"At these payoffs it is best to call **no** row {positive}: a call costs so much that "
            "no model is needed."
        )


def _needed(predictions: float) -> str:
    if predictions == 0:
        return "nothing to earn back"
    if math.isinf(predictions):
        return "at any volume"
    return counted(math.ceil(predictions), "prediction")
