"""The nouns of asking language models; import them from `modelling.types`."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Prompt:
    """What a language model is asked about each text, and how.

    ``labels`` are the words that stand for the classes, in their order, ``descriptions`` what they
    mean (empty: nothing is said). ``shots`` training rows are shown as examples. ``mask`` leaves
    out mail addresses, links, handles and phone numbers.
    """

    question: str
    labels: tuple[str, ...]
    descriptions: tuple[str, ...] = ()
    shots: int = 0
    mask: bool = False

    def __post_init__(self) -> None:
        if len(set(self.labels)) != len(self.labels) or len(self.labels) < 2:
            raise ValueError(f"labels must be two or more different words, got {self.labels}")
        if not all(label.strip() for label in self.labels):
            raise ValueError("labels must not be empty")
        if self.descriptions and len(self.descriptions) != len(self.labels):
            raise ValueError(f"descriptions must be as many as labels, got {self.descriptions}")
        if not 0 <= self.shots <= 50:
            raise ValueError(f"shots must lie between 0 and 50, got {self.shots}")


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
