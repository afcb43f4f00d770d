"""Parquet and Arrow files with types that no CSV has."""

from __future__ import annotations

import datetime as dt
import decimal
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pyarrow as pa

from modelling.types import ColumnType
from tests.datasets.corpus.entry import Case, Entry, Expectation, Reads, Refused, Survives, in_words
from tests.datasets.corpus.formats import Format, arrow, named
from tests.datasets.corpus.table import FIRST_ROW, plain

MOMENT = pd.Timestamp(2026, 1, 31, 10, 30)
NUMBER, DATE, CATEGORY = ColumnType.NUMBER, ColumnType.DATE, ColumnType.CATEGORY
Made = tuple[pa.Table, Expectation]


def _beside_plain(values: Sequence[object] | pa.Array) -> pa.Table:
    """Return the plain table with a column "odd" of ``values``, repeated down to the last row."""
    array = values if isinstance(values, pa.Array) else pa.array(values)
    rows = pa.array([i % len(array) for i in range(plain().n_rows)])
    return arrow(plain()).append_column("odd", array.take(rows))


def _simple(
    values: Sequence[object] | pa.Array, first: object, type_: ColumnType | None = None
) -> tuple[pa.Table, Reads]:
    table = _beside_plain(values)
    types = {} if type_ is None else {"odd": type_}
    names = tuple(table.column_names)
    return table, plain().reads(names=names, first={"odd": first}, types=types)


def _nested(values: Sequence[object] | pa.Array) -> Made:
    """Nested values may be printed or divided into columns; the other columns must not suffer."""
    return _beside_plain(values), Reads(rows=plain().n_rows, first=FIRST_ROW)


# Values in values ---------------------------------------------------------------------------


def struct() -> Made:
    return _nested([{"street": "Weg 1", "zip": 1010}, {"street": "Ring 2", "zip": 2020}])


def struct_in_struct() -> Made:
    return _nested([{"a": {"b": {"c": 1}}}, {"a": {"b": {"c": 2}}}, None])


def struct_with_the_name_of_a_column() -> Made:
    """Divided into columns it would collide with what is there."""
    table, reads = _nested([{"x": 1}, {"x": 2}])
    return table.append_column("odd.x", table["age"]), reads


def lists() -> Made:
    return _nested([[1, 2], [], None, [3]])


def lists_of_structs() -> Made:
    return _nested([[{"item": "a", "n": 1}], [{"item": "b", "n": 2}, {"item": "c", "n": 3}]])


def maps() -> Made:
    return _nested(pa.array([[("k", 1)], [("l", 2)]], pa.map_(pa.string(), pa.int64())))


def deeply_nested() -> Made:
    type_: pa.DataType = pa.int64()
    for _ in range(20):
        type_ = pa.list_(type_)
    return _nested(pa.nulls(2, type_))


# Numbers ------------------------------------------------------------------------------------


def decimal_128() -> Made:
    values = [decimal.Decimal("1.50"), decimal.Decimal("2.25"), None]
    return _simple(pa.array(values, pa.decimal128(20, 2)), 1.5, NUMBER)


def decimal_256() -> Made:
    values = [decimal.Decimal(10) ** 60, decimal.Decimal(1)]
    return _simple(pa.array(values, pa.decimal256(70, 2)), 1e60, NUMBER)


def half_floats() -> Made:
    return _simple(pa.array(np.array([1.5, 2.5], "float16")), 1.5, NUMBER)


def integers_with_gaps() -> Made:
    return _simple([7, None, 9], 7, NUMBER)


def large_integers_with_gaps() -> Made:
    """As floats they would become others, so they stay what they were written as."""
    table, reads = _simple([2**53 + 1, None, 2**53 + 3], str(2**53 + 1), CATEGORY)
    return table, replace(reads, told="digits")


def unsigned() -> Made:
    return _simple(pa.array([255, 2], pa.uint8()), 255, NUMBER)


# Time ---------------------------------------------------------------------------------------


def days() -> Made:
    return _simple([dt.date(2026, 1, 31), dt.date(1, 1, 1)], pd.Timestamp(2026, 1, 31), DATE)


def moments_in_a_zone() -> Made:
    values = pa.array([MOMENT.tz_localize("UTC")], pa.timestamp("us", "Europe/Berlin"))
    return _simple(values, MOMENT, DATE)


def moments_in_an_unknown_zone() -> Made:
    table = _beside_plain(pa.array([MOMENT], pa.timestamp("us", "Mars/Olympus")))
    return table, Reads(rows=plain().n_rows, first=FIRST_ROW)


def moments_beyond_nanoseconds() -> Made:
    late = dt.datetime(9999, 12, 31, 23, 59, 59)  # noqa: DTZ001 - a moment without zone is meant
    return _simple([late, MOMENT.to_pydatetime()], pd.Timestamp(late), DATE)


def times_of_day() -> Made:
    return _simple([dt.time(1, 2), dt.time(3, 4)], "01:02:00", CATEGORY)


def durations() -> Made:
    return _beside_plain([dt.timedelta(days=1), dt.timedelta(days=2)]), Reads(
        rows=plain().n_rows, names=(*plain().names, "odd"), first=FIRST_ROW
    )


def months_days_nanoseconds() -> Made:
    return _nested(pa.array([(1, 2, 3), (4, 5, 6)], pa.month_day_nano_interval()))


