"""Dates and moments as people write them, and whether the day or the month comes first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from modelling.datasets.arrays import CodedText, holds

# What Python and POSIX do with years of two digits: 69 is 1969, 68 is 2068.
FIRST_YEAR_OF_1900S = 69
COMPACT_YEARS = (1900, 2100)
# From the first second of the year 1 to the end of 9999, since 1970.
_CALENDAR_S = (-62_135_596_800, 253_402_300_800)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    "(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    "sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_WEEKDAY = "(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? +)?"
_TIME = (
    r"(?:(?:T|,? +)(?P<hour>\d{1,2}):(?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"(?: ?(?P<half>[ap])\.?m\.?)?"
    r"(?: ?(?:Z|UTC|GMT|(?P<offset>[+-])(?P<offset_hour>\d{2})(?::?(?P<offset_minute>\d{2}))?))?)?"
)
_DAY = r"(?P<day>\d{1,2})"
_YEAR = r"(?P<year>\d{4}|\d{2})"
_BODIES = (
    r"(?P<year>\d{4})(?P<sign>[-/.])(?P<month>\d{1,2})(?P<again>[-/.])(?P<day>\d{1,2})",
    rf"(?P<first>\d{{1,2}})(?P<sign>[-/.])(?P<other>\d{{1,2}})(?P<again>[-/.]){_YEAR}",
    rf"{_WEEKDAY}{_DAY}(?:st|nd|rd|th)?(?:[-/ ]|\. ?){_MONTH}\.?(?:[-/ ]|, ){_YEAR}",
    rf"{_WEEKDAY}{_MONTH}\.? {_DAY}(?:st|nd|rd|th)?,? (?P<year>\d{{4}})",
)
_GRAMMARS = tuple(f"(?i)^{body}{_TIME}$" for body in _BODIES)
_COMPILED = [re.compile(pattern, re.ASCII) for pattern in _GRAMMARS]
_ZONED = r"(?i):\d{2}(?:[.,]\d+)? ?(?:[ap]\.?m\.? ?)?(?:Z|UTC|GMT|[+-]\d{2}:?(?:\d{2})?)$"


def date_share(texts: Iterable[str]) -> float:
    """Return the share of ``texts`` that look like dates, possible or not."""
    found = [any(pattern.match(text) for pattern in _COMPILED) for text in texts]
    return sum(found) / max(1, len(found))


def plain_dates(text: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """Return ISO 8601 dates and times without zone, or None if there are others."""
    try:
        moments = text.cast(pa.timestamp("us"))
    except pa.ArrowInvalid:
        return None
    return None if holds(beyond_calendar(moments)) else moments


def beyond_calendar(moments: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return which moments lie outside of the years 1 to 9999, where Python has no dates."""
    # Nanoseconds in 64 bits never do; the bounds would not fit into them.
    per_second = {"s": 1, "ms": 10**3, "us": 10**6}.get(moments.type.unit, 0)
    counts = moments.cast(pa.int64())
    if not per_second:
        return pc.less(counts, counts)
    first, end = (second * per_second for second in _CALENDAR_S)
    return pc.or_(pc.less(counts, first), pc.greater_equal(counts, end))


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenDates:
    """Texts of which many are dates.

    ``day_first`` and ``month_first`` (n_distinct,) are their moments in either order, NaT where a
    text is no date; they differ where day and month both are numbers and the year comes last.
    """

    coded: CodedText
    day_first: np.ndarray
    month_first: np.ndarray

    @classmethod
    def of(cls, text: pa.ChunkedArray) -> WrittenDates:
        """Look at ``text`` in both orders."""
        coded = CodedText.of(text)
        day_first = np.full(len(coded.texts), np.datetime64("NaT"), dtype="datetime64[us]")
        month_first = day_first.copy()
        left = np.arange(len(coded.texts))
        for grammar in _GRAMMARS:
            parts = pc.extract_regex(coded.texts.take(pa.array(left)), grammar)
            fits = np.asarray(parts.is_valid())
            found, rows = _Parts(parts.filter(pa.array(fits))), left[fits]
            day_first[rows] = found.moments(day_first=True)
            month_first[rows] = (
                found.moments(day_first=False) if found.are_ordered else day_first[rows]
            )
            left = left[~fits]
        return cls(coded=coded, day_first=day_first, month_first=month_first)

    def moments(self, is_day_first: bool) -> np.ndarray:
        """Return the moment of each text (n_distinct,)."""
        return self.day_first if is_day_first else self.month_first

    def fits(self, is_day_first: bool) -> np.ndarray:
        """Return which texts (n_distinct,) are possible dates."""
        return np.asarray(~np.isnat(self.moments(is_day_first)))

    @property
    def best(self) -> np.ndarray:
        """Which texts are dates in the order that fits most rows."""
        return max(map(self.fits, (True, False)), key=self.coded.share)

    @property
    def is_ordered(self) -> bool:
        """Whether the order matters for any text."""
        either = np.isnat(self.day_first) & np.isnat(self.month_first)
        return bool(((self.day_first != self.month_first) & ~either).any())

    @property
    def has_points(self) -> bool:
        """Whether points divide day, month and year, as is usual where the day comes first."""
        return holds(pc.match_substring_regex(self.coded.texts, r"^\d{1,2}\.\d{1,2}\."))

    @property
    def is_zoned(self) -> bool:
        """Whether any text names its zone."""
        return holds(pc.match_substring_regex(self.coded.texts, _ZONED))

    def values(self, is_day_first: bool) -> pa.ChunkedArray:
        """Return the moment of each row."""
        return self.coded.per_row(pa.array(self.moments(is_day_first)))

    def ambiguity(self) -> tuple[str, str, str]:
        """Return the most frequent text whose order matters, day first and month first."""
        differ = self.day_first != self.month_first
        position = int(np.argmax(np.where(differ, self.coded.counts, -1)))
        both = (
            dates[position].astype("datetime64[D]") for dates in (self.day_first, self.month_first)
        )
        return self.coded.texts[position].as_py(), *map(str, both)


