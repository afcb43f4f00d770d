"""The target: its kind, its classes as labels, and what about it cannot be learned."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from modelling.errors import TaskError
from modelling.types import OTHER_CLASS, TargetScale, TaskKind, TaskSpec

MAX_CLASSES = 50
# Predictions are kept as float32, and errors are squared: far below the largest of either.
MAX_VALUE = 1e30
_POSITIVE_WORDS = {
    "true",
    "yes",
    "1",
    "positive",
    "bad",
    "fraud",
    "churn",
    "churned",
    "default",
    "y",
}


def detect_kind(target: pd.Series) -> TaskKind:
    """Return the task that the values of ``target`` suggest.

    Two values are binary; text, and up to 20 whole numbers, are classes; the rest is regression.
    """
    present = target.dropna()
    n_distinct = present.nunique()
    if n_distinct == 2:
        return TaskKind.BINARY
    if not pd.api.types.is_numeric_dtype(present.dtype):
        return TaskKind.MULTICLASS
    whole = bool((present % 1 == 0).all())
    return TaskKind.MULTICLASS if whole and n_distinct <= 20 else TaskKind.REGRESSION


def class_labels(values: pd.Series) -> pd.Series:
    """Return the values as labels: whole numbers without a decimal point, all else as printed.

    Missing values stay missing.
    """
    codes, distinct = pd.factorize(values)
    labels = pd.Series(distinct)
    # Value by value: a test file may hold only some of the classes, or gaps that made it float.
    if pd.api.types.is_float_dtype(labels.dtype):
        labels = labels.map(lambda value: str(int(value)) if value % 1 == 0 else str(value))
    # The missing ones have code -1, the last place.
    printed = np.array([*labels.astype("str"), None], dtype="object")
    return pd.Series(printed[codes], index=values.index, name=values.name, dtype="str")


def labels_under(values: pd.Series, task: TaskSpec) -> pd.Series:
    """Return the labels of ``values`` as the task knows them: rare classes under one name.

    Where classes were merged, one that the task does not know is rare, too.
    """
    labels = class_labels(values)
    return _merge(labels, task.classes) if task.merged else labels


def find_classes(
    present: pd.Series,
    kind: TaskKind | None,
    *,
    folds: int,
    positive: str | None = None,
    merge_below: int | None = None,
) -> tuple[TaskKind, tuple[str, ...], tuple[str, ...]]:
    """Return kind, classes in the order of the probability columns, and the merged ones.

    Parameters
    ----------
    present : pandas.Series, shape (n_rows,)
        The target of the rows that have one.
    kind : TaskKind or None
        None stands for binary or multiclass, whichever the classes make.
    folds : int
        Each class needs two rows for each.
    positive : str, optional
        The positive class of a binary task; it is never merged.
    merge_below : int, optional
        Classes of fewer rows become `OTHER_CLASS`.

    Raises
    ------
    TaskError
        If there are too few or too many classes, or a class has too few rows.
    """
    target = str(present.name)
    labels = class_labels(present)
    counts = before = labels.value_counts()
    merged = _rare_classes(before, target, positive, merge_below)
    if merged:
        counts = _merge(labels, set(map(str, before.index)) - set(merged)).value_counts()
    kind = kind or (TaskKind.BINARY if len(counts) == 2 else TaskKind.MULTICLASS)
    _check_number(counts, target, kind)
    _check_rare(counts, target, folds, merge_threshold(before.tolist(), folds))
    return kind, _ordered(counts, target, kind, positive), merged


def merge_threshold(counts: Sequence[int], folds: int) -> int | None:
    """Return the least ``merge_below`` that leaves no class too rare, or None if there is none.

    No class that has rows enough is ever given up for it.

    Examples
    --------
    >>> merge_threshold([500, 40, 8, 7], folds=5)  # 8 + 7 rows are enough for 5 folds
    9
    >>> merge_threshold([500, 40, 8], folds=5)  # one class alone cannot be merged

    """
    needed, ascending = 2 * folds, sorted(counts)
    together = 0
    for n_merged, count in enumerate(ascending, start=1):
        if count >= needed:
            return None
        together += count
        rest = ascending[n_merged:]
        if n_merged >= 2 and together >= needed and rest and rest[0] >= max(needed, count + 1):
            return count + 1
    return None


def check_values(present: pd.Series, scale: TargetScale) -> None:
    """Raise a TaskError unless ``present`` are numbers that a regression can learn."""
    target = str(present.name)
    if not pd.api.types.is_numeric_dtype(present.dtype):
        held = "dates" if pd.api.types.is_datetime64_any_dtype(present.dtype) else "text"
        raise TaskError(
            f"The target {target!r} holds {held}, but regression needs numbers; choose another "
            "target or a classification task."
        )
    if present.nunique() < 2:
        raise TaskError(f"The target {target!r} has one value only; there is nothing to learn.")
    check_size(present)
    if scale is TargetScale.LOG and float(present.min()) < 0.0:
        raise TaskError(
            f"The target {target!r} goes down to {float(present.min()):g}, but a logarithm needs "
            "values of zero or more; choose the rank scale, or leave the target as it is."
        )


def check_size(present: pd.Series) -> None:
    """Raise a TaskError if a number is too large to be squared and summed up."""
    largest = float(np.abs(present.to_numpy(dtype="float64")).max())
    if not largest <= MAX_VALUE:
        raise TaskError(
            f"The target {present.name!r} holds values as large as {largest:g}; at most "
            f"{MAX_VALUE:g} are handled. Divide it by a power of ten, or correct those rows."
        )


def _merge(labels: pd.Series, kept: Collection[str]) -> pd.Series:
    return labels.where(labels.isin(list(kept)) | labels.isna(), OTHER_CLASS)


def _rare_classes(
    counts: pd.Series, target: str, positive: str | None, merge_below: int | None
) -> tuple[str, ...]:
    """Return the classes to merge; of two classes, none is."""
    if merge_below is None or len(counts) <= 2:
        return ()
    few = (str(label) for label in counts.index[counts < merge_below])
    rare = tuple(sorted(label for label in few if label != positive))
    if len(rare) == len(counts):
        raise TaskError(
            f"All classes of {target!r} have fewer than {merge_below} rows; merged, there is "
            "nothing left to tell apart. Merge below a smaller number."
        )
    if len(rare) == 1 and OTHER_CLASS not in counts.index:
        raise TaskError(
            f"Of the classes of {target!r} only {rare[0]!r} has fewer than {merge_below} rows, and "
            "merging takes two. Merge below a larger number, or remove its rows."
        )
    return rare


def _check_number(counts: pd.Series, target: str, kind: TaskKind) -> None:
    if len(counts) < 2:
        raise TaskError(
            f"The target {target!r} has one class only ({counts.index[0]!r}); expected at least "
            "two. Choose another target or add rows of the other class."
        )
    if kind is TaskKind.BINARY and len(counts) != 2:
        raise TaskError(
            f"A binary task needs two classes; {target!r} has {len(counts)}. Choose a multiclass "
            "task."
        )
    if len(counts) > MAX_CLASSES:
        raise TaskError(
            f"The target {target!r} has {len(counts)} classes; at most {MAX_CLASSES} are handled. "
            "Merge rare classes, or choose regression if it is a number."
        )


def _check_rare(counts: pd.Series, target: str, folds: int, threshold: int | None) -> None:
    rare = counts[counts < 2 * folds]
    if rare.empty:
        return
    merge = f"Merge the classes of fewer than {threshold} rows into one"
    cure = "Bring more of them" if threshold is None else merge
    raise TaskError(
        f"Class {str(rare.index[0])!r} of {target!r} has {int(rare.iloc[0])} rows; each class "
        f"needs at least {2 * folds} for {folds} folds and a locked test. {cure}, remove them, or "
        "use fewer folds."
    )


def _ordered(
    counts: pd.Series, target: str, kind: TaskKind, positive: str | None
) -> tuple[str, ...]:
    labels = sorted(map(str, counts.index))
    if kind is not TaskKind.BINARY:
        return tuple(labels)
    if positive is None:
        words = [label for label in labels if label.lower() in _POSITIVE_WORDS]
        positive = words[0] if len(words) == 1 else str(counts.index[-1])
    elif positive not in labels:
        raise TaskError(
            f"{positive!r} is no class of {target!r}; choose {labels[0]!r} or {labels[1]!r}."
        )
    return tuple(sorted(labels, key=lambda label: label == positive))
