"""Whom to ask: the model, its key and its price."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from components import state
from components.llm import keys
from modelling.errors import SpecError
from modelling.types import Experiment, Prompt, TokenPrice
from modelling.workbench import LlmState, Readiness, Workbench

# Name of the input -> its label.
_PRICES = {
    "fresh": "Million tokens read, USD",
    "cached": "Of them cached, USD",
    "output": "Million tokens written, USD",
}
_OTHER = "another model of a provider …"


@dataclass(frozen=True, kw_only=True, slots=True)
class Whom:
    """The chosen model, and what was typed for it; ``problem`` says why it cannot be asked yet."""

    key: str
    title: str
    provider: str
    is_local: bool
    provider_key: str
    has_own_price: bool
    problem: str


def choose(
    bench: Workbench, experiment: Experiment, prompt: Prompt, *, place: str
) -> tuple[Whom, tuple[LlmState, ...]]:
    """Draw the choice of a model with its key and price; widgets begin with ``place``."""
    known = {llm.key: llm for llm in bench.llms()}
    providers = {llm.provider.id: llm.provider for llm in known.values()}
    typed = {name for name, one in providers.items() if keys.known(name, one.key)}
    states = bench.llm_states(experiment.id, prompt, with_keys=typed)
    by_key = {item.llm.key: item for item in states}
    chosen = state.select(
        "Language model",
        [*by_key, _OTHER],
        key=f"{place}_model",
        default=_first_ready(states),
        format_func=lambda key: _option(by_key[key]) if key in by_key else key,
    )
    if chosen == _OTHER:
        chosen = st.text_input(
            "Provider and id of the model",
            key=f"{place}_other",
            placeholder="openai/ft:gpt-4.1-mini:acme::abc123",
            help="Also one that you fine-tuned. Providers: " + ", ".join(providers),
        ).strip()
        chosen = f"llm:{chosen}" if chosen else ""
    return _whom(bench, experiment, prompt, chosen, place, by_key), states


def _whom(
    bench: Workbench,
    experiment: Experiment,
    prompt: Prompt,
    key: str,
    place: str,
    states: dict[str, LlmState],
) -> Whom:
    if not key:
        return _nobody(key, "Write a provider and the id of one of its models.")
    try:
        llm = bench.llm(key)
    except SpecError as error:
        return _nobody(key, str(error))
    found = states.get(llm.key)
    blocked = found is not None and found.readiness not in (Readiness.READY, Readiness.NEEDS_KEY)
    problem = "" if found is None or not blocked else f"{found.readiness.value}: {found.note}"
    secret = ""
    if not bench.has_key(llm) and not blocked:
        secret = keys.ask(llm.provider.id, llm.provider.title, llm.provider.key, place=place)
        problem = "" if secret else f"needs a key: set {llm.provider.key} or type it in"
    is_free = llm.provider.is_local and not llm.provider.prices
    own = not blocked and not is_free and _own_price(bench, experiment, llm.key, prompt, place)
    return Whom(
        key=llm.key,
        title=llm.title,
        provider=llm.provider.title,
        is_local=llm.provider.is_local,
        provider_key=secret,
        has_own_price=own,
        problem=problem,
    )


def _own_price(
    bench: Workbench, experiment: Experiment, key: str, prompt: Prompt, place: str
) -> bool:
    """Draw inputs for a price: always where nobody knows it, else for those who pay another."""
    if bench.has_price(experiment.id, key, prompt):
        if not st.checkbox("I pay other prices than the list", key=f"{place}_own_price"):
            return False
    else:
        st.caption("Its price is not in the list: enter what a million tokens cost.")
    with st.grid(3, min_column_width=170):
        for name, label in _PRICES.items():
            st.number_input(label, min_value=0.0, step=0.1, format="%.3f", key=f"{place}_{name}")
    return True


def price_of(chosen: Whom, place: str) -> TokenPrice | None:
    """Return the price that is typed; None stands for the list, or for nothing typed yet."""
    if not chosen.has_own_price:
        return None
    fresh, cached, output = (
        float(st.session_state.get(f"{place}_{name}") or 0.0) for name in _PRICES
    )
    return TokenPrice(fresh=fresh, cached=cached or None, output=output) if fresh + output else None


def _nobody(key: str, problem: str) -> Whom:
    return Whom(
        key=key,
        title="",
        provider="",
        is_local=False,
        provider_key="",
        has_own_price=False,
        problem=problem,
    )


def _first_ready(states: tuple[LlmState, ...]) -> str:
    ready = (item.llm.key for item in states if item.readiness is Readiness.READY)
    return next(ready, states[0].llm.key)


def _option(item: LlmState) -> str:
    note = "" if item.readiness is Readiness.READY else f" ({item.readiness.value})"
    return f"{item.llm.title} · {item.llm.provider.title}{note}"
