"""What we would choose for a table, before the analyst says anything."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from modelling.datasets.choices import TaskChoices
from modelling.datasets.features import require_column
from modelling.datasets.samples import sample
from modelling.datasets.stored import read_column
from modelling.datasets.target import class_labels, detect_kind
from modelling.datasets.tasks import make_task, propose_target
from modelling.errors import TaskError
from modelling.types import DatasetRef, Role


def proposed_choices(ref: DatasetRef, path: Path, target: str | None) -> TaskChoices:
    """Return the sample's own task, or what the target (default: the likeliest) suggests.

    Group, time and stake are the columns that were proposed for them. The positive class stays
    open where the data do not make a task as they are.

    Parameters
    ----------
    path : Path
        The stored table.

    Raises
    ------
    TaskError
        If there is no column ``target``.
    """
    if ref.sample is not None and target in (None, sample(ref.sample).target):
        return sample(ref.sample).choices()
    chosen = target or propose_target(ref)
    require_column(ref, chosen, "the target")
    values = read_column(path, chosen)
    choices = TaskChoices(
        target=chosen,
        kind=detect_kind(values),
        group=_proposed(ref, Role.GROUP, chosen),
        time=_proposed(ref, Role.TIME, chosen),
        stake=_proposed(ref, Role.STAKE, chosen),
    )
    with suppress(TaskError):
        choices = replace(choices, positive=make_task(ref, values, choices).positive)
    return choices


def labels_of(path: Path, target: str) -> tuple[str, ...]:
    """Return the labels of a classification target, in order."""
    return tuple(sorted(class_labels(read_column(path, target).dropna()).unique()))


def _proposed(ref: DatasetRef, role: Role, target: str) -> str | None:
    names = (column.name for column in ref.columns if column.role is role)
    return next((name for name in names if name != target), None)
