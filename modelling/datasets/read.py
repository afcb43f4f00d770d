"""The child process that parses an uploaded file: ``python -m modelling.datasets.read``.

It reads a file that may be hostile, under caps on memory and CPU, writes the table as Parquet,
and prints one JSON line: ``{"ref": ...}`` or ``{"error": ...}``. Nothing uploaded is executed.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import re
import sys
import warnings
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import IO

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from modelling.codec import from_json, to_plain
from modelling.datasets.capped import answer
from modelling.datasets.checks import Subject, run_checks
from modelling.datasets.columns import describe, uniform
from modelling.datasets.sniff import FileFormat, sniff
from modelling.errors import DataError, UnreadableFileError
from modelling.types import DatasetRef, ReadInfo, ReadOptions

# "None" is left out on purpose: it is a category in many tables (house_prices has two).
MISSING = ("", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null", "?")
MAX_COLUMNS = 5_000
MAX_CELLS = 200_000_000


def main(argv: list[str] | None = None) -> int:
    """Parse one file; returns the exit code of the process."""
    parser = argparse.ArgumentParser(prog="modelling.datasets.read")
    parser.add_argument("source", type=Path)
    parser.add_argument("destination", type=Path)
    parser.add_argument("--name", required=True)
    parser.add_argument("--options", default="{}")
    parser.add_argument("--head", type=int)
    arguments = parser.parse_args(argv)
    options = from_json(ReadOptions, arguments.options)

    def work() -> object:
        read = read_file(arguments.source, arguments.destination, arguments.name, options)
        return to_plain(read)

    return answer(work, name=arguments.name, file_size=arguments.source.stat().st_size)


def read_file(
    source: Path, destination: Path, name: str, options: ReadOptions | None = None
) -> DatasetRef:
    """Parse ``source``, write it as Parquet to ``destination``, return what was read.

    Raises
    ------
    DataError
        If the file is no table, or a table without rows or with one column only.
    """
    format_ = sniff(source, name)
    frame = (
        _read_parquet(source, name)
        if format_.format == "parquet"
        else _read_csv(source, format_, name)
    )
    if frame.shape[1] == 0:
        raise DataError(f"{name} has no columns; choose another file.")
    if frame.shape[1] < 2:
        raise DataError(
            f"{name} has one column only ({_shorten(str(frame.columns[0]))}); expected a target "
            "and at least one other column. Check the delimiter or choose another file."
        )
    if frame.isna().all(axis=None):
        raise DataError(
            f"{name} has a header but no values below it; expected at least 30 rows. Choose "
            "another file."
        )
    frame, renamed = _with_unique_names(frame)
    # In a file whose values are divided by commas, "1,5" is no number but a list.
    decimal_comma = format_.delimiter not in (None, ",")
    frame, changes = uniform(frame, decimal_comma=decimal_comma)
    columns = tuple(describe(frame[name_]) for name_ in frame.columns)
    pq.write_table(
        pa.Table.from_pandas(frame, preserve_index=False), destination, compression="zstd"
    )
    ref = DatasetRef(
        id=hashlib.sha256(destination.read_bytes()).hexdigest(),
        name=name,
        n_rows=len(frame),
        columns=columns,
        read=ReadInfo(
            format=format_.format,
            delimiter=format_.delimiter,
            encoding=format_.encoding,
            renamed=renamed,
        ),
        findings=changes,
    )
    return replace(ref, findings=changes + run_checks(Subject(frame=frame, columns=columns)))


def _read_csv(source: Path, format_: FileFormat, name: str) -> pd.DataFrame:
    with source.open(encoding=format_.encoding, newline="", errors="replace") as file:
        # The header is read apart: pandas would rename double names without saying so.
        rows = csv.reader(file, delimiter=format_.delimiter or ",")
        try:
            header = next((row for row in rows if row), [])
            _check_size(name, n_rows=1, n_columns=len(header))
            frame = _values(file, format_, len(header))
        except (pd.errors.ParserError, pd.errors.ParserWarning, csv.Error, ValueError) as error:
            reason = _shorten(_reason(error, header_lines=rows.line_num))
            raise UnreadableFileError(
                f"{name} could not be read as a table ({reason}); expected the same number of "
                "values in every row. Save it again as CSV or Parquet."
            ) from error
    frame.columns = pd.Index([value.strip() for value in header])
    return frame


def _values(file: IO[str], format_: FileFormat, n_columns: int) -> pd.DataFrame:
    """Return what follows the header, with columns 0, 1, 2, ..."""
    # A row that is too long is an error; if all of them are, pandas drops values and warns.
    with warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)
        try:
            return pd.read_csv(
                file,
                sep=format_.delimiter,
                header=None,
                names=range(n_columns),
                index_col=False,
                na_values=list(MISSING),
                keep_default_na=False,
                low_memory=False,
            )
        except pd.errors.EmptyDataError:
            return pd.DataFrame(columns=range(n_columns))


def _read_parquet(source: Path, name: str) -> pd.DataFrame:
    try:
        file = pq.ParquetFile(source)
        _check_size(name, n_rows=file.metadata.num_rows, n_columns=file.metadata.num_columns)
        frame: pd.DataFrame = file.read().to_pandas(ignore_metadata=True)
    except MemoryError:
        # Arrow's own is an ArrowException as well, but the file is not damaged.
        raise
    except (pa.ArrowException, OSError) as error:
        raise UnreadableFileError(
            f"{name} is a damaged Parquet file ({_shorten(str(error))}); write it again."
        ) from error
    return frame


def _reason(error: Exception, *, header_lines: int) -> str:
    """Return why pandas gave up, in lines of the file: it was handed what follows the header."""
    if isinstance(error, pd.errors.ParserWarning):
        return "its rows hold more values than its header names"
    text = str(error).removeprefix("Error tokenizing data. C error: ") or type(error).__name__
    return re.sub(
        r"(?<=line )\d+", lambda number: str(int(number[0]) + header_lines), text, count=1
    )


def _check_size(name: str, *, n_rows: int, n_columns: int) -> None:
    if n_rows * n_columns > MAX_CELLS or n_columns > MAX_COLUMNS:
        raise DataError(
            f"{name} declares {n_rows:,} rows x {n_columns:,} columns; at most {MAX_CELLS:,} "
            f"values in {MAX_COLUMNS:,} columns are read."
        )


def _with_unique_names(frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str]]:
    names: dict[str, None] = {}
    copies: Counter[str] = Counter()
    renamed: dict[str, str] = {}
    for position, original in enumerate(map(str, frame.columns), start=1):
        base = _shorten(original) or f"column_{position}"
        name = base
        while name in names:
            copies[base] += 1
            name = f"{base}_{copies[base] + 1}"
        if name != original:
            renamed[name] = _shorten(original)
        names[name] = None
    return frame.set_axis(list(names), axis=1), renamed


def _shorten(text: str, limit: int = 120) -> str:
    """Return ``text`` on one line and without control characters, cut to ``limit``."""
    short = text if len(text) <= limit else text[: limit - 1] + "…"
    return "".join(sign if sign.isprintable() else " " for sign in short).strip()


if __name__ == "__main__":
    sys.exit(main())
