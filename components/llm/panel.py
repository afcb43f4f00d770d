"""Language models on Benchmark: choose one, say what it is asked, agree to the bill, ask."""

from __future__ import annotations

import streamlit as st

from components import errors, live, run_status
from components.llm import answers, bill, known, prompt_form, whom
from components.llm.whom import Whom
from components.resources import workbench
from modelling.types import CAP_USD, N_TEST, N_TRAIN, Experiment, Run, RunKind
from modelling.workbench import N_ORDERS, Workbench

PLACE = "benchmark_llm"
_ASK = "benchmark_llm_ask"
_TRAIN, _TEST = "benchmark_llm_n_train", "benchmark_llm_n_test"
_CAP, _INJECTED = "benchmark_llm_cap", "benchmark_llm_injected"
_N_INJECTED = 10
_FEWEST = 10


def show(bench: Workbench, experiment: Experiment) -> None:
    """Draw the section; nothing where there is no text, or no class, to ask about."""
    if bench.asking_obstacle(experiment.id) is not None:
        return
    run = next((run for run in bench.runs(experiment.id) if run.kind is RunKind.ASK), None)
    st.subheader("Language models")
    st.caption(
        "An LLM is asked about a sample of the rows, chosen once; all models are compared on the "
        "same rows. Its row needs no training, but every answer is paid for."
    )
    asked = bench.asked(experiment.id)
    with st.expander("Ask a language model", key=PLACE, expanded=not asked):
        _form(bench, experiment, run)
    if run is not None:
        live.show(run, next_step=lambda: answers.next_step(experiment), place="llm")
    answers.table(bench.asked(experiment.id), experiment)


def _form(bench: Workbench, experiment: Experiment, run: Run | None) -> None:
    above = st.container()
    prompt = prompt_form.show(bench, experiment, place=PLACE)
    with above:
        chosen, states = whom.choose(bench, experiment, prompt, place=PLACE)
    with st.expander("All models: who can be asked now, and what it costs", key=f"{PLACE}_known"):
        known.show(states, key=f"{PLACE}_table")
    if not chosen.key or (chosen.problem and not chosen.title):
        st.caption(bill.words(chosen, None, 0.0))
        return
    prompt_form.preview(bench, experiment, chosen.key, prompt, PLACE)
    _inputs(experiment)
    n_train, n_test, n_injected = _sizes()
    cap_usd = float(st.session_state[_CAP])
    n_rows = n_train + n_test + n_injected * N_ORDERS
    found = bill.estimate(bench, experiment, chosen, prompt, n_rows, whom.price_of(chosen, PLACE))
    agreed = bill.consent(chosen, n_train + n_test, cap_usd, PLACE)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Ask this model",
            key=_ASK,
            disabled=found is None or not agreed or run_status.is_under_way(run),
            on_click=_ask,
            args=(experiment.id, chosen),
        )
        st.caption(bill.words(chosen, found, cap_usd))
    errors.pending(_ASK)


def _inputs(experiment: Experiment) -> None:
    """Draw how many rows, whether orders are tried, and the most that may be paid."""
    with st.grid(3, min_column_width=180):
        st.number_input(
            "Training rows (selection score)",
            min_value=min(_FEWEST, experiment.n_train),
            max_value=experiment.n_train,
            value=min(N_TRAIN, experiment.n_train),
            step=10,
            key=_TRAIN,
        )
        st.number_input(
            "Locked rows (Compare)",
            min_value=min(_FEWEST, experiment.n_test),
            max_value=experiment.n_test,
            value=min(N_TEST, experiment.n_test),
            step=10,
            key=_TEST,
            help="A look at the locked test, and counted as one.",
        )
        st.number_input(
            "Never pay more than, USD", min_value=0.0, value=CAP_USD, step=0.1, key=_CAP
        )
    st.checkbox(
        f"Also try {_N_INJECTED} texts with orders in them (does it obey what it is to judge?)",
        key=_INJECTED,
    )


def _sizes() -> tuple[int, int, int]:
    """Return the training rows, the locked rows, and the texts with orders."""
    draft = st.session_state
    return int(draft[_TRAIN]), int(draft[_TEST]), _N_INJECTED * bool(draft[_INJECTED])


def _ask(experiment_id: str, chosen: Whom) -> None:
    # What was typed right before the click is in the session only, not in what was drawn.
    bench, (n_train, n_test, n_injected) = workbench(), _sizes()
    with errors.kept(_ASK):
        bench.start_asking(
            experiment_id,
            chosen.key,
            prompt_form.drafted(bench.proposed_prompt(experiment_id), PLACE),
            consent=True,
            n_train=n_train,
            n_test=n_test,
            n_injected=n_injected,
            cap_usd=float(st.session_state[_CAP]),
            price=whom.price_of(chosen, PLACE),
            provider_key=chosen.provider_key,
        )
