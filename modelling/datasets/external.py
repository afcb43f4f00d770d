"""Answers that come from elsewhere, for the locked rows: a vendor's scores, an LLM's, a rule's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from modelling.datasets.predictions import PROBABILITY
from modelling.datasets.target import labels_under
from modelling.datasets.wording import listed, quoted
from modelling.errors import DataError
from modelling.types import TaskSpec

ROW, PREDICTION, TOKENS, LATENCY = "row", "prediction", "tokens", "latency_ms"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ExternalAnswers:
    """What a model from elsewhere answered, in the order of the locked rows.

    ``predicted`` holds probabilities (n, K) or values (n,). ``n_invalid`` answers were outside the
    classes; each counts as a wrong class. ``tokens`` is the mean number per row, ``latency_ms`` the
    median; None where the file has none.
    """

    predicted: NDArray[np.float64]
    n_invalid: int
    tokens: float | None
    latency_ms: float | None


def external_answers(
    frame: pd.DataFrame, task: TaskSpec, positions: NDArray[np.int64], truth: NDArray[Any]
) -> ExternalAnswers:
    """Check a table of answers and bring it into the order of the locked rows.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns row, and prediction or one probability_<class> a class (of a binary task the
        positive one is enough); tokens and latency_ms if they are known.
    positions : array of shape (n,)
        The rows that are locked.
    truth : array of shape (n,)
        Class codes or values; only used to count an answer outside the classes as wrong.

    Raises
    ------
    DataError
        If a column or a locked row is missing, or an answer is no number where one is needed.
    """
    rows = _in_order(frame, positions)
    n_invalid = 0
    if not task.kind.is_classification:
        predicted = _numbers(rows, PREDICTION)
    elif any(name.startswith(PROBABILITY) for name in map(str, rows)):
        predicted = _probabilities(rows, task)
    else:
        predicted, n_invalid = _decisions(rows, task, truth)
    return ExternalAnswers(
        predicted=predicted,
        n_invalid=n_invalid,
        tokens=float(_numbers(rows, TOKENS).mean()) if TOKENS in rows else None,
        latency_ms=float(np.median(_numbers(rows, LATENCY))) if LATENCY in rows else None,
    )


def _in_order(frame: pd.DataFrame, positions: NDArray[np.int64]) -> pd.DataFrame:
    """Return one line for each locked row, in their order."""
    if ROW not in frame:
        raise DataError(
            f'The file of answers has no column "{ROW}"; it needs the number of each locked row, '
            f"as in the rows to download. It has {listed([str(name) for name in frame])}."
        )
    numbers = pd.to_numeric(frame[ROW], errors="coerce")
    twice = numbers[numbers.duplicated() & numbers.notna()]
    if len(twice):
        raise DataError(f"Row {twice.iloc[0]:.0f} has more than one answer; keep one a row.")
    places = pd.Index(numbers).get_indexer(pd.Index(positions))
    missing = positions[places < 0]
    if len(missing):
        raise DataError(
            f"{len(missing):,} of the {len(positions):,} locked rows have no answer, such as row "
            f"{missing[0]}; answer every row that was downloaded."
        )
    ordered: pd.DataFrame = frame.iloc[places].reset_index(drop=True)
    return ordered


def _numbers(rows: pd.DataFrame, name: str) -> NDArray[np.float64]:
    if name not in rows:
        raise DataError(
            f'The file of answers has no column "{name}"; it has '
            f"{listed([str(column) for column in rows])}."
        )
    values = pd.to_numeric(rows[name], errors="coerce").to_numpy(dtype="float64")
    wrong = ~np.isfinite(values)
    if wrong.any():
        first = int(np.flatnonzero(wrong)[0])
        raise DataError(
            f"{int(wrong.sum()):,} values of {quoted(name)} are no numbers, such as "
            f"{quoted(str(rows[name].iloc[first]))} in row {rows[ROW].iloc[first]}; correct them."
        )
    return values


def _probabilities(rows: pd.DataFrame, task: TaskSpec) -> NDArray[np.float64]:
    names = [f"{PROBABILITY}{label}" for label in task.classes]
    there = {str(name) for name in rows}
    if task.positive is not None and there & set(names) == {names[1]}:
        positive = _shares(rows, names[1])
        return np.column_stack([1.0 - positive, positive])
    missing = [name for name in names if name not in there]
    if missing:
        raise DataError(
            f"The file of answers has no column {quoted(missing[0])}; it needs a probability for "
            f"each of the classes {listed(list(task.classes))}."
        )
    predicted = np.column_stack([_shares(rows, name) for name in names])
    totals = predicted.sum(axis=1)
    off = np.flatnonzero(np.abs(totals - 1.0) > 0.02)
    if len(off):
        raise DataError(
            f"The probabilities of row {rows[ROW].iloc[int(off[0])]} add up to "
            f"{totals[off[0]]:.3g}; those of a row must add up to 1."
        )
    return np.asarray(predicted / totals[:, None])


def _shares(rows: pd.DataFrame, name: str) -> NDArray[np.float64]:
    values = _numbers(rows, name)
    outside = np.flatnonzero((values < 0) | (values > 1))
    if len(outside):
        raise DataError(
            f"{quoted(name)} holds {values[outside[0]]:.4g}; probabilities lie between 0 and 1."
        )
    return values


def _decisions(
    rows: pd.DataFrame, task: TaskSpec, truth: NDArray[Any]
) -> tuple[NDArray[np.float64], int]:
    """Return decisions as probabilities of 0 and 1, and how many were outside the classes."""
    if PREDICTION not in rows:
        raise DataError(
            f'The file of answers has neither "{PREDICTION}" nor "{PROBABILITY}<class>"; it has '
            f"{listed([str(column) for column in rows])}."
        )
    codes = pd.Index(task.classes).get_indexer(pd.Index(labels_under(rows[PREDICTION], task)))
    invalid = codes < 0
    if invalid.all():
        raise DataError(
            f"No answer is one of the classes {listed(list(task.classes))}, but for example "
            f"{quoted(str(rows[PREDICTION].iloc[0]))}; write them as in the data."
        )
    # Scored as wrong, never dropped: the class after the true one stands for it.
    codes = np.where(invalid, (truth + 1) % len(task.classes), codes)
    return np.eye(len(task.classes))[codes], int(invalid.sum())
