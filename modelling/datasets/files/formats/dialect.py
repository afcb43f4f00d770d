"""How a text file divides its values: delimiter, quotes, and lines above the table."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from modelling.datasets.files.formats.header import MIN_VALUE_SHARE, is_value

# The order decides between delimiters that fit equally well.
DELIMITERS = (",", ";", "\t", "|", "\x01", "\x1f")
# Signs that divide values in few files and stand in the text of many: the evidence must be better.
RARE_DELIMITERS = ("^", "~", "#", ":", " ")
MAX_RECORDS = 200
MIN_SPACED_SHARE = 0.9
MAX_ABOVE = 100
MIN_EVENNESS = 0.5
MIN_EVENNESS_OF_TWO = 0.7
MIN_EVENNESS_OF_RARE = 0.95
MIN_RECORDS_OF_RARE = 3
RARE_PENALTY = 0.75
ABOVE_PENALTY = 0.7
# A value may be as long as this; the csv module stops at 131,072 by default.
MAX_VALUE_LENGTH = 64 * 1024**2
# So many values of a record are looked at; files of 100,000 columns exist.
MAX_JUDGED = 100

_SEPARATOR_LINE = re.compile(r"\s*sep=(.)\s*", re.IGNORECASE)
_QUOTE_AFTER_SPACE = re.compile(r'[,;|\t] +"')
# Quotes that were taken for letters: single ones, or those after a space.
_WRAPPED = re.compile(r"""'[^']*'|\s+"[^"]*"\s*""")
# Signs that divide a line rather than a sentence; so many of them, and it is no title.
_DIVIDED = re.compile(r"[;\t|\x01\x1f]|,(?! )")
MIN_DIVIDERS = 2
_DECIMAL_COMMA = re.compile(r"\s*[+-]?\d+,\d+\s*")
_CLOCK = re.compile(r"(?<![\d:])\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(?![\d:])|://")


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialect:
    """How lines become values; ``quote`` is "" where quotes are letters like any other."""

    delimiter: str
    quote: str = '"'
    escape: str | None = None
    skip_space: bool = False

    def records(self, lines: Iterable[str]) -> Any:
        """Return the `csv.reader` of ``lines``, which keep their ends."""
        csv.field_size_limit(MAX_VALUE_LENGTH)
        options: dict[str, Any] = {"delimiter": self.delimiter, "escapechar": self.escape}
        if self.quote:
            options["quotechar"] = self.quote
        else:
            options["quoting"] = csv.QUOTE_NONE
        if self.delimiter == " ":
            # Any number of spaces divides; those at the end of a line divide nothing.
            lines = (line.rstrip() + "\n" for line in lines)
            options["skipinitialspace"] = True
        return csv.reader(lines, **{"skipinitialspace": self.skip_space, **options})


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """A dialect and what the first lines look like in it.

    ``n_above`` lines stand above the table, ``width`` is the number of its columns;
    ``n_trailing`` is 1 if each row, but not the header, ends with a delimiter. ``evenness`` is the
    share of the first records that are as wide as the table; ``fit`` also counts what is inside
    them and ranks layouts.
    """

    dialect: Dialect
    width: int
    evenness: float
    fit: float
    n_above: int = 0
    n_trailing: int = 0

    @property
    def is_even(self) -> bool:
        """Whether enough records are as wide as the first one for a table."""
        return self.evenness >= (MIN_EVENNESS_OF_TWO if self.width == 2 else MIN_EVENNESS)


def detect_layout(
    lines: Sequence[str], *, delimiter: str | None, quote: str | None, n_above: int | None
) -> Layout | None:
    """Return the layout that fits the first lines of a file best, or None if they have no columns.

    Parameters
    ----------
    lines : sequence of str
        Whole lines with their ends.
    delimiter, quote, n_above : optional
        What is known already.
    """
    if n_above is None and lines and (declared := _SEPARATOR_LINE.fullmatch(lines[0])):
        found = detect_layout(
            lines[1:], delimiter=delimiter or declared[1], quote=quote, n_above=None
        )
        n_above = 1
    else:
        found = _best(lines[n_above or 0 :], delimiter, quote, may_skip=n_above is None)
    return found and replace(found, n_above=found.n_above + (n_above or 0))


