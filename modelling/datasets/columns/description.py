"""What is in each column of a uniform table: type, counts, and the role that we propose."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from modelling.datasets.arrays import spread
from modelling.datasets.columns.roles import Seen, proposed
from modelling.datasets.wording import MAX_SHOWN_LENGTH
from modelling.types import ColumnInfo, ColumnType

N_TOP = 5
TEXT_PROBED = 2_000
# Free text has sentences: words of two letters or more, with blanks between them.
TEXT_MIN_WORDS = 4.0
TEXT_MIN_DISTINCT_SHARE = 0.3
_WORD = r"\s[^\s\pL]*\pL\pL"


def describe(frame: pd.DataFrame) -> tuple[ColumnInfo, ...]:
    """Return type, counts, and the proposed role with its reason of each column.

    Parameters
    ----------
    frame : pandas.DataFrame
        A uniform table, whose names differ.
    """
    counted = [_counted(frame[name]) for name in frame.columns]
    roles = proposed([seen for seen, _ in counted])
    return tuple(
        ColumnInfo(
            name=seen.name,
            type=seen.type,
            role=roles[seen.name][0],
            missing_share=seen.values.null_count / max(1, seen.n_rows),
            n_distinct=seen.n_distinct,
            top_values=top,
            reason=roles[seen.name][1],
        )
        for seen, top in counted
    )


def _counted(column: pd.Series) -> tuple[Seen, tuple[str, ...]]:
    values = _arrow(column)
    # Arrow tells -0.0 from 0.0.
    equal = pc.add(values, 0.0) if pa.types.is_floating(values.type) else values
    counts = equal.value_counts()
    counts = counts.filter(counts.field("values").is_valid())
    distinct, rows = counts.field("values"), np.asarray(counts.field("counts"))
    seen = Seen(
        column=column,
        values=values,
        type=_type(values, len(rows)),
        n_distinct=len(rows),
        top_count=int(rows.max(initial=0)),
    )
    return seen, tuple(
        str(value)[:MAX_SHOWN_LENGTH] for value in distinct.take(_most(rows)).to_pylist()
    )


def _most(rows: np.ndarray) -> pa.Array:
    """Return the positions of the largest counts, of equal ones the first."""
    enough = np.partition(rows, -N_TOP)[-N_TOP] if len(rows) > N_TOP else 0
    top = np.flatnonzero(rows >= enough)
    return pa.array(top[np.argsort(-rows[top], kind="stable")][:N_TOP])


def _arrow(column: pd.Series) -> pa.ChunkedArray:
    values = pa.array(column, from_pandas=True)
    return values if isinstance(values, pa.ChunkedArray) else pa.chunked_array([values])


def _type(values: pa.ChunkedArray, n_distinct: int) -> ColumnType:
    if pa.types.is_boolean(values.type):
        return ColumnType.BOOLEAN
    if pa.types.is_integer(values.type) or pa.types.is_floating(values.type):
        return ColumnType.NUMBER
    if pa.types.is_timestamp(values.type):
        return ColumnType.DATE
    return ColumnType.TEXT if _is_free_text(values, n_distinct) else ColumnType.CATEGORY


def _is_free_text(values: pa.ChunkedArray, n_distinct: int) -> bool:
    n_present = len(values) - values.null_count
    if n_distinct < TEXT_MIN_DISTINCT_SHARE * n_present or not n_distinct:
        return False
    # With a blank before the first word, too: "^" would match at the start of every match.
    text = pc.utf8_replace_slice(spread(values, TEXT_PROBED), 0, 0, " ")
    words = pc.count_substring_regex(text, _WORD)
    return bool(pc.mean(words).as_py() >= TEXT_MIN_WORDS)
