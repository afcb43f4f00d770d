"""Language models on Benchmark: choose one, say what it is asked, agree to the bill, ask."""

from __future__ import annotations

import streamlit as st

from components import errors, live, run_status
from components.llm import answers, bill, prompt_form, whom
from components.llm.whom import Whom
from components.resources import workbench
from modelling.types import CAP_USD, N_TEST, N_TRAIN, Experiment, Prompt, Run, RunKind
from modelling.workbench import N_ORDERS, Workbench

PLACE = "benchmark_llm"
_ASK = "benchmark_llm_ask"
_N_INJECTED = 10


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
        whom.table(states, key=f"{PLACE}_table")
    if not chosen.key or (chosen.problem and not chosen.title):
        st.caption(bill.words(chosen, None, 0.0))
        return
    prompt_form.preview(bench, experiment, chosen.key, prompt, PLACE)
    n_train, n_test, n_injected, cap_usd = _sizes(experiment)
    n_rows = n_train + n_test + n_injected * N_ORDERS
    found = bill.estimate(bench, experiment, chosen, prompt, n_rows)
    agreed = bill.consent(chosen, experiment, n_train + n_test, cap_usd, PLACE)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Ask this model",
            key=_ASK,
            disabled=found is None or not agreed or run_status.is_under_way(run),
            on_click=_ask,
            args=(experiment.id, chosen, prompt, (n_train, n_test, n_injected), cap_usd),
        )
        st.caption(bill.words(chosen, found, cap_usd))
    errors.pending(_ASK)


def _sizes(experiment: Experiment) -> tuple[int, int, int, float]:
    """Draw how many rows, whether orders are tried, and the most that may be paid."""
    with st.grid(3, min_column_width=180):
        n_train = st.number_input(
            "Training rows (selection score)",
            min_value=10,
            max_value=experiment.n_train,
            value=min(N_TRAIN, experiment.n_train),
            step=10,
            key=f"{PLACE}_n_train",
        )
        n_test = st.number_input(
            "Locked rows (Compare)",
            min_value=10,
            max_value=experiment.n_test,
            value=min(N_TEST, experiment.n_test),
            step=10,
            key=f"{PLACE}_n_test",
            help="A look at the locked test, and counted as one.",
        )
        cap_usd = st.number_input(
            "Never pay more than, USD", min_value=0.0, value=CAP_USD, step=0.1, key=f"{PLACE}_cap"
        )
    injected = st.checkbox(
        f"Also try {_N_INJECTED} texts with orders in them (does it obey what it is to judge?)",
        key=f"{PLACE}_injected",
    )
    return int(n_train), int(n_test), _N_INJECTED * injected, float(cap_usd)


def _ask(
    experiment_id: str, chosen: Whom, prompt: Prompt, sizes: tuple[int, int, int], cap_usd: float
) -> None:
    n_train, n_test, n_injected = sizes
    with errors.kept(_ASK):
        workbench().start_asking(
            experiment_id,
            chosen.key,
            prompt,
            consent=True,
            n_train=n_train,
            n_test=n_test,
            n_injected=n_injected,
            cap_usd=cap_usd,
            price=chosen.price,
            provider_key=chosen.provider_key,
        )
