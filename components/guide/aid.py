"""A short aid to decide: a few questions, filled in from the open experiment where it knows."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from components import navigation
from components.guide import known
from components.guide.known import Known
from modelling.types import Experiment, VerdictWord
from modelling.workbench import Workbench

_FEW, _SOME, _MANY = "fewer than 200", "200 to 5,000", "more than 5,000"
_SIZES = (_FEW, _SOME, _MANY)
_NO, _YES = "no", "yes"


@dataclass(frozen=True, kw_only=True, slots=True)
class Advice:
    """Where to go next, and what to look at there."""

    page: str
    label: str
    text: str


def show(bench: Workbench, experiment: Experiment | None) -> None:
    """Draw the questions and what follows from the answers."""
    found = known.known_of(bench, experiment)
    for sentence in found.told:
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
            index=_SIZES.index(_size(found.n_rows)),
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
    advice = advise(found, labelled=labelled == _YES, few=size == _FEW, matters=dear == _YES)
    with st.container(border=True, key="guide_advice"):
        st.markdown(advice.text)
        query = {} if experiment is None else {"experiment": experiment.id}
        navigation.link(advice.page, advice.label, **query)


def advise(found: Known, *, labelled: bool, few: bool, matters: bool) -> Advice:
    """Return the next step for these answers."""
    if not labelled:
        return Advice(
            page="data",
            label="Go to Data",
            text="**Label some rows first.** Without right answers nothing can be compared, "
            "trained or tuned. 200 labelled rows are enough to test base models that need no "
            "training; bring them as a table with one column for the answer.",
        )
    if not found.benchmarked:
        more = (
            " With so few rows the locked test decides little: expect *not enough evidence*, and "
            "prefer simple models."
            if few
            else ""
        )
        where = ("data", "Go to Data") if found.n_rows is None else ("benchmark", "Go to Benchmark")
        return Advice(
            page=where[0],
            label=where[1],
            text="**Benchmark base models.** It takes a minute, and everything else has to beat "
            f"the best of them. Look at whether they beat *Dummy* at all.{more}",
        )
    return _after_benchmark(found.verdict, matters=matters)


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
