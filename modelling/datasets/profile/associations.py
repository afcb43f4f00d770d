"""How strongly two columns go together, from 0 to 1, whatever their types.

=================== ==========================================================================
number, number      |Spearman's rho|.
category, category  Cramér's V with Bergsma's bias correction (J. Korean Stat. Soc. 42, 2013).
number, category    The correlation ratio of the ranks, less what chance gives it: the square root
                    of Kelley's epsilon squared, (H - k + 1) / (n - k) with H of Kruskal and Wallis.
number, classes     The same over the largest value that classes of these sizes can reach; of two
of the target       classes |2 AUC - 1|. A rare class is told apart as well as a frequent one.
=================== ==========================================================================

Dates count as numbers, booleans as categories. A pair is measured on the rows that have both
values.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from modelling.types import Associations

MAX_LEVELS = 50
# With fewer rows any two columns look related.
MIN_ROWS = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Coded:
    """One column, ready to be measured.

    ``codes`` (n_rows,) count from 0, -1 stands for missing; those of an ordered column follow its
    values, those of a category are its levels. ``is_target`` makes levels classes to tell apart.
    """

    codes: np.ndarray
    ordered: bool
    is_target: bool = False


def coded(column: pd.Series, *, ordered: bool, is_target: bool = False) -> Coded:
    """Return the codes of a column; categories keep their 50 largest levels, the rest is one."""
    codes, values = pd.factorize(column, sort=ordered, use_na_sentinel=True)
    n_codes = len(values)
    if not ordered and n_codes > MAX_LEVELS + 1:
        codes = _largest(codes, n_codes)
    return Coded(codes=codes, ordered=ordered, is_target=is_target)


def association(first: Coded, second: Coded) -> float | None:
    """Return the association of two columns of the same rows, or None where it is undefined."""
    both = (first.codes >= 0) & (second.codes >= 0)
    a, b = first.codes, second.codes
    if not both.all():
        a, b = a[both], b[both]
    if len(a) < MIN_ROWS:
        return None
    if first.ordered and second.ordered:
        return spearman(a, b)
    if first.ordered:
        return correlation_ratio(b, a, of_classes=second.is_target)
    if second.ordered:
        return correlation_ratio(a, b, of_classes=first.is_target)
    return cramers_v(a, b)


def associations(columns: Mapping[str, Coded]) -> Associations:
    """Return all pairwise associations, in the order of ``columns``."""
    names = tuple(columns)
    matrix: list[list[float | None]] = [[1.0] * len(names) for _ in names]
    for i, first in enumerate(names):
        for j, second in enumerate(names[:i]):
            matrix[i][j] = matrix[j][i] = association(columns[first], columns[second])
    return Associations(names=names, matrix=tuple(map(tuple, matrix)))


def spearman(first: np.ndarray, second: np.ndarray) -> float | None:
    """Return |rho| of two rows of ordered codes (n_rows,), ties at their average rank."""
    a, b = _centred_ranks(first), _centred_ranks(second)
    scale = math.sqrt(float(a @ a) * float(b @ b))
    return None if scale == 0 else min(1.0, abs(float(a @ b)) / scale)


def cramers_v(first: np.ndarray, second: np.ndarray) -> float | None:
    """Return Bergsma's corrected V of two rows of levels (n_rows,)."""
    table = _cross_table(first, second)
    n, (n_rows, n_columns) = len(first), table.shape
    if min(n_rows, n_columns) < 2:
        return None
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / n
    phi_squared = float((table**2 / expected).sum()) / n - 1.0
    by_chance = (n_rows - 1) * (n_columns - 1) / (n - 1)
    largest = min(size - (size - 1) ** 2 / (n - 1) for size in (n_rows, n_columns)) - 1.0
    if largest <= 0:
        return None
    return min(1.0, math.sqrt(max(0.0, phi_squared - by_chance) / largest))


def correlation_ratio(
    groups: np.ndarray, ordered: np.ndarray, *, of_classes: bool = False
) -> float | None:
    """Return the corrected correlation ratio of ranks in groups (both (n_rows,)).

    Parameters
    ----------
    of_classes : bool
        Compare the sum of squares between groups with that of groups which follow each other
        without overlap, whose ranks vary within by ``(size ** 3 - size) / 12`` only, instead of
        with the sum of all squares.
    """
    n = len(groups)
    ranks = _centred_ranks(ordered)
    total = float(ranks @ ranks)
    sizes = np.bincount(groups).astype("float64")
    sums = np.bincount(groups, weights=ranks)[sizes > 0]
    sizes = sizes[sizes > 0]
    between = float((sums**2 / sizes).sum())
    most = (n**3 - n - float((sizes**3 - sizes).sum())) / 12 if of_classes else total
    by_chance = (len(sizes) - 1) * total / (n - 1)
    if total == 0 or len(sizes) < 2 or most - by_chance <= 1e-9 * most:
        return None
    return min(1.0, math.sqrt(max(0.0, between - by_chance) / (most - by_chance)))


def _largest(codes: np.ndarray, n_codes: int) -> np.ndarray:
    """Return codes in which all but the largest levels are one more level."""
    counts = np.bincount(codes[codes >= 0], minlength=n_codes)
    kept = np.argsort(-counts, kind="stable")[:MAX_LEVELS]
    # The last place is read by the code -1.
    renamed = np.full(n_codes + 1, MAX_LEVELS)
    renamed[kept] = np.arange(MAX_LEVELS)
    renamed[-1] = -1
    return np.asarray(renamed[codes])


def _cross_table(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the counts (n_levels, n_levels) of the levels that occur."""
    width = int(second.max()) + 1
    size = (int(first.max()) + 1) * width
    counts = np.bincount(first * width + second, minlength=size).reshape(-1, width)
    return np.asarray(counts[counts.any(axis=1)][:, counts.any(axis=0)], dtype="float64")


def _centred_ranks(codes: np.ndarray) -> np.ndarray:
    # Codes are in order already, so that ranks need no sorting: what makes many pairs cheap.
    counts = np.bincount(codes)
    middle = np.cumsum(counts) - (counts - 1) / 2
    return np.asarray(middle[codes] - (len(codes) + 1) / 2)
