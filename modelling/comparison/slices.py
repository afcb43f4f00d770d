"""Where a candidate gains and where it loses: parts of the locked rows, judged all at once.

Looking at many parts finds differences by luck, so each part's p-value is adjusted for all of them
(Holm). Rows that belong together (a group, a stretch of time) count as one: the variance of a
part's mean gain is that of a ratio of sums over clusters (Cochran 1977, "Sampling Techniques",
sections 6.3 and 9.5, linearised).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from modelling.comparison.holm import holm_adjusted

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MIN_ROWS = 30
# Below these a normal distribution says too little about a mean.
MIN_CLUSTERS = 20
MIN_CHANGED = 10
LEVEL = 0.05
_Z_975 = NormalDist().inv_cdf(0.975)
_N_BINS = 4
_MOST_VALUES = 8
MISSING_LABEL = "missing"
OTHER_LABEL = "other values"


@dataclass(frozen=True, kw_only=True, slots=True)
class RowSlice:
    """The rows in which a column lies within a range or has a value.

    ``gain`` is the mean gain per row, with its 95 % interval (of this part alone); ``n_better`` and
    ``n_worse`` count rows. ``p_adjusted`` is Holm-adjusted for all parts that are judged; None for
    a part with too few rows, clusters or changes to be judged.
    """

    column: str
    label: str
    n_rows: int
    n_better: int
    n_worse: int
    gain: float
    interval: tuple[float, float]
    p_adjusted: float | None

    @property
    def is_real(self) -> bool:
        """Whether the part's gain or loss is more than looking at many parts finds by luck."""
        return self.p_adjusted is not None and self.p_adjusted < LEVEL


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Binned:
    """One column cut into parts: a code (n,) per row, -1 for none, and the label of each code."""

    column: str
    codes: IntArray
    labels: tuple[str, ...]


def row_slices(
    parts: Iterable[Binned], gains: FloatArray, clusters: NDArray[np.int64] | None = None
) -> tuple[RowSlice, ...]:
    """Return the gain in every part of at least `MIN_ROWS` rows, the surest first.

    Parameters
    ----------
    parts : iterable of Binned
        Each column's parts; a column whose rows all lie in one part is left out.
    gains : array of shape (n,)
        How much better the candidate answers each row.
    clusters : integer array of shape (n,), optional
        Codes from 0 of what each row belongs to; without it rows are independent.
    """
    found = [
        _one(binned, code, gains, clusters) for binned in parts for code in _large_enough(binned)
    ]
    judged = [i for i, (_, p_value) in enumerate(found) if p_value is not None]
    adjusted = holm_adjusted([found[i][1] or 0.0 for i in judged])
    by_place = dict(zip(judged, map(float, adjusted), strict=True))
    slices = [replace(part, p_adjusted=by_place.get(i)) for i, (part, _) in enumerate(found)]
    slices.sort(key=lambda item: (_or_one(item.p_adjusted), -abs(item.gain)))
    return tuple(slices)


def cut(column: pd.Series, *, is_text: bool = False) -> Binned:
    """Return a column cut into parts.

    Numbers and dates at their quartiles, free text at those of its length in characters, other
    values into the most frequent and the rest; missing values are a part of their own.
    """
    name = str(column.name)
    if is_text:
        lengths = column.astype("str").str.len().where(column.notna())
        return _quartiles(f"{name}, characters", lengths)
    is_number = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    is_date = pd.api.types.is_datetime64_any_dtype(column)
    if (is_number or is_date) and column.nunique() > _MOST_VALUES:
        return _quartiles(name, column)
    return _values(name, column)


def _quartiles(name: str, column: pd.Series) -> Binned:
    # Infinite values belong to the outer bins, but no quartile may be infinite.
    finite = column.replace([math.inf, -math.inf], np.nan) if column.dtype.kind == "f" else column
    edges = finite.quantile(np.linspace(0, 1, _N_BINS + 1)).drop_duplicates()
    inner = edges.iloc[1:-1]
    present = column.notna().to_numpy()
    values: Any = column[present].to_numpy()
    codes = np.full(len(column), len(inner) + 1)
    codes[present] = np.searchsorted(inner.to_numpy(), values, side="left")
    ends = [_written(value) for value in edges]
    labels = [
        f"{low} to {high}" if i == 0 else f"over {low} to {high}"
        for i, (low, high) in enumerate(pairwise(ends))
    ]
    return Binned(column=name, codes=codes, labels=(*(labels or ends), MISSING_LABEL))


def _values(name: str, column: pd.Series) -> Binned:
    text = column.astype("str").where(column.notna())
    top = text.value_counts().index[:_MOST_VALUES]
    codes = pd.Index(top).get_indexer(pd.Index(text))
    codes = np.where((codes < 0) & text.notna().to_numpy(), len(top), codes)
    codes = np.where(text.isna().to_numpy(), len(top) + 1, codes)
    labels = (*map(str, top), OTHER_LABEL, MISSING_LABEL)
    return Binned(column=name, codes=codes.astype(np.int64), labels=labels)


def _written(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return f"{value:.4g}"


def _large_enough(binned: Binned) -> list[int]:
    """Return the codes with enough rows; none if one part holds every row."""
    sizes = np.bincount(binned.codes[binned.codes >= 0], minlength=len(binned.labels))
    if np.count_nonzero(sizes) < 2:
        return []
    return [int(code) for code in np.flatnonzero(sizes >= MIN_ROWS)]


def _one(
    binned: Binned, code: int, gains: FloatArray, clusters: NDArray[np.int64] | None
) -> tuple[RowSlice, float | None]:
    """Return a part without its adjusted p-value, and its own one, None if it is not judged."""
    rows = np.flatnonzero(binned.codes == code)
    inside = gains[rows]
    gain = float(inside.mean())
    error, n_clusters = _standard_error(inside - gain, None if clusters is None else clusters[rows])
    n_better, n_worse = int(np.sum(inside > 0)), int(np.sum(inside < 0))
    enough = n_clusters >= MIN_CLUSTERS and n_better + n_worse >= MIN_CHANGED and error > 0
    part = RowSlice(
        column=binned.column,
        label=binned.labels[code],
        n_rows=len(rows),
        n_better=n_better,
        n_worse=n_worse,
        gain=gain,
        interval=(gain - _Z_975 * error, gain + _Z_975 * error),
        p_adjusted=None,
    )
    return part, math.erfc(abs(gain) / error / math.sqrt(2)) if enough else None


def _standard_error(residuals: FloatArray, clusters: IntArray | None) -> tuple[float, int]:
    """Return the standard error of a mean from its residuals, and the number of clusters."""
    sums = residuals
    if clusters is not None:
        _, own = np.unique(clusters, return_inverse=True)
        sums = np.bincount(own, weights=residuals).astype(np.float64)
    n_clusters = len(sums)
    if n_clusters < 2:
        return math.nan, n_clusters
    variance = float(np.square(sums).sum()) * n_clusters / (n_clusters - 1)
    return math.sqrt(variance) / len(residuals), n_clusters


def _or_one(p_adjusted: float | None) -> float:
    return 1.0 if p_adjusted is None else p_adjusted
