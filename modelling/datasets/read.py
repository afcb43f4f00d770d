"""The child process that parses an uploaded file: ``python -m modelling.datasets.read``.

It reads a file that may be hostile, under caps on memory and CPU, writes the table as Parquet,
and prints one JSON line: ``{"value": ...}`` or ``{"error": ...}``. Nothing uploaded is executed.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

from modelling.codec import from_json, to_plain
from modelling.datasets.capped import allow_memory, answer
from modelling.datasets.files.raw import RawTable, Source, check_size
from modelling.datasets.files.sniff import sniff
from modelling.datasets.files.unpack import unpacked
from modelling.datasets.wording import shorten
from modelling.errors import DataError
from modelling.types import DatasetRef, ReadOptions


def main(argv: list[str] | None = None) -> int:
    """Parse one file; returns the exit code of the process."""
    parser = argparse.ArgumentParser(prog="modelling.datasets.read")
    parser.add_argument("source", type=Path)
    parser.add_argument("destination", type=Path)
    parser.add_argument("--name", required=True)
    parser.add_argument("--options", default="{}", help="ReadOptions as JSON; - is standard input")
    parser.add_argument("--head", type=int)
    parser.add_argument("--scratch", type=Path, help="a folder for files that are needed meanwhile")
    given = parser.parse_args(argv)
    options = from_json(ReadOptions, sys.stdin.read() if given.options == "-" else given.options)

    def work() -> object:
        return to_plain(
            read_file(
                given.source,
                given.destination,
                given.name,
                options,
                head=given.head,
                scratch=given.scratch,
            )
        )

    return answer(work, name=given.name, file_size=given.source.stat().st_size)


def read_file(
    source: Path,
    destination: Path,
    name: str,
    options: ReadOptions | None = None,
    head: int | None = None,
    *,
    scratch: Path | None = None,
) -> DatasetRef:
    """Parse ``source``, write it as Parquet to ``destination``, return what was read.

    Parameters
    ----------
    name : str
        The label in messages.
    options : ReadOptions, optional
        What the analyst corrected; default: all as detected.
    head : int, optional
        Read about so many rows only.
    scratch : Path, optional
        A folder for files that are needed meanwhile; default: one beside ``destination``.

    Raises
    ------
    DataError
        If the file is no table, or a table without rows or with one column only.
    """
    options = options or ReadOptions()
    with TemporaryDirectory(dir=scratch or destination.parent) as folder:
        raw = _raw_table(source, name, options, head, Path(folder))
        _check_usable(raw.table, name)
        return _stored(raw, destination, name, options)


def _raw_table(
    source: Path, name: str, options: ReadOptions, head: int | None, scratch: Path
) -> RawTable:
    path, compression = unpacked(source, scratch, name, preview=head is not None)
    # What came out within its limits may take the memory that a plain file of its size may take.
    allow_memory(path.stat().st_size)
    format_ = sniff(path, name)
    raw = format_.read(Source(path=path, name=name, scratch=scratch, options=options, head=head))
    table = raw.table if head is None else raw.table.slice(0, head)
    check_size(name, n_rows=table.num_rows, n_columns=table.num_columns)
    return replace(raw, table=table, read=replace(raw.read, compression=compression))


def _check_usable(table: pa.Table, name: str) -> None:
    if table.num_columns == 0:
        raise DataError(f"{name} has no columns; choose another file.")
    if table.num_columns == 1:
        raise DataError(
            f"{name} has one column only ({shorten(table.column_names[0])}); expected a target "
            "and at least one other column. Check the delimiter or choose another file."
        )
    if table.num_rows == 0:
        raise _no_values(name)


def _no_values(name: str) -> DataError:
    return DataError(
        f"{name} has a header but no values below it; expected at least 30 rows. Choose another "
        "file."
    )


def _stored(raw: RawTable, destination: Path, name: str, options: ReadOptions) -> DatasetRef:
    """Make the columns uniform and write them."""
    # Pandas takes a third of a second to load; a refusal does not wait for it.
    from modelling.datasets.columns.description import describe
    from modelling.datasets.columns.uniform import uniform
    from modelling.datasets.stored import write_table

    names, renamed = unique_names(raw.table.column_names)
    made = uniform(raw.table.rename_columns(names), options=options, delimiter=raw.read.delimiter)
    frame = made.frame.drop_duplicates(ignore_index=True) if options.deduplicate else made.frame
    if frame.isna().all(axis=None):
        raise _no_values(name)
    write_table(frame, destination)
    with destination.open("rb") as file:
        identity = hashlib.file_digest(file, "sha256").hexdigest()
    return DatasetRef(
        id=identity,
        name=name,
        n_rows=len(frame),
        columns=describe(frame),
        read=replace(
            raw.read,
            renamed={} if raw.read.header_rows == 0 else renamed,
            missing=made.missing,
            decimal=made.decimal,
            day_first=made.day_first,
        ),
        findings=(*raw.findings, *made.findings),
        options=options,
    )


def unique_names(originals: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Return a short name of its own for each column, and the original of each new name."""
    names: dict[str, None] = {}
    copies: Counter[str] = Counter()
    renamed: dict[str, str] = {}
    for position, original in enumerate(originals, start=1):
        base = shorten(original) or f"column_{position}"
        name = base
        while name in names:
            copies[base] += 1
            name = f"{base}_{copies[base] + 1}"
        if name != original:
            renamed[name] = shorten(original)
        names[name] = None
    return list(names), renamed


if __name__ == "__main__":
    sys.exit(main())
