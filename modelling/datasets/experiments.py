"""Making an experiment: the task is fixed and the test rows are locked, once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from modelling.datasets.choices import TaskChoices
from modelling.datasets.features import require_column
from modelling.datasets.part_preview import part_preview
from modelling.datasets.problem import encode_target
from modelling.datasets.splits import (
    BY_TIME,
    MIN_TEST_ROWS,
    check_parts,
    locked_test,
    rows_with_target,
    split_columns,
)
from modelling.datasets.stored import read_column, read_columns
from modelling.datasets.target import check_size
from modelling.datasets.tasks import make_task
from modelling.errors import TaskError
from modelling.types import DatasetRef, Economics, Experiment, SplitPreview, TaskSpec


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
    division = _divide(ref, path, choices, test, test_path)
    with scratch.open("wb") as file:
        np.savez(file, train=division.train_rows, test=division.test_rows)
    return Experiment(
        id=uuid.uuid4().hex,
        name=name or f"{ref.name}: {division.task.target}",
        dataset_id=ref.id,
        task=division.task,
        economics=economics,
        n_train=len(division.train_rows),
        n_test=len(division.test_rows),
        split_blob=adopt(scratch),
        created_at=created_at,
        test_dataset_id=None if test is None else test.id,
    )


def with_fresh_test(
    experiment: Experiment,
    ref: DatasetRef,
    path: Path,
    train_rows: np.ndarray,
    *,
    test: DatasetRef,
    test_path: Path,
    adopt: Callable[[Path], str],
    scratch: Path,
    created_at: str,
) -> Experiment:
    """Return the same task on the same training rows, with another file as its locked test.

    Parameters
    ----------
    train_rows : array of shape (n_train,)
        The rows that the models were fitted on.

    Raises
    ------
    TaskError, DataError
        If the file misses a column or a class, or breaks the promise of the split.
    """
    task = experiment.task
    _check_own_test(ref, test, replace(task, test_column=None))
    columns = split_columns(task)
    fresh = read_columns(test_path, columns)
    test_rows = rows_with_target(fresh, task)
    train = read_columns(path, columns).iloc[train_rows]
    _check_own_rows(train, fresh.iloc[test_rows], test.name, task)
    with scratch.open("wb") as file:
        np.savez(file, train=train_rows, test=test_rows)
    return replace(
        experiment,
        id=uuid.uuid4().hex,
        name=f"{experiment.name}, on {test.name}",
        n_test=len(test_rows),
        split_blob=adopt(scratch),
        created_at=created_at,
        test_dataset_id=test.id,
        test_batches=0,
        findings=(),
    )


def preview_split(
    ref: DatasetRef,
    path: Path,
    choices: TaskChoices,
    *,
    test: DatasetRef | None = None,
    test_path: Path | None = None,
) -> SplitPreview:
    """Return how rows would be divided, in figures.

    It is the very division that `new_experiment` makes of the same choices.

    Raises
    ------
    TaskError, DataError
        If target, roles, split and data do not fit together.
    """
    division = _divide(ref, path, choices, test, test_path)
    n_all = ref.n_rows + (0 if test is None else test.n_rows)
    n_used = len(division.train_rows) + len(division.test_rows)
    return SplitPreview(
        train=part_preview("training", division.train, division.task),
        test=part_preview("locked test", division.test, division.task),
        n_left_out=n_all - n_used,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Division:
    """A task and the rows of its parts: their positions, and the columns that divide them."""

    task: TaskSpec
    train_rows: np.ndarray
    test_rows: np.ndarray
    train: pd.DataFrame
    test: pd.DataFrame


def _divide(
    ref: DatasetRef,
    path: Path,
    choices: TaskChoices,
    test: DatasetRef | None,
    test_path: Path | None,
) -> _Division:
    target = choices.target or ""
    require_column(ref, target, "the target")
    task = make_task(ref, read_column(path, target), choices)
    columns = split_columns(task)
    frame = read_columns(path, columns)
    if test is None or test_path is None:
        train_rows, test_rows = locked_test(frame, task)
        test_frame = frame
    else:
        _check_own_test(ref, test, task)
        test_frame = read_columns(test_path, columns)
        train_rows, test_rows = rows_with_target(frame, task), rows_with_target(test_frame, task)
        _check_own_rows(frame.iloc[train_rows], test_frame.iloc[test_rows], test.name, task)
    return _Division(
        task=task,
        train_rows=train_rows,
        test_rows=test_rows,
        train=frame.iloc[train_rows],
        test=test_frame.iloc[test_rows],
    )


def _check_own_test(ref: DatasetRef, test: DatasetRef, task: TaskSpec) -> None:
    """Raise a TaskError unless the user's test file has the columns that the task needs."""
    if task.test_column is not None:
        raise TaskError(
            f"Both the file {test.name} and the column {task.test_column!r} are to be the locked "
            "test; choose one of them."
        )
    for name in (*task.features, *split_columns(task)):
        if test.column(name) is None:
            raise TaskError(
                f"{test.name} misses the column {name!r}, which the training data have; add it."
            )
    if task.split in BY_TIME:
        known = require_column(ref, str(task.time), "the time")
        own = require_column(test, str(task.time), "the time")
        if own.type is not known.type:
            raise TaskError(
                f"The time column {task.time!r} holds {own.type} values in {test.name}, but "
                f"{known.type} values in the training data; write them the same way."
            )


def _check_own_rows(train: pd.DataFrame, test: pd.DataFrame, name: str, task: TaskSpec) -> None:
    """Raise an error unless the rows of the user's test file can be scored."""
    if len(test) < MIN_TEST_ROWS:
        raise TaskError(
            f"{name} has {len(test)} rows with a value in {task.target!r}; at least "
            f"{MIN_TEST_ROWS} are needed for a test."
        )
    truth = encode_target(test[task.target], task)
    if not task.kind.is_classification:
        check_size(pd.Series(truth, name=task.target))
    check_parts(train, test, task, name=name)
