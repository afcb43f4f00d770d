"""Limits of formats that store columns: what they declare is checked before it is unpacked."""

from __future__ import annotations

import pyarrow as pa

from modelling.datasets.capped import BASE_MEMORY_BYTES, MEMORY_PER_BYTE
from modelling.datasets.files.raw import check_size
from modelling.errors import DataError, UnreadableFileError

BYTES_PER_VALUE = 8
# What Arrow raises on a damaged file.
FAULTS = (pa.ArrowException, OSError, UnicodeDecodeError)
FREE_BYTES = 64 * 1024**2
# Constant columns pack so well that the ratio for text files does not do: 1,000,000 rows x 30 of
# them have a ratio of 1,900 as Parquet and up to 18,700 as Feather with zstd. A file of 874 bytes
# that declares 700,000,000 rows has one of 6,400,000.
MAX_RATIO = 50_000


def check_decoded(name: str, decoded_bytes: int, file_bytes: int) -> None:
    """Refuse a table that alone takes half the memory that reading a file of its size gets.

    Raises
    ------
    DataError
        If so.
    """
    if decoded_bytes > (BASE_MEMORY_BYTES + MEMORY_PER_BYTE * file_bytes) // 2:
        raise DataError(
            f"{name} needs more memory than a file of its size gets; use fewer rows or columns."
        )


def check_declared(name: str, *, n_rows: int, n_columns: int, file_bytes: int) -> None:
    """Refuse a table that is too large, or far too large for its file.

    Raises
    ------
    DataError
        If so.
    """
    check_size(name, n_rows=n_rows, n_columns=n_columns)
    declared = n_rows * n_columns * BYTES_PER_VALUE
    if declared > FREE_BYTES and declared > MAX_RATIO * file_bytes:
        raise UnreadableFileError(
            f"{name} declares {n_rows:,} rows x {n_columns:,} columns in {file_bytes:,} bytes; "
            "expected a file that holds data. Write it again, or save it as CSV."
        )
