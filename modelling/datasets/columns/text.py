"""Columns of text: numbers, booleans, dates, or text after all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from modelling.datasets.arrays import PROBED, hide, holds, spread
from modelling.datasets.columns import findings
from modelling.datasets.columns.date_text import WrittenDates, date_share, plain_dates
from modelling.datasets.columns.manner import Manner
from modelling.datasets.columns.number_text import (
    PlainNumbers,
    WrittenNumbers,
    number_share,
    plain_numbers,
)
from modelling.types import Finding

MOSTLY = 0.98
# So many of the probed values must be numbers, or dates, for the whole column to be looked at.
MIN_PROBED_SHARE = 0.9
_TRUE = ("true", "True", "TRUE")
_FALSE = ("false", "False", "FALSE")


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """What a column of text is: its ``values``, or what they depend on.

    One of ``values``, ``numbers`` and ``dates`` is set. The latter two can be read in two ways, of
    which the file as a whole decides; ``decimal`` and ``day_first`` are what this column proves.
    """

    values: pa.ChunkedArray | None = None
    numbers: WrittenNumbers | None = None
    dates: WrittenDates | None = None
    decimal: str | None = None
    day_first: bool | None = None
    findings: tuple[Finding, ...] = ()
    missing: Mapping[str, int] = field(default_factory=dict)

    @property
    def has_numbers(self) -> bool:
        """Whether numbers were read from text."""
        if self.values is None:
            return self.numbers is not None
        kind = self.values.type
        return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


class TextColumn:
    """One column of text while it is looked at.

    Parameters
    ----------
    text : pyarrow.ChunkedArray of strings
        The cells as the file has them.
    """

    def __init__(self, name: str, text: pa.ChunkedArray, manner: Manner) -> None:
        self._name = name
        self._manner = manner
        self._text = text
        self._hidden = self._those(manner.missing(name))

    def draft(self) -> Draft:
        """Return what the column is."""
        probe = self._probe()
        found = None
        if probe and all(text in (*_TRUE, *_FALSE) for text in probe):
            found = self._booleans()
        elif number_share(probe) >= MIN_PROBED_SHARE:
            found = self._plain_numbers() or self._written_numbers()
        elif date_share(probe) >= MIN_PROBED_SHARE:
            found = self._plain_dates() or self._written_dates()
        return found or self._as_text()

    def _those(self, words: Iterable[str]) -> pa.ChunkedArray:
        """Return which cells hold one of these words between blanks."""
        # Half a surrogate, as JSON may hold one, is in no text of Arrow's.
        whole = (word.encode("utf-8", "replace").decode() for word in words)
        sought = pa.array(list(dict.fromkeys(whole)), self._text.type)
        # By chunk, so that no second copy of a large text is made.
        found = [
            pc.is_in(pc.utf8_trim_whitespace(chunk), value_set=sought)
            for chunk in self._text.chunks
        ]
        return pa.chunked_array(found, pa.bool_())

    def _probe(self) -> list[str]:
        """Return some of the values, without blanks around them."""
        present = pc.and_not(self._text.is_valid(), self._hidden)
        rows = pa.chunked_array([np.flatnonzero(present)], pa.int64())
        return [text.strip() for text in self._text.take(spread(rows, PROBED)).to_pylist()]

    @cached_property
    def _present(self) -> pa.ChunkedArray:
        """The values without blanks around them, null where missing."""
        return hide(pc.utf8_trim_whitespace(self._text), self._hidden)

    def _counted(self, hidden: pa.ChunkedArray) -> dict[str, int]:
        if not holds(hidden):
            return {}
        counts = pc.utf8_trim_whitespace(self._text.filter(hidden)).value_counts().to_pylist()
        return {entry["values"]: entry["counts"] for entry in counts}

    def _read(self, draft: Draft) -> Draft:
        return replace(draft, missing=self._counted(self._hidden))

    def _as_text(self, *found: Finding) -> Draft:
        words = self._manner.missing_as_text(self._name)
        hidden = self._those(words) if self._manner.is_typed else self._hidden
        return Draft(values=hide(self._text, hidden), findings=found, missing=self._counted(hidden))

    def _booleans(self) -> Draft | None:
        true, false = (
            pc.is_in(self._present, value_set=pa.array(words, self._text.type))
            for words in (_TRUE, _FALSE)
        )
        absent = self._present.is_null()
        if not pc.all(pc.or_(absent, pc.or_(true, false))).as_py():
            return None
        return self._read(Draft(values=hide(true, absent)))

    def _plain_numbers(self) -> Draft | None:
        for decimal in self._manner.decimals:
            plain = plain_numbers(self._present, decimal)
            if plain is not None and self._is_decided(plain):
                as_text = findings.numbers_as_text(self._name, ())
                return self._read(
                    Draft(
                        values=plain.values,
                        decimal=decimal if plain.is_sure else None,
                        findings=(as_text,) if self._manner.is_typed else (),
                    )
                )
        return None

    def _is_decided(self, plain: PlainNumbers) -> bool:
        return plain.is_sure is not False or len(self._manner.decimals) == 1

    def _written_numbers(self) -> Draft | None:
        written = WrittenNumbers.of(self._present, self._manner.decimals)
        if written.has_leading_zero:
            why = "some begin with a zero that a number would lose"
            code = findings.codes_kept_as_text(self._name, why)
            return self._as_text(code) if written.are_codes else None
        if not written.decimals:
            return self._mostly("numbers", written)
        if len(written.currencies) > 1:
            return self._as_text(findings.mixed_currencies(self._name, written.currencies))
        if written.is_ambiguous:
            return self._read(Draft(numbers=written))
        return self._read(decided_numbers(self._name, written, self._manner))

    def _plain_dates(self) -> Draft | None:
        values = plain_dates(self._present)
        return None if values is None else self._read(Draft(values=values))

    def _written_dates(self) -> Draft | None:
        written = WrittenDates.of(self._present)
        orders = [order for order in self._manner.orders if written.fits(order).all()]
        if not orders:
            return self._mostly("dates", written)
        zones = (findings.time_zones(self._name),) if written.is_zoned else ()
        if len(orders) > 1 and written.is_ordered:
            return self._read(Draft(dates=written, findings=zones))
        return self._read(
            Draft(
                values=written.values(orders[0]),
                day_first=orders[0] if written.is_ordered else None,
                findings=zones,
            )
        )

    def _mostly(self, what: str, written: WrittenNumbers | WrittenDates) -> Draft | None:
        fits = written.best
        if written.coded.share(fits) <= MOSTLY:
            return None
        n_rows = int(written.coded.counts[~fits].sum())
        others = written.coded.others(fits)
        return self._as_text(findings.mostly(self._name, what, others, n_rows))


def decided_numbers(
    name: str,
    written: WrittenNumbers,
    manner: Manner,
    decimal: str | None = None,
    is_guess: bool = False,
) -> Draft:
    """Return numbers with this sign before their decimals (default: the only one that fits).

    The analyst is told what was taken away to make numbers of the texts, and if it is a guess.
    """
    sign = decimal or written.decimals[0]
    found = []
    style = written.style(sign)
    if style or manner.is_typed:
        found.append(findings.numbers_as_text(name, style, written.example(sign)))
    if is_guess:
        found.append(findings.ambiguous_numbers(name, written.ambiguity(), decimal=sign))
    return Draft(
        values=written.values(sign),
        decimal=sign if len(written.decimals) < len(manner.decimals) else None,
        findings=tuple(found),
    )


def decided_dates(name: str, written: WrittenDates, day_first: bool, is_guess: bool) -> Draft:
    """Return dates in this order; the analyst is told if it is a guess."""
    guess = findings.ambiguous_dates(name, written.ambiguity(), day_first=day_first)
    return Draft(values=written.values(day_first), findings=(guess,) if is_guess else ())
