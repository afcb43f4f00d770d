"""Names that users gave, made safe for the places that read Markdown."""

from __future__ import annotations

import re

# An underscore inside a word is no emphasis, and a label that is read aloud has no backslash then.
_PUNCTUATION = re.compile(r"([!-/:-@\[-^`{-~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")
# Emoji codes, icons, arrows and bare links are looked for once the backslashes are gone, so these
# need something in between: a word joiner, which takes no room.
_JOINER = "\u2060"
_SPLIT = re.compile(
    r"(?<=:)(?=[\w+/-]+:)|(?<=:)(?=//)|(?<=www)(?=\.)|(?<=\w)(?=@\w)|(?<=[<>=~-])(?=[<>=-])",
    re.IGNORECASE,
)
_LONGEST = 80


def plain(text: object, *, longest: int = _LONGEST) -> str:
    """Return text that Markdown, LaTeX, HTML and Streamlit's directives show as it is."""
    one_line = " ".join(str(text).split())
    if len(one_line) > longest:
        one_line = one_line[: longest - 1] + "…"
    return _PUNCTUATION.sub(r"\\\1", _SPLIT.sub(_JOINER, one_line))


def sentences(text: object) -> str:
    """Return a whole message in the same way."""
    return plain(text, longest=2_000)


def times(count: int) -> str:
    """Return how often, in words: once, twice, 3 times."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
