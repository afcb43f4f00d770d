"""Odd tables, each written in every format that can hold it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from modelling.types import ColumnType
from tests.datasets.corpus.entry import Case, Entry, Reads, Refused, in_words
from tests.datasets.corpus.formats import COLUMNAR, CORE, EXCEL, FORMATS, JSON, TEXT, Format, named
from tests.datasets.corpus.table import Cell, Table, plain

Expected = Reads | Refused
Made = tuple[Table, Expected]
CODES = ("0042", "0007", "1234", "0815")
HOSTILE_TEXTS = (
    '=HYPERLINK("http://example.org")',
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    ":red[x] $\\LaTeX$ {{x}} **b**",
    "'; DROP TABLE runs; --",
    "../../../../etc/passwd",
    "\u202egnp.exe",
    "👩‍👩‍👧 e\u0301",
)


def none() -> Made:
    return plain(), plain().reads()


def header_only() -> Made:
    return plain().head(0), Refused(says="no values|no rows|empty")


def one_column() -> Made:
    table = Table(names=("age",), columns=plain().columns[:1])
    return table, Refused(says="one column")


def one_row() -> Made:
    return plain(1), plain(1).reads()


def _odd(values: tuple[Cell, ...], type_: ColumnType | None = None, **expected: Any) -> Made:
    """Return the plain table with a column "odd", whose first value comes back as ``first``."""
    table = plain().plus("odd", values)
    first = expected.pop("first", values[0])
    types = {} if type_ is None else {"odd": type_}
    return table, table.reads(first={"odd": first}, types=types, **expected)


def duplicate_names() -> Made:
    table = plain().renamed("a", "a", "a", "b", "b")
    renamed = {"a_2": "a", "a_3": "a", "b_2": "b"}
    return table, table.reads(names=("a", "a_2", "a_3", "b", "b_2"), info={"renamed": renamed})


def unnamed_columns() -> Made:
    table = plain().renamed("age", "", "city", "", "plan")
    renamed = {"column_2": "", "column_4": ""}
    names = ("age", "column_2", "city", "column_4", "plan")
    return table, table.reads(names=names, info={"renamed": renamed})


def name_of_a_megabyte() -> Made:
    table = plain().renamed("n" * 2**20, *plain().names[1:])
    return table, table.reads(names=("n" * 119 + "…", *plain().names[1:]))


def hostile_names() -> Made:
    table = plain()
    for text in HOSTILE_TEXTS:
        table = table.plus(text, (1, 2))
    # What turns the direction of writing would turn the page around it.
    cleaned = tuple(name.lstrip("\u202e").replace("\u200d", " ") for name in table.names)
    return table, table.reads(names=cleaned)


def names_over_lines() -> Made:
    table = plain().renamed("age\nin\tyears", "income", "city\n", "since", "plan")
    return table, table.reads(names=("age in years", "income", "city", "since", "plan"))


def hostile_values() -> Made:
    return _odd(HOSTILE_TEXTS, ColumnType.CATEGORY)


def quoted_values() -> Made:
    values = ('a "b"\nc, d; e\tf|g', "it's", '"', "", "x,y;z", '""')
    return _odd(values, ColumnType.CATEGORY)


def value_of_a_megabyte() -> Made:
    return _odd(("v" * 2**20, *"abcdefghijklmnopqrstuvwxyz0123456789äöü"))


def integer_of_100_000_digits() -> Made:
    return _odd(("9" * 100_000, *(str(i) for i in range(39))), first="9" * 100_000)


def integers_beyond_2_53() -> Made:
    return _odd((2**53 + 1, 2**53 + 3, 2**62 + 1), ColumnType.NUMBER)


def integers_beyond_2_63() -> Made:
    return _odd((2**64 - 1, 2**63, 7), ColumnType.NUMBER, first=float(2**64))


def infinities() -> Made:
    return _odd((math.inf, -math.inf, 1.5, 2.5), ColumnType.NUMBER, first=None, told="infinite")


def not_a_number() -> Made:
    return _odd((math.nan, 1.5, 2.5, 4.25), ColumnType.NUMBER, first=None)


def missing_marks() -> Made:
    values = ("?", "1", "NA", "2", "-", "4", "", "8", " ", "9")
    return _odd(values, ColumnType.NUMBER, first=None)


def leading_zeros() -> Made:
    return _odd(CODES, ColumnType.CATEGORY)


def thousands_separators() -> Made:
    values = ("1,234,567.5", "2,500.25", "12,345.75", "999.5")
    return _odd(values, ColumnType.NUMBER, first=1234567.5)


def thousands_points() -> Made:
    values = ("1.234.567,5", "2.500,25", "12.345,75", "999,5")
    return _odd(values, ColumnType.NUMBER, first=1234567.5)


def currencies() -> Made:
    return _odd(("$ 1200.50", "$ 7.25", "$ 80.00"), ColumnType.NUMBER, first=1200.5)


def percents() -> Made:
    return _odd(("12.5 %", "7.25 %", "80.5 %"), ColumnType.NUMBER, first=12.5)


def dates_day_first() -> Made:
    day = pd.Timestamp(2026, 1, 31)
    return _odd(("31.01.2026", "01.02.2026", "28.12.2025"), ColumnType.DATE, first=day)


def dates_month_first() -> Made:
    day = pd.Timestamp(2026, 1, 31)
    return _odd(("01/31/2026", "02/01/2026", "12/28/2025"), ColumnType.DATE, first=day)


def moments_with_zones() -> Made:
    moment = pd.Timestamp(2026, 1, 1, 10, 30)
    values = ("2026-01-01T10:30:00Z", "2026-01-01T10:30:00+02:00", "2026-01-01T10:30:00.250-05:00")
    return _odd(values, ColumnType.DATE, first=moment)


def impossible_date() -> Made:
    return _odd(("2026-13-45", "2026-01-01", "2026-01-02"), ColumnType.CATEGORY)


def booleans() -> Made:
    return _odd((True, False, True), ColumnType.BOOLEAN)


def booleans_with_gaps() -> Made:
    return _odd((None, True, False), first=None)


def numbers_and_words() -> Made:
    return _odd(("12", "twelve", "13", "x"), ColumnType.CATEGORY)


def constant_column() -> Made:
    return _odd((7,), ColumnType.NUMBER)


def all_missing_column() -> Made:
    return _odd((None,))


def three_thousand_columns() -> Made:
    return _wide(3_000)


def hundred_thousand_columns() -> Made:
    return _wide(100_000)[0], Refused(says="columns")


def _wide(n_columns: int) -> Made:
    names = tuple(f"c{i}" for i in range(n_columns))
    table = Table(names=names, columns=tuple((i, i + 1, i) for i in range(n_columns)))
    return table, Reads(rows=3, columns=n_columns, first={"c0": 0, names[-1]: n_columns - 1})


def hundred_thousand_rows() -> Made:
    table = plain(100_000)
    return table, table.reads()


def zero_columns() -> Made:
    return Table(names=(), columns=()), Refused(says="no columns|empty|no rows|no values")


Fault = Callable[[], Made]


Rows = tuple[tuple[Fault, tuple[Format, ...]], ...]


def rows(faults: tuple[Fault, ...], formats: tuple[Format, ...]) -> Rows:
    """Return each of the faults with all of the formats."""
    return tuple((fault, formats) for fault in faults)


def core(*kinds: str) -> tuple[Format, ...]:
    return tuple(format_ for format_ in CORE if format_.kind in kinds)


ROWS: Rows = (
    (none, FORMATS),
    *rows((one_column, one_row, hostile_names, hostile_values), CORE),
    *rows((quoted_values, leading_zeros, missing_marks), CORE),
    *rows((dates_day_first, dates_month_first, moments_with_zones, impossible_date), CORE),
    *rows((booleans, booleans_with_gaps, numbers_and_words), CORE),
    *rows((constant_column, all_missing_column, integer_of_100_000_digits), CORE),
    *rows((name_of_a_megabyte, value_of_a_megabyte, names_over_lines), CORE),
    # Without rows JSON has no names; its keys do not repeat, and one that is empty is a name.
    *rows((header_only, duplicate_names, unnamed_columns), core(TEXT, EXCEL, COLUMNAR)),
    # Excel has neither infinities nor whole numbers beyond 2^53.
    *rows((integers_beyond_2_53, integers_beyond_2_63), core(TEXT, COLUMNAR, JSON)),
    *rows((infinities, not_a_number), core(TEXT, COLUMNAR, JSON)),
    # With the decimal sign of the format.
    *rows((currencies, percents, thousands_separators), named("csv comma", "csv tab", "xlsx")),
    (thousands_points, named("csv semicolon, decimal comma", "csv tab, decimal comma")),
    (three_thousand_columns, named(
        "csv comma", "csv in zst", "xlsx", "parquet snappy", "arrow file", "json records")),
    (hundred_thousand_columns, named("csv comma", "csv in zip", "parquet snappy", "json lines")),
    (hundred_thousand_rows, named(
        "csv comma", "csv semicolon, decimal comma", "csv in xz", "xlsx, shared strings",
        "parquet zstd", "feather zstd", "json lines", "json columns")),
    (zero_columns, named("parquet snappy", "arrow file", "arrow stream", "json lines")),
)  # fmt: skip


def _case(fault: Fault, format_: Format) -> Case:
    table, expected = fault()
    if isinstance(expected, Reads):
        expected = replace(expected, info={**format_.info, **expected.info})
    return Case(content=format_.write(table), expects=expected)


ENTRIES: tuple[Entry, ...] = tuple(
    Entry(
        fault=in_words(fault),
        format=format_.name,
        suffix=format_.suffix,
        make=partial(_case, fault, format_),
    )
    for fault, formats in ROWS
    for format_ in formats
)
