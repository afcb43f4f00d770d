"""From a table and the analyst's choices to a `TaskSpec` that holds together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from modelling.errors import SpecError, TaskError
from modelling.metrics import default_metric, metric, metrics_for
from modelling.types import (
    ColumnType,
    DatasetRef,
    Role,
    SplitStrategy,
    TargetScale,
    TaskKind,
    TaskSpec,
)

MIN_ROWS = 30
MAX_CLASSES = 50
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
_TARGET_WORDS = ("target", "label", "class", "outcome", "y", "fraud", "churn", "status", "default")


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskChoices:
    """What the analyst chose; None stands for "as proposed".

    ``keep`` are columns that we would leave out and the analyst wants as features; ``text`` are
    the features that hold free text. Classes of fewer than ``merge_below`` rows become one.
    """

    target: str | None = None
    kind: TaskKind | None = None
    metric: str | None = None
    positive: str | None = None
    group: str | None = None
    time: str | None = None
    stake: str | None = None
    drop: tuple[str, ...] = ()
    split: SplitStrategy | None = None
    test_share: float = 0.25
    folds: int = 5
    seed: int = 0
    margin: float | None = None
    keep: tuple[str, ...] = ()
    text: tuple[str, ...] | None = None
    merge_below: int | None = None
    scale: TargetScale = TargetScale.IDENTITY
    test_column: str | None = None
    test_value: str | None = None

    def overrides(self) -> dict[str, Any]:
        """Return what differs from the defaults, by name."""
        default = TaskChoices()
        chosen = ((name, getattr(self, name)) for name in self.__slots__)
        return {name: value for name, value in chosen if value != getattr(default, name)}


def propose_target(ref: DatasetRef) -> str:
    """Return the column that is most likely the target: by its name, else the last one."""
    for word in _TARGET_WORDS:
        for column in ref.columns:
            if column.name.lower() == word:
                return column.name
    usable = [column for column in ref.columns if column.role is not Role.IGNORE]
    return (usable or list(ref.columns))[-1].name


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


def make_task(ref: DatasetRef, target_values: pd.Series, choices: TaskChoices) -> TaskSpec:
    """Check ``choices`` against the data and fill in what was left open.

    Parameters
    ----------
    ref : DatasetRef
        The table.
    target_values : pandas.Series, shape (n_rows,)
        The column that `choices.target` names.
    choices : TaskChoices
        What the analyst chose.

    Raises
    ------
    TaskError
        If the target cannot be learned as asked, or a role names no column.
    """
    target = str(target_values.name)
    roles = (("the group", choices.group), ("the time", choices.time), ("the stake", choices.stake))
    for role, name in (*roles, *(("leaving out", name) for name in choices.drop)):
        if name is not None:
            require_column(ref, name, role)
    _check_role_types(ref, choices)
    present = target_values.dropna()
    if len(present) < MIN_ROWS:
        raise TaskError(
            f"{ref.name} has {len(present)} rows with a value in {target!r}; at least {MIN_ROWS} "
            "are needed for a locked test and folds. Bring more rows."
        )
    kind = choices.kind or detect_kind(present)
    classes = _classes(present, kind, choices)
    split = choices.split or _default_split(kind, choices)
    _check_split(split, choices)
    return TaskSpec(
        target=target,
        kind=kind,
        metric=_metric_name(choices.metric, kind),
        features=_features(ref, target, choices),
        classes=classes,
        group=choices.group,
        time=choices.time,
        stake=choices.stake,
        dropped=choices.drop,
        split=split,
        test_share=choices.test_share,
        folds=choices.folds,
        seed=choices.seed,
        margin=choices.margin,
    )


def _check_role_types(ref: DatasetRef, choices: TaskChoices) -> None:
    ordered = (ColumnType.DATE, ColumnType.NUMBER)
    for role, name, types, expected in (
        ("time", choices.time, ordered, "dates such as 2026-01-31, or numbers"),
        ("stake", choices.stake, (ColumnType.NUMBER,), "numbers"),
    ):
        column = None if name is None else ref.column(name)
        if column is not None and column.type not in types:
            raise TaskError(
                f"The {role} column {column.name!r} holds {column.type} values; expected "
                f"{expected}. Choose another column or leave the role open."
            )


def require_column(ref: DatasetRef, name: str, role: str) -> None:
    """Raise a TaskError that names the columns there are, unless ``name`` is one of them."""
    if ref.column(name) is None:
        raise TaskError(f"There is no column {name!r} for {role}; {known_columns(ref)}")


def known_columns(ref: DatasetRef) -> str:
    """Return the sentence that names the columns there are."""
    names = [column.name for column in ref.columns]
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return f"the columns of {ref.name} are {', '.join(names[:12])}{more}."


def _classes(present: pd.Series, kind: TaskKind, choices: TaskChoices) -> tuple[str, ...]:
    target = str(present.name)
    if kind is TaskKind.REGRESSION:
        if not pd.api.types.is_numeric_dtype(present.dtype):
            raise TaskError(
                f"The target {target!r} holds text, but regression needs numbers; choose another "
                "target or a classification task."
            )
        if present.nunique() < 2:
            raise TaskError(f"The target {target!r} has one value only; there is nothing to learn.")
        return ()
    counts = class_labels(present).value_counts()
    if len(counts) < 2:
        raise TaskError(
            f"The target {target!r} has one class only ({counts.index[0]!r}); expected at least "
            "two. Choose another target or add rows of the other class."
        )
    if kind is TaskKind.BINARY and len(counts) != 2:
        raise TaskError(f"A binary task needs two classes; {target!r} has {len(counts)}.")
    if len(counts) > MAX_CLASSES:
        raise TaskError(
            f"The target {target!r} has {len(counts)} classes; at most {MAX_CLASSES} are handled. "
            "Merge rare classes, or choose regression if it is a number."
        )
    rare = counts[counts < 2 * choices.folds]
    if len(rare):
        raise TaskError(
            f"Class {rare.index[0]!r} of {target!r} has {int(rare.iloc[0])} rows; each class needs "
            f"at least {2 * choices.folds} for {choices.folds} folds and a locked test. Merge or "
            "remove it, or use fewer folds."
        )
    return _ordered(counts, kind, choices.positive, target)


def _ordered(
    counts: pd.Series, kind: TaskKind, positive: str | None, target: str
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


def class_labels(values: pd.Series) -> pd.Series:
    """Return the values as labels: whole numbers without a decimal point, all else as printed."""
    # Value by value: a test file may hold only some of the classes, or gaps that made it float.
    if pd.api.types.is_float_dtype(values.dtype):
        values = values.map(lambda value: str(int(value)) if value % 1 == 0 else str(value))
    return values.astype("str")


def _metric_name(name: str | None, kind: TaskKind) -> str:
    if name is None:
        return default_metric(kind).name
    chosen = metric(name)
    if kind not in chosen.tasks:
        fitting = ", ".join(spec.name for spec in metrics_for(kind))
        raise SpecError(f"{name} is no metric for a {kind} task; choose one of {fitting}.")
    return name


def _default_split(kind: TaskKind, choices: TaskChoices) -> SplitStrategy:
    if choices.group:
        return SplitStrategy.GROUP
    if choices.time:
        return SplitStrategy.TIME
    return SplitStrategy.STRATIFIED if kind.is_classification else SplitStrategy.RANDOM


def _check_split(split: SplitStrategy, choices: TaskChoices) -> None:
    if split in (SplitStrategy.GROUP, SplitStrategy.TIME_AND_GROUP) and not choices.group:
        raise TaskError(f"A {split} split needs a group column; choose one or another split.")
    if split in (SplitStrategy.TIME, SplitStrategy.TIME_AND_GROUP) and not choices.time:
        raise TaskError(f"A {split} split needs a time column; choose one or another split.")


def _features(ref: DatasetRef, target: str, choices: TaskChoices) -> tuple[str, ...]:
    # A stake or time column still is a feature; ids, groups and constants are not.
    out = {target, choices.group, *choices.drop}
    features = tuple(
        column.name
        for column in ref.columns
        if column.name not in out
        and (column.role is not Role.IGNORE or column.name in (choices.time, choices.stake))
        and column.n_distinct > 1
    )
    if not features:
        raise TaskError(
            f"No column of {ref.name} is left to learn {target!r} from; expected at least one "
            "that is no id, no constant and not dropped."
        )
    return features


def text_columns(ref: DatasetRef, task: TaskSpec) -> tuple[str, ...]:
    """Return the features that hold free text."""
    return tuple(
        column.name
        for column in ref.columns
        if column.type is ColumnType.TEXT and column.name in task.features
    )
