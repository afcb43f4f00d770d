"""Columns as numbers, rows as hashes: what the checks compute with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from modelling.datasets.arrays import EXACT_INTEGERS

# 2^64 over the golden ratio, as in Fibonacci hashing.
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


def is_ordered(values: pd.Series) -> bool:
    """Whether these are numbers, booleans or dates."""
    dtype = values.dtype
    return pd.api.types.is_numeric_dtype(dtype) or pd.api.types.is_datetime64_any_dtype(dtype)


def as_numbers(values: pd.Series) -> np.ndarray:
    """Return numbers, booleans or dates (in microseconds) as float64 (n_rows,), gaps as NaN."""
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        moments = values.to_numpy().astype("datetime64[us]")
        return np.where(np.isnat(moments), np.nan, moments.astype("int64").astype("float64"))
    return values.to_numpy(dtype="float64")


def exact_as_float(values: pd.Series) -> bool:
    """Whether float64, in which models compute, holds every one of these whole numbers."""
    numbers = values.to_numpy()
    if not len(numbers):
        return True
    return bool(numbers.min() >= -EXACT_INTEGERS and numbers.max() <= EXACT_INTEGERS)


def row_hashes(
    frame: pd.DataFrame, names: Sequence[str], start: np.ndarray | None = None
) -> np.ndarray:
    """Return a 64-bit number (n_rows,) for the values of ``names`` in each row.

    Equal rows have equal numbers, whole ones stored as integers or with decimals alike; that any
    two different ones of a million rows share a number has a probability of one in 30 million.

    Parameters
    ----------
    start : numpy.ndarray, shape (n_rows,), optional
        The numbers for other columns, which are to count as well.
    """
    combined = np.zeros(len(frame), dtype=np.uint64) if start is None else start
    for name in names:
        column = frame[name]
        if pd.api.types.is_integer_dtype(column.dtype) and exact_as_float(column):
            column = column.astype("float64")
        hashes = pd.util.hash_pandas_object(column, index=False).to_numpy()
        # Multiplied by an odd number and mixed, so that the order of the columns counts.
        combined = combined * _MULTIPLIER + hashes
        combined ^= combined >> np.uint64(29)
    return combined
