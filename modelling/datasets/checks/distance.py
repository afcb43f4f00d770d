"""How far two samples of one column lie apart, and how far chance alone would put them."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd

from modelling.datasets.checks.numbers import as_numbers, is_ordered

# Rarer values are counted as one: their shares are mostly chance.
MAX_VALUES = 20


class Distance(NamedTuple):
    """``apart`` is a share of rows; chance passes ``by_chance`` with the level asked for."""

    apart: float
    by_chance: float


def distance(first: pd.Series, second: pd.Series, level: float) -> Distance:
    """Return the share of rows that would have to change for the two samples to look alike.

    For numbers it is the statistic of Kolmogorov and Smirnov, for categories half the sum of
    the differences in their shares (total variation). Gaps are compared as categories are; the
    larger of the two counts.

    Parameters
    ----------
    level : float
        The probability with which two samples of one population may pass the bound.
    """
    gaps = _total_variation(first.isna(), second.isna(), level)
    first, second = first.dropna(), second.dropna()
    if first.empty or second.empty:
        return gaps
    if is_ordered(first) and is_ordered(second):
        values = _kolmogorov_smirnov(as_numbers(first), as_numbers(second), level)
    else:
        values = _total_variation(first.astype("str"), second.astype("str"), level)
    return max(gaps, values, key=lambda found: found.apart)


def _kolmogorov_smirnov(first: np.ndarray, second: np.ndarray, level: float) -> Distance:
    first, second = np.sort(first), np.sort(second)
    both = np.concatenate([first, second])
    below = [np.searchsorted(part, both, side="right") / len(part) for part in (first, second)]
    # Smirnov (1948).
    bound = math.sqrt(-math.log(level / 2) / 2) * _scale(len(first), len(second))
    return Distance(float(np.abs(below[0] - below[1]).max()), bound)


def _total_variation(first: pd.Series, second: pd.Series, level: float) -> Distance:
    counts = [part.value_counts() for part in (first, second)]
    table = pd.concat(counts, axis=1).fillna(0.0).to_numpy()
    order = np.argsort(-table.sum(axis=1), kind="stable")
    table = np.vstack([table[order[:MAX_VALUES]], table[order[MAX_VALUES:]].sum(axis=0)])
    shares = table / table.sum(axis=0)
    pooled = table.sum(axis=1) / table.sum()
    # What is expected by chance (Jensen's inequality, share by share), and how far a sample may
    # lie above it (McDiarmid's inequality, 1989).
    expected = float(np.sqrt(pooled * (1.0 - pooled)).sum()) / 2
    above = math.sqrt(-math.log(level) / 2)
    bound = (expected + above) * _scale(len(first), len(second))
    return Distance(float(np.abs(shares[:, 0] - shares[:, 1]).sum()) / 2, bound)


def _scale(n_first: int, n_second: int) -> float:
    return math.sqrt(1 / n_first + 1 / n_second)
