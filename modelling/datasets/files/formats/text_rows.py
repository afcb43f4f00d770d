"""The values of uneven text, row by row: what is short is filled up, what is long is named."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from modelling.datasets.files.formats.dialect import MAX_VALUE_LENGTH
from modelling.datasets.files.formats.spool import Spool
from modelling.datasets.files.formats.text_body import Body, Lines
from modelling.errors import UnreadableFileError

BATCH_ROWS = 20_000
BATCH_CHARACTERS = 8 * 1024**2

Row = Sequence[str | None]


@dataclass(kw_only=True, slots=True)
class ShortRows:
    """How many rows hold fewer values than the header, and the line of the first of them."""

    count: int = 0
    first_line: int = 0


@dataclass(kw_only=True, slots=True)
class _Batch:
    rows: list[Row] = field(default_factory=list)
    started_at: int = 0

    def is_full(self, lines: Lines) -> bool:
        return (
            len(self.rows) >= BATCH_ROWS or lines.n_characters - self.started_at > BATCH_CHARACTERS
        )


def read_rows(body: Body, scratch: Path, *, head: int | None) -> tuple[pa.Table, ShortRows]:
    """Return the values below the header as text, with null for what short rows lack.

    Parameters
    ----------
    scratch : Path
        A folder; the table lies there.
    head : int, optional
        How many rows are enough.

    Raises
    ------
    DataError
        If a row has more values than the header, a quote is not closed, or the table is too large.
    """
    short = ShortRows()
    with (
        body.open() as (lines, reader),
        Spool(scratch / "rows.arrow", body.name, body.width) as spool,
    ):
        batch = _Batch()
        for row in islice(_rows(body, lines, reader, short), head):
            batch.rows.append(row)
            if batch.is_full(lines):
                spool.write(_columns(batch.rows, body.width))
                batch = _Batch(started_at=lines.n_characters)
        spool.write(_columns(batch.rows, body.width))
        return spool.table(), short


def _columns(rows: list[Row], width: int) -> list[pa.Array]:
    columns = zip(*rows, strict=True) if rows else [()] * width
    return [pa.array(column, pa.string()) for column in columns]


def _rows(body: Body, lines: Lines, reader: Any, short: ShortRows) -> Iterator[Row]:
    width = body.width
    end = lines.n_lines
    for record in _records(body, lines, reader):
        line, end = end + 1, lines.n_lines
        if len(record) == width:
            yield record
        elif len(record) > width:
            if any(record[width:]):
                raise _too_long(body.name, line, len(record), width)
            yield record[:width]
        elif len(record) > 1 or (record and record[0].strip(" \t\x1a")):
            short.count += 1
            short.first_line = short.first_line or line
            yield [*record, *[None] * (width - len(record))]


def _records(body: Body, lines: Lines, reader: Any) -> Iterator[list[str]]:
    end = lines.n_lines
    try:
        for record in reader:
            if lines.is_done:
                # The reader came to the end while it looked for a quote.
                raise not_closed(body.name, end + 1)
            yield record
            end = lines.n_lines
    except csv.Error as error:
        if "field limit" in str(error):
            raise UnreadableFileError(
                f"{body.name} could not be read as a table: the value that begins in line "
                f"{end + 1:,} is longer than {MAX_VALUE_LENGTH:,} characters. Perhaps a quote is "
                "never closed; close it, or read the file without quotes."
            ) from error
        raise not_closed(body.name, end + 1) from error


def not_closed(name: str, line: int) -> UnreadableFileError:
    """Return the answer to a quote that opens and is never closed."""
    return UnreadableFileError(
        f"{name} could not be read as a table: a quote that opens in line {line:,} is never "
        "closed. Close it, or read the file without quotes."
    )


def _too_long(name: str, line: int, n_values: int, width: int) -> UnreadableFileError:
    return UnreadableFileError(
        f"{name} could not be read as a table: line {line:,} holds {n_values:,} values, expected "
        f"{width:,} as in the header. Correct that line, or save the table again as CSV or Parquet."
    )
