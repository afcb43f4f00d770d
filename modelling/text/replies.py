"""What came back from a language model: tokens, probabilities of labels, what it was worth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

# How the label of an answer in JSON begins, and what may stand before its first letter.
_KEY, _BLANK = '"label"', ' "\n\r\t'


class Ending(StrEnum):
    """How asking about one text ended."""

    LABEL = "label"
    INVALID = "invalid"
    REFUSED = "refused"
    FAILED = "failed"
    NOT_ASKED = "not asked"

    @property
    def is_answer(self) -> bool:
        """Whether the model answered, be it with no label."""
        return self in (Ending.LABEL, Ending.INVALID, Ending.REFUSED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Tokens:
    """Tokens of one call or of many: fresh ones read, cached ones read, written ones."""

    fresh: int = 0
    cached: int = 0
    output: int = 0

    def __add__(self, other: Tokens) -> Tokens:
        return Tokens(
            fresh=self.fresh + other.fresh,
            cached=self.cached + other.cached,
            output=self.output + other.output,
        )

    @property
    def read(self) -> int:
        """All tokens that were read, cached or not."""
        return self.fresh + self.cached


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One token of an answer, and the alternatives to it as (token, log probability)."""

    token: str
    logprob: float
    alternatives: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What a server answered to one call; ``tokens`` is None where it did not say."""

    text: str
    tokens: Tokens | None
    seconds: float
    choices: tuple[Choice, ...] = ()
    refused: bool = False


class GatewayError(Exception):
    """A call that gave no answer; ``reason`` has no word of what was sent.

    ``again`` says whether another try may help, ``after_s`` when the server wants it; ``fatal``
    that no other text needs to be tried: the key is wrong, or the model does not exist. A call that
    ``may_cost`` broke off after it was sent.
    """

    def __init__(
        self,
        reason: str,
        *,
        again: bool = False,
        fatal: bool = False,
        may_cost: bool = False,
        after_s: float | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason, self.again, self.fatal = reason, again, fatal
        self.may_cost, self.after_s = may_cost, after_s


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """The answer about one text.

    ``label`` is a class code, None if there is none; ``probabilities`` (n_classes,) come from
    log-probabilities, where the server gives them. ``seconds`` and ``tokens`` are of all calls that
    it took, ``usd`` what they cost; ``replayed`` answers were kept from an earlier run and are free
    now: the cost is what they would take again. ``run`` is the one that paid, ``name`` the hash
    under which the answer is kept.
    """

    ending: Ending
    label: int | None = None
    probabilities: tuple[float, ...] | None = None
    tokens: Tokens = Tokens()
    seconds: float = 0.0
    usd: float | None = None
    n_calls: int = 0
    replayed: bool = False
    reason: str = ""
    run: str = ""
    name: str = ""


def label_probabilities(
    choices: Sequence[Choice], labels: Sequence[str]
) -> tuple[float, ...] | None:
    """Return the probability of each label from the tokens of an answer; None if none is seen.

    Along the answer's own tokens, each alternative that leaves one label possible gives it its
    probability times that of the path so far; what fits no label is left out, the rest sums to 1.
    """
    start = _start(choices)
    mass = np.zeros(len(labels))
    path, prefix = 1.0, ""
    wanted = [label.casefold() for label in labels]
    for choice in choices[start:]:
        options = dict(choice.alternatives) | {choice.token: choice.logprob}
        for token, logprob in options.items():
            possible = _possible(prefix + token, wanted)
            # The answer's own token goes on below if more than one label is still possible.
            if len(possible) == 1:
                mass[possible[0]] += path * math.exp(logprob)
        prefix += choice.token
        path *= math.exp(choice.logprob)
        if len(_possible(prefix, wanted)) < 2:
            break
    total = float(mass.sum())
    return tuple(float(one) / total for one in mass) if total > 0 else None


def _start(choices: Sequence[Choice]) -> int:
    """Return the place of the first token of the label: after its key, in a JSON object."""
    has_key = _KEY in "".join(choice.token for choice in choices)
    text = ""
    for place, choice in enumerate(choices):
        due = not has_key or "".join(text.split()).endswith((f"{_KEY}:", f'{_KEY}:"'))
        if due and choice.token.strip(_BLANK if has_key else None):
            return place
        text += choice.token
    return len(choices)


def _possible(text: str, labels: Sequence[str]) -> list[int]:
    """Return which labels an answer that begins like this can still be."""
    begun = text.strip(_BLANK).casefold()
    if not begun:
        return []
    exact = [place for place, label in enumerate(labels) if label == begun]
    # What goes on after a label, as a full stop or a quote does, is that label.
    ended = [p for p, label in enumerate(labels) if begun.startswith(label) and label != begun]
    longer = [p for p, label in enumerate(labels) if label.startswith(begun) and label != begun]
    return exact or ended if not longer else [*exact, *longer]


def as_probabilities(
    asked: Sequence[Asked], truth: NDArray[np.int64], n_classes: int
) -> NDArray[np.float64]:
    """Return the answers as probabilities (n_rows, n_classes), so that any metric can judge them.

    A label without log-probabilities is certain. A text without a valid label counts as wrong:
    all goes to the class after the true one.
    """
    found = np.zeros((len(asked), n_classes))
    for row, one in enumerate(asked):
        if one.probabilities is not None:
            found[row] = one.probabilities
        elif one.label is not None:
            found[row, one.label] = 1.0
        else:
            found[row, (int(truth[row]) + 1) % n_classes] = 1.0
    return found
