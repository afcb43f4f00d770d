"""JSON that is odd, hostile, or no table."""

from __future__ import annotations

import json
from collections.abc import Callable

from modelling.types import ColumnType
from tests.datasets.corpus.entry import Case, Entry, Expectation, Reads, Refused, Survives, in_words
from tests.datasets.corpus.formats import as_json, json_lines, json_records, records
from tests.datasets.corpus.table import FIRST_ROW, plain

TABLE = plain().reads()


def _text(text: str, expects: Expectation) -> Case:
    return Case(content=text.encode(), expects=expects)


def _rows_with(odd: str) -> str:
    """Return the plain records, with ``odd`` written just so into the first of them."""
    first, *rest = (json.dumps(record, default=str) for record in records(plain()))
    return "[" + ", ".join([first[:-1] + f', "odd": {odd}}}', *rest]) + "]"


def _odd(written: str, **expected: object) -> Case:
    reads = plain().reads(names=(*plain().names, "odd"), **expected)
    return _text(_rows_with(written), reads)


# Tables -------------------------------------------------------------------------------------


def indented() -> Case:
    content = json.dumps(records(plain()), default=str, indent=4).encode()
    return Case(content=content, expects=TABLE)


def marked() -> Case:
    return Case(content=b"\xef\xbb\xbf" + json_records(plain()), expects=TABLE)


def utf_16() -> Case:
    return Case(content=json_records(plain()).decode().encode("utf-16"), expects=TABLE)


def lines_with_blanks() -> Case:
    return Case(content=json_lines(plain()).replace(b"\n", b"\r\n\r\n"), expects=TABLE)


def lines_without_last_end() -> Case:
    return Case(content=json_lines(plain()).rstrip(), expects=TABLE)


def one_record_a_line_in_an_array() -> Case:
    lines = json_lines(plain()).rstrip().replace(b"\n", b",\n")
    return Case(content=b"[\n" + lines + b"\n]\n", expects=TABLE)


def missing_keys() -> Case:
    rows = records(plain())
    del rows[3]["income"], rows[5]["plan"]
    return Case(content=as_json(rows), expects=TABLE)


def keys_that_appear_late() -> Case:
    rows = records(plain())
    rows[30]["late"] = 7
    reads = plain().reads(names=(*plain().names, "late"), first={"late": None})
    return Case(content=as_json(rows), expects=reads)


def keys_in_another_order() -> Case:
    rows = records(plain())
    turned = [rows[0], *(dict(reversed(row.items())) for row in rows[1:])]
    return Case(content=as_json(turned), expects=TABLE)


def nested_records() -> Case:
    rows = [{**row, "at": {"lat": 1.5 + i, "lon": 2.5}} for i, row in enumerate(records(plain()))]
    return Case(content=as_json(rows), expects=Reads(rows=40, first=FIRST_ROW))


def lists_in_records() -> Case:
    rows = [{**row, "tags": ["a", "b"][: i % 3]} for i, row in enumerate(records(plain()))]
    return Case(content=as_json(rows), expects=Reads(rows=40, first=FIRST_ROW))


def mixed_types() -> Case:
    values = (1, "one", True, 2.5)
    rows = [{**row, "odd": values[i % 4]} for i, row in enumerate(records(plain()))]
    reads = plain().reads(names=(*plain().names, "odd"), types={"odd": ColumnType.CATEGORY})
    return Case(content=as_json(rows), expects=reads)


def split_of_pandas() -> Case:
    table = plain()
    content = {"columns": table.names, "index": list(range(40)), "data": table.rows}
    return Case(content=as_json(content), expects=Survives())


def arrays_of_values() -> Case:
    rows = [plain().names, *plain().rows]
    return Case(content=as_json(rows), expects=Survives())


def double_keys() -> Case:
    text = json_records(plain()).decode().replace('"plan":', '"plan": "lost", "plan":')
    return _text(text, TABLE)


