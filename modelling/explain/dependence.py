"""How a model's answers move on average when one column takes other values.

Friedman (2001), "Greedy function approximation: a gradient boosting machine", Annals of Statistics
29(5), section 8.2: the partial dependence of the answers on the column.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from modelling.explain.permutation import Answer

_TAILS = 0.02


def dependence_curve(
    answer: Answer, features: pd.DataFrame, name: str, values: Sequence[Any]
) -> NDArray[np.float64]:
    """Return the mean answer when all rows have each of these values in a column.

    Parameters
    ----------
    answer : callable
        Takes a frame like ``features``; returns answers (n_rows, n_outputs).
    features : pandas.DataFrame, shape (n_rows, n_features)
        The rows that are averaged over.
    values : sequence
        Values of the column, as `grid_of` returns them.

    Returns
    -------
    array of shape (n_outputs, n_values)
    """
    means = []
    for value in values:
        held = pd.Series([value] * len(features), index=features.index, dtype=features[name].dtype)
        means.append(answer(features.assign(**{name: held})).mean(axis=0))
    return np.asarray(means, dtype=np.float64).T


def grid_of(column: pd.Series, most: int) -> list[Any]:
    """Return at most ``most`` values to follow a column along: quantiles, or the usual values.

    Numbers and dates rise from the 2 % to the 98 % quantile; other values come the most frequent
    first. Every value occurs in the column.
    """
    known = column.dropna()
    ordered = pd.api.types.is_numeric_dtype(known.dtype) or pd.api.types.is_datetime64_any_dtype(
        known.dtype
    )
    if not ordered or pd.api.types.is_bool_dtype(known.dtype):
        return list(known.value_counts(sort=True).index[:most])
    distinct = known.sort_values().unique()
    if len(distinct) <= most:
        return list(distinct)
    shares = np.linspace(_TAILS, 1.0 - _TAILS, most)
    places = np.unique(np.round(shares * (len(known) - 1)).astype(int))
    return list(pd.unique(known.sort_values().iloc[places]))
