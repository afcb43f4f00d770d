"""What is worth knowing about a table before a minute is spent on it.

A check warns; it never drops anything by itself.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from modelling.datasets.columns import is_identifier
from modelling.types import ColumnInfo, ColumnType, Finding, Severity

# Models compute in float64, which holds every whole number up to here.
EXACT_INTEGERS = 2**53

Check = Callable[[pd.DataFrame, tuple[ColumnInfo, ...]], list[Finding]]


def _constant(_: pd.DataFrame, columns: tuple[ColumnInfo, ...]) -> list[Finding]:
    def finding(column: ColumnInfo) -> Finding:
        empty = column.n_distinct == 0
        what = "has no value in any row" if empty else "has the same value in every row"
        return Finding(
            code="all_missing" if empty else "constant",
            severity=Severity.LOW,
            column=column.name,
            message=f"{column.name} {what}; it is left out.",
        )

    return [finding(column) for column in columns if column.n_distinct <= 1]


def _identifiers(frame: pd.DataFrame, columns: tuple[ColumnInfo, ...]) -> list[Finding]:
    return [
        Finding(
            code="identifier",
            severity=Severity.MEDIUM,
            column=column.name,
            message=f"{column.name} looks like an id (nearly every row has its own value); "
            "it is left out unless you give it a role.",
        )
        for column in columns
        if column.n_distinct > 1
        and is_identifier(frame[column.name], column.type, column.n_distinct)
    ]


def _duplicates(frame: pd.DataFrame, columns: tuple[ColumnInfo, ...]) -> list[Finding]:
    features = [column.name for column in columns if column.type is not ColumnType.TEXT]
    count = int(frame.duplicated(subset=features or None).sum())
    if count < 0.01 * len(frame) or count == 0:
        return []
    return [
        Finding(
            code="duplicate_rows",
            severity=Severity.MEDIUM,
            message=f"{count:,} of {len(frame):,} rows repeat an earlier row exactly; copies in "
            "both training and test rows make scores too good. Remove them if they are accidents.",
        )
    ]


def _mostly_missing(_: pd.DataFrame, columns: tuple[ColumnInfo, ...]) -> list[Finding]:
    return [
        Finding(
            code="mostly_missing",
            severity=Severity.LOW,
            column=column.name,
            message=f"{column.name} is missing in {column.missing_share:.0%} of the rows.",
        )
        for column in columns
        if 0.5 < column.missing_share < 1.0
    ]


def _large_integers(frame: pd.DataFrame, columns: tuple[ColumnInfo, ...]) -> list[Finding]:
    return [
        Finding(
            code="large_integers",
            severity=Severity.LOW,
            column=column.name,
            message=f"{column.name} holds whole numbers beyond {EXACT_INTEGERS:,}; models cannot "
            "tell neighbours apart. If they are ids, leave the column out.",
        )
        for column in columns
        if pd.api.types.is_integer_dtype(frame[column.name].dtype)
        and not frame[column.name].between(-EXACT_INTEGERS, EXACT_INTEGERS).all()
    ]


CHECKS: tuple[Check, ...] = (
    _constant,
    _identifiers,
    _duplicates,
    _mostly_missing,
    _large_integers,
)
