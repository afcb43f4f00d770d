"""Drawing tables: tidy numbers, and text that no spreadsheet runs as a formula."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import streamlit as st

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: Any) -> Any:
    """Return text that a spreadsheet shows instead of running it; all else as it is."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


def safe_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose names and text cells are safe in a spreadsheet."""
    safe = frame.map(safe_cell)
    safe.columns = pd.Index([safe_cell(str(name)) for name in frame.columns])
    return safe


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """Return a table as CSV for a spreadsheet, with a mark that says UTF-8."""
    return safe_frame(frame).to_csv(index=False).encode("utf-8-sig")


def parquet_bytes(frame: pd.DataFrame) -> bytes:
    """Return a table as Parquet, its values as they are."""
    file = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), file, compression="zstd")
    return file.getvalue()


def show(
    frame: pd.DataFrame,
    *,
    key: str,
    alt: str,
    height: int | str = "content",
    scores: Sequence[str] = (),
    explained: Mapping[str, str] = MappingProxyType({}),
    widths: Mapping[str, int] = MappingProxyType({}),
) -> None:
    """Draw a table whose number formats follow the size of its numbers.

    ``scores`` are columns that share one format; ``explained`` has a help text by column,
    ``widths`` a width in pixels.
    """
    alike = _format(pd.concat([frame[name] for name in scores])) if scores else ""
    config: dict[str, Any] = {}
    for name in frame.columns:
        words = explained.get(name)
        if frame[name].dtype.kind == "f":
            form = alike if name in scores else _format(frame[name])
            config[name] = st.column_config.NumberColumn(format=form, help=words)
        else:
            config[name] = st.column_config.Column(help=words, width=widths.get(name))
    st.dataframe(
        safe_frame(frame),
        hide_index=True,
        key=key,
        alt=alt,
        height=height,  # type: ignore[arg-type]
        placeholder="–",
        column_config=config,
    )


def _format(values: pd.Series) -> str:
    """Return a format with four significant digits of the largest number."""
    largest = float(values.abs().max()) if values.notna().any() else 1.0
    if not math.isfinite(largest) or largest == 0:
        return "%.0f"
    decimals = max(0, 3 - math.floor(math.log10(largest)))
    return "localized" if largest >= 1000 and decimals == 0 else f"%.{min(decimals, 8)}f"
