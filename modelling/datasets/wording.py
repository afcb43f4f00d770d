"""Names and values of the user's own, as messages show them: on one line and not too long."""

from __future__ import annotations

from collections.abc import Sequence

MAX_SHOWN_LENGTH = 80


def label(name: str) -> str:
    r"""Return the name of a file as a short label, without folders.

    Examples
    --------
    >>> label("C:\\data\\sales.csv"), label("\n")
    ('sales.csv', 'the file')
    """
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    return _printable(base).strip()[:MAX_SHOWN_LENGTH] or "the file"


def shorten(text: str, limit: int = 120) -> str:
    """Return ``text`` without control characters or blanks around it, cut to ``limit``."""
    return _cut(text, limit).strip()


def quoted(text: str) -> str:
    """Return ``text`` in quotes, cut to `MAX_SHOWN_LENGTH`; blanks around it show."""
    return f'"{_cut(text, MAX_SHOWN_LENGTH)}"'


def listed(names: Sequence[str], most: int = 5) -> str:
    """Return the first names in a row, and how many are left.

    Examples
    --------
    >>> listed(["a", "b", "c"])
    'a, b, c'
    >>> listed([f"x{number}" for number in range(9)])
    'x0, x1, x2, x3, x4 and 4 more'
    """
    rest = len(names) - most
    first = ", ".join(names[:most])
    return f"{first} and {rest:,} more" if rest > 0 else first


def _cut(text: str, limit: int) -> str:
    return _printable(text if len(text) <= limit else text[: limit - 1] + "…")


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)
