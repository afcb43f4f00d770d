"""The check of time: dates that a random split reads both ways."""

from __future__ import annotations

from collections.abc import Iterator

from modelling.datasets.checks.evidence import Evidence
from modelling.datasets.checks.strength import Truth
from modelling.datasets.columns.names import names_moment
from modelling.datasets.splits import BY_TIME
from modelling.types import (
    ColumnInfo,
    ColumnType,
    Finding,
    Fix,
    FixKind,
    Role,
    Severity,
    SplitStrategy,
)

# The target drifts if the date alone predicts it better than that: an AUC of 0.55, a rank R2 of
# 0.02 (ours), and better than a column without meaning could.
MIN_AUC = 0.05
MIN_R2 = 0.02


def time_structure(evidence: Evidence) -> Iterator[Finding]:
    """Find the date along which the target changes most, where rows are not split by time."""
    subject, truth = evidence.subject, evidence.truth
    if truth is None or subject.split in BY_TIME:
        return
    drifts = {column: evidence.strength(column.name) for column in _dates(evidence)}
    known = {column: score for column, score in drifts.items() if score is not None}
    if not known:
        return
    column = max(known, key=lambda column: (_tells_when(evidence, column), known[column]))
    drifts_away = known[column] - truth.chance >= _least(truth)
    # A birthday is a property of the row, and groups may be all that new rows differ in.
    grave = _tells_when(evidence, column) and subject.split is not SplitStrategy.GROUP
    if not drifts_away and not grave:
        return
    name, target = column.name, subject.target
    what = f"{target} does not change with it"
    if drifts_away:
        figure = f"{truth.measure} of the date alone: {known[column]:.2f}"
        what = f"{target} changes with it ({figure})"
    yield Finding(
        code="time_structure",
        severity=Severity.MEDIUM if drifts_away and grave else Severity.LOW,
        column=name,
        message=f"{name} is a date, {what}, and the split does not respect it.",
        advice="If the model will predict later rows than it learned from, split by time.",
        fix=Fix(
            kind=FixKind.ROLE, label=f"Split by the time {name}", column=name, values=(Role.TIME,)
        ),
    )


def _dates(evidence: Evidence) -> list[ColumnInfo]:
    return [
        column
        for column in evidence.used
        if (column.type is ColumnType.DATE or _tells_when(evidence, column))
        # Rows without a date cannot be put in order.
        and column.missing_share == 0.0
        and column.type in (ColumnType.DATE, ColumnType.NUMBER)
    ]


def _tells_when(evidence: Evidence, column: ColumnInfo) -> bool:
    """Whether it says when a row happened, rather than some date of its subject."""
    by_role = column.role is Role.TIME or column.name == evidence.subject.time
    return by_role or (column.type is ColumnType.DATE and names_moment(column.name))


def _least(truth: Truth) -> float:
    return max(MIN_R2 if truth.codes is None else MIN_AUC, truth.noise())
