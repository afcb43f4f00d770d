"""The nouns of asking language models; import them from `modelling.types`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from modelling.enums import Variant

MOST_SHOTS = 50
# Rows that are asked about, and US dollars that may be spent, unless something else is said.
N_TRAIN, N_TEST, CAP_USD = 100, 200, 1.0
Plain = bool | int | float | str | None


class Template(StrEnum):
    """How the instructions are worded."""

    DIRECT = "direct"
    MEANINGS = "meanings first"
    CAREFUL = "careful"
    ANNOTATOR = "annotator"


class Words(StrEnum):
    """What stands for the classes in question and answer."""

    NAMES = "names"
    LETTERS = "letters"


class Order(StrEnum):
    """In which order examples are shown."""

    MIXED = "mixed"
    BY_CLASS = "by class"


class Decision(StrEnum):
    """How an answer's probabilities become a class; the last two are learned on training rows."""

    ANSWERED = "as answered"
    THRESHOLD = "learned threshold"
    TEMPERATURE = "temperature"

    @property
    def is_learned(self) -> bool:
        """Whether training rows teach it."""
        return self is not Decision.ANSWERED


@dataclass(frozen=True, kw_only=True, slots=True)
class Prompt:
    """What a language model is asked about each text, and how.

    ``labels`` are the words that stand for the classes, in their order, ``descriptions`` what they
    mean (empty: nothing is said). ``shots`` training rows are shown as examples, the ``draw``-th
    drawing of them, in that ``order``. ``mask`` leaves out mail addresses, links, handles and phone
    numbers.
    """

    question: str
    labels: tuple[str, ...]
    descriptions: tuple[str, ...] = ()
    shots: int = 0
    mask: bool = False
    template: Template = Template.DIRECT
    words: Words = Words.NAMES
    order: Order = Order.MIXED
    draw: int = 0

    def __post_init__(self) -> None:
        if len(set(self.labels)) != len(self.labels) or len(self.labels) < 2:
            raise ValueError(f"labels must be two or more different words, got {self.labels}")
        if not all(label.strip() for label in self.labels):
            raise ValueError("labels must not be empty")
        if self.descriptions and len(self.descriptions) != len(self.labels):
            raise ValueError(f"descriptions must be as many as labels, got {self.descriptions}")
        if not 0 <= self.shots <= MOST_SHOTS:
            raise ValueError(f"shots must lie between 0 and {MOST_SHOTS}, got {self.shots}")

    def params(self) -> dict[str, Plain]:
        """Return what a search may change, as parameters."""
        return {
            "template": str(self.template),
            "examples": self.shots,
            "draw": self.draw,
            "order": str(self.order),
            "label words": str(self.words),
        }

    def changed(self, params: Mapping[str, Plain]) -> Prompt:
        """Return the prompt with other parameters; names that are none of its own are passed over.

        Examples
        --------
        >>> plain = Prompt(question="Which mood?", labels=("bad", "good"))
        >>> plain.changed({"examples": 4, "label words": "letters"}).shots
        4
        """
        own = self.params() | dict(params)
        return replace(
            self,
            template=Template(str(own["template"])),
            shots=int(own["examples"] or 0),
            draw=int(own["draw"] or 0),
            order=Order(str(own["order"])),
            words=Words(str(own["label words"])),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenPrice:
    """Prices that the user entered, in US dollars for a million tokens, and their date.

    Without a price of their own cached tokens cost as much as fresh ones.
    """

    fresh: float
    output: float
    cached: float | None = None
    as_of: str | None = None

    def __post_init__(self) -> None:
        for price in (self.fresh, self.output, self.cached or 0.0):
            if not (math.isfinite(price) and price >= 0):
                raise ValueError(f"a price must be a number of zero or more, got {price}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Followed:
    """Of ``n`` texts that ended with an order of one ``kind``, how many answers obeyed it.

    The order asks for a class that the model had not answered without it.
    """

    kind: str
    n: int
    n_followed: int


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedModel:
    """What a language model answered about samples of the rows, and what that took.

    Scores are as the metric is published, on ``n_train`` training rows and ``n_test`` rows of the
    locked test. ``endings`` counts the test rows by how asking ended. ``usd_spent`` is what this
    run paid, ``usd_per_1k`` what 1,000 further rows cost with no token cached; ``seconds_*`` are
    of one answer. ``answers`` is the blob of positions and probabilities; ``replayed`` of all
    answers were kept from an earlier run and cost nothing.

    A tuned one was found by a search over the prompt: ``search_usd`` is the price of all answers
    that its ``n_trials`` trials needed, ``search_s`` what a server on this machine took for them.
    With ``n_trials`` of 0 only its ``decision`` was learned, from the base's own answers.
    ``has_probabilities`` says whether the server gave those of the labels.
    """

    run_id: str
    key: str
    title: str
    prompt: Prompt
    n_train: int
    n_test: int
    cv_score: float | None
    test_score: float | None
    test_interval: tuple[float, float]
    metrics: Mapping[str, float | None]
    endings: Mapping[str, int]
    fresh_tokens: int
    cached_tokens: int
    output_tokens: int
    seconds_p50: float
    seconds_p95: float
    usd_spent: float
    usd_per_1k: float
    price_source: str
    replayed: int
    answers: str
    is_local: bool = False
    stopped: str = ""
    variant: Variant = Variant.BASE
    decision: Decision = Decision.ANSWERED
    has_probabilities: bool = False
    answered_shares: tuple[float, ...] = ()
    true_shares: tuple[float, ...] = ()
    search_usd: float = 0.0
    search_s: float = 0.0
    n_trials: int = 0
    followed: tuple[Followed, ...] = ()

    @property
    def is_free(self) -> bool:
        """Whether only a decision was learned from the base's own answers."""
        return self.variant is Variant.TUNED and self.n_trials == 0

    @property
    def n_unanswered(self) -> int:
        """How many test rows got no answer at all; they count as wrong."""
        return sum(self.endings.get(name, 0) for name in ("failed", "not asked"))
