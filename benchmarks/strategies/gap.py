"""How much of the gap between the default and the best a strategy leaves, with intervals.

Pure: everything is computed from the lines that `benchmarks/tuning.py` wrote.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

# Gaps of fewer standard errors are listed, not averaged.
STANDARD_ERRORS = 2.0
LONGER = 10
N_DRAWS = 10_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A figure and its 95 % percentile interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} [{self.low:.2f}, {self.high:.2f}]"


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """From the default to the best on the held-out rows of one data set; positive is better.

    ``sd`` is the standard error of that difference, by the paired bootstrap of the rows.
    """

    gap: float
    sd: float
    found_by: str

    @property
    def counts(self) -> bool:
        """Whether the gap is wide enough for shares of it to mean something."""
        return self.gap > 0 and self.gap >= STANDARD_ERRORS * self.sd


def share_left(gain: float, gap: float) -> float:
    """Return (best - score) / (best - default): 0 at the best, 1 at the default.

    Neither is a bound: a short search may beat the best of the long ones, or lose to the default.

    Examples
    --------
    >>> share_left(0.03, gap=0.04)
    0.25
    """
    return (gap - gain) / gap


def gaps(long_lines: pd.DataFrame, strategies: tuple[str, ...]) -> dict[str, Gap]:
    """Return the gap of each data set: the largest gain of any strategy at the long budget.

    A data set on which a strategy has not run that long yet is left out: its best is not known.
    """
    n_strategies = long_lines.groupby("set")["strategy"].transform("nunique")
    known = long_lines[n_strategies == len(strategies)]
    best = known.sort_values("gain", ascending=False).drop_duplicates("set")
    return {
        line.set: Gap(gap=line.gain, sd=line.gain_se, found_by=line.strategy)
        for line in best.sort_index().itertuples()
    }


def shares_left(
    lines: pd.DataFrame, known: dict[str, Gap], strategies: tuple[str, ...]
) -> dict[str, FloatArray]:
    """Return (n_strategies, n_seeds) shares left by data set whose gap counts.

    Only seeds that every strategy has: what is compared is paired.
    """
    found: dict[str, FloatArray] = {}
    for name, gap in known.items():
        of_set = lines[lines["set"] == name]
        gains = of_set.pivot_table(index="strategy", columns="seed", values="gain")
        gains = gains.reindex(list(strategies)).dropna(axis="columns")
        if gap.counts and gains.shape[1]:
            found[name] = share_left(gains.to_numpy(), gap.gap)
    return found


def resampled_means(
    shares: dict[str, FloatArray], *, n_draws: int = N_DRAWS, seed: int = 0
) -> FloatArray:
    """Return (n_draws, n_strategies) means over data sets of means over seeds.

    Each draw takes data sets with replacement and, within each, seeds with replacement; the same
    for every strategy.
    """
    rng = np.random.default_rng(seed)
    tables = list(shares.values())
    draws = [_drawn_mean(rng, tables) for _ in range(n_draws)]
    return np.array(draws)


def _drawn_mean(rng: np.random.Generator, tables: list[FloatArray]) -> FloatArray:
    means = []
    for chosen in rng.integers(0, len(tables), size=len(tables)):
        table = tables[chosen]
        seeds = rng.integers(0, table.shape[1], size=table.shape[1])
        means.append(table[:, seeds].mean(axis=1))
    return np.mean(means, axis=0)


def figures(
    shares: dict[str, FloatArray], of: Callable[[FloatArray], FloatArray]
) -> tuple[Figure, ...]:
    """Return what ``of`` makes of the means (n, n_strategies), column by column, with intervals."""
    means = np.mean([table.mean(axis=1) for table in shares.values()], axis=0)
    values = of(means[np.newaxis])[0]
    low, high = np.percentile(of(resampled_means(shares)), [2.5, 97.5], axis=0)
    return tuple(
        Figure(value=float(value), low=float(lowest), high=float(highest))
        for value, lowest, highest in zip(values, low, high, strict=True)
    )


def left_by_each(shares: dict[str, FloatArray]) -> tuple[Figure, ...]:
    """Return the mean share that each strategy leaves."""
    return figures(shares, lambda means: means)


def left_of(shares: dict[str, FloatArray], strategy: int, other: int) -> Figure:
    """Return what one strategy leaves as a share of what another one leaves."""
    (ratio,) = figures(shares, lambda means: means[:, [strategy]] / means[:, [other]])
    return ratio


def outside_share(fits_cpu_s: float, other_cpu_s: float) -> float:
    """Return the CPU outside the fits as a share of all; NaN of nothing."""
    total = fits_cpu_s + other_cpu_s
    return other_cpu_s / total if total else math.nan
