"""Drawing tables: tidy numbers, and text that no spreadsheet runs as a formula."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import streamlit as st

_ROW_PX = 35
_BORDER_PX = 2
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


# Suffix of a file -> (its name, who writes it).
FORMS: dict[str, tuple[str, Callable[[pd.DataFrame], bytes]]] = {
    "csv": ("CSV", csv_bytes),
    "parquet": ("Parquet", parquet_bytes),
}


def numbers(values: Iterable[float | None]) -> pd.Series:
    """Return a column of numbers, whatever is missing in it."""
    return pd.Series(list(values), dtype="float64")


def rounded(values: np.ndarray) -> np.ndarray:
    """Return numbers with about five significant digits of the largest of them."""
    largest = float(np.abs(values).max(initial=0.0))
    if not math.isfinite(largest) or largest == 0:
        return values
    return np.round(values, max(0, 4 - math.floor(math.log10(largest))))


def height_of(n_rows: int) -> int:
    """Return the height in pixels of a table with that many rows, filled or not."""
    return _ROW_PX * (n_rows + 1) + _BORDER_PX


def show(
    frame: pd.DataFrame,
    *,
    key: str,
    alt: str,
    height: int | str = "content",
    scores: Sequence[str] = (),
    explained: Mapping[str, str] = MappingProxyType({}),
    widths: Mapping[str, int] = MappingProxyType({}),
    pinned: Sequence[str] = (),
    on_select: Callable[[], None] | None = None,
    greyed: Sequence[bool] = (),
) -> None:
    """Draw a table whose number formats follow the size of its numbers.

    ``scores`` are columns that share one format; ``explained`` has a help text by column,
    ``widths`` a width in pixels; ``pinned`` columns stay when the rest is scrolled. With
    ``on_select`` one row can be selected; ``st.session_state[key]`` says which. Rows that are
    ``greyed`` cannot be used now.
    """
    alike = _format(pd.concat([frame[name] for name in scores])) if scores else ""
    config: dict[str, Any] = {}
    for name in frame.columns:
        common: dict[str, Any] = {
            "help": explained.get(name),
            "width": widths.get(name),
            "pinned": name in pinned or None,
        }
        if frame[name].dtype.kind == "f":
            form = alike if name in scores else _format(frame[name])
            config[name] = st.column_config.NumberColumn(format=form, **common)
        else:
            config[name] = st.column_config.Column(**common)
    more: dict[str, Any] = {}
    if on_select is not None:
        more = {"on_select": on_select, "selection_mode": "single-row"}
    st.dataframe(
        _grey(safe_frame(frame), greyed),
        hide_index=True,
        key=key,
        alt=alt,
        height=height,  # type: ignore[arg-type]
        placeholder="–",
        column_config=config,
        **more,
    )


def _grey(frame: pd.DataFrame, greyed: Sequence[bool]) -> Any:
    """Return a table whose marked rows are in grey, which reads on light and dark."""
    if not any(greyed):
        return frame
    grey = np.where(np.asarray(greyed)[:, None], "color: #8a8f98", "")
    styles = pd.DataFrame(
        np.broadcast_to(grey, frame.shape), index=frame.index, columns=frame.columns
    )
    return frame.style.apply(lambda _: styles, axis=None)


def _format(values: pd.Series) -> str:
    """Return a format with four significant digits of the largest number."""
    largest = float(values.abs().max()) if values.notna().any() else 1.0
    if not math.isfinite(largest) or largest == 0:
        return "%.0f"
    decimals = max(0, 3 - math.floor(math.log10(largest)))
    return "localized" if largest >= 1000 and decimals == 0 else f"%.{min(decimals, 8)}f"
