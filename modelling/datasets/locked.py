"""The locked test rows, read where they are shown: truth, columns, and what belongs together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from modelling.datasets.problem import ProblemRef, encode_target
from modelling.datasets.splits import group_codes
from modelling.datasets.stored import read_column, read_rows


def locked_truth(problem: ProblemRef) -> NDArray[Any]:
    """Return class codes or values (n_test,) of the locked test."""
    return encode_target(_column(problem, problem.task.target), problem.task)


def locked_columns(
    problem: ProblemRef, names: Sequence[str], places: NDArray[np.int64]
) -> pd.DataFrame:
    """Return columns of some locked rows, by their places (rising) among them."""
    return read_rows(_path(problem), names, problem.positions("test")[places])


def locked_groups(problem: ProblemRef) -> NDArray[np.int64] | None:
    """Return the code (n_test,) of the group that each locked row belongs to; None without one."""
    group = problem.task.group
    return None if group is None else np.asarray(group_codes(_column(problem, group)))


def locked_times(problem: ProblemRef) -> NDArray[np.float64] | None:
    """Return the place in time (n_test,) of each locked row, ties alike; None without a time."""
    time = problem.task.time
    if time is None:
        return None
    return np.asarray(_column(problem, time).rank(method="min"), dtype=np.float64)


def _column(problem: ProblemRef, name: str) -> pd.Series:
    stored = read_column(_path(problem), name)
    return stored.iloc[problem.positions("test")].reset_index(drop=True)


def _path(problem: ProblemRef) -> Path:
    return problem.test_dataset or problem.dataset
