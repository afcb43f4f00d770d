"""What each search gained: base to tuned with the margin, how optimistic it was, and its bill."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components import chart_panel, paper, state
from modelling.types import Experiment
from modelling.workbench import MetricSpec

if TYPE_CHECKING:
    from modelling.workbench import Comparison

_SLIDER, _CHOSEN = "compare_margin", "compare_margin_chosen"
_STEPS = 200
# The slider reaches this many default margins, and further if a gain is larger.
_REACH = 4.0


def margin(experiment: Experiment) -> float | None:
    """Return the margin that was chosen with the slider; None stands for the default."""
    state.begin_draft("compare_margin_basis", (experiment.id,), [_SLIDER, _CHOSEN])
    chosen = st.session_state.get(_CHOSEN)
    return None if chosen is None else float(chosen)


def gains(comparison: Comparison) -> None:
    """Draw base to tuned, pair by pair, below the slider of the margin."""
    spec = chart_panel.chart("dumbbell")
    st.subheader(spec.title)
    st.caption(
        f"On {comparison.n_test:,} locked test rows. The band is the margin: a gain inside it does "
        "not matter. Several models at once are judged by Holm's stricter rule."
    )
    if not paper.is_on():
        _slider(comparison)
    chart_panel.show(spec, spec.numbers(comparison), key="compare_gains", as_file=True)


def _slider(comparison: Comparison) -> None:
    metric = comparison.metric
    current = max((pair.gain.margin for pair in comparison.pairs), default=metric.default_margin)
    largest = _largest(comparison)
    if _SLIDER not in st.session_state:
        st.session_state[_SLIDER] = min(current, largest)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.slider(
            f"Margin: the smallest gain in {metric.title} that matters",
            min_value=0.0,
            max_value=largest,
            step=largest / _STEPS,
            format="%.4g",
            key=_SLIDER,
            on_change=_choose,
            help="A gain below it counts as equal. The verdict follows at once; nothing is run "
            f"again. Usual: {_usual(metric)}.",
            width=480,
        )
        if st.session_state.get(_CHOSEN) is not None:
            st.button("Usual margin", key="compare_margin_usual", on_click=_forget)


def _largest(comparison: Comparison) -> float:
    """Return the end of the slider, which must stay where it is while the margin moves."""
    metric = comparison.metric
    scores = [abs(row.test_score) for row in comparison.models if row.test_score is not None]
    usual = metric.margin_for(max(scores, default=1.0)) or 0.01
    ends = [abs(end) for pair in comparison.pairs for end in pair.gain.interval]
    reach = max([_REACH * usual, *(end for end in ends if end == end)])
    return float(f"{1.05 * reach:.2g}")


def _choose() -> None:
    st.session_state[_CHOSEN] = st.session_state[_SLIDER]


def _forget() -> None:
    for key in (_CHOSEN, _SLIDER):
        st.session_state.pop(key, None)


def _usual(metric: MetricSpec) -> str:
    if metric.margin_relative:
        return f"{metric.default_margin:.0%} of the base's score"
    return f"{metric.default_margin:g}"


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
    chart_panel.show(spec, numbers, key="compare_optimism", as_file=True)


def impact(comparison: Comparison) -> None:
    """Draw what each search bought beside what it took."""
    spec = chart_panel.chart("impact")
    numbers = spec.numbers(comparison)
    if not numbers.rows:
        return
    st.subheader(spec.title)
    st.caption(
        "Left, the gain on the locked test; right, every CPU second that it took, trials that were "
        "stopped early or failed included. Grey: too small to matter."
    )
    chart_panel.show(spec, numbers, key="compare_impact", as_file=True)
