"""Stored predictions as a table, beside the truth and the rows that they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from modelling.datasets.problem import Part, ProblemRef, encode_target
from modelling.datasets.stored import read_column
from modelling.types import TaskSpec

PROBABILITY = "probability_"


def out_of_fold_table(
    problem: ProblemRef, folds: Path, predicted: Sequence[NDArray[Any]]
) -> pd.DataFrame:
    """Return the predictions of each fold for the rows that it validates, in the order of rows.

    Parameters
    ----------
    folds : Path
        File with the positions ``valid_<k>`` within the training rows.
    predicted : sequence of arrays of shape (n_valid, n_classes) or (n_valid,)
        One a fold, in order.

    Returns
    -------
    pandas.DataFrame
        Columns row (position in the data set, from 0), fold (from 1), truth, and prediction or
        one probability a class. Rows that no fold validates are left out, as by time the first.
    """
    rows = [valid_positions(folds, fold) for fold in range(len(predicted))]
    numbers = np.repeat(np.arange(len(rows)) + 1, [len(part) for part in rows])
    table = _table(problem, "train", np.concatenate(rows), np.concatenate(predicted))
    table.insert(1, "fold", numbers)
    return table.sort_values("row", ignore_index=True)


def locked_test_table(problem: ProblemRef, predicted: NDArray[Any]) -> pd.DataFrame:
    """Return the predictions for the locked test: columns as `out_of_fold_table`, without fold.

    Parameters
    ----------
    predicted : array of shape (n_test, n_classes) or (n_test,)
        In the order of the test rows. With a test file of the user's own, row counts in that file.
    """
    return _table(problem, "test", np.arange(len(predicted)), predicted)


def valid_positions(folds: Path, fold: int) -> NDArray[np.int64]:
    """Return the positions, within the training rows, of the validation rows of a fold."""
    with np.load(folds) as parts:
        return np.asarray(parts[f"valid_{fold}"], dtype=np.int64)


def _table(
    problem: ProblemRef, part: Part, chosen: NDArray[np.int64], predicted: NDArray[Any]
) -> pd.DataFrame:
    positions = problem.positions(part)[chosen]
    truth = {"row": positions, "truth": _truth(problem, part, positions)}
    return pd.DataFrame(truth | _answers(predicted, problem.task))


def _truth(problem: ProblemRef, part: Part, positions: NDArray[np.int64]) -> NDArray[Any]:
    own_test = problem.test_dataset if part == "test" else None
    stored = read_column(own_test or problem.dataset, problem.task.target)
    codes = encode_target(stored.iloc[positions], problem.task)
    if not problem.task.kind.is_classification:
        return codes
    labels: NDArray[Any] = np.asarray(problem.task.classes, dtype=object)[codes]
    return labels


def _answers(predicted: NDArray[Any], task: TaskSpec) -> dict[str, NDArray[np.float64]]:
    values = np.asarray(predicted, dtype=np.float64)
    if not task.kind.is_classification:
        return {"prediction": values}
    return {f"{PROBABILITY}{label}": values[:, k] for k, label in enumerate(task.classes)}
