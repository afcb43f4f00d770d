"""The last step of a column: from Arrow to one of the five kinds that models get."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from modelling.datasets.arrays import EXACT_INTEGERS, hide, holds
from modelling.datasets.columns import findings
from modelling.datasets.columns.date_text import WrittenDates, compact_dates
from modelling.datasets.columns.names import names_date
from modelling.types import Finding


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """A finished column; ``missing`` counts its values that words stood for."""

    series: pd.Series
    findings: tuple[Finding, ...]
    missing: Counter[str]


def settled(name: str, values: pa.ChunkedArray, missing: tuple[str, ...]) -> Settled:
    """Return a column of a plain Arrow type as a uniform series.

    Parameters
    ----------
    values : pyarrow.ChunkedArray
        Booleans, whole numbers, float64, datetime64[us] or text.
    missing : tuple of str
        Words for "no value": compared as numbers, dates and booleans; texts are done already.
    """
    values, counts = _without(values, missing)
    kind = values.type
    found: tuple[Finding, ...] = ()
    if pa.types.is_integer(kind):
        values, found = _whole(name, values)
    elif pa.types.is_floating(kind):
        values, found = _finite(name, values)
    elif pa.types.is_boolean(kind) and values.null_count:
        values = pc.if_else(values, "True", "False")
    series = values.to_pandas().rename(name)
    if series.dtype == "object":
        # Without any rows, pandas 3.1 does not see that they would be text.
        series = series.astype("str")
    return Settled(series=series, findings=found, missing=counts)


def _whole(name: str, values: pa.ChunkedArray) -> tuple[pa.ChunkedArray, tuple[Finding, ...]]:
    dates = compact_dates(values) if names_date(name) else None
    if dates is not None:
        return dates, ()
    bounds = pc.min_max(values).as_py()
    low, high = bounds["min"] or 0, bounds["max"] or 0
    if not values.null_count and high < 2**63:
        return values.cast(pa.int64()), ()
    inexact = values.null_count and max(high, -low) > EXACT_INTEGERS
    if inexact and high < 2**63:
        why = "beside gaps they would lose their last digits as numbers"
        return values.cast(pa.string()), (findings.codes_kept_as_text(name, why),)
    return values.cast(pa.float64(), safe=False), ()


def _finite(name: str, values: pa.ChunkedArray) -> tuple[pa.ChunkedArray, tuple[Finding, ...]]:
    infinite = pc.is_inf(values)
    n_infinite = pc.sum(infinite).as_py() or 0
    if not n_infinite:
        return values, ()
    return hide(values, infinite), (findings.infinite_values(name, n_infinite),)


def _without(
    values: pa.ChunkedArray, words: tuple[str, ...]
) -> tuple[pa.ChunkedArray, Counter[str]]:
    """Return the values without those that ``words`` stand for, and how many each hid."""
    counts: Counter[str] = Counter()
    for word in dict.fromkeys(words):
        meant = _meant(word, values.type)
        if meant is None:
            continue
        hidden = pc.equal(values, meant)
        if holds(hidden):
            counts[word] = pc.sum(hidden).as_py()
            values = pc.if_else(pc.fill_null(hidden, False), pa.scalar(None, values.type), values)
    return values, counts


def _meant(word: str, kind: pa.DataType) -> pa.Scalar | None:
    """Return the value of this type that ``word`` stands for, or None if there is none."""
    if pa.types.is_boolean(kind):
        known = {"true": True, "false": False}
        return pa.scalar(known[word.lower()]) if word.lower() in known else None
    if pa.types.is_timestamp(kind):
        dates = WrittenDates.of(pa.chunked_array([[word]]))
        both = np.unique(np.concatenate([dates.day_first, dates.month_first]))
        possible = both[~np.isnat(both)]
        return pa.scalar(possible[0], kind) if len(possible) == 1 else None
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return _number(word, kind)
    return None


def _number(word: str, kind: pa.DataType) -> pa.Scalar | None:
    for text in (word, word.replace(",", ".")):
        for type_ in (kind, pa.float64()):
            try:
                # By way of float64, "-999.0" is the whole number -999.
                return pa.scalar(text).cast(type_).cast(kind)
            except pa.ArrowInvalid:
                continue
    return None
