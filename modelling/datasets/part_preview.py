"""One part of a split in figures: what is shown of it before the test is locked."""

from __future__ import annotations

import numpy as np
import pandas as pd

from modelling.datasets.problem import encode_target
from modelling.datasets.splits import group_codes
from modelling.datasets.target import class_labels, labels_under
from modelling.types import PartPreview, TaskSpec

_QUARTILES = (0.0, 0.25, 0.5, 0.75, 1.0)


def part_preview(name: str, rows: pd.DataFrame, task: TaskSpec) -> PartPreview:
    """Return the figures of one part.

    Parameters
    ----------
    rows : pandas.DataFrame
        Its rows, with the columns of target, group and time.
    """
    first, last = (None, None) if task.time is None else _ends(rows[task.time])
    target, is_class = rows[task.target], task.kind.is_classification
    return PartPreview(
        name=name,
        n_rows=len(rows),
        classes=_class_shares(target, task) if is_class else {},
        quartiles=() if is_class else _quartiles(target, task),
        first=first,
        last=last,
        n_groups=None if task.group is None else len(np.unique(group_codes(rows[task.group]))),
    )


def _class_shares(target: pd.Series, task: TaskSpec) -> dict[str, float]:
    counts = labels_under(target, task).value_counts()
    return {label: int(counts.get(label, 0)) / len(target) for label in task.classes}


def _quartiles(target: pd.Series, task: TaskSpec) -> tuple[float, ...]:
    return tuple(float(value) for value in np.quantile(encode_target(target, task), _QUARTILES))


def _ends(times: pd.Series) -> tuple[str | None, str | None]:
    """Return the first and the last moment as printed, or None if no row has one."""
    present = times.dropna()
    if present.empty:
        return None, None
    first, last = class_labels(pd.Series([present.min(), present.max()]))
    return str(first), str(last)
