"""Whether language models can be asked now, what is missing, and about what they would cost."""

from __future__ import annotations

import socket
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from importlib.util import find_spec
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import numpy as np

from modelling.errors import SpecError
from modelling.settings import environment_key
from modelling.types import Prompt

if TYPE_CHECKING:
    from modelling.text.asking import Question
    from modelling.text.catalogue import Llm, Provider
    from modelling.text.prices import PriceList

_KNOCK_S = 0.15
# What an answer takes, for estimates: English has about four characters a token.
_CHARACTERS_PER_TOKEN, _LABEL_TOKENS, _THOUGHT_TOKENS = 4.0, 5, 300


class Readiness(StrEnum):
    """Whether a language model can be asked now."""

    READY = "ready"
    NEEDS_KEY = "needs a key"
    NOT_RUNNING = "not running"
    RETIRED = "retired"
    NO_CLIENT = "client not installed"


@dataclass(frozen=True, kw_only=True, slots=True)
class LlmState:
    """A model of the catalogue: whether it can be asked, and what is missing, in words.

    ``usd_per_1k`` is about what 1,000 answers cost: None if nobody knows its price, or if it runs
    on this machine.
    """

    llm: Llm
    readiness: Readiness
    note: str
    usd_per_1k: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class AskEstimate:
    """What asking would take before anything is sent.

    ``usd`` is the most that ``n_calls`` answers can cost if none is asked for twice, ``usd_per_1k``
    about what 1,000 cost; ``tokens`` are those that are read at most.
    """

    n_calls: int
    tokens: int
    usd: float
    usd_per_1k: float
    price_source: str


def state_of(
    llm: Llm,
    prompt: Prompt,
    texts: Sequence[str],
    listens: bool,
    with_keys: Collection[str],
) -> LlmState:
    """Return the state of one model; ``listens`` says whether its server answers the door."""
    from modelling.text.prices import PriceList, UnknownPriceError

    provider = llm.provider
    readiness, note = Readiness.READY, "found on this machine" if provider.is_local else ""
    if llm.is_retired(today()):
        readiness, note = Readiness.RETIRED, f"off since {llm.retires}"
    elif not has_client():
        readiness, note = Readiness.NO_CLIENT, "pip install -r requirements-llm.txt"
    elif provider.is_on_loopback and not listens:
        readiness, note = Readiness.NOT_RUNNING, _how_to_start(provider)
    elif not (has_key(provider) or provider.id in with_keys):
        readiness, note = Readiness.NEEDS_KEY, f"set {provider.key} or type the key below"
    elif llm.retires is not None:
        note = f"until {llm.retires}"
    usd_per_1k = None
    if provider.prices and has_client():
        prices, question = PriceList(llm=llm), questions(llm, prompt, texts)
        try:
            usd_per_1k = likely_usd_per_1k(question, texts, prices)
        except UnknownPriceError:
            note = "; ".join(filter(None, [note, "price unknown: enter it"]))
    return LlmState(llm=llm, readiness=readiness, note=note, usd_per_1k=usd_per_1k)


def has_client() -> bool:
    """Whether the libraries that speak to providers are installed."""
    return find_spec("openai") is not None and find_spec("genai_prices") is not None


def has_key(provider: Provider) -> bool:
    """Whether a provider needs no key, or the environment has it."""
    return not provider.key or bool(environment_key(provider.key))


def is_listening(provider: Provider) -> bool:
    """Whether a server of this machine answers the door; others are never asked."""
    if not provider.is_on_loopback:
        return True
    parts = urlsplit(provider.base_url)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 80), _KNOCK_S):
            return True
    except OSError:
        return False


def _how_to_start(provider: Provider) -> str:
    where = f"nothing listens at {urlsplit(provider.base_url).netloc}"
    return f"{where}; make local-llm starts it" if provider.id == "local" else where


def check_client() -> None:
    """Refuse in words to ask without the client.

    Raises
    ------
    SpecError
        If it is not installed.
    """
    if not has_client():
        raise SpecError(
            "The client of language models is not installed; run pip install -r "
            "requirements-llm.txt and start the app again."
        )


def questions(llm: Llm, prompt: Prompt, texts: Sequence[str]) -> Question:
    """Return a question whose examples are as long as the longer texts."""
    from modelling.text.asking import Question

    shown = (list(texts) * prompt.shots)[: prompt.shots]
    return Question(llm=llm, prompt=prompt, examples=tuple((text, 0) for text in shown))


def likely_usd_per_1k(question: Question, texts: Sequence[str], prices: PriceList) -> float:
    """Return about what 1,000 answers cost in US dollars, from some texts."""
    from modelling.text.replies import Tokens

    sent = [sum(len(part["content"]) for part in question.about(text)) for text in texts[:20]]
    read = round(float(np.mean(sent)) / _CHARACTERS_PER_TOKEN)
    output = _LABEL_TOKENS + (_THOUGHT_TOKENS if question.llm.thinks else 0)
    return 1000.0 * prices.usd(Tokens(fresh=read, output=output))


def today() -> date:
    """Return the day by which models are retired."""
    return datetime.now(tz=UTC).date()
