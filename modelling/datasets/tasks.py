"""From a table and the analyst's choices to a `TaskSpec` that holds together."""

from __future__ import annotations

import pandas as pd

from modelling.datasets.choices import TaskChoices
from modelling.datasets.features import choose_features
from modelling.datasets.splits import BY_GROUP, BY_TIME
from modelling.datasets.target import check_values, detect_kind, find_classes
from modelling.errors import SpecError, TaskError
from modelling.metrics import default_metric, metric, metrics_for
from modelling.types import (
    ClassWeight,
    ColumnType,
    DatasetRef,
    Role,
    SplitStrategy,
    TargetScale,
    TaskKind,
    TaskSpec,
)

MIN_ROWS = 30
_TARGET_WORDS = ("target", "label", "class", "outcome", "y", "fraud", "churn", "status", "default")
# What nobody would predict, as far as we can tell.
_NO_TARGET = (Role.IGNORE, Role.ID, Role.TEXT, Role.GROUP, Role.TIME)


def propose_target(ref: DatasetRef) -> str:
    """Return the column that is most likely the target: by its name, else the last one."""
    for word in _TARGET_WORDS:
        for column in ref.columns:
            if column.name.lower() == word:
                return column.name
    usable = [column for column in ref.columns if column.role not in _NO_TARGET]
    return (usable or list(ref.columns))[-1].name


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
        If the target cannot be learned as asked, or roles do not fit the columns or each other.
    SpecError
        If the metric is unknown or does not suit the task.
    """
    target = str(target_values.name)
    features = choose_features(ref, target, choices)
    present = target_values.dropna()
    if len(present) < MIN_ROWS:
        raise TaskError(
            f"{ref.name} has {len(present)} rows with a value in {target!r}; at least {MIN_ROWS} "
            "are needed for a locked test and folds. Bring more rows."
        )
    kind, classes, merged = _target(present, choices)
    split = choices.split or _default_split(kind, choices)
    _check_split(split, choices)
    return TaskSpec(
        target=target,
        kind=kind,
        metric=_metric_name(choices.metric, kind),
        features=features,
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
        text=_text(ref, features, choices.text),
        merged=merged,
        scale=choices.scale,
        test_column=choices.test_column,
        test_value=choices.test_value,
        class_weight=choices.class_weight,
        label_texts=_label_texts(choices.label_texts, classes),
    )


def _label_texts(given: tuple[tuple[str, str], ...], classes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the description of each class; one without a description has its name."""
    unknown = sorted({label for label, _ in given} - set(classes))
    if unknown:
        raise TaskError(
            f"There is no class {unknown[0]!r} to describe; the classes are {', '.join(classes)}."
        )
    texts = {label: " ".join(text.split()) for label, text in given}
    return tuple(texts.get(label) or label for label in classes) if any(texts.values()) else ()


def text_columns(ref: DatasetRef, task: TaskSpec) -> tuple[str, ...]:
    """Return the features that hold free text."""
    return _text(ref, task.features, task.text)


def _target(
    present: pd.Series, choices: TaskChoices
) -> tuple[TaskKind, tuple[str, ...], tuple[str, ...]]:
    """Return kind, classes and merged classes, or say why the target cannot be learned so."""
    target = str(present.name)
    if (choices.kind or detect_kind(present)) is TaskKind.REGRESSION:
        if choices.merge_below is not None:
            raise TaskError(
                f"Only classes can be merged, but {target!r} is to be learned as a number; leave "
                "merge_below open or choose a multiclass task."
            )
        if choices.class_weight is not ClassWeight.NONE:
            raise TaskError(
                f"Only classes can be weighted, but {target!r} is to be learned as a number; leave "
                "the class weights at none or choose a task with classes."
            )
        check_values(present, choices.scale)
        return TaskKind.REGRESSION, (), ()
    if choices.scale is not TargetScale.IDENTITY:
        raise TaskError(
            f"The scale '{choices.scale}' suits numbers, but {target!r} is to be learned as "
            "classes; leave the target as it is or choose regression."
        )
    return find_classes(
        present,
        choices.kind,
        folds=choices.folds,
        positive=choices.positive,
        merge_below=choices.merge_below,
    )


def _text(
    ref: DatasetRef, features: tuple[str, ...], chosen: tuple[str, ...] | None
) -> tuple[str, ...]:
    if chosen is not None:
        return tuple(name for name in features if name in chosen)
    of_text = {column.name for column in ref.columns if column.type is ColumnType.TEXT}
    return tuple(name for name in features if name in of_text)


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
    if split in BY_GROUP and not choices.group:
        raise TaskError(f"A {split} split needs a group column; choose one or another split.")
    if split in BY_TIME and not choices.time:
        raise TaskError(f"A {split} split needs a time column; choose one or another split.")