# Texts and bytes ----------------------------------------------------------------------------


def dictionary() -> Made:
    return _simple(pa.array(["x", "y", None, "x"]).dictionary_encode(), "x", CATEGORY)


def dictionary_of_numbers() -> Made:
    return _simple(pa.array([10, 20, None]).dictionary_encode(), 10, NUMBER)


def large_strings() -> Made:
    return _simple(pa.array(["x", "y"], pa.large_string()), "x", CATEGORY)


def string_views() -> Made:
    views = pa.array(["x", "a text longer than twelve"] * 20, pa.string_view())
    table = arrow(plain()).append_column("odd", views)
    return table, plain().reads(names=tuple(table.column_names), first={"odd": "x"})


def raw_bytes() -> Made:
    return _nested([b"\xff\0x", b"y"])


def text_that_is_not_utf_8() -> Made:
    """Arrow believes a file that calls bytes text; one that is damaged may be refused."""
    bad = pa.array([b"\xff\xfe", b"ok"]).view(pa.string())
    offsets, data = bad.buffers()[1:]
    repeated = pa.StringArray.from_buffers(2, offsets, data)
    table = arrow(plain().head(2)).append_column("odd", repeated)
    return table, Survives()


def uuids() -> Made:
    values = [uuid.UUID(int=number).bytes for number in range(1, 41)]
    return _nested(pa.ExtensionArray.from_storage(pa.uuid(), pa.array(values, pa.binary(16))))


def unknown_extension_type() -> Made:
    """A type that only its maker's library knows is read as what it is stored as."""
    marks = {b"ARROW:extension:name": b"made.up", b"ARROW:extension:metadata": b"cos\nsystem\n"}
    table = _beside_plain([1, 2])
    schema = table.schema.set(5, pa.field("odd", pa.int64(), metadata=marks))
    names = tuple(table.column_names)
    return table.cast(schema), plain().reads(names=names, first={"odd": 1})


def run_ends() -> Made:
    runs = pa.RunEndEncodedArray.from_arrays(pa.array([20, 40]), pa.array([1.5, 2.5]))
    table = arrow(plain()).append_column("odd", runs)
    return table, plain().reads(names=tuple(table.column_names), first={"odd": 1.5})


def unions() -> Made:
    union = pa.UnionArray.from_sparse(
        pa.array([0, 1] * 20, pa.int8()), [pa.array(range(40)), pa.array(["x"] * 40)]
    )
    return arrow(plain()).append_column("odd", union), Reads(rows=40, first=FIRST_ROW)


# Around the values --------------------------------------------------------------------------


def index_of_pandas() -> Made:
    frame = arrow(plain()).to_pandas().set_index("city")
    table = pa.Table.from_pandas(frame)
    return table, plain().reads(names=("age", "income", "since", "plan", "city"))


def lying_metadata() -> Made:
    """What pandas once wrote beside the table is a hint, not the truth."""
    marks = {b"pandas": b'{"columns": [{"name": "no such"}], "index_columns": ["__lost__"]}'}
    return arrow(plain()).replace_schema_metadata(marks), plain().reads()


def metadata_of_a_megabyte() -> Made:
    return arrow(plain()).replace_schema_metadata({b"k": b"x" * 2**20}), plain().reads()


def many_chunks() -> Made:
    table = arrow(plain(2_000))
    parts = [table.slice(start, 10) for start in range(0, 2_000, 10)]
    return pa.concat_tables(parts), plain(2_000).reads()


def only_nulls() -> Made:
    table = pa.table({name: pa.nulls(40) for name in plain().names})
    return table, Refused(says="no values")


Fault = Callable[[], Made]
EVERYWHERE: tuple[Fault, ...] = (
    struct, struct_in_struct, struct_with_the_name_of_a_column, lists, lists_of_structs, maps,
    decimal_128, half_floats, integers_with_gaps, large_integers_with_gaps, days,
    moments_in_a_zone, moments_in_an_unknown_zone, moments_beyond_nanoseconds, times_of_day,
    durations, dictionary, dictionary_of_numbers, large_strings, raw_bytes, uuids,
    unknown_extension_type, index_of_pandas, lying_metadata, many_chunks, only_nulls,
    text_that_is_not_utf_8,
)  # fmt: skip
PARQUET_ONLY: tuple[Fault, ...] = (decimal_256, unsigned, metadata_of_a_megabyte, deeply_nested)
ARROW_ONLY: tuple[Fault, ...] = (string_views, months_days_nanoseconds, run_ends, unions)


def _case(fault: Fault, format_: Format) -> Case:
    table, expected = fault()
    return Case(content=format_.write(table), expects=expected)


def _entries(faults: tuple[Fault, ...], formats: tuple[Format, ...]) -> list[Entry]:
    return [
        Entry(
            fault=in_words(fault),
            format=format_.name,
            suffix=format_.suffix,
            make=partial(_case, fault, format_),
        )
        for fault in faults
        for format_ in formats
    ]


ENTRIES: tuple[Entry, ...] = (
    *_entries(EVERYWHERE, named("parquet zstd", "arrow file")),
    *_entries(PARQUET_ONLY, named("parquet zstd")),
    *_entries(ARROW_ONLY, named("arrow file")),
)
