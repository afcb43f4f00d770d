"""Tuning a language model: a study over its prompt, paid from a budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from components import errors, run_status, state
from components.llm import bill, fine_tuning, whom
from components.llm.whom import Whom
from components.resources import workbench
from components.text import plain
from modelling.charts.wording import money_text
from modelling.types import Budget, Experiment, Prompt, Run, SearchParam
from modelling.workbench import Workbench

PLACE = "tuning_llm"
_START = "tuning_llm_start"
_TRIALS, _USD = "tuning_llm_trials", "tuning_llm_usd"
_TITLES = {
    "template": "Wordings",
    "examples": "Examples shown",
    "draw": "Which examples (drawings)",
    "order": "Order of examples",
    "label words": "Label words",
    "decision": "Decision (free)",
}


def show(bench: Workbench, experiment: Experiment, run: Run | None) -> None:
    """Draw the section; nothing where there is no text, or no class, to ask about."""
    if bench.asking_obstacle(experiment.id) is not None:
        return
    is_open = run is not None and getattr(run.spec, "ask", None) is not None
    with st.expander("Tune the prompt of a language model", key=PLACE, expanded=is_open):
        st.caption(
            "Trial 0 is the prompt as it was asked on Benchmark. The study tries wordings, "
            "examples and label words on the training sample, pays every answer from its budget, "
            "and asks the winner about the locked sample once. A learned threshold is free."
        )
        _form(bench, experiment, run)
        fine_tuning.show(bench, experiment)


def _form(bench: Workbench, experiment: Experiment, run: Run | None) -> None:
    proposed = bench.proposed_prompt(experiment.id)
    chosen, _ = whom.choose(bench, experiment, proposed, place=PLACE)
    if not chosen.key or (chosen.problem and not chosen.title):
        st.caption(bill.words(chosen, None, 0.0))
        return
    prompt = bench.base_prompt(experiment.id, chosen.key)
    _space_inputs(bench.prompt_space(chosen.key, prompt), chosen)
    _budget_inputs(chosen)
    price = whom.price_of(chosen, PLACE)
    n_train, n_test = bench.asked_sizes(experiment.id, chosen.key)
    found = bill.estimate(bench, experiment, chosen, prompt, n_train, price)
    cap_usd = 0.0
    if found is not None:
        cap_usd = bench.prompt_tuning_cap(
            experiment.id, chosen.key, _budget(chosen), prompt, price, n_test
        )
    agreed = bill.consent(chosen, n_train + n_test, cap_usd, PLACE)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Search a better prompt",
            key=_START,
            disabled=found is None or not agreed or run_status.is_under_way(run),
            on_click=_begin,
            args=(experiment.id, chosen, prompt),
        )
        st.caption(_words(chosen, found is not None, cap_usd))
    errors.pending(_START)


def _space_inputs(space: Sequence[SearchParam], chosen: Whom) -> None:
    """Draw what is tried of each part of the prompt."""
    with st.grid(3, min_column_width=230):
        for param in space:
            names = [str(value) for value in param.choices]
            state.multiselect(
                _TITLES[param.name], names, key=_space_key(param, chosen), default=names
            )


def _space(space: Sequence[SearchParam], chosen: Whom) -> tuple[SearchParam, ...]:
    """Return what is to be tried; where nothing is chosen the prompt stays as it is."""
    found = []
    for param in space:
        picked = st.session_state.get(_space_key(param, chosen)) or [str(param.choices[0])]
        choices = tuple(value for value in param.choices if str(value) in picked)
        found.append(replace(param, choices=choices))
    return tuple(found)


def _space_key(param: SearchParam, chosen: Whom) -> str:
    return f"{PLACE}_{param.name}_{chosen.key}"


def _budget_inputs(chosen: Whom) -> None:
    with st.grid(2, min_column_width=220, width=600):
        st.number_input("Trials at most", min_value=2, value=20, step=5, key=_TRIALS)
        if not chosen.is_local:
            st.number_input("For the search, USD", min_value=0.01, value=0.5, step=0.1, key=_USD)


def _budget(chosen: Whom) -> Budget:
    draft = st.session_state
    usd = None if chosen.is_local else float(draft[_USD])
    return Budget(trials=int(draft[_TRIALS]), usd=usd)


def _words(chosen: Whom, is_priced: bool, cap_usd: float) -> str:
    if chosen.problem or not is_priced:
        return bill.words(chosen, None, cap_usd)
    if chosen.is_local:
        return "It costs CPU time only; a trial asks about the training sample in five parts."
    title = plain(chosen.title)
    return f"Never more than {money_text(cap_usd)} in all, the locked rows of {title} included."


def _begin(experiment_id: str, chosen: Whom, prompt: Prompt) -> None:
    # What was typed right before the click is in the session only, not in what was drawn.
    bench = workbench()
    with errors.kept(_START):
        run = bench.start_prompt_tuning(
            experiment_id,
            chosen.key,
            _budget(chosen),
            prompt,
            consent=True,
            space=_space(bench.prompt_space(chosen.key, prompt), chosen),
            price=whom.price_of(chosen, PLACE),
            provider_key=chosen.provider_key,
        )
        st.query_params["run"] = run.id
