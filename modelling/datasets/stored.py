"""Stored tables: some columns, or the first rows, read without keeping more than is asked for.

The web process reads here, so memory goes back to the system and `pyarrow.dataset`, which
`pandas.read_parquet` would load, stays out.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

# Rows that are decoded together: a look at the first rows decodes no more than one such group.
ROW_GROUP_ROWS = 65_536
_BATCH_ROWS = 1_000


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a uniform table as Parquet."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    pq.write_table(table, path, compression="zstd", row_group_size=ROW_GROUP_ROWS)


def read_columns(path: Path, names: Sequence[str]) -> pd.DataFrame:
    """Return these columns of a stored table."""
    # pre_buffer would hold all row groups at once; threads would keep arenas of their own.
    with pq.ParquetFile(path, pre_buffer=False) as file:
        table = file.read(columns=list(names), use_threads=False)
    frame: pd.DataFrame = table.to_pandas(self_destruct=True, split_blocks=True)
    del table
    pa.default_memory_pool().release_unused()
    return frame[list(names)]


def read_column(path: Path, name: str) -> pd.Series:
    """Return one column of a stored table."""
    return read_columns(path, [name])[name]


def read_rows(path: Path, names: Sequence[str], positions: np.ndarray) -> pd.DataFrame:
    """Return these columns of the rows at ``positions`` (rising), numbered from 0.

    Row groups are decoded one by one: a few rows of a large table take little memory.
    """
    found: list[pd.DataFrame] = []
    start = 0
    with pq.ParquetFile(path, pre_buffer=False) as file:
        found.append(file.schema_arrow.empty_table().select(list(names)).to_pandas())
        for group in range(file.num_row_groups):
            n_rows = file.metadata.row_group(group).num_rows
            low, high = np.searchsorted(positions, [start, start + n_rows])
            if low < high:
                table = file.read_row_group(group, columns=list(names), use_threads=False)
                found.append(table.take(positions[low:high] - start).to_pandas())
            start += n_rows
    pa.default_memory_pool().release_unused()
    return pd.concat(found[1:] or found, ignore_index=True)[list(names)]


def first_rows(path: Path, n_rows: int, locked: Sequence[Path] = ()) -> pd.DataFrame:
    """Return at most ``n_rows`` rows, in the order of the table.

    Parameters
    ----------
    locked : sequence of Path
        Split files whose test rows are left out.
    """
    hidden = _test_rows(locked)
    found: list[pd.DataFrame] = []
    n_found = start = 0
    with pq.ParquetFile(path, pre_buffer=False) as file:
        found.append(file.schema_arrow.empty_table().to_pandas())
        for batch in file.iter_batches(batch_size=_BATCH_ROWS, use_threads=False):
            frame = batch.to_pandas()
            shown = frame[~np.isin(np.arange(start, start + len(frame)), hidden)]
            found.append(shown)
            start, n_found = start + len(frame), n_found + len(shown)
            if n_found >= n_rows:
                break
    pa.default_memory_pool().release_unused()
    return pd.concat(found[1:] or found).head(n_rows).reset_index(drop=True)


def _test_rows(splits: Sequence[Path]) -> np.ndarray:
    hidden = [np.empty(0, dtype=int)]
    for path in splits:
        with np.load(path) as parts:
            hidden.append(parts["test"])
    return np.unique(np.concatenate(hidden))
