"""Tables as text: delimiters, decimal signs, quotes and line ends as programs write them."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from tests.datasets.corpus.entry import Case, Entry, Reads, in_words
from tests.datasets.corpus.table import Cell, Table, plain


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialect:
    """How one program writes a table as text."""

    name: str
    delimiter: str
    decimal: str = "."
    suffix: str = ".csv"
    end: str = "\r\n"
    quote: str = '"'

    def lines(self, rows: Iterable[Iterable[Cell]]) -> str:
        """Return the rows with quotes where they are needed."""
        out = io.StringIO()
        writer = csv.writer(
            out, delimiter=self.delimiter, lineterminator=self.end, quotechar=self.quote
        )
        writer.writerows([self.printed(cell) for cell in row] for row in rows)
        return out.getvalue()

    def text(self, table: Table) -> str:
        return self.lines([table.names]) + self.lines(table.rows)

    def printed(self, cell: Cell) -> str:
        match cell:
            case None:
                return ""
            case float():
                return repr(cell).replace(".", self.decimal)
            case dt.date():
                return cell.isoformat()
            case _:
                return str(cell)

    def info(self) -> Mapping[str, object]:
        return {"format": "csv", "delimiter": self.delimiter, "decimal": self.decimal}

    def reads(self, *, info: Mapping[str, object] | None = None, **more: Any) -> Reads:
        """Return what must come back of the plain table in this dialect."""
        return plain().reads(info={**self.info(), **(info or {})}, **more)


COMMA = Dialect(name="csv comma", delimiter=",")
SEMICOLON = Dialect(name="csv semicolon, decimal comma", delimiter=";", decimal=",")
TAB = Dialect(name="csv tab", delimiter="\t", suffix=".tsv")
PIPE = Dialect(name="csv pipe", delimiter="|", suffix=".txt")
COMMON: tuple[Dialect, ...] = (COMMA, SEMICOLON, TAB, PIPE)
RARE: tuple[Dialect, ...] = (
    Dialect(name="csv tab, decimal comma", delimiter="\t", decimal=",", suffix=".txt"),
    Dialect(name="csv caret", delimiter="^"),
    Dialect(name="csv tilde", delimiter="~"),
    Dialect(name="csv colon", delimiter=":"),
    Dialect(name="csv hash", delimiter="#"),
    Dialect(name="csv space", delimiter=" ", suffix=".txt"),
)


Fault = Callable[[Dialect], Case]


def writer(dialect: Dialect, encoding: str = "utf-8") -> Callable[[Table], bytes]:
    return lambda table: dialect.text(table).encode(encoding)


def with_end(dialect: Dialect, end: str) -> Dialect:
    return replace(dialect, end=end)


def as_written(dialect: Dialect, text: str, encoding: str = "utf-8") -> Case:
    """Return the text, which must come back as the plain table."""
    return Case(content=text.encode(encoding), expects=dialect.reads())


def as_bytes(dialect: Dialect, content: bytes, **info: object) -> Case:
    return Case(content=content, expects=dialect.reads(info=info))


def lines_of(dialect: Dialect) -> list[str]:
    return dialect.text(plain()).split(dialect.end)[:-1]


def joined(dialect: Dialect, lines: list[str]) -> str:
    return dialect.end.join([*lines, ""])


def crossed(faults: tuple[Fault, ...], dialects: tuple[Dialect, ...]) -> list[Entry]:
    return [
        Entry(
            fault=in_words(fault),
            format=dialect.name,
            suffix=dialect.suffix,
            make=partial(fault, dialect),
        )
        for fault in faults
        for dialect in dialects
    ]
