"""Columns that have a type already: from the many of Arrow to the few that are read on."""

from __future__ import annotations

from contextlib import suppress

import pyarrow as pa
import pyarrow.compute as pc

from modelling.datasets.arrays import hide, holds
from modelling.datasets.columns import findings
from modelling.datasets.columns.date_text import beyond_calendar
from modelling.types import Finding

_PER_SECOND = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}

Typed = tuple[pa.ChunkedArray, tuple[Finding, ...]]


def plain_type(name: str, values: pa.ChunkedArray) -> Typed:
    """Return a column as booleans, whole numbers, float64, datetime64[us] without zone, or text.

    What has no place among them (lists, structures) is printed.
    """
    values = _unwrapped(values)
    kind = values.type
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind):
        return values, ()
    if pa.types.is_decimal(kind):
        return _decimals(values), ()
    if pa.types.is_floating(kind):
        return values.cast(pa.float64()), ()
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return _moments(name, values)
    if pa.types.is_duration(kind):
        counts = values.cast(pa.int64()).cast(pa.float64(), safe=False)
        return pc.divide(counts, _PER_SECOND[kind.unit]), (findings.durations(name),)
    return _text(values), ()


def _unwrapped(values: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = values.type
    if isinstance(kind, pa.BaseExtensionType):
        return _unwrapped(
            pa.chunked_array([chunk.storage for chunk in values.chunks], kind.storage_type)
        )
    if pa.types.is_dictionary(kind):
        return _unwrapped(values.cast(kind.value_type))
    if pa.types.is_run_end_encoded(kind):
        return _unwrapped(values.cast(kind.value_type))
    return values


def _decimals(values: pa.ChunkedArray) -> pa.ChunkedArray:
    # Data bases give whole numbers, and ids, as decimals without a fraction.
    if values.type.scale <= 0:
        with suppress(pa.ArrowInvalid):
            return values.cast(pa.int64())
    return values.cast(pa.float64())


def _moments(name: str, values: pa.ChunkedArray) -> Typed:
    zone = getattr(values.type, "tz", None)
    found: tuple[Finding, ...] = () if zone is None else (findings.time_zones(name),)
    if pa.types.is_date(values.type):
        values = values.cast(pa.timestamp("s" if pa.types.is_date32(values.type) else "ms"))
    beyond = beyond_calendar(values)
    if holds(beyond):
        values = hide(values, beyond)
        found += (findings.impossible_dates(name, pc.sum(beyond).as_py()),)
    # Nanoseconds are cut off. Arrow keeps the moment and drops the zone: what is left is UTC.
    return values.cast(pa.timestamp("us"), safe=False), found


def _text(values: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = values.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return values
    try:
        text = values.cast(pa.large_string())
        return pc.replace_substring_regex(text, r"\.0+$", "") if pa.types.is_time(kind) else text
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        printed = [None if value is None else _printed(value) for value in values.to_pylist()]
        return pa.chunked_array([pa.array(printed, pa.large_string())])


def _printed(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)
