"""Asking about many texts: at most so much money, so many at once, and never twice the same.

Every text has one call and, where its answer is no label, one more. A call that fails comes again
twice, when the server says; after five texts in a row that failed nobody is asked any more. Money
is reserved before a call and settled after it, so that the cap holds whatever runs at once.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from modelling.codec import from_plain, to_plain
from modelling.text.catalogue import Llm
from modelling.text.prices import PriceList
from modelling.text.prompts import (
    MOST_TOKENS,
    Message,
    messages,
    read_answer,
    reminded,
    shown_labels,
)
from modelling.text.replies import (
    Asked,
    Ending,
    GatewayError,
    Reply,
    Tokens,
    label_probabilities,
)
from modelling.types import Prompt

RETRIES = 2
FAILURES_TO_STOP = 5
LONGEST_WAIT_S = 30.0
AT_ONCE = 4
# What a model may write before it answers.
THINKING_TOKENS = 1_000
_WAITS_S = (1.0, 3.0)
# Few characters a token, so that what is reserved is more than what a call takes.
_CHARACTERS_PER_TOKEN = 2.0
_ROLE_TOKENS = 8


class Server(Protocol):
    """What answers: `modelling.text.gateway.Gateway`."""

    def ask(
        self, messages: Sequence[Message], *, labels: Sequence[str], most_tokens: int, seed: int
    ) -> Reply:
        """Return the answer to one conversation, or raise GatewayError."""
        ...


class Kept(Protocol):
    """Where answers are kept by hash; no text is in them."""

    def get(self, name: str) -> dict[str, Any] | None:
        """Return what was kept under a name."""
        ...

    def put(self, name: str, value: dict[str, Any]) -> None:
        """Keep an answer."""
        ...


@dataclass(kw_only=True, slots=True)
class Purse:
    """Money that may be spent in US dollars: what is reserved counts as spent until settled."""

    cap_usd: float
    spent_usd: float = 0.0
    reserved_usd: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def reserve(self, usd: float) -> bool:
        """Set money aside for a call; False if that would exceed the cap."""
        with self._lock:
            if self.spent_usd + self.reserved_usd + usd > self.cap_usd:
                return False
            self.reserved_usd += usd
            return True

    def settle(self, reserved: float, paid: float) -> None:
        """Replace what was set aside by what the call cost."""
        with self._lock:
            self.reserved_usd -= reserved
            self.spent_usd += paid


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What is asked about each text: the prompt, with (text, class code) as examples."""

    llm: Llm
    prompt: Prompt
    examples: tuple[tuple[str, int], ...] = ()
    seed: int = 0

    @property
    def labels(self) -> tuple[str, ...]:
        """The words that stand for the classes."""
        return shown_labels(self.prompt)

    @property
    def most_tokens(self) -> int:
        """Tokens of an answer at most, with what the model writes before it."""
        return THINKING_TOKENS if self.llm.thinks else MOST_TOKENS

    def upper_tokens(self, sent: Sequence[Message]) -> Tokens:
        """Return more tokens than a call with this conversation will take."""
        characters = sum(len(message["content"]) for message in sent)
        read = int(characters / _CHARACTERS_PER_TOKEN) + _ROLE_TOKENS * len(sent)
        return Tokens(fresh=read, output=self.most_tokens)

    def about(self, text: str) -> list[Message]:
        """Return the whole conversation about one text."""
        return messages(self.prompt, self.examples, text, schema=self.llm.schema)

    def name(self, text: str) -> str:
        """Return the hash under which the answer about a text is kept."""
        asked = [self.llm.provider.base_url, self.llm.id, self.seed, self.about(text)]
        return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


