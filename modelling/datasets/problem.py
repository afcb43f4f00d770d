"""What a fit needs of the data: paths and the task, loaded where the fit runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from modelling.datasets.splits import group_codes
from modelling.datasets.target import labels_under
from modelling.datasets.tasks import text_columns
from modelling.errors import DataError
from modelling.types import DatasetRef, Experiment, TaskSpec

Part = Literal["train", "test"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rows:
    """Some rows of a problem.

    ``features`` is a frame (n_rows, n_features); ``truth`` holds class codes or values
    (n_rows,); ``groups`` and ``times`` are codes and ranks (n_rows,), or None without the role.
    """

    features: pd.DataFrame
    truth: np.ndarray
    groups: np.ndarray | None
    times: np.ndarray | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ProblemRef:
    """Where the rows of an experiment lie on this machine.

    ``split`` is an ``.npz`` file with the row positions "train" and "test"; with a test file of
    the user's own, "test" counts the rows of that file.
    """

    dataset: Path
    split: Path
    task: TaskSpec
    text: tuple[str, ...] = ()
    test_dataset: Path | None = None

    def positions(self, part: Part) -> np.ndarray:
        """Return the row positions of a part, sorted."""
        with np.load(self.split) as parts:
            return np.asarray(parts[part])

    def load(self, part: Part) -> Rows:
        """Read the rows of a part.

        Raises
        ------
        DataError
            If the user's test file misses a column that the models need.
        """
        path = self.test_dataset if part == "test" and self.test_dataset else self.dataset
        task = self.task
        wanted = {*task.features, task.target, *filter(None, (task.group, task.time))}
        frame = pd.read_parquet(path)
        missing = sorted(wanted - set(frame.columns))
        if missing:
            raise DataError(f"The test file misses the column {missing[0]!r}; add it.")
        rows = frame.iloc[self.positions(part)].reset_index(drop=True)
        return Rows(
            features=rows[list(task.features)],
            truth=encode_target(rows[task.target], task),
            groups=None if task.group is None else group_codes(rows[task.group]),
            times=None if task.time is None else rows[task.time].rank(method="min").to_numpy(),
        )


def problem_of(
    experiment: Experiment, ref: DatasetRef, *, path_of: Callable[[str], Path]
) -> ProblemRef:
    """Return where the rows of an experiment on ``ref`` lie; ``path_of`` finds a blob."""
    test = experiment.test_dataset_id
    return ProblemRef(
        dataset=path_of(experiment.dataset_id),
        split=path_of(experiment.split_blob),
        task=experiment.task,
        text=text_columns(ref, experiment.task),
        test_dataset=None if test is None else path_of(test),
    )


def encode_target(values: pd.Series, task: TaskSpec) -> np.ndarray:
    """Return class codes in the order of ``task.classes``, or the values of a regression.

    Parameters
    ----------
    values : pandas.Series, shape (n_rows,)
        The target of rows that have one.

    Raises
    ------
    DataError
        If the user's test file holds another class, or text where numbers are needed.
    """
    if not task.kind.is_classification:
        return _as_numbers(values, task)
    labels = labels_under(values, task)
    codes = pd.Index(task.classes).get_indexer(pd.Index(labels))
    if (codes < 0).any():
        unknown = str(labels[codes < 0].iloc[0])[:40]
        raise DataError(
            f"The target {task.target!r} holds the class {unknown!r}, which the training rows do "
            "not have; remove those rows or add the class to the training data."
        )
    return np.asarray(codes, dtype="int64")


def _as_numbers(values: pd.Series, task: TaskSpec) -> np.ndarray:
    # One bad value among the numbers of a test file makes all of them text.
    numbers = values
    if not pd.api.types.is_numeric_dtype(values.dtype):
        numbers = pd.to_numeric(values.astype("str"), errors="coerce")
    if numbers.isna().any():
        raise DataError(
            f"The target {task.target!r} of the test file holds text such as "
            f"{str(values[numbers.isna()].iloc[0])[:40]!r}, but the training rows hold numbers; "
            "correct it."
        )
    return numbers.to_numpy(dtype="float64")
