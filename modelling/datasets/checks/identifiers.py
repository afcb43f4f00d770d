"""Checks of columns that name rows or things instead of describing them."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from modelling.datasets.checks.check import leave_out
from modelling.datasets.checks.evidence import MAX_CATEGORIES, Evidence
from modelling.datasets.columns.names import names_clock
from modelling.types import ColumnInfo, ColumnType, Finding, Role, Severity

# A short table says nothing about ids: 25 measured numbers may all differ.
MIN_ROWS = 30
# Categories of which most rows have their own: on average not even two rows to learn each from.
NEAR_ID_SHARE = 0.5
# A few deleted rows leave gaps in numbers that count the rows.
COUNTED_SHARE = 0.95


def identifier(evidence: Evidence) -> Iterator[Finding]:
    """Find columns that reading took for ids: nearly every row has its own value."""
    subject = evidence.subject
    for column in subject.columns:
        if column.role is not Role.ID or column.name in (
            subject.target,
            subject.group,
            subject.time,
        ):
            continue
        used = subject.target is not None and column.name in subject.features
        what = "is used as a feature" if used else "is left out unless you give it a role"
        yield Finding(
            code="identifier",
            severity=Severity.MEDIUM if used else Severity.LOW,
            column=column.name,
            message=f"{column.name} looks like an id ({column.n_distinct:,} different values in "
            f"{evidence.n_rows:,} rows) and {what}.",
            advice="Leave it out: a model can only learn rows by heart from it." if used else "",
            fix=leave_out(column.name) if used else None,
        )


def near_identifier(evidence: Evidence) -> Iterator[Finding]:
    """Find features that number the rows, and categories with a value for nearly each row."""
    for column in evidence.used:
        if column.role is Role.ID or column.name == evidence.subject.time:
            continue
        if _counts_rows(evidence, column):
            yield Finding(
                code="near_identifier",
                severity=Severity.MEDIUM,
                column=column.name,
                message=f"{column.name} numbers the rows: {column.n_distinct:,} different whole "
                f"numbers in {evidence.n_rows:,} rows, with next to no gaps.",
                advice="Leave it out, unless the order of the rows is what you know of new ones.",
                fix=leave_out(column.name),
            )
        elif column.type is ColumnType.CATEGORY and _is_mostly_distinct(evidence, column):
            yield Finding(
                code="near_identifier",
                severity=Severity.LOW,
                column=column.name,
                message=f"{column.name} has {column.n_distinct:,} different values in "
                f"{_n_present(evidence, column):,} rows, too few rows each to learn from.",
                advice="Leave it out, or replace it by what its values have in common.",
                fix=leave_out(column.name),
            )


def high_cardinality(evidence: Evidence) -> Iterator[Finding]:
    """Find categories with more values than `MAX_CATEGORIES`."""
    for column in evidence.used:
        is_category = column.type is ColumnType.CATEGORY and column.role is not Role.ID
        many = column.n_distinct > MAX_CATEGORIES
        if is_category and many and not _is_mostly_distinct(evidence, column):
            rows = _n_present(evidence, column) / column.n_distinct
            yield Finding(
                code="high_cardinality",
                severity=Severity.LOW,
                column=column.name,
                message=f"{column.name} has {column.n_distinct:,} categories, with about "
                f"{rows:,.0f} rows each.",
                advice="It is encoded by numbers that are learned inside the folds; leave it out "
                "if new rows will bring new categories.",
            )


def _counts_rows(evidence: Evidence, column: ColumnInfo) -> bool:
    if evidence.n_rows < MIN_ROWS or column.n_distinct < COUNTED_SHARE * evidence.n_rows:
        return False
    if names_clock(column.name):
        return False
    values = evidence.subject.frame[column.name]
    if not pd.api.types.is_integer_dtype(values.dtype):
        return False
    # Python's integers: the difference of two of 64 bits may not fit into 64 bits.
    span = int(values.max()) - int(values.min()) + 1
    return column.n_distinct >= COUNTED_SHARE * span


def _is_mostly_distinct(evidence: Evidence, column: ColumnInfo) -> bool:
    rows = _n_present(evidence, column)
    return rows >= MIN_ROWS and column.n_distinct > NEAR_ID_SHARE * rows


def _n_present(evidence: Evidence, column: ColumnInfo) -> int:
    return round((1.0 - column.missing_share) * evidence.n_rows)