class Asker:
    """Asks one question about many texts.

    Parameters
    ----------
    run : str
        Who pays: what this run has paid for already is no replay to it when it goes on.
    sleep : callable
        Waits so many seconds before another try.
    """

    def __init__(
        self,
        server: Server,
        question: Question,
        *,
        prices: PriceList,
        purse: Purse,
        kept: Kept,
        run: str = "",
        at_once: int = AT_ONCE,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._server, self._question, self._prices = server, question, prices
        self._purse, self._kept, self._at_once, self._sleep = purse, kept, at_once, sleep
        self._run = run
        self._lock = threading.Lock()
        self._failed_in_a_row = 0
        self._stopped = ""

    def ask(self, texts: Sequence[str]) -> list[Asked]:
        """Return the answer about each text, in their order."""
        with ThreadPoolExecutor(max_workers=self._at_once) as threads:
            return list(threads.map(self._about, texts))

    def _about(self, text: str) -> Asked:
        name = self._question.name(text)
        held = self._kept.get(name)
        if held is not None:
            before = from_plain(Asked, held)
            return replace(before, replayed=not self._run or before.run != self._run)
        if self._stopped:
            return Asked(ending=Ending.NOT_ASKED, reason=self._stopped)
        found = replace(self._called(text), run=self._run, name=name)
        self._count(found)
        if found.ending.is_answer:
            self._kept.put(name, to_plain(found))
        return found

    def _called(self, text: str) -> Asked:
        """Ask, and remind once if the answer is no label."""
        sent = self._question.about(text)
        first, answer = self._one_call(sent)
        if first.ending is not Ending.INVALID:
            return first
        labels = self._question.labels
        second, _ = self._one_call(reminded(sent, answer, labels))
        return replace(
            second if second.ending is Ending.LABEL else first,
            tokens=first.tokens + second.tokens,
            seconds=first.seconds + second.seconds,
            usd=(first.usd or 0.0) + (second.usd or 0.0),
            n_calls=first.n_calls + second.n_calls,
        )

    def _one_call(self, sent: Sequence[Message]) -> tuple[Asked, str]:
        """Return what came of one call, with its tries, and the answer word for word."""
        upper = self._question.upper_tokens(sent)
        reserved = self._prices.usd(upper)
        if not self._purse.reserve(reserved):
            self._stop("the money for this run is spent")
            return Asked(ending=Ending.NOT_ASKED, reason=self._stopped), ""
        begin = time.perf_counter()
        reply, failure, n_calls = self._tried(sent)
        if reply is None:
            paid = reserved if failure is not None and failure.may_cost else 0.0
            self._purse.settle(reserved, paid)
            reason = "" if failure is None else failure.reason
            seconds = time.perf_counter() - begin
            return (
                Asked(
                    ending=Ending.FAILED, reason=reason, seconds=seconds, usd=paid, n_calls=n_calls
                ),
                "",
            )
        tokens = reply.tokens or upper
        usd = self._prices.usd(tokens)
        self._purse.settle(reserved, usd)
        read = self._read(reply)
        return replace(
            read, tokens=tokens, seconds=reply.seconds, usd=usd, n_calls=n_calls
        ), reply.text

    def _tried(self, sent: Sequence[Message]) -> tuple[Reply | None, GatewayError | None, int]:
        """Return the reply, or why there is none after all tries, and how many there were."""
        question = self._question
        failure: GatewayError | None = None
        for n_calls, pause in enumerate((*_WAITS_S[:RETRIES], None), start=1):
            try:
                reply = self._server.ask(
                    sent,
                    labels=question.labels,
                    most_tokens=question.most_tokens,
                    seed=question.seed,
                )
            except GatewayError as error:
                failure = error
            else:
                return reply, None, n_calls
            if failure.fatal:
                self._stop(failure.reason)
            wait = pause if failure.after_s is None else failure.after_s
            if pause is None or wait is None or not failure.again or wait > LONGEST_WAIT_S:
                break
            self._sleep(wait)
        return None, failure, n_calls

    def _read(self, reply: Reply) -> Asked:
        """Return what an answer says, without its costs."""
        labels = self._question.labels
        if reply.refused:
            return Asked(ending=Ending.REFUSED, reason="the model refused to answer")
        label = read_answer(reply.text, labels)
        if label is None:
            return Asked(ending=Ending.INVALID, reason="the answer is none of the labels")
        probabilities = label_probabilities(reply.choices, labels) if reply.choices else None
        return Asked(ending=Ending.LABEL, label=label, probabilities=probabilities)

    def _count(self, found: Asked) -> None:
        with self._lock:
            failed = found.ending is Ending.FAILED
            self._failed_in_a_row = self._failed_in_a_row + 1 if failed else 0
            if self._failed_in_a_row >= FAILURES_TO_STOP:
                self._stop(f"{FAILURES_TO_STOP} texts in a row failed: {found.reason}")

    def _stop(self, reason: str) -> None:
        self._stopped = self._stopped or reason
