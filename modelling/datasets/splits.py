"""The locked test: which rows nobody touches until the verdict (METHODS, evaluation protocol)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from modelling.datasets.target import class_labels, labels_under
from modelling.datasets.wording import listed
from modelling.errors import TaskError
from modelling.metrics import metric
from modelling.types import SplitStrategy, TaskKind, TaskSpec

Indices = np.ndarray
BY_GROUP = (SplitStrategy.GROUP, SplitStrategy.TIME_AND_GROUP)
BY_TIME = (SplitStrategy.TIME, SplitStrategy.TIME_AND_GROUP)
MIN_TRAIN_ROWS = 20
MIN_TEST_ROWS = 5
_GROUP_DRAWS = 20


def locked_test(frame: pd.DataFrame, task: TaskSpec) -> tuple[Indices, Indices]:
    """Return the row positions (train, test), each sorted, of a seeded or a marked split.

    Rows without a target are in neither part, nor are rows without a mark where a column marks
    the test, nor late rows of groups seen earlier with a split by time and group.

    Parameters
    ----------
    frame : pandas.DataFrame
        At least the columns of `split_columns`.

    Raises
    ------
    TaskError
        If a part would be too small or miss a class, or a marked test breaks the promise of the
        split.
    """
    rows = rows_with_target(frame, task)
    drawn = task.test_column is None
    train, test = (_drawn if drawn else _marked)(frame, rows, task)
    check_parts(frame.iloc[train], frame.iloc[test], task, drawn=drawn)
    return train, test


def rows_with_target(frame: pd.DataFrame, task: TaskSpec) -> Indices:
    """Return the positions of the rows whose target is known."""
    return np.flatnonzero(frame[task.target].notna().to_numpy())


def split_columns(task: TaskSpec) -> list[str]:
    """Return the columns that decide which part a row is in."""
    named = (task.target, task.group, task.time, task.test_column)
    return [name for name in named if name is not None]


def group_codes(groups: pd.Series) -> np.ndarray:
    """Return the group of each row as a number; each row without a group is one of its own.

    Rows without a group have nothing that ties them together, and as one group they would make a
    giant that fits into no fold.
    """
    codes, names = pd.factorize(groups)
    alone = codes < 0
    codes[alone] = len(names) + np.arange(alone.sum())
    return np.asarray(codes)


def check_parts(
    train: pd.DataFrame,
    test: pd.DataFrame,
    task: TaskSpec,
    *,
    drawn: bool = False,
    name: str = "The locked test",
) -> None:
    """Raise a TaskError unless both parts serve the task and keep the promise of the split.

    Parameters
    ----------
    train, test : pandas.DataFrame
        The rows of each part that have a target, with the columns of `split_columns`.
    drawn : bool
        Whether we drew the test; then it must hold every class. One that the analyst made may
        lack some, unless the metric is undefined without them.
    name : str
        What the analyst calls the test.
    """
    if len(test) < MIN_TEST_ROWS or len(train) < MIN_TRAIN_ROWS:
        raise TaskError(
            f"The split leaves {len(train)} training and {len(test)} test rows; at least "
            f"{MIN_TRAIN_ROWS} and {MIN_TEST_ROWS} are needed. Change the share, the split or the "
            "data."
        )
    if task.kind.is_classification:
        _check_training_classes(train[task.target], task)
        _check_test_classes(test[task.target], task, drawn=drawn, name=name)
    if task.split in BY_GROUP:
        _check_groups(train[str(task.group)], test[str(task.group)], task)
    if task.split in BY_TIME:
        _check_later(train[str(task.time)], test[str(task.time)], task)


def _drawn(frame: pd.DataFrame, rows: Indices, task: TaskSpec) -> tuple[Indices, Indices]:
    rng = np.random.default_rng([task.seed, 0x7E57])
    if task.split in BY_TIME:
        _check_times(frame[str(task.time)].iloc[rows])
    match task.split:
        case SplitStrategy.GROUP:
            is_test = _by_group(frame, rows, task, rng)
        case SplitStrategy.TIME | SplitStrategy.TIME_AND_GROUP:
            is_test = _latest(frame[str(task.time)].iloc[rows], task.test_share)
        case _:
            is_test = _stratified(frame, rows, task, rng)
    train, test = rows[~is_test], rows[is_test]
    if task.split is SplitStrategy.TIME_AND_GROUP:
        codes = group_codes(frame[str(task.group)])
        test = test[~np.isin(codes[test], codes[train])]
    return train, test


def _marked(frame: pd.DataFrame, rows: Indices, task: TaskSpec) -> tuple[Indices, Indices]:
    marks = class_labels(frame[str(task.test_column)].iloc[rows])
    is_test = (marks == task.test_value).to_numpy(dtype=bool, na_value=False)
    if not is_test.any():
        held = [repr(label[:40]) for label in sorted(marks.dropna().unique())]
        raise TaskError(
            f"No row with a target holds {task.test_value!r} in {task.test_column!r}, which is to "
            f"mark the locked test; it holds {listed(held, most=12)}. Choose one of them."
        )
    return rows[~is_test & marks.notna().to_numpy()], rows[is_test]


def _stratified(
    frame: pd.DataFrame, rows: Indices, task: TaskSpec, rng: np.random.Generator
) -> np.ndarray:
    """Draw the share from each class, so that both parts show the same mix."""
    if task.split is SplitStrategy.STRATIFIED and task.kind.is_classification:
        strata = pd.factorize(labels_under(frame[task.target].iloc[rows], task))[0]
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
    codes = group_codes(frame[str(task.group)].iloc[rows])
    n_groups = int(codes.max()) + 1
    if n_groups < 2 * task.folds:
        raise TaskError(
            f"The group column {task.group!r} has {n_groups} groups; at least "
            f"{2 * task.folds} are needed for {task.folds} folds and a locked test. Choose another "
            "column, or fewer folds."
        )
    target = frame[task.target].iloc[rows]
    values: np.ndarray
    if task.kind.is_classification:
        values, unlike = pd.factorize(labels_under(target, task))[0], _unlike_classes
    else:
        values, unlike = target.rank(pct=True).to_numpy(), _unlike_ranks
    n_test = max(1, round(task.test_share * n_groups))

    def draw() -> np.ndarray:
        chosen = np.zeros(n_groups, dtype=bool)
        chosen[rng.permutation(n_groups)[:n_test]] = True
        return np.asarray(chosen[codes])

    def distance(is_test: np.ndarray) -> float:
        share = abs(float(is_test.mean()) - task.test_share)
        return share + unlike(values[is_test], values[~is_test])

    return min((draw() for _ in range(_GROUP_DRAWS)), key=distance)


def _unlike_classes(test: np.ndarray, train: np.ndarray) -> float:
    """Return half the sum of the differences in share, and 1 for each class that a part misses."""
    n_classes = int(max(test.max(initial=0), train.max(initial=0))) + 1
    counts = [np.bincount(part, minlength=n_classes) for part in (test, train)]
    shares = [count / max(1, count.sum()) for count in counts]
    n_missing = sum(int((count == 0).sum()) for count in counts)
    return float(np.abs(shares[0] - shares[1]).sum()) / 2 + n_missing


def _unlike_ranks(test: np.ndarray, train: np.ndarray) -> float:
    return abs(float(test.mean()) - float(train.mean()))


def _latest(times: pd.Series, share: float) -> np.ndarray:
    """Take the latest rows; rows of one moment stay together."""
    order = times.rank(method="min").to_numpy()
    return np.asarray(order > (1.0 - share) * len(times))


def _check_times(times: pd.Series) -> None:
    if times.isna().any():
        raise TaskError(
            f"The time column {times.name!r} is missing in {int(times.isna().sum())} rows; fill "
            "them or choose another split."
        )


def _check_training_classes(train: pd.Series, task: TaskSpec) -> None:
    counts = labels_under(train, task).value_counts()
    missing = [label for label in task.classes if label not in counts.index]
    if missing:
        raise TaskError(
            f"The training rows miss the class {missing[0]!r} of {task.target!r} under the "
            f"{task.split} split; choose another split, share or seed, or bring more rows of it."
        )
    if task.split is SplitStrategy.STRATIFIED and counts.iloc[-1] < task.folds:
        raise TaskError(
            f"Of the class {counts.index[-1]!r} of {task.target!r} only {counts.iloc[-1]} rows are "
            f"for training; at least {task.folds} are needed for {task.folds} folds. Lock fewer "
            "rows, use fewer folds, or bring more rows of it."
        )


def _check_test_classes(test: pd.Series, task: TaskSpec, *, drawn: bool, name: str) -> None:
    known = set(labels_under(test, task).unique())
    missing = [label for label in task.classes if label not in known]
    if not missing:
        return
    if drawn:
        raise TaskError(
            f"The locked test rows miss the class {missing[0]!r} of {task.target!r} under the "
            f"{task.split} split; choose another split, share or seed, or bring more rows of it."
        )
    if task.kind is TaskKind.BINARY or metric(task.metric).needs_every_class:
        raise TaskError(
            f"{name} has no row of the class {missing[0]!r}, without which {task.metric} is "
            "undefined; add some."
        )


def _check_groups(train: pd.Series, test: pd.Series, task: TaskSpec) -> None:
    n_groups = train.nunique() + int(train.isna().sum())
    if n_groups < task.folds:
        raise TaskError(
            f"The training rows hold {n_groups} groups of {task.group!r}; at least {task.folds} "
            f"are needed for {task.folds} folds. Use fewer folds or another split."
        )
    if train.dtype != test.dtype:
        # In a file of the user's own, numbers may have become text.
        train, test = class_labels(train), class_labels(test)
    shared = test.isin(train.dropna().unique())
    if shared.any():
        example = str(test[shared].iloc[0])[:40]
        raise TaskError(
            f"{int(shared.sum())} of {len(test)} test rows belong to groups of {task.group!r} that "
            f"training rows have, too, such as {example!r}; the {task.split} split promises that "
            "none does. Take them out of one part, or choose another split."
        )


def _check_later(train: pd.Series, test: pd.Series, task: TaskSpec) -> None:
    for part in (train, test):
        _check_times(part)
    early = int((test <= train.max()).sum())
    if early:
        raise TaskError(
            f"{early} of {len(test)} test rows are not later in {task.time!r} than all training "
            f"rows, which the {task.split} split promises. Take them out, or choose another split."
        )
