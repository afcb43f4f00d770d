"""How a file was understood, in words."""

from __future__ import annotations

import streamlit as st

from components.text import plain
from modelling.types import ReadInfo

DELIMITERS = {
    ",": "comma",
    ";": "semicolon",
    "\t": "tab",
    "|": "pipe",
    " ": "space",
    ":": "colon",
    "^": "caret",
    "~": "tilde",
}
_MOST_RENAMED = 20


def summary(read: ReadInfo) -> str:
    """Return how the file was read, in a few words."""
    known = [
        plain(read.format),
        f"packed as {plain(read.compression)}" if read.compression else "",
        f"sheet {plain(read.sheet)}" if read.sheet else "",
        f"{_delimiter_name(read.delimiter)} between values" if read.delimiter else "",
        f"encoding {plain(read.encoding)}" if read.encoding else "",
        "decimal comma" if read.decimal == "," else "",
        "two header rows" if read.header_rows == 2 else "",
        "no header row" if read.header_rows == 0 else "",
    ]
    return ", ".join(filter(None, known))


def details(read: ReadInfo) -> None:
    """Say which columns were renamed and what was read as missing."""
    _renamed(read)
    if read.missing:
        counts = ", ".join(
            f"{plain(text) or 'blank'} ({count:,})" for text, count in read.missing.items()
        )
        st.caption(f"Read as missing: {counts}.")
    if read.short_rows:
        st.caption(f"{read.short_rows:,} rows had too few values; the rest of them is missing.")


def _renamed(read: ReadInfo) -> None:
    if not read.renamed:
        return
    shown = list(read.renamed.items())[:_MOST_RENAMED]
    names = ", ".join(f"{plain(old) or 'no name'} is now {plain(new)}" for new, old in shown)
    more = len(read.renamed) - len(shown)
    st.caption(f"Renamed columns: {names}{f' and {more} more' if more else ''}.")


def _delimiter_name(sign: str | None) -> str:
    return DELIMITERS.get(sign or "", plain(sign))