def _best(
    lines: Sequence[str], delimiter: str | None, quote: str | None, *, may_skip: bool
) -> Layout | None:
    text = "".join(lines)
    layouts = []
    for sign in (*DELIMITERS, *RARE_DELIMITERS) if delimiter is None else (delimiter,):
        for dialect in _dialects(sign, quote, text) if sign in text else ():
            records, starts = _first_records(dialect, lines)
            layout = _judge(dialect, records, starts, may_skip=may_skip)
            if layout and (delimiter is not None or _is_plausible(layout, records, text)):
                layouts.append(layout)
    # The first of those that fit equally well.
    return max(layouts, key=lambda layout: (layout.is_even, layout.fit), default=None)


def _dialects(delimiter: str, quote: str | None, text: str) -> Iterator[Dialect]:
    """Yield the ways of quoting that might be meant, the usual one first."""
    quotes = ['"'] if quote is None else [quote]
    if quote is None and text.count("'") > text.count('"'):
        quotes.append("'")
    n_spaced = text.count(delimiter + " ") if delimiter in DELIMITERS else 0
    is_spaced = n_spaced >= MIN_SPACED_SHARE * text.count(delimiter)
    for sign in quotes:
        plain = Dialect(delimiter=delimiter, quote=sign, skip_space=is_spaced)
        yield plain
        if not is_spaced and _QUOTE_AFTER_SPACE.search(text):
            yield replace(plain, skip_space=True)
        if (sign and "\\" + sign in text) or "\\" + delimiter in text:
            yield replace(plain, escape="\\")


def _first_records(dialect: Dialect, lines: Sequence[str]) -> tuple[list[list[str]], list[int]]:
    """Return the first records that are not blank, and how many lines stand above each."""
    reader = dialect.records(lines)
    found, starts, start = [], [], 0
    # What comes before a value that is too long is enough.
    with suppress(csv.Error):
        for record in islice(reader, MAX_RECORDS):
            if any(cell.strip() for cell in record):
                found.append(record)
                starts.append(start)
            start = reader.line_num
    return found, starts


def _judge(
    dialect: Dialect, records: Sequence[Sequence[str]], starts: Sequence[int], *, may_skip: bool
) -> Layout | None:
    counts = Counter(len(record) for record in records if len(record) > 1)
    if not counts:
        return None
    width = max(counts, key=lambda number: (counts[number], number))
    n_trailing = _count_trailing(records, width)
    width -= n_trailing
    if width < 2 or _is_ended(records, width):
        return None
    first = _first_of_table(records, width) if may_skip else 0
    table = records[first:]
    n_even = sum(len(record) == width or _ends_empty(record, width) for record in table)
    evenness = n_even / len(table) if len(table[0]) == width else 0.0
    fit = evenness * (1 + _clean_share(table, dialect.delimiter)) / 2
    return Layout(
        dialect=dialect,
        width=width,
        evenness=evenness,
        fit=fit
        * (RARE_PENALTY if dialect.delimiter in RARE_DELIMITERS else 1)
        * (ABOVE_PENALTY if first else 1),
        n_above=starts[first],
        n_trailing=n_trailing,
    )


def _count_trailing(records: Sequence[Sequence[str]], width: int) -> int:
    """Return 1 if rows of this width end with an empty value that their header does not have."""
    places = [place for place, record in enumerate(records) if len(record) == width]
    above = places[0] - 1
    ends_empty = all(not records[place][-1].strip() for place in places)
    return int(ends_empty and above >= 0 and len(records[above]) == width - 1)


