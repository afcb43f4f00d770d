"""The header of a table whose first rows are known as text: none, one row, or two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

Cells = Sequence[str]

MAX_ROWS = 60
MIN_VALUE_SHARE = 0.9
# Rows below a second header row that must show what the columns hold.
MIN_ROWS_BELOW = 3

_VALUE = re.compile(
    r"""[+-]?\s?[$€£¥]?\s?(\d[\d.,'\s_]*|[.,]\d+)(e[+-]?\d+)?\s?[%$€£¥]?
    |\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T\s].*)?
    |\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?(\s?[ap]m)?
    |true|false|[+-]?inf(inity)?""",
    re.IGNORECASE | re.VERBOSE,
)
_BLANKS = frozenset(
    ("", "na", "n/a", "n.a.", "nan", "null", "none", "?", "-", "--", ".", "#n/a", "\\n", "unknown")
)
_UNITS = "%°$€£¥#"
# Longer texts are no numbers or dates, and need not be looked at.
_MAX_VALUE_LENGTH = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """What the rows of one column show: how many cells hold something, and how many a value."""

    n_filled: int
    n_values: int

    @property
    def holds_values(self) -> bool:
        """Whether nearly all of it are numbers, dates or booleans."""
        return self.n_filled > 0 and self.n_values >= MIN_VALUE_SHARE * self.n_filled


def is_value(cell: str) -> bool:
    """Whether a cell is a number, a date or a boolean, and so no name of a column."""
    text = cell.strip()
    return len(text) <= _MAX_VALUE_LENGTH and _VALUE.fullmatch(text) is not None


def is_blank(cell: str) -> bool:
    """Whether a cell holds nothing, or a common sign for nothing."""
    return len(cell) <= 10 and cell.strip().lower() in _BLANKS


def count_header_rows(rows: Sequence[Cells]) -> int:
    """Return how many of the first rows are names: 0, 1 or 2.

    Parameters
    ----------
    rows : sequence of sequences of str
        The first rows of the table; they may differ in width.
    """
    rows = rows[: MAX_ROWS + 2]
    if len(rows) < 2:
        return 1
    if _is_data(rows[0], rows[1:]):
        return 0
    return 2 if _are_second_names(rows[1], rows[2:]) else 1


def join_names(rows: Sequence[Cells]) -> list[str]:
    """Return one name a column from one or two rows of names.

    A name of the first row goes on over the blank cells after it, as a group over its members.

    Examples
    --------
    >>> join_names([["id", "size", ""], ["", "width", "height"]])
    ['id', 'size width', 'size height']
    """
    if not rows:
        return []
    first = [cell.strip() for cell in rows[0]]
    if len(rows) == 1:
        return first
    second = [cell.strip() for cell in rows[1]]
    width = max(len(first), len(second))
    first += [""] * (width - len(first))
    second += [""] * (width - len(second))
    for place in range(1, width):
        first[place] = first[place] or (first[place - 1] if second[place] else "")
    return [f"{upper} {lower}".strip() for upper, lower in zip(first, second, strict=True)]


def _is_data(first: Cells, rest: Sequence[Cells]) -> bool:
    places = [place for place, column in enumerate(_columns(rest)) if column.holds_values]
    cells = [first[place].strip() for place in places if place < len(first)]
    if not any(cells):
        return not cells and _appears_again(first, rest)
    # Years, or the numbers 0, 1, 2 that a program gave to unnamed columns, are names all the same.
    return all(is_value(cell) for cell in cells if cell) and not _counts_up(cells)


def _appears_again(first: Cells, rest: Sequence[Cells]) -> bool:
    """Whether each cell is met again below: then they are categories, not names."""
    # Files that were put together name their columns again.
    others = [row for row in rest if row != first]
    return len(first) > 0 and all(
        any(place < len(row) and row[place] == cell for row in others)
        for place, cell in enumerate(first)
    )


def _counts_up(cells: Sequence[str]) -> bool:
    if len(cells) < 2 or not all(cell.isdecimal() and len(cell) <= 4 for cell in cells):
        return False
    numbers = [int(cell) for cell in cells]
    first, is_row = numbers[0], numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    return is_row and (1900 <= first <= 2100 or (first == 0 and len(numbers) > 2))


def _are_second_names(second: Cells, below: Sequence[Cells]) -> bool:
    """Whether a row of units or members stands where most columns hold values further down."""
    if len(below) < MIN_ROWS_BELOW or any(is_value(cell) for cell in second):
        return False
    places = [place for place, column in enumerate(_columns(below)) if column.holds_values]
    named = [place for place in places if place < len(second) and _is_name(second[place])]
    return 2 * len(places) >= len(second) and 2 * len(named) >= len(places) > 0


def _is_name(cell: str) -> bool:
    """Whether a cell names something, if only a unit such as %."""
    return not is_blank(cell) and any(sign.isalpha() or sign in _UNITS for sign in cell)


def _columns(rows: Sequence[Cells]) -> list[Column]:
    width = max(map(len, rows), default=0)
    cells = [
        [row[place] for row in rows if place < len(row) and not is_blank(row[place])]
        for place in range(width)
    ]
    return [Column(n_filled=len(filled), n_values=sum(map(is_value, filled))) for filled in cells]
