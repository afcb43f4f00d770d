"""Draws of rows with replacement, as counts: one seeded set serves every model of an experiment.

Efron and Tibshirani (1993): rows within each class; whole groups where rows of a group belong
together (chapter 8); Politis and Romano (1992), "A circular block-resampling procedure for
stationary data": moving blocks that wrap around, for rows in time.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelling.types import SplitStrategy

Counts = NDArray[np.uint8] | NDArray[np.uint16]
_Counts16 = NDArray[np.uint16]

_BLOCK_CELLS = 2_000_000


def weights_for(
    task_split: SplitStrategy,
    truth: NDArray[Any],
    groups: NDArray[Any] | None,
    seed: int,
    n_draws: int = 2000,
    *,
    time_order: NDArray[np.int64] | None = None,
) -> Counts:
    """Return the draws that suit how an experiment divides its rows.

    Whole groups for the two group strategies, circular blocks for time, rows within classes for
    a stratified split of classes, else plain rows.

    Parameters
    ----------
    task_split : SplitStrategy
        How the locked test was drawn.
    truth : array of shape (n,)
        Class codes (integers) or values of a regression (floating point).
    groups : array of shape (n,) or None
        The group of each row; needed by the group strategies.
    seed : int
        Same seed, same draws.
    n_draws : int
        Number of draws.
    time_order : array of shape (n,), optional
        Row positions from earliest to latest; without it rows are taken to be in time order.

    Returns
    -------
    array of shape (n_draws, n)
        How often each draw holds each row.
    """
    n_rows = len(truth)
    if task_split in (SplitStrategy.GROUP, SplitStrategy.TIME_AND_GROUP):
        if groups is None:
            raise ValueError(f"groups must be given for the split '{task_split}', got None")
        return draw_weights(n_draws=n_draws, seed=seed, n_rows=n_rows, groups=groups)
    if task_split is SplitStrategy.TIME:
        block_length = default_block_length(n_rows)
        weights = draw_weights(n_draws=n_draws, seed=seed, n_rows=n_rows, block_length=block_length)
        return weights if time_order is None else weights[:, np.argsort(time_order)]
    by_class = task_split is SplitStrategy.STRATIFIED and np.issubdtype(truth.dtype, np.integer)
    strata = truth if by_class else None
    return draw_weights(n_draws=n_draws, seed=seed, n_rows=n_rows, strata=strata)


def draw_weights(
    *,
    n_draws: int,
    seed: int,
    n_rows: int,
    strata: NDArray[Any] | None = None,
    groups: NDArray[Any] | None = None,
    block_length: int | None = None,
) -> Counts:
    """Return how often each draw with replacement holds each row.

    At most one of ``strata``, ``groups`` and ``block_length`` may be set; without any, rows are
    drawn one by one.

    Parameters
    ----------
    n_draws, seed, n_rows : int
        Size of the result and what makes it repeatable.
    strata : integer array of shape (n_rows,), optional
        Rows are drawn within each stratum, so that its size is the same in each draw.
    groups : array of shape (n_rows,), optional
        Whole groups are drawn, so that a draw holds about, not exactly, ``n_rows`` rows.
    block_length : int, optional
        Runs of that many consecutive rows are drawn, the last row followed by the first.

    Returns
    -------
    array of shape (n_draws, n_rows)
        Counts in the smallest unsigned type that holds them.
    """
    if sum(option is not None for option in (strata, groups, block_length)) > 1:
        raise ValueError("only one of strata, groups and block_length may be set")
    for name, labels in (("strata", strata), ("groups", groups)):
        if labels is not None and len(labels) != n_rows:
            raise ValueError(f"{name} must hold {n_rows} labels, got {len(labels)}")
    rng = np.random.default_rng(seed)
    if strata is not None:
        return _compact(_draw_strata(rng, n_draws, strata))
    if groups is not None:
        names, membership = np.unique(groups, return_inverse=True)
        return _compact(_draw_rows(rng, n_draws, len(names)))[:, membership]
    if block_length is not None:
        return _compact(_draw_blocks(rng, n_draws, n_rows, block_length))
    return _compact(_draw_rows(rng, n_draws, n_rows))


def default_block_length(n_rows: int) -> int:
    """Return the cube root of the number of rows, at least 2.

    The rate that is best for the variance of a mean: Hall, Horowitz and Jing (1995), "On blocking
    rules for the bootstrap with dependent data", Biometrika 82.

    Examples
    --------
    >>> default_block_length(1000)
    10
    """
    return max(2, round(math.cbrt(n_rows)))


def _draw_rows(rng: np.random.Generator, n_draws: int, n_rows: int) -> _Counts16:
    return _count_drawn(rng, n_draws, n_rows, n_picks=n_rows)


def _draw_strata(rng: np.random.Generator, n_draws: int, strata: NDArray[Any]) -> _Counts16:
    if not np.issubdtype(strata.dtype, np.integer):
        # Each value of a regression would be its own stratum: no noise at all.
        raise ValueError(f"strata must be integers, got {strata.dtype}")
    weights = np.empty((n_draws, len(strata)), dtype=np.uint16)
    for stratum in np.unique(strata):
        rows = np.flatnonzero(strata == stratum)
        weights[:, rows] = _draw_rows(rng, n_draws, len(rows))
    return weights


def _draw_blocks(
    rng: np.random.Generator, n_draws: int, n_rows: int, block_length: int
) -> _Counts16:
    if block_length < 1:
        raise ValueError(f"block_length must be at least 1, got {block_length}")
    length = min(block_length, n_rows)
    n_whole, rest = divmod(n_rows, length)
    weights = _spread(_count_drawn(rng, n_draws, n_rows, n_picks=n_whole), length)
    if rest:  # one shorter block makes each draw hold n_rows rows
        weights += _spread(_count_drawn(rng, n_draws, n_rows, n_picks=1), rest)
    return weights


def _spread(starts: _Counts16, length: int) -> _Counts16:
    """Return how often each row is covered by runs of ``length`` rows from those starts."""
    wrapped = np.concatenate([starts[:, starts.shape[1] - length :], starts], axis=1)
    sums = np.cumsum(wrapped, axis=1, dtype=np.int32)
    return (sums[:, length:] - sums[:, :-length]).astype(np.uint16)


def _count_drawn(rng: np.random.Generator, n_draws: int, n_rows: int, *, n_picks: int) -> _Counts16:
    """Return counts (n_draws, n_rows) of ``n_picks`` uniform picks of a row in each draw."""
    counts = np.empty((n_draws, n_rows), dtype=np.uint16)
    step = max(1, _BLOCK_CELLS // max(n_rows, 1))
    for start in range(0, n_draws, step):
        size = min(step, n_draws - start)
        picks = rng.integers(0, n_rows, size=(size, n_picks))
        picks += np.arange(size)[:, None] * n_rows
        counted = np.bincount(picks.ravel(), minlength=size * n_rows)
        counts[start : start + size] = counted.reshape(size, n_rows)
    return counts


def _compact(counts: _Counts16) -> Counts:
    if counts.size == 0 or counts.max() <= np.iinfo(np.uint8).max:
        return counts.astype(np.uint8)
    return counts
