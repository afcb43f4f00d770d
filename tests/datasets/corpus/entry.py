"""One file of the corpus and what must become of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from modelling.types import ColumnType


@dataclass(frozen=True, kw_only=True, slots=True)
class Reads:
    """The file is a table: its shape, names, first row, column types and how it was understood.

    ``first`` holds the values of the first row by column, ``info`` fields of `ReadInfo`, ``told``
    a pattern that some finding must hold; what is not named there is not promised. Without
    ``names`` only ``columns`` are counted, if given.
    """

    rows: int
    names: tuple[str, ...] = ()
    columns: int = 0
    first: Mapping[str, object] = field(default_factory=dict)
    types: Mapping[str, ColumnType] = field(default_factory=dict)
    info: Mapping[str, object] = field(default_factory=dict)
    told: str = ""

    @property
    def n_columns(self) -> int:
        return len(self.names) or self.columns


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """The file is no table that is read; ``says`` is a pattern that the sentence must hold."""

    says: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Survives:
    """Either answer is right, as the damage may or may not touch what counts; a crash is not."""


Expectation = Reads | Refused | Survives


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """The bytes of a file and what must become of them."""

    content: bytes
    expects: Expectation


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One cell of the table faults x formats; ``make`` gives the same bytes each time.

    ``in_child`` marks files that might eat the memory of, or kill, the process that reads them;
    ``long_only`` those of many alike that only the long check has the time for.
    """

    fault: str
    format: str
    suffix: str
    make: Callable[[], Case]
    in_child: bool = False
    long_only: bool = False

    @property
    def id(self) -> str:
        return f"{self.fault} [{self.format}]"

    @property
    def file_name(self) -> str:
        stem = re.sub(r"\W+", "_", f"{self.fault} {self.format}".lower()).strip("_")
        return f"{stem}{self.suffix}"


def in_words(fault: Callable[..., object]) -> str:
    """Return the name of a fault as people read it."""
    return fault.__name__.replace("_", " ")
