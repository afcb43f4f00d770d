"""What two models answered on the same locked rows, and which rows they answer differently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelling.metrics.predictions import labels_of
from modelling.types import Change, TaskKind

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Answers:
    """The answers of some models on the same rows.

    ``rows`` (n,) are positions in the data set; ``truth`` (n,) holds class codes or values;
    ``predicted`` has, by the label of a model, probabilities (n, K) or values (n,). ``classes`` are
    the K labels, none for a regression.
    """

    kind: TaskKind
    rows: NDArray[np.int64]
    truth: NDArray[Any]
    classes: tuple[str, ...]
    predicted: Mapping[str, FloatArray]

    def labels(self, model: str) -> NDArray[np.int64]:
        """Return the most probable class (n,) of each row, of equally probable ones the first."""
        return labels_of(self.predicted[model])

    def errors(self, model: str) -> FloatArray:
        """Return the errors (n,) of a regression, answer minus truth, in units of the target."""
        return np.asarray(self.predicted[model] - self.truth, dtype=np.float64)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ChangedRows:
    """Row by row, what becomes of a base's answers with a candidate.

    ``changes`` (n,) holds positions in ``tuple(Change)``. ``gains`` (n,) is how much better the
    candidate answers: of classes 1, 0 or -1, right minus right; of a regression the absolute error
    that it saves, in units of the target. ``differences`` (n,) is how far the two answers lie
    apart. A row of a regression counts as right if it is off by at most ``tolerance``, the median
    absolute error of the base.
    """

    base: str
    candidate: str
    changes: NDArray[np.int64]
    gains: FloatArray
    differences: FloatArray
    tolerance: float | None

    @property
    def counts(self) -> dict[Change, int]:
        """Rows by what became of them."""
        found = np.bincount(self.changes, minlength=len(Change))
        return {change: int(found[place]) for place, change in enumerate(Change)}

    def rows_with(self, change: Change) -> NDArray[np.int64]:
        """Return the places of such rows, those first whose answers differ most."""
        places = np.flatnonzero(self.changes == tuple(Change).index(change))
        return places[np.argsort(-self.differences[places], kind="stable")]


def changed_rows(answers: Answers, base: str, candidate: str) -> ChangedRows:
    """Return what becomes of each row when ``candidate`` answers instead of ``base``."""
    if answers.kind.is_classification:
        was_right = answers.labels(base) == answers.truth
        is_right = answers.labels(candidate) == answers.truth
        gains = is_right.astype(np.float64) - was_right
        apart = np.abs(answers.predicted[candidate] - answers.predicted[base]).max(axis=1)
        tolerance = None
    else:
        was, now = np.abs(answers.errors(base)), np.abs(answers.errors(candidate))
        tolerance = float(np.median(was))
        was_right, is_right = was <= tolerance, now <= tolerance
        gains = was - now
        apart = np.abs(answers.predicted[candidate] - answers.predicted[base])
    return ChangedRows(
        base=base,
        candidate=candidate,
        changes=_changes(was_right, is_right),
        gains=gains,
        differences=np.asarray(apart, dtype=np.float64),
        tolerance=tolerance,
    )


def _changes(was_right: NDArray[np.bool_], is_right: NDArray[np.bool_]) -> NDArray[np.int64]:
    order = tuple(Change)
    changes = np.full(len(was_right), order.index(Change.BOTH_RIGHT))
    changes[~was_right & is_right] = order.index(Change.FIXED)
    changes[was_right & ~is_right] = order.index(Change.BROKEN)
    changes[~was_right & ~is_right] = order.index(Change.BOTH_WRONG)
    return changes
