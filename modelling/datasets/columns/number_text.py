"""Numbers as people write them, and which sign divides their decimals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from modelling.datasets.arrays import PROBED, CodedText, holds, matches, spread

# Digits without end are typed or generated, not measured: such a value is text.
MAX_NUMBER_LENGTH = 400

_BLANK = "[ \u00a0\u2007\u2009\u202f]"
_CURRENCIES = {
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    **{code: code for code in ("USD", "EUR", "GBP", "JPY", "CHF")},
}
_CURRENCY = "(?:" + "|".join(map(re.escape, _CURRENCIES)) + ")"
# What may divide thousands, by the sign of the decimals.
_THOUSANDS = {decimal: (other, "'", "’", _BLANK) for decimal, other in ((".", ","), (",", r"\."))}
_LEADING_ZERO = r"^[+-]?0[\dxX]"
_WRITTEN_LEADING_ZERO = r"^[^\d.,]*0\d"
_ONE_GROUP_OR_DECIMALS = r"^[+-]?[1-9]\d{0,2}\.\d{3}$"
_NEGATIVE = r"^\(|^[^\d.,]*[-−]"


def _grammar(decimal: str) -> str:
    """Return the pattern (RE2 and Python) of all numbers with this sign before their decimals."""
    groups = (rf"[1-9]\d{{0,2}}(?:{sign}\d{{3}})+" for sign in _THOUSANDS[decimal])
    whole = "|".join((*groups, r"\d+"))
    number = rf"(?:(?:{whole})(?:[{decimal}]\d*)?|[{decimal}]\d+)(?:[eE][+-]?\d+)?"
    before = rf"(?:[-+−]?{_BLANK}*{_CURRENCY}{_BLANK}*[-+−]?|[-+−]{_BLANK}*)?"
    unsigned = rf"(?:{_CURRENCY}{_BLANK}*)?"
    after = rf"(?:{_BLANK}*(?:{_CURRENCY}|%))?"
    infinite = r"[-+]?(?i:inf|infinity)"
    return rf"^(?:{before}{number}{after}|\({unsigned}{number}{after}\)|{infinite})$"


_GRAMMAR = {decimal: _grammar(decimal) for decimal in _THOUSANDS}
_COMPILED = [re.compile(pattern, re.ASCII) for pattern in _GRAMMAR.values()]


def number_share(texts: Iterable[str]) -> float:
    """Return the share of ``texts`` that are numbers with either sign before the decimals."""
    found = [any(pattern.match(text) for pattern in _COMPILED) for text in texts]
    return sum(found) / max(1, len(found))


@dataclass(frozen=True, kw_only=True, slots=True)
class PlainNumbers:
    """Numbers that needed no cleaning, as int64 or float64.

    ``is_sure`` tells whether some value can only be read with this sign before the decimals;
    None if the values hold no such sign.
    """

    values: pa.ChunkedArray
    is_sure: bool | None


def plain_numbers(text: pa.ChunkedArray, decimal: str) -> PlainNumbers | None:
    """Return numbers without any separators or signs of money, or None if there are others."""
    if decimal == ",":
        if holds(pc.match_substring(text, ".")):
            return None
        text = pc.replace_substring(text, ",", ".")
    values = _cast(text)
    # Arrow reads "0x1F" as 31, and "0042" is a code that would lose its zeros.
    if values is None or matches(text, _LEADING_ZERO):
        return None
    if pa.types.is_integer(values.type):
        return PlainNumbers(values=values, is_sure=None)
    # Arrow has no whole numbers with a plus sign: they would lose digits as float64.
    if holds(pc.starts_with(text, "+")) or not pc.all(pc.is_finite(values)).as_py():
        return None
    # Some of the values nearly always are enough.
    is_sure = _is_sure(spread(text, PROBED)) or _is_sure(text)
    return PlainNumbers(values=values, is_sure=is_sure)


def _cast(text: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | None:
    for type_ in (pa.int64(), pa.float64()):
        try:
            # To fail takes Arrow 26 ten times as long as to succeed: fail on a few.
            spread(text, PROBED).cast(type_)
            return text.cast(type_)
        except pa.ArrowInvalid:
            continue
    return None


def _is_sure(text: pa.ChunkedArray) -> bool | None:
    dotted = pc.match_substring(text, ".")
    if not holds(dotted):
        return None
    # "1.500" may be one and a half, or fifteen hundred; "0.500" and "1.50" may not.
    return holds(pc.and_not(dotted, pc.match_substring_regex(text, _ONE_GROUP_OR_DECIMALS)))


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenNumbers:
    """Texts of which many are numbers; ``fits`` tells which (n_distinct,), by decimal sign."""

    coded: CodedText
    fits: Mapping[str, np.ndarray]

    @classmethod
    def of(cls, text: pa.ChunkedArray, decimals: tuple[str, ...]) -> WrittenNumbers:
        """Look at ``text`` with each of these signs before the decimals."""
        coded = CodedText.of(text)
        short = pc.less_equal(pc.binary_length(coded.texts), MAX_NUMBER_LENGTH)
        return cls(
            coded=coded,
            fits={
                decimal: pc.and_(
                    short, pc.match_substring_regex(coded.texts, _GRAMMAR[decimal])
                ).to_numpy(zero_copy_only=False)
                for decimal in decimals
            },
        )

    @property
    def decimals(self) -> tuple[str, ...]:
        """The signs with which every text is a number."""
        return tuple(decimal for decimal, fits in self.fits.items() if fits.all())

    @property
    def best(self) -> np.ndarray:
        """Which texts are numbers with the sign that fits most rows."""
        return max(self.fits.values(), key=self.coded.share)

    @property
    def is_ambiguous(self) -> bool:
        """Whether two signs before the decimals give two different columns of numbers."""
        if len(self.decimals) < 2:
            return False
        one, other = map(self._rounded, self.decimals)
        return not one.equals(other)

    @property
    def has_comma(self) -> bool:
        """Whether any text holds a comma."""
        return holds(pc.match_substring(self.coded.texts, ","))

    @property
    def are_codes(self) -> bool:
        """Whether all are numbers by their looks, but one has a zero that it would lose."""
        looks = np.logical_or.reduce(list(self.fits.values()))
        return bool(looks.all()) and self.has_leading_zero

    @property
    def has_leading_zero(self) -> bool:
        """Whether any text has a zero before its first digit."""
        return matches(self.coded.texts, _WRITTEN_LEADING_ZERO)

    @property
    def currencies(self) -> tuple[str, ...]:
        """The signs of money, one for each currency."""
        found: dict[str, str] = {}
        for sign, currency in _CURRENCIES.items():
            if currency not in found and holds(pc.match_substring(self.coded.texts, sign)):
                found[currency] = sign
        return tuple(found.values())

    def distinct(self, decimal: str) -> pa.Array:
        """Return the number of each text (n_distinct,), as int64 or float64."""
        return _cleaned(self.coded.texts, decimal)

    def values(self, decimal: str) -> pa.ChunkedArray:
        """Return the number of each row."""
        return self.coded.per_row(self.distinct(decimal))

    def style(self, decimal: str) -> tuple[str, ...]:
        """Return in words what these numbers have that a plain number has not."""
        texts = self.coded.texts
        divided = "|".join(_THOUSANDS[decimal])
        money = self.currencies
        seen = (
            (matches(texts, rf"\d(?:{divided})\d{{3}}"), "thousands separators"),
            (bool(money), f"a currency sign ({', '.join(money)})"),
            (holds(pc.match_substring(texts, "%")), "percent signs"),
            (holds(pc.starts_with(texts, "(")), "parentheses around negative numbers"),
        )
        return tuple(words for found, words in seen if found)

    def _rounded(self, decimal: str) -> pa.Array:
        # Unsafe, as whole numbers beyond 2^53 would be refused rather than rounded.
        return self.distinct(decimal).cast(pa.float64(), safe=False)

    def ambiguity(self) -> tuple[str, str, str]:
        """Return the most frequent text whose number depends on the sign, with both numbers."""
        point, comma = map(self._rounded, (".", ","))
        differ = pc.not_equal(point, comma).to_numpy(zero_copy_only=False)
        position = int(np.argmax(np.where(differ, self.coded.counts, -1)))
        text = self.coded.texts[position].as_py()
        return text, *(f"{numbers[position].as_py():.15g}" for numbers in (point, comma))

    def example(self, decimal: str) -> tuple[str, str]:
        """Return a text that is far from a plain number, and its number."""
        some = spread(self.coded.texts, PROBED)
        signs = pc.binary_length(pc.replace_substring_regex(some, r"\d", ""))
        chosen = some.take(pa.array([int(np.argmax(signs))]))
        return chosen[0].as_py(), f"{_cleaned(chosen, decimal)[0].as_py():.15g}"


def _cleaned(texts: pa.Array, decimal: str) -> pa.Array:
    negative = pc.match_substring_regex(texts, _NEGATIVE)
    bare = pc.replace_substring_regex(texts, _CURRENCY, "")
    bare = pc.replace_substring_regex(bare, rf"[^0-9A-Za-z{decimal}+-]", "")
    bare = pc.replace_substring_regex(bare, r"^[+-]+", "")
    if decimal == ",":
        bare = pc.replace_substring(bare, ",", ".")
    return _cast(pc.if_else(negative, pc.binary_join_element_wise("-", bare, ""), bare))
