"""The leaderboard: selection scores with their intervals, and ranks that show ties as ties.

A display, not a test: the folds that are compared here are the ones that choose the models. The
verdict comes from the locked test.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, variance

from modelling.comparison.student import t_quantile
from modelling.types import ModelResult, ResultStatus

Interval = tuple[float, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """One line of the leaderboard.

    ``rank`` is None for a model without a selection score; ``tied`` says that it shares its rank;
    ``interval`` is the 95 % interval of the selection score, None with fewer than two folds.
    """

    row: ModelResult
    rank: int | None = None
    tied: bool = False
    interval: Interval | None = None


def corrected_interval(values: Sequence[float]) -> Interval | None:
    """Return the 95 % interval of a mean over the folds of one cross-validation.

    ``mean ± t(k - 1) * sqrt((1/k + 1/(k - 1)) * var)``. Training parts of folds overlap, so scores
    of folds vary less than those of independent samples would: Nadeau and Bengio (2003),
    "Inference for the generalization error", Machine Learning 52, add the ratio of validation to
    training rows, ``1/(k - 1)`` for k folds. Without it the interval is 1.5 times too narrow for
    five folds. Folds by time learn from fewer rows than that, so theirs is still a little narrow.

    Parameters
    ----------
    values : sequence of float, shape (n_folds,)
        One score, or paired difference, a fold.

    Returns
    -------
    tuple of float or None
        None with fewer than two values, which have no spread.

    Examples
    --------
    >>> low, high = corrected_interval([0.78, 0.80, 0.82, 0.79, 0.81])
    >>> round(low, 3), round(high, 3)
    (0.771, 0.829)
    """
    k = len(values)
    if k < 2:
        return None
    mean = fmean(values)
    half = t_quantile(0.975, k - 1) * math.sqrt((1 / k + 1 / (k - 1)) * variance(values))
    return mean - half, mean + half


def standings(rows: Sequence[ModelResult]) -> tuple[Standing, ...]:
    """Return the lines of the leaderboard, in the order of ``rows``.

    Going down, a model shares the rank of the group's first as long as the corrected interval of
    their paired fold differences holds 0; the next one starts a group at its own place: 1, 1, 3.

    Parameters
    ----------
    rows : sequence of ModelResult
        Of one experiment, so that all have the same folds; best selection score first.
    """
    leaders = _leaders(rows)
    sizes = Counter(leaders)
    return tuple(
        Standing(row=row)
        if leader is None
        else Standing(
            row=row,
            rank=leader + 1,
            tied=sizes[leader] > 1,
            interval=corrected_interval(row.fold_scores),
        )
        for row, leader in zip(rows, leaders, strict=True)
    )


def _leaders(rows: Sequence[ModelResult]) -> list[int | None]:
    """Return the place of the first of each row's group; None for rows without a score."""
    leaders: list[int | None] = []
    leader = None
    for place, row in enumerate(rows):
        if row.cv_score is None or row.status is ResultStatus.FAILED:
            leaders.append(None)
            continue
        if leader is None or not _are_tied(rows[leader], row):
            leader = place
        leaders.append(leader)
    return leaders


def _are_tied(leader: ModelResult, row: ModelResult) -> bool:
    if len(leader.fold_scores) != len(row.fold_scores):
        return False
    pairs = zip(leader.fold_scores, row.fold_scores, strict=True)
    interval = corrected_interval([first - second for first, second in pairs])
    return interval is not None and interval[0] <= 0 <= interval[1]
