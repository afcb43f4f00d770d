"""Tables as the readers hand them on, made uniform."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow as pa

from modelling.datasets.columns.uniform import Uniform, uniform
from modelling.types import ReadOptions


def from_text(
    columns: dict[str, list[str | None]], delimiter: str = ",", **options: Any
) -> Uniform:
    """Return columns of a text file as they are read."""
    table = pa.table({name: pa.array(texts, pa.string()) for name, texts in columns.items()})
    return uniform(table, options=ReadOptions(**options), delimiter=delimiter)


def from_typed(columns: dict[str, Any], **options: Any) -> Uniform:
    """Return columns of a format with types as they are read."""
    return uniform(pa.table(columns), options=ReadOptions(**options))


def column(texts: list[str | None], delimiter: str = ",", **options: Any) -> pd.Series:
    """Return the only column, "a", of a text file as it is read."""
    return from_text({"a": texts}, delimiter, **options).frame["a"]


def values(series: pd.Series) -> list[Any]:
    """Return the values with None for missing."""
    return [None if pd.isna(value) else value for value in series.tolist()]


def codes(made: Uniform) -> list[tuple[str, str | None]]:
    """Return code and column of each finding."""
    return [(finding.code, finding.column) for finding in made.findings]
