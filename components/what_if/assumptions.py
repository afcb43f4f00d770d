"""The assumptions that are tried: a draft that starts from a scenario, and is kept by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from components import state
from components.assumption_fields import FIELDS, label
from components.what_if import bills, keep, payoff
from modelling.errors import NotFoundError
from modelling.types import Economics, Experiment, ModelResult, Payoff
from modelling.workbench import Workbench

STORED = "As stored with the experiment"
_CHOICE, _CURRENCY = "what_if_scenario", "what_if_currency"


def show(bench: Workbench, experiment: Experiment, rows: Sequence[ModelResult]) -> Economics:
    """Draw scenarios and assumptions, and return those that are being tried."""
    start = _start(bench, experiment)
    scenario = (experiment.id, st.query_params.get("scenario"))
    own = [f"what_if_{name}" for name in FIELDS]
    prices = replace(start, payoff=Payoff())
    state.begin_draft("what_if_basis", (*scenario, prices), [*own, _CURRENCY, bills.KEY])
    begun = payoff.begun_with(experiment.task, start.payoff, scenario)
    keys = payoff.keys(experiment.task)
    state.begin_draft("what_if_payoff_basis", (*scenario, begun), keys)
    _choose(bench, experiment)
    with st.expander("Prices and volumes", key="what_if_prices", expanded=True):
        economics = _numbers(start)
    with st.expander("What answers are worth", key="what_if_payoff", expanded=True):
        payoff.begin(experiment.task, scenario)
        worth = payoff.show(experiment.task, begun, economics.currency)
    with st.expander("Other costs", key="what_if_other"):
        other = bills.show(economics, tuple(rows))
    tried = replace(economics, payoff=worth, other_costs=other)
    keep.show(bench, experiment, tried)
    return tried


def _start(bench: Workbench, experiment: Experiment) -> Economics:
    """Return what the draft starts from: the scenario of the URL, else the experiment's own."""
    wanted = st.query_params.get("scenario")
    if not wanted:
        return experiment.economics
    try:
        return bench.scenario(experiment.id, wanted).economics
    except NotFoundError:
        del st.query_params["scenario"]
        return experiment.economics


def _choose(bench: Workbench, experiment: Experiment) -> None:
    options = [STORED, *(scenario.name for scenario in bench.scenarios(experiment.id))]
    current = st.query_params.get("scenario") or STORED
    st.session_state[_CHOICE] = current if current in options else STORED
    st.selectbox(
        "Scenario",
        options,
        key=_CHOICE,
        on_change=_open,
        help="Its name stands in the address: whoever opens the link sees the same figures.",
        width=480,
    )


def _open() -> None:
    chosen = st.session_state[_CHOICE]
    if chosen == STORED:
        st.query_params.pop("scenario", None)
    else:
        st.query_params["scenario"] = chosen


def _numbers(start: Economics) -> Economics:
    changed: dict[str, float] = {}
    with st.grid(len(FIELDS) + 1, min_column_width=150):
        for name, field in FIELDS.items():
            key = f"what_if_{name}"
            if key not in st.session_state:
                st.session_state[key] = float(getattr(start, name))
            found = st.number_input(
                label(name, start.currency),
                min_value=0.0,
                step=field.step,
                format=field.format,
                key=key,
                help=field.help,
            )
            changed[name] = float(found)
        if _CURRENCY not in st.session_state:
            st.session_state[_CURRENCY] = start.currency
        currency = st.text_input(
            "Currency", key=_CURRENCY, max_chars=8, help="All amounts are in it; none is converted."
        )
    return replace(start, currency=currency.strip() or start.currency, **changed)  # type: ignore[arg-type]