class _Parts:
    """The fields of texts that fit one grammar, as whole numbers (n_texts,)."""

    def __init__(self, parts: pa.StructArray) -> None:
        self._fields = {field.name: parts.field(field.name) for field in parts.type}
        self._n = len(parts)

    @property
    def are_ordered(self) -> bool:
        """Whether the grammar leaves open which number is the day."""
        return "first" in self._fields

    def moments(self, *, day_first: bool) -> np.ndarray:
        """Return datetime64[us] in UTC, NaT where the text is no possible date."""
        day, month = self._day_and_month(day_first)
        year = self._year()
        months = (year - 1970) * 12 + np.clip(month, 1, 12) - 1
        first = months.astype("datetime64[M]").astype("datetime64[D]")
        date = np.asarray(first + (np.clip(day, 1, 31) - 1))
        hour, possible_hour = self._hour()
        minute, second = self._number("minute"), self._number("second")
        possible = (date.astype("datetime64[M]") == months.astype("datetime64[M]")) & (day >= 1)
        possible &= (day <= 31) & (month >= 1) & (month <= 12) & (year >= 1) & self._one_sign()
        possible &= possible_hour & (minute < 60) & (second < 60)
        seconds = (hour * 60 + minute - self._offset_min()) * 60 + second
        micros = seconds * 1_000_000 + self._fraction_us()
        moments = date.astype("datetime64[us]") + micros
        return np.where(possible, moments, np.datetime64("NaT"))

    def _day_and_month(self, day_first: bool) -> tuple[np.ndarray, np.ndarray]:
        if self.are_ordered:
            first, other = self._number("first"), self._number("other")
            return (first, other) if day_first else (other, first)
        month = self._fields["month"]
        if pc.all(pc.utf8_is_digit(month)).as_py():
            return self._number("day"), self._number("month")
        short = pc.utf8_lower(pc.utf8_slice_codeunits(month, 0, 3))
        names = pc.index_in(short, value_set=pa.array(_MONTHS))
        return self._number("day"), names.to_numpy().astype("int64") + 1

    def _year(self) -> np.ndarray:
        year = self._number("year")
        short = pc.equal(pc.utf8_length(self._fields["year"]), 2).to_numpy(zero_copy_only=False)
        century = np.where(year >= FIRST_YEAR_OF_1900S, 1900, 2000)
        return np.where(short, year + century, year)

    def _hour(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the hour of the day, and whether it is possible."""
        hour = self._number("hour")
        half = pc.utf8_lower(self._fields["half"]).to_numpy(zero_copy_only=False)
        of_12 = half != ""
        possible = np.where(of_12, (hour >= 1) & (hour <= 12), hour < 24)
        return np.where(of_12, hour % 12 + 12 * (half == "p"), hour), possible

    def _offset_min(self) -> np.ndarray:
        minutes = self._number("offset_hour") * 60 + self._number("offset_minute")
        west = pc.equal(self._fields["offset"], "-").to_numpy(zero_copy_only=False)
        return np.asarray(np.where(west, -minutes, minutes))

    def _fraction_us(self) -> np.ndarray:
        digits = pc.utf8_rpad(self._fields["fraction"], width=6, padding="0")
        return np.asarray(pc.utf8_slice_codeunits(digits, 0, 6).cast(pa.int64()))

    def _one_sign(self) -> np.ndarray:
        if "again" not in self._fields:
            return np.ones(self._n, dtype=bool)
        same = pc.equal(self._fields["sign"], self._fields["again"])
        return np.asarray(same.to_numpy(zero_copy_only=False))

    def _number(self, name: str) -> np.ndarray:
        text = self._fields[name]
        filled = pc.if_else(pc.equal(text, ""), "0", text)
        return np.asarray(filled.cast(pa.int64()))


def compact_dates(numbers: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """Return dates written as whole numbers such as 20240131, or None if any is none."""
    present = numbers.drop_null().to_numpy()
    if not len(present) or (present % 1 != 0).any():
        return None
    year, month, day = present // 10_000, present // 100 % 100, present % 100
    first, last = COMPACT_YEARS
    if not ((year >= first) & (year <= last) & (month >= 1) & (month <= 12) & (day >= 1)).all():
        return None
    months = ((year - 1970) * 12 + month - 1).astype("int64").astype("datetime64[M]")
    dates = months.astype("datetime64[D]") + (day - 1).astype("int64")
    if (dates.astype("datetime64[M]") != months).any():
        return None
    rows = np.full(len(numbers), np.datetime64("NaT"), dtype="datetime64[us]")
    rows[numbers.is_valid().to_numpy()] = dates.astype("datetime64[us]")
    return pa.chunked_array([pa.array(rows)])
