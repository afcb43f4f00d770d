"""Where the values of a text file begin, and how they are divided."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from modelling.datasets.files.formats.dialect import MAX_VALUE_LENGTH, Layout
from modelling.datasets.files.formats.encoding import Encoding


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """A text file whose first ``n_header`` records in its ``layout`` are names."""

    path: Path
    name: str
    encoding: Encoding
    layout: Layout
    n_header: int

    @property
    def width(self) -> int:
        """The number of columns."""
        return self.layout.width

    @contextmanager
    def open(self) -> Iterator[tuple[Lines, Any]]:
        """Open the file and go past its header; yield its lines and their `csv.reader`."""
        with self.encoding.open(self.path) as stream:
            lines = Lines(stream)
            for _ in range(self.layout.n_above):
                next(lines, None)
            reader = self.layout.dialect.records(lines)
            n_left = self.n_header
            while n_left and (record := next(reader, None)) is not None:
                n_left -= any(cell.strip() for cell in record)
            yield lines, reader


class Lines:
    """The lines of a stream; knows how much was read, and whether all was."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.n_lines = 0
        self.n_characters = 0
        self.is_done = False

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        # A line without an end may be as long as the file.
        line = self._stream.readline(MAX_VALUE_LENGTH)
        if not line:
            self.is_done = True
            raise StopIteration
        self.n_lines += 1
        self.n_characters += len(line)
        return line.replace("\0", "")
