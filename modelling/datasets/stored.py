"""The first rows of a stored table, without those that an experiment has locked away."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

_BATCH_ROWS = 1_000


def first_rows(path: Path, n_rows: int, locked: Sequence[Path]) -> pd.DataFrame:
    """Return at most ``n_rows`` rows, in the order of the table.

    Parameters
    ----------
    locked : sequence of Path
        Split files whose test rows are left out.
    """
    hidden = _test_rows(locked)
    file = pq.ParquetFile(path)
    found: list[pd.DataFrame] = []
    n_found = start = 0
    for batch in file.iter_batches(batch_size=_BATCH_ROWS):
        frame = batch.to_pandas()
        shown = frame[~np.isin(np.arange(start, start + len(frame)), hidden)]
        found.append(shown)
        start, n_found = start + len(frame), n_found + len(shown)
        if n_found >= n_rows:
            break
    rows = pd.concat(found) if found else file.schema_arrow.empty_table().to_pandas()
    return rows.head(n_rows).reset_index(drop=True)


def _test_rows(splits: Sequence[Path]) -> np.ndarray:
    hidden = [np.empty(0, dtype=int)]
    for path in splits:
        with np.load(path) as parts:
            hidden.append(parts["test"])
    return np.unique(np.concatenate(hidden))