def not_a_number() -> Case:
    return _odd("NaN", first={"odd": None})


def infinite() -> Case:
    return _odd("-Infinity", first={"odd": None})


def half_of_a_letter() -> Case:
    """One half of a surrogate pair, as programs leave it that cut texts by length."""
    return _odd('"cut \\ud83d"')


def escaped_nul() -> Case:
    return _odd('"a\\u0000b"')


def integer_of_100_000_digits() -> Case:
    return _odd("9" * 100_000)


def exponent_of_100_000_digits() -> Case:
    return _odd("1e" + "9" * 100_000, first={"odd": None})


def value_100_000_levels_deep() -> Case:
    return _text(_rows_with("[" * 100_000 + "]" * 100_000), Refused())


# No tables ----------------------------------------------------------------------------------


def arrays_100_000_levels_deep() -> Case:
    return _text("[" * 100_000 + "]" * 100_000, Refused())


def objects_100_000_levels_deep() -> Case:
    return _text('{"a":' * 100_000 + "1" + "}" * 100_000, Refused())


def open_arrays() -> Case:
    return _text("[" * 100_000, Refused())


def lines_100_000_levels_deep() -> Case:
    deep = '{"a": 1, "b": ' + "[" * 100_000 + "]" * 100_000 + "}\n"
    return _text('{"a": 1, "b": 2}\n' + deep, Refused())


def one_column_a_row() -> Case:
    rows = [{f"key_{i}": i, "same": 1} for i in range(10_000)]
    return Case(content=as_json(rows), expects=Refused(says="columns"))


def settings() -> Case:
    value = {"name": "app", "version": "1.0", "scripts": {"test": "make"}, "keywords": ["a"]}
    return Case(content=as_json(value), expects=Refused(says="JSON"))


def notebook() -> Case:
    cells = [{"cell_type": "code", "source": ["1 + 1"], "outputs": []}] * 3
    value = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return Case(content=json.dumps(value, indent=1).encode(), expects=Refused(says="JSON"))


def numbers_only() -> Case:
    return _text("[1, 2, 3, 4]", Refused(says="JSON|one column"))


def columns_of_unequal_length() -> Case:
    return _text('{"a": [1, 2, 3], "b": [1, 2]}', Refused(says="length|JSON"))


def empty_array() -> Case:
    return _text("[]", Refused(says="empty|no rows|no records|no columns"))


def empty_object() -> Case:
    return _text("{}", Refused(says="empty|no rows|no records|no columns|JSON"))


def comma_after_the_last() -> Case:
    text = json_records(plain()).decode().removesuffix("]") + ",]"
    return _text(text, Refused(says="JSON"))


def one_bad_line() -> Case:
    lines = json_lines(plain()).splitlines()
    lines[20] = b'{"age": oops}'
    return Case(content=b"\n".join(lines), expects=Refused(says="JSON|line"))


FAULTS: tuple[Callable[[], Case], ...] = (
    indented, marked, utf_16, lines_with_blanks, lines_without_last_end,
    one_record_a_line_in_an_array, missing_keys, keys_that_appear_late, keys_in_another_order,
    nested_records, lists_in_records, mixed_types, split_of_pandas, arrays_of_values, double_keys,
    not_a_number, infinite, half_of_a_letter, escaped_nul, integer_of_100_000_digits,
    exponent_of_100_000_digits, value_100_000_levels_deep, arrays_100_000_levels_deep,
    objects_100_000_levels_deep, open_arrays, lines_100_000_levels_deep, one_column_a_row,
    settings, notebook, numbers_only, columns_of_unequal_length, empty_array, empty_object,
    comma_after_the_last, one_bad_line,
)  # fmt: skip
ENTRIES: tuple[Entry, ...] = tuple(
    Entry(
        fault=in_words(make),
        format="json",
        suffix=".json",
        make=make,
        in_child="levels" in make.__name__ or make is open_arrays,
    )
    for make in FAULTS
)
