"""What one answer can turn out as, counted so that any payoff is a product of two vectors.

Every kind of task has its outcomes: for classes each pair of truth and answer, once counted and
once with the stakes of its rows; for a regression the units predicted too high and too low. Rows
become sums of outcomes once; a payoff is a price for each of them, and a slider moves prices only.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelling.types import Payoff, TaskKind

Floats = NDArray[np.float64]


def prices(payoff: Payoff, kind: TaskKind, n_classes: int) -> Floats:
    """Return the value of one unit of each outcome (n_outcomes,), in the order of `row_outcomes`.

    Raises
    ------
    ValueError
        If the payoff is for another number of classes.
    """
    if not kind.is_classification:
        return np.array([payoff.over, payoff.under])
    flat = n_classes * n_classes
    both = (payoff.outcomes, payoff.stakes)
    for matrix in both:
        if matrix and len(matrix) != n_classes:
            raise ValueError(f"the payoff is for {len(matrix)} classes, the task has {n_classes}")
    counted = (
        np.asarray(payoff.outcomes, dtype=float).ravel() if payoff.outcomes else np.zeros(flat)
    )
    staked = np.asarray(payoff.stakes, dtype=float).ravel() if payoff.stakes else np.zeros(flat)
    return np.concatenate([counted, staked])


def row_outcomes(
    truth: NDArray[Any], answers: NDArray[Any], stakes: Floats | None, *, n_classes: int
) -> Floats:
    """Return the outcomes of rows (n_rows, n_outcomes) whose sum is what a payoff prices.

    Parameters
    ----------
    truth, answers : array of shape (n_rows,)
        Class codes; or values, if ``n_classes`` is 0.
    stakes : array of shape (n_rows,), optional
        What is at stake in each row; without it nothing is.
    """
    if n_classes == 0:
        error = np.asarray(answers, dtype=float) - np.asarray(truth, dtype=float)
        return np.stack([np.maximum(error, 0.0), np.maximum(-error, 0.0)], axis=1)
    flat = n_classes * n_classes
    found = np.zeros((len(truth), 2 * flat))
    rows = np.arange(len(truth))
    cell = np.asarray(truth, dtype=np.int64) * n_classes + np.asarray(answers, dtype=np.int64)
    found[rows, cell] = 1.0
    if stakes is not None:
        found[rows, flat + cell] = stakes
    return found
