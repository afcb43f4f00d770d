"""Folds of the training rows, drawn by the same strategy as the locked test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from modelling.datasets.problem import ProblemRef, Rows
from modelling.datasets.splits import BY_TIME
from modelling.errors import TaskError
from modelling.types import SplitStrategy, TaskSpec

Fold = tuple[np.ndarray, np.ndarray]
VALIDATION_SHARE = 0.15
MIN_VALIDATION_ROWS = 50


def make_folds(rows: Rows, task: TaskSpec) -> tuple[Fold, ...]:
    """Return (train, valid) row positions of each fold; with time, later rows validate.

    Raises
    ------
    TaskError
        If a fold would have no rows to learn from or to validate on, or one class only.
    """
    folds = tuple((np.sort(train), np.sort(valid)) for train, valid in _draw(rows, task))
    for number, (train, valid) in enumerate(folds, start=1):
        if len(train) == 0 or len(valid) == 0:
            missing = "validate on" if len(train) else "learn from"
            raise TaskError(
                f"With the {task.split} split fold {number} has no rows to {missing}; use fewer "
                "folds or another split."
            )
        if task.kind.is_classification and len(np.unique(rows.truth[train])) < 2:
            raise TaskError(
                f"With the {task.split} split fold {number} has one class only to learn from; use "
                "fewer folds or another split."
            )
    return folds


def _draw(rows: Rows, task: TaskSpec) -> Iterator[Fold]:
    from sklearn import model_selection as ms

    from modelling.evaluation.group_folds import QuickStratifiedGroupKFold

    seeded = {"n_splits": task.folds, "shuffle": True, "random_state": task.seed}
    no_features = np.zeros(len(rows.truth))
    match task.split:
        case SplitStrategy.GROUP if task.kind.is_classification:
            splitter = QuickStratifiedGroupKFold(**seeded)
            yield from splitter.split(no_features, rows.truth, rows.groups)
        case SplitStrategy.GROUP:
            yield from ms.GroupKFold(**seeded).split(no_features, rows.truth, rows.groups)
        case SplitStrategy.TIME | SplitStrategy.TIME_AND_GROUP:
            yield from _later_rows(rows, task)
        case SplitStrategy.STRATIFIED if task.kind.is_classification:
            yield from ms.StratifiedKFold(**seeded).split(no_features, rows.truth)
        case _:
            yield from ms.KFold(**seeded).split(no_features)


def _later_rows(rows: Rows, task: TaskSpec) -> Iterator[Fold]:
    """Split by time; rows of one moment stay on one side, groups seen earlier do not validate."""
    assert rows.times is not None  # the task was checked to have a time column
    moments = np.unique(rows.times)
    if len(moments) <= task.folds:
        raise TaskError(
            f"The time column {task.time!r} has {len(moments)} moments in the training rows; more "
            f"than {task.folds} are needed for {task.folds} folds."
        )
    ranks = np.sort(rows.times)
    edges = [ranks[len(ranks) * k // (task.folds + 1)] for k in range(1, task.folds + 1)]
    for start, stop in zip(edges, [*edges[1:], np.inf], strict=True):
        train = np.flatnonzero(rows.times < start)
        valid = np.flatnonzero((rows.times >= start) & (rows.times < stop))
        if task.split is SplitStrategy.TIME_AND_GROUP and rows.groups is not None:
            valid = valid[~np.isin(rows.groups[valid], rows.groups[train])]
        yield train, valid


def carve_validation(
    truth: np.ndarray, groups: np.ndarray | None, times: np.ndarray | None, task: TaskSpec
) -> Fold | None:
    """Split the training part of a fold for early stopping; None if it is too small for it.

    The part on which boosting stops is 15 % of the rows, at least 50: whole latest moments with a
    time split, whole groups with a group split, both with both. The rows that stop are never the
    rows that score.
    """
    carved = _carve(truth, groups, times, task)
    if carved is None or not task.kind.is_classification:
        return carved
    train, valid = carved
    # Boosters refuse to be stopped by rows of a class that they have not seen.
    valid = valid[np.isin(truth[valid], truth[train])]
    return (train, valid) if len(valid) else None


def _carve(
    truth: np.ndarray, groups: np.ndarray | None, times: np.ndarray | None, task: TaskSpec
) -> Fold | None:
    from sklearn import model_selection as ms

    n_rows = len(truth)
    n_valid = max(MIN_VALIDATION_ROWS, round(VALIDATION_SHARE * n_rows))
    if n_rows < 3 * MIN_VALIDATION_ROWS:
        return None
    if task.split in BY_TIME and times is not None:
        known = groups if task.split is SplitStrategy.TIME_AND_GROUP else None
        return _carve_latest(times, known, n_valid)
    if task.split is SplitStrategy.GROUP and groups is not None:
        splitter = ms.GroupShuffleSplit(
            n_splits=1, test_size=n_valid / n_rows, random_state=task.seed
        )
        train, valid = next(splitter.split(truth, truth, groups))
        return np.sort(train), np.sort(valid)
    strata = truth if task.kind.is_classification and np.bincount(truth).min() > 1 else None
    train, valid = ms.train_test_split(
        np.arange(n_rows), test_size=n_valid, random_state=task.seed, stratify=strata
    )
    return np.sort(train), np.sort(valid)


def _carve_latest(times: np.ndarray, groups: np.ndarray | None, n_valid: int) -> Fold | None:
    """Cut between two moments, nearest to ``n_valid`` rows; groups seen earlier do not stop."""
    moments, counts = np.unique(times, return_counts=True)
    n_later = counts[::-1].cumsum()[::-1]
    possible = (n_later >= MIN_VALIDATION_ROWS) & (len(times) - n_later >= MIN_VALIDATION_ROWS)
    if not possible.any():
        return None
    nearest = np.abs(n_later[possible] - n_valid).argmin()
    is_later = times >= moments[possible][nearest]
    train, valid = np.flatnonzero(~is_later), np.flatnonzero(is_later)
    if groups is not None:
        valid = valid[~np.isin(groups[valid], groups[train])]
    return (train, valid) if len(valid) >= MIN_VALIDATION_ROWS else None


def share_of_rows(
    n_rows: int, share: float, seed: int, groups: np.ndarray | None = None
) -> np.ndarray:
    """Return sorted positions of about a share of the rows, of whole groups where there are any.

    A smaller share is a part of a larger one, so that a learning curve differs by the added rows.
    """
    rng = np.random.default_rng([seed, 0x5A4E])
    if groups is None:
        return np.sort(rng.permutation(n_rows)[: max(1, round(share * n_rows))])
    names, counts = np.unique(groups, return_counts=True)
    order = rng.permutation(len(names))
    n_groups = 1 + int(np.searchsorted(counts[order].cumsum(), share * n_rows))
    return np.flatnonzero(np.isin(groups, names[order[:n_groups]]))


@dataclass(frozen=True, kw_only=True, slots=True)
class PrepareFolds:
    """Work: draw the folds once and write them to ``path`` (``train_<k>``, ``valid_<k>``)."""

    problem: ProblemRef
    path: Path

    def __call__(self) -> int:
        """Return the number of training rows."""
        rows = self.problem.load("train")
        parts = {
            f"{part}_{number}": positions
            for number, fold in enumerate(make_folds(rows, self.problem.task))
            for part, positions in zip(("train", "valid"), fold, strict=True)
        }
        self.path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self.path.with_suffix(".tmp.npz")
        np.savez(temporary, **{"truth": rows.truth, **parts}, allow_pickle=False)
        temporary.replace(self.path)
        return len(rows.truth)


def fold_rows(path: Path, fold: int) -> Fold:
    """Return the positions, within the training rows, of what a fold learns from and validates."""
    with np.load(path) as parts:
        return np.asarray(parts[f"train_{fold}"]), np.asarray(parts[f"valid_{fold}"])


def valid_rows(path: Path, fold: int) -> np.ndarray:
    """Return the positions, within the training rows, of the validation rows of a fold."""
    with np.load(path) as parts:
        return np.asarray(parts[f"valid_{fold}"])


def training_truth(path: Path) -> np.ndarray:
    """Return the encoded target of the training rows."""
    with np.load(path) as parts:
        return np.asarray(parts["truth"])
