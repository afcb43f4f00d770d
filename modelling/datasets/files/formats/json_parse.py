"""JSON text as values: one document, or one value a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any, TextIO

from modelling.datasets.files.raw import damaged
from modelling.errors import UnreadableFileError

# Whole numbers with more digits than this are read as text; Python takes the square of their
# number in time and refuses above 4,300.
MAX_DIGITS = 400


class Parser:
    """Parses JSON and remembers what was odd about it; ``name`` is the file in messages."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._usual = json.JSONDecoder(object_pairs_hook=self._object)
        self._careful = json.JSONDecoder(object_pairs_hook=self._object, parse_int=_whole_number)
        self.n_repeated = 0

    def parse(self, stream: TextIO) -> tuple[Any, Iterator[Any] | None]:
        """Return (document, None), or (None, values) if the file holds one value after the other.

        Raises
        ------
        UnreadableFileError
            If it is no JSON; also while the values are taken.
        """
        number, line = _next_line(stream, 0)
        try:
            first = self._decoded(line, number)
        except UnreadableFileError:
            return self._document(line + stream.read(), number)
        number, line = _next_line(stream, number)
        if not line:
            return first, None
        return None, chain([first], self._lines(stream, line, number))

    def _lines(self, stream: TextIO, line: str, number: int) -> Iterator[Any]:
        while line:
            yield self._decoded(line, number)
            number, line = _next_line(stream, number)

    def _document(self, text: str, number: int) -> tuple[Any, Iterator[Any] | None]:
        """Parse values that go over several lines."""
        value, end = self._raw_decoded(text, 0, number)
        if not text[end:].strip():
            return value, None
        return None, chain([value], self._rest(text, end, number))

    def _rest(self, text: str, end: int, number: int) -> Iterator[Any]:
        while (start := _past_blanks(text, end)) < len(text):
            value, end = self._raw_decoded(text, start, number)
            yield value

    def _decoded(self, line: str, number: int) -> Any:
        line = line.rstrip()
        value, end = self._raw_decoded(line, 0, number)
        if end < len(line):
            raise self._damaged(number, "more than one value in a line")
        return value

    def _raw_decoded(self, text: str, start: int, number: int) -> tuple[Any, int]:
        start = _past_blanks(text, start)
        try:
            try:
                return self._usual.raw_decode(text, start)
            except json.JSONDecodeError:
                raise
            except ValueError:
                # A whole number of thousands of digits.
                return self._careful.raw_decode(text, start)
        except json.JSONDecodeError as error:
            raise self._damaged(number + error.lineno - 1, error.msg) from error
        except RecursionError as error:
            raise too_deep(self._name) from error

    def _damaged(self, number: int, reason: str) -> UnreadableFileError:
        return damaged(self._name, "JSON file", f"line {number:,}: {reason}")

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        self.n_repeated += len(made) != len(pairs)
        return made


def too_deep(name: str) -> UnreadableFileError:
    """Return the answer to lists in lists in lists."""
    return UnreadableFileError(
        f"{name} is JSON nested too deeply; expected a list of objects. Save it as CSV or Parquet "
        "and choose that file."
    )


def _next_line(stream: TextIO, number: int) -> tuple[int, str]:
    """Return the next line that is not blank and its number, or an empty one at the end."""
    while line := stream.readline():
        number += 1
        if not line.isspace():
            break
    return number, line


def _past_blanks(text: str, start: int) -> int:
    while start < len(text) and text[start].isspace():
        start += 1
    return start


def _whole_number(digits: str) -> int | str:
    return int(digits) if len(digits) <= MAX_DIGITS else digits
