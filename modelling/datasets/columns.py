"""Columns: what their values are, made uniform, and the role that we propose for each."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from modelling.types import ColumnInfo, ColumnType, Finding, Role, Severity

TEXT_MIN_LENGTH = 30.0
TEXT_MIN_DISTINCT_SHARE = 0.5
ID_MIN_DISTINCT_SHARE = 0.95
MAX_SHOWN_LENGTH = 80
_DATE_LIKE = re.compile(
    r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$"
)
_DECIMAL_COMMA = re.compile(r"^[+-]?\d+(,\d+)?$")
_ID_NAME = re.compile(r"(?i:(^|[_\W])(id|uuid|guid|key))$|[a-z](ID|Id)$")


def uniform(
    frame: pd.DataFrame, *, decimal_comma: bool = False
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Return ``frame`` with five kinds of columns only, and what had to be changed for it.

    Numbers are int64 or float64 without infinities, booleans without missing values are bool,
    dates are datetime64 without zone, all else is text.

    Parameters
    ----------
    decimal_comma : bool
        Whether text such as "1,5" is a number.
    """
    columns: dict[str, pd.Series] = {}
    findings: list[Finding] = []
    for name in frame.columns:
        columns[name], found = _uniform_column(frame[name], decimal_comma)
        findings.extend(found)
    return pd.DataFrame(columns), tuple(findings)


def describe(column: pd.Series, *, target: bool = False) -> ColumnInfo:
    """Return type, proposed role and counts of one uniform column."""
    kind = _column_type(column)
    n_distinct = int(column.nunique())
    return ColumnInfo(
        name=str(column.name),
        type=kind,
        role=Role.TARGET if target else _role(column, kind, n_distinct),
        missing_share=float(column.isna().mean()) if len(column) else 0.0,
        n_distinct=n_distinct,
        top_values=tuple(
            str(value)[:MAX_SHOWN_LENGTH] for value in column.value_counts().head(5).index
        ),
    )


def _uniform_column(column: pd.Series, decimal_comma: bool) -> tuple[pd.Series, list[Finding]]:
    name = str(column.name)
    if pd.api.types.is_bool_dtype(column.dtype) and not column.isna().any():
        return column.astype(bool), []
    if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
        return _uniform_number(column)
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return _without_zone(column), []
    text = column.astype("object").where(column.notna(), None)
    text = text.map(_printed).astype("str")
    number = _as_number(text, decimal_comma)
    if number is not None:
        uniform_number, found = _uniform_number(number)
        blanks = int(text.notna().sum() - number.notna().sum())
        message = f"{name} holds numbers written as text; they are read as numbers"
        if blanks:
            message += f", and {blanks} blank value{'s' if blanks > 1 else ''} as missing"
        finding = Finding(
            code="numbers_as_text", severity=Severity.LOW, column=name, message=message + "."
        )
        return uniform_number, [finding, *found]
    date = _as_date(text)
    return (text, []) if date is None else (date, [])


def _uniform_number(column: pd.Series) -> tuple[pd.Series, list[Finding]]:
    integer = pd.api.types.is_integer_dtype(column.dtype)
    if integer and not column.isna().any() and column.max() <= np.iinfo("int64").max:
        return column.astype("int64"), []
    values = column.astype("float64")
    infinite = np.isinf(values)
    if not infinite.any():
        return values, []
    finding = Finding(
        code="infinite_values",
        severity=Severity.MEDIUM,
        column=str(column.name),
        message=f"{column.name} holds {int(infinite.sum())} infinite values; read as missing.",
    )
    return values.mask(infinite), [finding]


def _printed(value: object) -> str | None:
    # NumPy leaves out the middle of a long list; two different ones must not print the same.
    return None if value is None else str(value.tolist() if hasattr(value, "tolist") else value)


def _as_number(text: pd.Series, decimal_comma: bool) -> pd.Series | None:
    stripped = text.dropna().str.strip()
    stripped = stripped[stripped != ""]
    if decimal_comma and stripped.str.match(_DECIMAL_COMMA).all():
        stripped = stripped.str.replace(",", ".", regex=False)
    # "0042" is a code, not a number: it would lose its zeros.
    if stripped.empty or stripped.str.match(r"^[+-]?0\d").any():
        return None
    numbers = pd.to_numeric(stripped, errors="coerce")
    return None if numbers.isna().any() else numbers.astype("float64").reindex(text.index)


def _as_date(text: pd.Series) -> pd.Series | None:
    present = text.dropna()
    if present.empty or not present.head(200).str.match(_DATE_LIKE).all():
        return None
    dates = pd.to_datetime(text, format="ISO8601", errors="coerce", utc=True)
    return None if dates[text.notna()].isna().any() else _without_zone(dates)


def _without_zone(dates: pd.Series) -> pd.Series:
    if getattr(dates.dtype, "tz", None) is not None:
        dates = dates.dt.tz_convert("UTC").dt.tz_localize(None)
    return dates.astype("datetime64[us]")


def _column_type(column: pd.Series) -> ColumnType:
    if pd.api.types.is_bool_dtype(column.dtype):
        return ColumnType.BOOLEAN
    if pd.api.types.is_numeric_dtype(column.dtype):
        return ColumnType.NUMBER
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return ColumnType.DATE
    present = column.dropna()
    if present.empty:
        return ColumnType.CATEGORY
    long = present.str.len().mean() >= TEXT_MIN_LENGTH
    spaced = present.str.contains(" ", regex=False).mean() > 0.5
    varied = present.nunique() / len(present) >= TEXT_MIN_DISTINCT_SHARE
    return ColumnType.TEXT if long and spaced and varied else ColumnType.CATEGORY


def _role(column: pd.Series, kind: ColumnType, n_distinct: int) -> Role:
    if n_distinct <= 1 or is_identifier(column, kind, n_distinct):
        return Role.IGNORE
    return Role.FEATURE


def is_identifier(column: pd.Series, kind: ColumnType, n_distinct: int) -> bool:
    """Whether nearly every row has a value of its own that says nothing about the next row."""
    if len(column) < 20 or n_distinct < ID_MIN_DISTINCT_SHARE * len(column):
        return False
    if kind is ColumnType.CATEGORY:
        return True
    whole = pd.api.types.is_integer_dtype(column.dtype)
    return kind is ColumnType.NUMBER and whole and bool(_ID_NAME.search(str(column.name)))
