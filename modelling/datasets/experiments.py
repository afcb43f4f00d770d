"""Making an experiment: the task is fixed and the test rows are locked, once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from modelling.datasets.problem import encode_target
from modelling.datasets.splits import locked_test
from modelling.datasets.tasks import TaskChoices, make_task, require_column
from modelling.errors import TaskError
from modelling.types import DatasetRef, Economics, Experiment, SplitPreview, TaskKind, TaskSpec


def read_column(path: Path, name: str) -> pd.Series:
    """Return one column of a stored table."""
    return pd.read_parquet(path, columns=[name])[name]


def new_experiment(
    ref: DatasetRef,
    path: Path,
    choices: TaskChoices,
    *,
    test: DatasetRef | None,
    test_path: Path | None,
    adopt: Callable[[Path], str],
    scratch: Path,
    economics: Economics,
    created_at: str,
    name: str | None = None,
) -> Experiment:
    """Check the choices, draw the locked test, and write its row positions as a blob.

    Parameters
    ----------
    path, test_path : Path
        The stored tables.
    adopt : callable
        Takes a finished file into the store and returns its name.
    scratch : Path
        Where the split is written before it is adopted.

    Raises
    ------
    TaskError, DataError
        If target, roles, split and data do not fit together.
    """
    target = choices.target or ""
    require_column(ref, target, "the target")
    task = make_task(ref, read_column(path, target), choices)
    needed = [task.target, *filter(None, (task.group, task.time))]
    frame = pd.read_parquet(path, columns=list(dict.fromkeys(needed)))
    if test is None or test_path is None:
        train_rows, test_rows = locked_test(frame, task)
    else:
        train_rows = np.flatnonzero(frame[task.target].notna().to_numpy())
        test_rows = _own_test(test, test_path, task)
    with scratch.open("wb") as file:
        np.savez(file, train=train_rows, test=test_rows)
    return Experiment(
        id=uuid.uuid4().hex,
        name=name or f"{ref.name}: {task.target}",
        dataset_id=ref.id,
        task=task,
        economics=economics,
        n_train=len(train_rows),
        n_test=len(test_rows),
        split_blob=adopt(scratch),
        created_at=created_at,
        test_dataset_id=None if test is None else test.id,
    )


def preview_split(
    ref: DatasetRef,
    path: Path,
    choices: TaskChoices,
    *,
    test: DatasetRef | None = None,
    test_path: Path | None = None,
) -> SplitPreview:
    """Return how rows would be divided, in figures."""
    raise NotImplementedError


def _own_test(test: DatasetRef, path: Path, task: TaskSpec) -> np.ndarray:
    """Return the rows of the user's test file that have a target."""
    needed = (*task.features, task.target, *filter(None, (task.group, task.time)))
    missing = [name for name in needed if test.column(name) is None]
    if missing:
        raise TaskError(
            f"{test.name} misses the column {missing[0]!r}, which the training data have; add it."
        )
    values = read_column(path, task.target)
    rows = np.flatnonzero(values.notna().to_numpy())
    if len(rows) < 5:
        raise TaskError(
            f"{test.name} has {len(rows)} rows with a value in {task.target!r}; at least 5 are "
            "needed for a test."
        )
    truth = encode_target(values.iloc[rows], task)
    absent = set(range(len(task.classes))) - set(truth.tolist())
    if absent and (task.kind is TaskKind.BINARY or task.metric.startswith("roc_auc")):
        raise TaskError(
            f"{test.name} has no row of the class {task.classes[min(absent)]!r}, without which "
            f"{task.metric} is undefined; add some."
        )
    return rows
