"""Whether two columns hold the same thing in other words."""

from __future__ import annotations

import numpy as np
import pandas as pd

from modelling.datasets.checks.numbers import as_numbers, is_ordered

# In fewer rows, or with fewer outside the largest class, columns agree by chance.
MIN_ROWS = 20
MIN_MINORITY_ROWS = 5
# A copy may have gaps, as long as a fifth of the rows can be compared (ours).
MIN_COMPARED_SHARE = 0.2
# Numbers may be rounded or converted: their ranks, or they themselves, agree to 1 in 10,000.
MIN_CORRELATION = 0.9999


def is_recoded(values: pd.Series, target: pd.Series, *, classes: bool) -> bool:
    """Whether ``values`` tell the target and the target tells ``values``, where both are known.

    Parameters
    ----------
    values, target : pandas.Series, shape (n_rows,)
        Rows belong together by position; the target has no gaps.
    classes : bool
        Whether the target is a class; otherwise a relation that only rises or falls counts.
    """
    known = values.notna().to_numpy()
    if known.sum() < max(MIN_ROWS, MIN_COMPARED_SHARE * len(values)):
        return False
    if not known.all():
        values, target = values[known], target[known]
    if not classes and is_ordered(values):
        return _moves_along(as_numbers(values), target.to_numpy(dtype="float64"))
    return _is_one_to_one(pd.factorize(values)[0], pd.factorize(target)[0])


def _is_one_to_one(first: np.ndarray, second: np.ndarray) -> bool:
    n_first, n_second = int(first.max()) + 1, int(second.max()) + 1
    minority = len(second) - int(np.bincount(second).max())
    # Values that occur once each go with anything.
    if n_first != n_second or n_first > len(first) // 2 or minority < MIN_MINORITY_ROWS:
        return False
    return len(np.unique(first * n_second + second)) == n_first


def _moves_along(first: np.ndarray, second: np.ndarray) -> bool:
    if first.min() == first.max() or second.min() == second.max():
        return False
    ranks = [pd.Series(values).rank().to_numpy() for values in (first, second)]
    scaled = [values / np.abs(values).max() for values in (first, second)]
    return any(abs(_correlation(*pair)) >= MIN_CORRELATION for pair in (ranks, scaled))


def _correlation(first: np.ndarray, second: np.ndarray) -> float:
    first, second = first - first.mean(), second - second.mean()
    size = float(np.sqrt((first @ first) * (second @ second)))
    return float(first @ second) / size if size > 0 else 0.0
