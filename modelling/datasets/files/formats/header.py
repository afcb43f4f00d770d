"""The header of a table whose first rows are known as text: none, one row, or two."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Cells = Sequence[str]

MAX_ROWS = 60
MIN_VALUE_SHARE = 0.9
# Rows below a second header row that must show what the columns hold.
MIN_ROWS_BELOW = 3

_NUMBER = re.compile(
    r"[+-]?\s?[$€£¥]?\s?(\d[\d.,'\s_]*|[.,]\d+)(e[+-]?\d+)?\s?[%$€£¥]?|[+-]?inf(inity)?",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"""\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T\s].*)?
    |\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?(\s?[ap]m)?""",
    re.IGNORECASE | re.VERBOSE,
)
_YEAR = re.compile(r"(19|20)\d\d|2100")
_BLANKS = frozenset(
    ("", "na", "n/a", "n.a.", "nan", "null", "none", "?", "-", "--", ".", "#n/a", "\\n", "unknown")
)
_UNITS = "%°$€£¥#"
# Longer texts are no numbers or dates, and need not be looked at.
_MAX_VALUE_LENGTH = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """The cells of one column that are not blank."""

    cells: tuple[str, ...]

    def is_mostly(self, test: Callable[[str], bool]) -> bool:
        """Whether nearly all cells pass the test."""
        passed = sum(map(test, self.cells))
        return passed >= MIN_VALUE_SHARE * max(1, len(self.cells))


def is_value(cell: str) -> bool:
    """Whether a cell is a number, a date or a boolean, and so no name of a column."""
    text = cell.strip()
    if len(text) > _MAX_VALUE_LENGTH:
        return False
    return bool(_NUMBER.fullmatch(text) or _is_date(text)) or text.lower() in ("true", "false")


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
    columns = {
        place: column
        for place, column in enumerate(_columns(rest)[: len(first)])
        if column.is_mostly(is_value)
    }
    if not columns:
        return _appears_again(first, rest)
    cells = {place: first[place].strip() for place in columns if first[place].strip()}
    # A date above numbers is a name, as are years, and the numbers 0, 1, 2 of unnamed columns.
    is_alike = all(
        is_value(cell) and _is_date(cell) == columns[place].is_mostly(_is_date)
        for place, cell in cells.items()
    )
    return bool(cells) and is_alike and not _are_numbered(list(cells.values()), columns.values())


def _appears_again(first: Cells, rest: Sequence[Cells]) -> bool:
    """Whether each cell is met again below: then they are categories, not names."""
    # Files that were put together name their columns again.
    others = [row for row in rest if row != first]
    return len(first) > 0 and all(
        any(place < len(row) and row[place] == cell for row in others)
        for place, cell in enumerate(first)
    )


def _are_numbered(names: Sequence[str], columns: Iterable[Column]) -> bool:
    """Whether numbers are names: years in order above other numbers, or 0, 1, 2, ..."""
    if len(names) > 1 and all(map(_YEAR.fullmatch, names)):
        are_years = all(
            column.is_mostly(lambda cell: bool(_YEAR.fullmatch(cell))) for column in columns
        )
        return list(names) == sorted(set(names)) and not are_years
    return len(names) > 2 and list(names) == list(map(str, range(len(names))))


def _is_date(text: str) -> bool:
    return _DATE.fullmatch(text.strip()) is not None


def _are_second_names(second: Cells, below: Sequence[Cells]) -> bool:
    """Whether a row of units or members stands where most columns hold values further down."""
    if len(below) < MIN_ROWS_BELOW or any(is_value(cell) for cell in second):
        return False
    places = [place for place, column in enumerate(_columns(below)) if column.is_mostly(is_value)]
    named = [place for place in places if place < len(second) and _is_name(second[place])]
    return 2 * len(places) >= len(second) and 2 * len(named) >= len(places) > 0


def _is_name(cell: str) -> bool:
    """Whether a cell names something, if only a unit such as %."""
    return not is_blank(cell) and any(sign.isalpha() or sign in _UNITS for sign in cell)


def _columns(rows: Sequence[Cells]) -> list[Column]:
    width = max(map(len, rows), default=0)
    return [
        Column(
            cells=tuple(row[place] for row in rows if place < len(row) and not is_blank(row[place]))
        )
        for place in range(width)
    ]
