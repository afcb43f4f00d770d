"""The locked test: which rows nobody touches until the verdict (METHODS, evaluation protocol)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from modelling.errors import TaskError
from modelling.types import SplitStrategy, TaskSpec

Indices = np.ndarray
_GROUP_DRAWS = 20


def locked_test(frame: pd.DataFrame, task: TaskSpec) -> tuple[Indices, Indices]:
    """Return the row positions (train, test), each sorted, of a seeded split.

    Rows without a target are in neither part.

    Raises
    ------
    TaskError
        If a part would be empty, or would miss a class.
    """
    rows = np.flatnonzero(frame[task.target].notna().to_numpy())
    rng = np.random.default_rng([task.seed, 0x7E57])
    match task.split:
        case SplitStrategy.GROUP:
            is_test = _by_group(frame, rows, task, rng)
        case SplitStrategy.TIME | SplitStrategy.TIME_AND_GROUP:
            is_test = _latest(frame[str(task.time)].iloc[rows], task.test_share)
        case _:
            is_test = _stratified(frame, rows, task, rng)
    train, test = rows[~is_test], rows[is_test]
    if task.split is SplitStrategy.TIME_AND_GROUP:
        groups = frame[str(task.group)]
        test = test[~groups.iloc[test].isin(groups.iloc[train]).to_numpy()]
    _check_parts(frame, task, train, test)
    return train, test


def _stratified(
    frame: pd.DataFrame, rows: Indices, task: TaskSpec, rng: np.random.Generator
) -> np.ndarray:
    """Draw the share from each class, so that both parts show the same mix."""
    if task.split is SplitStrategy.STRATIFIED and task.kind.is_classification:
        strata = pd.factorize(frame[task.target].iloc[rows])[0]
    else:
        strata = np.zeros(len(rows), dtype=int)
    is_test = np.zeros(len(rows), dtype=bool)
    for stratum in np.unique(strata):
        members = rng.permutation(np.flatnonzero(strata == stratum))
        is_test[members[: max(1, round(task.test_share * len(members)))]] = True
    return is_test


def _by_group(
    frame: pd.DataFrame, rows: Indices, task: TaskSpec, rng: np.random.Generator
) -> np.ndarray:
    """Draw whole groups; of several draws take the one nearest to the wished share and mix."""
    codes, names = pd.factorize(frame[str(task.group)].iloc[rows], use_na_sentinel=False)
    if len(names) < 2 * task.folds:
        raise TaskError(
            f"The group column {task.group!r} has {len(names)} groups; at least "
            f"{2 * task.folds} are needed for {task.folds} folds and a locked test."
        )
    if task.kind.is_classification:
        values = pd.factorize(frame[task.target].iloc[rows])[0].astype(float)
    else:
        values = frame[task.target].iloc[rows].rank(pct=True).to_numpy()
    n_test = max(1, round(task.test_share * len(names)))

    def draw() -> np.ndarray:
        chosen = rng.permutation(len(names))[:n_test]
        return np.isin(codes, chosen)

    def distance(is_test: np.ndarray) -> float:
        share = abs(is_test.mean() - task.test_share)
        return float(share + abs(values[is_test].mean() - values[~is_test].mean()))

    return min((draw() for _ in range(_GROUP_DRAWS)), key=distance)


def _latest(times: pd.Series, share: float) -> np.ndarray:
    """Take the latest rows; rows of one moment stay together."""
    if times.isna().any():
        raise TaskError(
            f"The time column {times.name!r} is missing in {int(times.isna().sum())} rows; fill "
            "them or choose another split."
        )
    order = times.rank(method="min").to_numpy()
    return np.asarray(order > (1.0 - share) * len(times))


def _check_parts(frame: pd.DataFrame, task: TaskSpec, train: Indices, test: Indices) -> None:
    if len(test) < 5 or len(train) < 20:
        raise TaskError(
            f"The split leaves {len(train)} training and {len(test)} test rows; at least 20 and 5 "
            "are needed. Change the share, the split or the data."
        )
    if not task.kind.is_classification:
        return
    target = frame[task.target]
    classes = target.dropna().nunique()
    for part, name in ((train, "training"), (test, "locked test")):
        if target.iloc[part].nunique() < classes:
            raise TaskError(
                f"The {name} rows miss a class of {task.target!r} under the {task.split} split; "
                "choose another split, share or seed."
            )
