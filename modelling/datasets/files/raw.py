"""What a reader of a format is given and what it hands on, before columns are made uniform."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from modelling.datasets.wording import shorten
from modelling.errors import DataError, UnreadableFileError
from modelling.types import Finding, ReadInfo, ReadOptions

MAX_COLUMNS = 5_000
MAX_CELLS = 200_000_000
_SYSTEM_FAULTS = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.ENOMEM, errno.EMFILE, errno.EFBIG)


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A file to be read, and how.

    ``name`` is only its label in messages; about ``head`` rows are enough, if it is given;
    ``scratch`` is a folder for files that are needed meanwhile.
    """

    path: Path
    name: str
    scratch: Path
    options: ReadOptions = field(default_factory=ReadOptions)
    head: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RawTable:
    """A table as the file has it.

    ``table`` has the names of the file, which may repeat or be empty; columns of text formats hold
    text only, so that one place decides what is a number, a date or missing.
    """

    table: pa.Table
    read: ReadInfo
    findings: tuple[Finding, ...] = ()


def check_size(name: str, *, n_rows: int, n_columns: int) -> None:
    """Refuse what is too large to be worked with.

    Raises
    ------
    DataError
        If it has too many columns or values.
    """
    if n_columns > MAX_COLUMNS:
        raise DataError(
            f"{name} has {n_columns:,} columns; at most {MAX_COLUMNS:,} are read. Keep those that "
            "you need."
        )
    if n_rows * n_columns > MAX_CELLS:
        raise DataError(
            f"{name} has {n_rows:,} rows x {n_columns:,} columns; at most {MAX_CELLS:,} values are "
            "read. Keep fewer rows or columns."
        )


def no_table(name: str, what: str) -> UnreadableFileError:
    """Return the answer to a file that is something else than a table."""
    return UnreadableFileError(
        f"{name} is {what}; expected a table. Save it as CSV or Parquet and choose that file."
    )


def empty(name: str) -> UnreadableFileError:
    """Return the answer to a file without a sign in it."""
    return UnreadableFileError(
        f"{name} is empty; expected a table with a header row. Choose another file."
    )


def damaged(name: str, what: str, reason: str = "") -> UnreadableFileError:
    """Return the answer to a file of a known format that cannot be read to its end."""
    why = f" ({shorten(reason)})" if reason else ""
    return UnreadableFileError(
        f"{name} is a damaged {what}{why}; write it again, or save it as CSV."
    )


@contextmanager
def damage_as(name: str, what: str, faults: tuple[type[Exception], ...]) -> Iterator[None]:
    """Answer the ``faults`` that a library finds in a file in our words; the machine's pass.

    Raises
    ------
    UnreadableFileError
        If there is one: the file is a damaged ``what``.
    """
    try:
        yield
    except faults as error:
        if is_of_system(error):
            raise
        raise damaged(name, what) from error


def is_of_system(error: Exception) -> bool:
    """Whether the machine failed, not the file: no memory, no space, a broken disk.

    Arrow's lack of memory is an `ArrowException`, too; a wrong offset in a file is an `OSError`.
    """
    return isinstance(error, MemoryError) or (
        isinstance(error, OSError) and error.errno in _SYSTEM_FAULTS
    )
