"""The check of groups: rows that belong together and would lie on both sides of a random split.

A group is a thing, such as a patient, with few rows of its own; a category such as a plan is a
property with many. More rows bring new things, but hardly new properties. What makes a group of a
column is therefore its name or role, or many values with few rows each, along which the target
(and, unless that is decided, several other columns) hardly change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from modelling.datasets.checks.check import percent
from modelling.datasets.checks.evidence import Evidence
from modelling.datasets.checks.likeness import agreement, likeness, standardised
from modelling.datasets.columns.names import entity_tier, words
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

# What counts as many values with few rows each, without a name that says so (ours).
MIN_GROUPS = 10
MANY_GROUPS = 30
MIN_GROUP_ROWS = 1.5
MAX_GROUP_ROWS = 50.0
# Kappa of two rows of a group: 0.2 is where agreement is called fair, 0.8 almost perfect (Landis
# and Koch, Biometrics 33, 1977). Deciding groups agree in 95 % of their pairs besides.
ALIKE = 0.2
DECIDES = 0.8
DECIDES_SHARE = 0.95
# Standard errors that chance does not pass in hundreds of columns.
ERRORS = 4.0
# A thing has constant properties: two columns at least, and a quarter of all (ours).
CONSTANT_KAPPA = 0.99
MIN_CONSTANT = 2
MIN_CONSTANT_SHARE = 0.25
MAX_COMPARED = 200
MAX_REPORTED = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Grouping:
    """A column that may be a group; ``codes`` (n_rows,) are those of the labelled rows.

    ``kappa`` is how alike two rows of a group are in the target; ``share`` and ``chance`` are how
    often two rows of a group, and any two rows, are of one class (for numbers: their correlation).
    """

    column: ColumnInfo
    codes: np.ndarray
    is_named: bool
    kappa: float
    is_chance: bool
    share: float
    chance: float

    @property
    def decides(self) -> bool:
        """Whether who knows the group knows the target."""
        return self.kappa >= DECIDES and self.share >= DECIDES_SHARE


def group_structure(evidence: Evidence) -> Iterator[Finding]:
    """Find columns whose values are things that the split puts on both sides."""
    subject = evidence.subject
    if evidence.truth is None or subject.split in BY_TIME:
        return
    parts = standardised(evidence.truth.codes, evidence.truth.ranks)
    groupings = [_grouping(evidence, column, parts) for column in _candidates(evidence)]
    found = [(_severity(evidence, grouping), grouping) for grouping in groupings]
    told = _kept_together(evidence)
    n_before = len(told)
    for severity, grouping in sorted(found, key=_rank):
        known = any(_is_nested(grouping.codes, other) for other in told)
        if severity is None or known or len(told) - n_before == MAX_REPORTED:
            continue
        told.append(grouping.codes)
        yield _finding(evidence, grouping, severity)


def _candidates(evidence: Evidence) -> list[ColumnInfo]:
    subject = evidence.subject
    out = {subject.target, subject.time, *subject.text, *evidence.copies}
    if subject.split is SplitStrategy.GROUP:
        out.add(subject.group)
    used = {subject.group, *(column.name for column in evidence.used)}
    return [
        column
        for column in subject.columns
        if column.name not in out
        and column.type in (ColumnType.CATEGORY, ColumnType.NUMBER)
        and (column.name in used or column.role in (Role.GROUP, Role.ID))
        and column.n_distinct >= MIN_GROUPS
        and _rows_each(evidence, column) >= MIN_GROUP_ROWS
        and (_is_named(column) or _is_many(evidence, column))
    ]


def _grouping(evidence: Evidence, column: ColumnInfo, parts: np.ndarray) -> Grouping:
    is_number = column.type is ColumnType.NUMBER
    codes = pd.factorize(evidence.labelled_values(column.name), sort=is_number)[0]
    named = _is_named(column)
    if is_number and not named and not _is_numbering(evidence, column):
        # Copied rows repeat every number; only repetitions in different rows make a group.
        codes = np.where(evidence.repeats, -1, codes)
    alike = likeness(codes, parts)
    # Numbers whose neighbours are as alike are a measure, not names.
    smooth = max(alike.nearby, 0.0) if is_number and not named else 0.0
    kappa, share, chance = alike.within - smooth, alike.within, 0.0
    if evidence.truth is not None and evidence.truth.codes is not None:
        share, chance = agreement(codes, evidence.truth.codes)
    return Grouping(
        column=column,
        codes=codes,
        is_named=named,
        kappa=kappa,
        is_chance=alike.is_chance(ERRORS),
        share=share,
        chance=chance,
    )


def _severity(evidence: Evidence, grouping: Grouping) -> Severity | None:
    if grouping.is_chance:
        return Severity.LOW if grouping.column.role is Role.GROUP else None
    if grouping.decides:
        return Severity.HIGH
    if grouping.kappa >= ALIKE and (grouping.is_named or _has_constants(evidence, grouping)):
        return Severity.MEDIUM
    return Severity.LOW if grouping.is_named else None


def _finding(evidence: Evidence, grouping: Grouping, severity: Severity) -> Finding:
    name, target = grouping.column.name, evidence.subject.target
    how = f"{target} of two rows with the same {name} correlates by {grouping.kappa:.2f}"
    if len(evidence.class_counts):
        how = (
            f"two rows with the same {name} have the same {target} in {percent(grouping.share)} "
            f"of all cases, any two rows in {percent(grouping.chance)}"
        )
    return Finding(
        code="group_structure",
        severity=severity,
        column=name,
        message=f"{name} has {grouping.column.n_distinct:,} values with about "
        f"{_rows_each(evidence, grouping.column):,.1f} rows each, which the split puts on both "
        f"sides; {how}.",
        advice=f"Split by {name} if the model will meet new ones.",
        fix=Fix(kind=FixKind.ROLE, label=f"Split by {name}", column=name, values=(Role.GROUP,)),
    )


def _has_constants(evidence: Evidence, grouping: Grouping) -> bool:
    """Whether several other columns are the same in all rows of a group."""
    out = (grouping.column.name, *evidence.subject.text)
    others = [column.name for column in evidence.used if column.name not in out][:MAX_COMPARED]
    n_constant = 0
    for name in others:
        values = pd.factorize(evidence.labelled_values(name), use_na_sentinel=False)[0]
        share, chance = agreement(grouping.codes, values)
        n_constant += share - chance >= CONSTANT_KAPPA * (1.0 - chance) > 0.0
    return n_constant >= max(MIN_CONSTANT, MIN_CONSTANT_SHARE * len(others))


def _kept_together(evidence: Evidence) -> list[np.ndarray]:
    """Return the groups of a split by group."""
    group = evidence.subject.group
    if group is None or evidence.subject.split is not SplitStrategy.GROUP:
        return []
    return [pd.factorize(evidence.labelled_values(group))[0]]


def _is_nested(first: np.ndarray, second: np.ndarray) -> bool:
    """Whether the one tells the other: each of its values goes with one value of the other."""
    both = (first >= 0) & (second >= 0)
    first, second = first[both], second[both]
    if not len(first):
        return False
    n_pairs = len(np.unique(first * (int(second.max()) + 1) + second))
    return n_pairs == max(len(np.unique(first)), len(np.unique(second)))


def _rank(found: tuple[Severity | None, Grouping]) -> tuple[int, bool, bool, int]:
    """Order by severity, then by how much a column looks like the name of a thing."""
    severity, grouping = found
    column = grouping.column
    place = len(Severity) if severity is None else severity.rank
    is_number = column.type is ColumnType.NUMBER
    return place, not grouping.is_named, is_number, column.n_distinct


def _is_named(column: ColumnInfo) -> bool:
    by_role = column.role in (Role.GROUP, Role.ID)
    return by_role or entity_tier(column.name) is not None or "group" in words(column.name)


def _is_many(evidence: Evidence, column: ColumnInfo) -> bool:
    return column.n_distinct >= MANY_GROUPS and _rows_each(evidence, column) <= MAX_GROUP_ROWS


def _is_numbering(evidence: Evidence, column: ColumnInfo) -> bool:
    """Whether the values are whole numbers without gaps, as things are numbered."""
    values = evidence.subject.frame[column.name]
    if not pd.api.types.is_integer_dtype(values.dtype):
        return False
    return int(values.max()) - int(values.min()) + 1 == column.n_distinct


def _rows_each(evidence: Evidence, column: ColumnInfo) -> float:
    return (1.0 - column.missing_share) * evidence.n_rows / max(column.n_distinct, 1)
