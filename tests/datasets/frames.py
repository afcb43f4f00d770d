"""Frames as they are stored, and what would be known of them: without reading a file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from modelling.types import ColumnInfo, ColumnType, DatasetRef, Finding, ReadInfo, Role


def column_of(values: pd.Series, role: Role = Role.FEATURE) -> ColumnInfo:
    """Return what is known of one column; text has to be named as such by its role."""
    if pd.api.types.is_bool_dtype(values.dtype):
        kind = ColumnType.BOOLEAN
    elif pd.api.types.is_numeric_dtype(values.dtype):
        kind = ColumnType.NUMBER
    elif pd.api.types.is_datetime64_any_dtype(values.dtype):
        kind = ColumnType.DATE
    else:
        kind = ColumnType.TEXT if role is Role.TEXT else ColumnType.CATEGORY
    return ColumnInfo(
        name=str(values.name),
        type=kind,
        role=role,
        missing_share=float(values.isna().mean()),
        n_distinct=int(values.nunique()),
    )


def ref_of(
    frame: pd.DataFrame,
    findings: tuple[Finding, ...] = (),
    name: str = "table.csv",
    **roles: Role,
) -> DatasetRef:
    """Return what would be known of ``frame``; ``roles`` names columns that are no features."""
    return DatasetRef(
        id="d",
        name=name,
        n_rows=len(frame),
        columns=tuple(column_of(frame[n], roles.get(n, Role.FEATURE)) for n in frame.columns),
        read=ReadInfo(format="csv"),
        findings=findings,
    )


def stored(
    folder: Path, frame: pd.DataFrame, findings: tuple[Finding, ...] = (), **roles: Role
) -> tuple[DatasetRef, Path]:
    """Write ``frame`` as a stored table and return what is known of it, and where it lies."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "table.parquet"
    frame.to_parquet(path, index=False)
    return ref_of(frame, findings, **roles), path