def _ends_empty(record: Sequence[str], width: int) -> bool:
    """Whether a record is too long by empty values only."""
    return len(record) > width and not any(record[width:])


def _is_ended(records: Sequence[Sequence[str]], width: int) -> bool:
    """Whether there is but one column and a sign that ends each line, as in program text."""
    pairs = [record for record in records if len(record) == width == 2]
    return bool(pairs) and all(not record[-1].strip() for record in pairs)


def _first_of_table(records: Sequence[Sequence[str]], width: int) -> int:
    """Return the place of the header: titles and comments may stand above it."""
    place = next((p for p, record in enumerate(records) if len(record) == width), 0)
    above, first = records[:place], records[place]
    is_named = not any(map(is_value, first[:MAX_JUDGED]))
    is_above = all(_is_title(record) or (is_named and 1 < len(record) < width) for record in above)
    if place > MAX_ABOVE or not is_above:
        return 0
    # "# made by hand, in May" may by chance be as wide as the table.
    while records[place][0].startswith("# ") and place + 1 < len(records):
        place += 1
    return place if len(records[place]) == width else 0


def _is_title(record: Sequence[str]) -> bool:
    """Whether a record is a comment, or text that no delimiter divides."""
    return record[0].startswith("#") or (
        len(record) == 1 and len(_DIVIDED.findall(record[0])) < MIN_DIVIDERS
    )


def _clean_share(records: Sequence[Sequence[str]], delimiter: str) -> float:
    """Return the share of values that do not look as if they should be divided further."""
    cells = [cell for record in records for cell in record[:MAX_JUDGED]]
    return sum(_is_clean(cell, delimiter) for cell in cells) / len(cells)


def _is_clean(cell: str, delimiter: str) -> bool:
    if _WRAPPED.fullmatch(cell):
        return False
    if delimiter != "," and _DECIMAL_COMMA.fullmatch(cell):
        return True
    return not any(sign in cell for sign in DELIMITERS)


def _is_plausible(layout: Layout, records: Sequence[Sequence[str]], text: str) -> bool:
    """Whether the signs that divide values are more than punctuation."""
    rows = [record for record in records if len(record) == layout.width]
    has_values = _has_column_of_values(rows)
    if not has_values and _is_prose(rows, is_spaced=layout.dialect.skip_space):
        return False
    sign = layout.dialect.delimiter
    if sign not in RARE_DELIMITERS:
        return True
    if layout.evenness < MIN_EVENNESS_OF_RARE or len(rows) < MIN_RECORDS_OF_RARE:
        return False
    if _are_keys(rows) or (sign == ":" and _CLOCK.search(text)):
        return False
    return has_values or (sign != " " and layout.width > 2)


def _has_column_of_values(rows: Sequence[Sequence[str]]) -> bool:
    below = rows[1:]
    return any(
        sum(is_value(row[place]) for row in below) >= MIN_VALUE_SHARE * len(below)
        for place in range(min(len(rows[0]), MAX_JUDGED) if below else 0)
    )


def _is_prose(rows: Sequence[Sequence[str]], *, is_spaced: bool) -> bool:
    """Whether values are parts of sentences: a space before them, and several words or an end."""
    cells = [cell for row in rows for cell in row[:MAX_JUDGED]]
    n_spaced = sum(cell.startswith(" ") for cell in cells)
    n_words = sum(len(cell.split()) for cell in cells)
    n_ends = sum(row[-1].rstrip().endswith((".", "!", "?")) for row in rows)
    are_sentences = n_words >= 2 * len(cells) or n_ends > len(rows) / 2
    return are_sentences and (is_spaced or n_spaced > (len(cells) - len(rows)) / 2)


def _are_keys(rows: Sequence[Sequence[str]]) -> bool:
    """Whether lines are "key: value", divided by the colon or by the space."""
    n_keys = sum(row[1].startswith(" ") or row[0].endswith(":") for row in rows)
    return n_keys > len(rows) / 2
