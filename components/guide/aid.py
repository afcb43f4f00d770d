"""A short aid to decide: a few questions, filled in from the open experiment where it knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from components import navigation
from modelling.charts.figures import row_label
from modelling.charts.wording import gain_text, interval_text, score_text
from modelling.types import Experiment, VerdictWord
from modelling.workbench import Workbench

if TYPE_CHECKING:
    from modelling.workbench import Comparison

_FEW, _SOME, _MANY = "fewer than 200", "200 to 5,000", "more than 5,000"
_SIZES = (_FEW, _SOME, _MANY)
_NO, _YES = "no", "yes"


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What an experiment knows already: rows, and what was measured."""

    n_rows: int | None = None
    benchmarked: bool = False
    verdict: VerdictWord | None = None
    told: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Advice:
    """Where to go next, and what to look at there."""

    page: str
    label: str
    text: str


def known_of(bench: Workbench, experiment: Experiment | None) -> Known:
    """Return what the open experiment knows; nothing without one."""
    if experiment is None:
        return Known()
    n_rows = experiment.n_train + experiment.n_test
    told = [f"{experiment.name} has {n_rows:,} rows, {experiment.n_test:,} of them locked."]
    if not any(row.test_score is not None for row in bench.results(experiment.id)):
        return Known(n_rows=n_rows, told=tuple(told))
    comparison = bench.comparison(experiment.id)
    told += _measured(comparison)
    pair = comparison.overall
    return Known(
        n_rows=n_rows,
        benchmarked=True,
        verdict=None if pair is None else pair.verdict.verdict,
        told=tuple(told),
    )


def _measured(comparison: Comparison) -> list[str]:
    metric, pair = comparison.metric, comparison.overall
    if pair is None:
        best = comparison.models[0]
        score = score_text(best.test_score, metric)
        return [f"Its best base model is {row_label(best)}: {metric.title} {score}."]
    return [
        f"From {row_label(pair.base)} to {row_label(pair.candidate)}, {metric.title} changed by "
        f"{gain_text(pair.gain.gain, metric)} (95 % {interval_text(pair.gain.interval, metric)}): "
        f"{pair.verdict.verdict}."
    ]


def show(bench: Workbench, experiment: Experiment | None) -> None:
    """Draw the questions and what follows from the answers."""
    known = known_of(bench, experiment)
    for sentence in known.told:
        st.caption(sentence)
    with st.grid(3, min_column_width=260):
        labelled = st.radio(
            "Do you have rows with the right answers?",
            [_YES, _NO],
            key="guide_labelled",
            horizontal=True,
        )
        size = st.radio(
            "How many?",
            _SIZES,
            index=_SIZES.index(_size(known.n_rows)),
            key="guide_size",
            disabled=labelled == _NO,
            horizontal=True,
        )
        dear = st.radio(
            "Does a small gain matter (many answers, dear mistakes)?",
            [_YES, _NO],
            key="guide_dear",
            horizontal=True,
        )
    advice = advise(known, labelled=labelled == _YES, few=size == _FEW, matters=dear == _YES)
    with st.container(border=True, key="guide_advice"):
        st.markdown(advice.text)
        query = {} if experiment is None else {"experiment": experiment.id}
        navigation.link(advice.page, advice.label, **query)


def advise(known: Known, *, labelled: bool, few: bool, matters: bool) -> Advice:
    """Return the next step for these answers."""
    if not labelled:
        return Advice(
            page="data",
            label="Go to Data",
            text="**Label some rows first.** Without right answers nothing can be compared, "
            "trained or tuned. 200 labelled rows are enough to test base models that need no "
            "training; bring them as a table with one column for the answer.",
        )
    if not known.benchmarked:
        more = (
            " With so few rows the locked test decides little: expect *not enough evidence*, and "
            "prefer simple models."
            if few
            else ""
        )
        where = ("data", "Go to Data") if known.n_rows is None else ("benchmark", "Go to Benchmark")
        return Advice(
            page=where[0],
            label=where[1],
            text="**Benchmark base models.** It takes a minute, and everything else has to beat "
            f"the best of them. Look at whether they beat *Dummy* at all.{more}",
        )
    return _after_benchmark(known.verdict, matters=matters)


def _after_benchmark(verdict: VerdictWord | None, *, matters: bool) -> Advice:
    if verdict is None and not matters:
        return Advice(
            page="compare",
            label="Go to Compare",
            text="**Use the best base model.** You say that a small gain does not matter, so a "
            "search has little to win. Look at its score on the locked rows, and at its cost.",
        )
    if verdict is None:
        return Advice(
            page="tuning",
            label="Go to Tuning",
            text="**Tune with a small budget.** A minute shows most of what there is. Look at "
            "the corrected gain, not at the best score: that one is partly luck.",
        )
    if verdict is VerdictWord.NOT_ENOUGH_EVIDENCE:
        return Advice(
            page="compare",
            label="Go to Compare",
            text="**Get more rows, or check rigorously.** The locked rows cannot tell. The "
            "rigorous check uses all rows; its price stands beside the button.",
        )
    return Advice(
        page="what_if",
        label="Go to What-if",
        text="**See whether it pays.** The accuracy is measured; what it is worth depends on how "
        "often the model answers and what a mistake costs.",
    )


def _size(n_rows: int | None) -> str:
    if n_rows is None:
        return _SOME
    return _FEW if n_rows < 200 else _SOME if n_rows <= 5_000 else _MANY
