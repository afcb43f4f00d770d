"""The answer: one word, the gain with its interval, the cost in words, and the reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import streamlit as st

from components import navigation, paper
from components.text import sentences, times
from modelling.charts.figures import cost_sentence, row_label, search_price
from modelling.charts.wording import (
    cpu_text,
    gain_text,
    interval_text,
    percent_figure,
    percent_text,
    score_text,
)
from modelling.types import Experiment, VerdictWord
from modelling.workbench import MetricSpec

if TYPE_CHECKING:
    from modelling.workbench import Comparison, Pair

_Colour = Literal["green", "blue", "orange"]
_WORDS: dict[VerdictWord, tuple[str, _Colour]] = {
    VerdictWord.TUNE: ("Tune", "green"),
    VerdictWord.KEEP_BASE: ("Keep base", "blue"),
    VerdictWord.NOT_ENOUGH_EVIDENCE: ("Not enough evidence", "orange"),
}
_NOT_WEIGHED = (
    "Not weighed: the price of the search and of serving (it is shown, not judged), what an error "
    "costs you, which rows were learnt from, how data will change after today, and the effort of "
    "running a second model."
)

_NOT_WEIGHED_IN_MONEY = (
    "Weighed in money, at the payoffs of this experiment. Not weighed: which rows were learnt "
    "from, how data will change after today, and the effort of running a second model."
)


def show(experiment: Experiment, comparison: Comparison) -> None:
    """Draw the verdict on the experiment's own pair."""
    pair = comparison.overall
    with st.container(border=True, key="compare_verdict"):
        if pair is None:
            _nothing_tuned(comparison)
            return
        word, colour = _WORDS[pair.verdict.verdict]
        st.caption(_who(pair))
        st.subheader(f":{colour}[{word}]", anchor=False)
        _figures(pair, experiment, comparison)
        reasons = [*pair.verdict.reasons, cost_sentence(pair, experiment.economics)]
        st.markdown("\n".join(f"- {sentences(reason)}" for reason in reasons))
        weighed = experiment.economics.payoff.is_set
        left_out = _NOT_WEIGHED_IN_MONEY if weighed else _NOT_WEIGHED
        st.caption(f"{_reach(pair, comparison)} {_looks(experiment)} {left_out}")
        if weighed:
            navigation.link("what_if", "See what it hangs on", experiment=experiment.id)


def _nothing_tuned(comparison: Comparison) -> None:
    st.markdown(
        "**No tuning yet**, so there is no verdict. Below are the base models on the "
        f"{comparison.n_test:,} locked test rows."
    )


def _figures(pair: Pair, experiment: Experiment, comparison: Comparison) -> None:
    gain, metric = pair.gain, comparison.metric
    figures = st.grid(3, min_column_width=230)
    figures.metric(
        f"Gain in {metric.title}",
        gain_text(gain.gain, metric),
        delta=f"95 %: {interval_text(gain.interval, metric)}",
        delta_color="off",
        delta_arrow="off",
        help=_where_from(pair, metric),
    )
    figures.metric(
        "Likely to matter",
        percent_figure(gain.p_better),
        delta=f"gain above {score_text(gain.margin, metric)}",
        delta_color="off",
        delta_arrow="off",
        help="Probability that the gain exceeds the margin. Practically equal: "
        f"{percent_text(gain.p_equal)}. Worse by more than the margin: "
        f"{percent_text(gain.p_worse)}. 95 % or more means tune, 5 % or less keep base.",
    )
    figures.metric(
        "Cost of the search",
        cpu_text(pair.candidate.search_cpu_s),
        delta=search_price(pair, experiment.economics),
        delta_color="off",
        delta_arrow="off",
        help="All trials count, also those that were stopped early or failed.",
    )


def _who(pair: Pair) -> str:
    both = f"{sentences(row_label(pair.base))} against {sentences(row_label(pair.candidate))}"
    if pair.gain.n_parts is not None:
        return (
            f"{both}, rigorously: each of all {pair.gain.n_test:,} rows was judged once by models "
            "that never saw it. This verdict stands in place of the one on the locked test"
        )
    if paper.is_on():
        return f"{both}, on {pair.gain.n_test:,} rows nobody touched"
    return (
        f"{both}: the best base and the best tuned model or ensemble by selection score, fixed "
        "before any test score was read"
    )


def _where_from(pair: Pair, metric: MetricSpec) -> str:
    if pair.gain.n_parts is not None:
        return (
            f"The mean over {pair.gain.n_parts} outer parts of nested cross-validation; positive "
            "is better, whatever the metric. The interval is Nadeau and Bengio's."
        )
    return (
        f"On the locked test, from {score_text(pair.base.test_score, metric)} to "
        f"{score_text(pair.candidate.test_score, metric)}; positive is better, whatever the "
        f"metric. The interval comes from drawing the {pair.gain.n_test:,} test rows again and "
        "again, both models on the same draws."
    )


def _reach(pair: Pair, comparison: Comparison) -> str:
    """Say what the test could have shown; nothing if both models are the same."""
    if pair.gain.sd == 0.0:
        return ""
    smallest = score_text(pair.gain.smallest_detectable, comparison.metric)
    rows = "test rows" if pair.gain.n_parts is None else "rows in parts"
    return f"{pair.gain.n_test:,} {rows} can show a gain of about {smallest} or more."


def _looks(experiment: Experiment) -> str:
    if experiment.peeks == 0:
        return "The locked test was scored once."
    return (
        f"The locked test was scored {times(experiment.test_batches)} ({experiment.peeks} after "
        "the first); every further look makes its answer a little less strict."
    )
