"""Outer parts of all rows, for nested cross-validation: each row is held out once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from modelling.datasets.splits import BY_GROUP, BY_TIME, group_codes, split_columns
from modelling.datasets.stored import read_columns
from modelling.datasets.target import labels_under
from modelling.errors import TaskError
from modelling.types import SplitStrategy, TaskSpec

_SALT = 0x0073


def outer_parts(
    path: Path, task: TaskSpec, rows: NDArray[np.int64], n_parts: int
) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Return (train, held out) of each part, in row positions; every row is held out once.

    Whole groups stay together; classes are dealt evenly.

    Parameters
    ----------
    path : Path
        The stored table.
    rows : array of shape (n,)
        All rows that the experiment uses, training and locked ones.

    Raises
    ------
    TaskError
        If there are too few groups.
    ValueError
        If rows follow each other in time: a part in the middle would be judged by its own future.
    """
    if task.split in BY_TIME:
        raise ValueError(f"rows split by {task.split} cannot be held out in turn")
    frame = read_columns(path, split_columns(task)).iloc[rows]
    rng = np.random.default_rng([task.seed, _SALT])
    if task.split in BY_GROUP:
        part = _by_group(group_codes(frame[str(task.group)]), n_parts, rng, task)
    else:
        part = _dealt(frame, task, n_parts, rng)
    return [(rows[part != place], rows[part == place]) for place in range(n_parts)]


def _dealt(
    frame: pd.DataFrame, task: TaskSpec, n_parts: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Return the part of each row; rows of a class are dealt in turn."""
    strata = np.zeros(len(frame), dtype=np.int64)
    if task.split is SplitStrategy.STRATIFIED and task.kind.is_classification:
        strata = pd.factorize(labels_under(frame[task.target], task))[0]
    order = rng.permutation(len(frame))
    order = order[np.argsort(strata[order], kind="stable")]
    part = np.empty(len(frame), dtype=np.int64)
    part[order] = np.arange(len(frame)) % n_parts
    return part


def _by_group(
    codes: NDArray[np.int64], n_parts: int, rng: np.random.Generator, task: TaskSpec
) -> NDArray[np.int64]:
    """Return the part of each row; the largest groups first, each to the smallest part so far."""
    sizes = np.bincount(codes)
    if np.count_nonzero(sizes) < n_parts * task.folds:
        raise TaskError(
            f"The group column {task.group!r} has {np.count_nonzero(sizes)} groups; at least "
            f"{n_parts * task.folds} are needed for {n_parts} outer parts of {task.folds} folds."
        )
    filled = np.zeros(n_parts, dtype=np.int64)
    of_group = np.zeros(len(sizes), dtype=np.int64)
    shuffled = rng.permutation(len(sizes))
    for group in shuffled[np.argsort(-sizes[shuffled], kind="stable")]:
        of_group[group] = np.argmin(filled)
        filled[of_group[group]] += sizes[group]
    return of_group[codes]
