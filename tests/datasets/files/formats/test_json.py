import json

import pyarrow as pa
import pytest

from modelling.datasets.files.formats.json_ import CHUNK_ROWS
from modelling.datasets.files.formats.nested import MAX_DEPTH
from modelling.errors import DataError, UnreadableFileError

RECORDS = [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]
TABLE = {"a": [1, 2], "b": ["x", "y"]}


def codes(found) -> list[str]:
    return [finding.code for finding in found.findings]


def lines(values) -> str:
    return "\n".join(json.dumps(value) for value in values)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(RECORDS),
        json.dumps(RECORDS, indent=2),
        lines(RECORDS),
        "\n\n" + lines(RECORDS) + "\n\n",
        "\n".join(json.dumps(record, indent=2) for record in RECORDS),
        json.dumps(TABLE),
        json.dumps({"data": RECORDS}),
        json.dumps({"count": 2, "next": None, "tags": ["u", "v"], "results": RECORDS}),
        json.dumps([["a", "b"], [1, "x"], [2, "y"]]),
        lines([["a", "b"], [1, "x"], [2, "y"]]),
        json.dumps({"rows": [["a", "b"], [1, "x"], [2, "y"]]}),
        # Three ways of pandas: columns by number, rows by number, and split.
        json.dumps({"a": {"0": 1, "1": 2}, "b": {"0": "x", "1": "y"}}),
        json.dumps({"0": RECORDS[0], "1": RECORDS[1]}),
        json.dumps({"columns": ["a", "b"], "index": [0, 1], "data": [[1, "x"], [2, "y"]]}),
    ],
)
def test_every_shape_of_a_table_is_read(raw, text):
    found = raw(text)
    assert found.table.to_pydict() == TABLE
    assert found.table.schema.field("a").type == pa.int64()
    assert (found.read.format, found.read.encoding, found.read.delimiter) == ("json", "utf-8", None)
    assert found.findings == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_letters_survive_every_encoding(raw, encoding):
    text = json.dumps([{"größe": "Ä"}, {"größe": "ß"}], ensure_ascii=False)
    assert raw(text.encode(encoding)).table.to_pydict() == {"größe": ["Ä", "ß"]}


def test_nested_objects_become_columns_and_lists_text(raw):
    found = raw(lines([{"a": {"b": 1, "c": {"d": "x"}}, "e": [1, {"f": None}]}, {"a": {"b": 2}}]))
    assert found.table.to_pydict() == {
        "a.b": [1, 2],
        "a.c.d": ["x", None],
        "e": ['[1, {"f": null}]', None],
    }
    assert codes(found) == ["nested_values"]


def test_columns_may_hold_objects(raw):
    text = json.dumps({"id": [1, 2], "size": [{"w": 3}, {"w": 4}]})
    assert raw(text).table.to_pydict() == {"id": [1, 2], "size.w": [3, 4]}


def test_objects_below_the_last_level_are_text(raw):
    value: object = 1
    for _ in range(MAX_DEPTH + 2):
        value = {"k": value}
    table = raw(lines([value, value])).table
    assert table.column_names == [".".join("k" * (MAX_DEPTH + 1))]
    assert table.column(0)[0].as_py() == '{"k": 1}'


def test_a_column_of_several_types_is_text_as_printed(raw):
    values = [1, "x", None, True, [1], {"k": 1}, 0.5]
    table = raw(lines({"a": value, "b": 1} for value in values)).table
    # An object here and there has its members in columns of their own.
    assert table.to_pydict()["a"] == ["1", "x", None, "True", "[1]", None, "0.5"]
    assert table.to_pydict()["a.k"] == [None] * 5 + [1, None]


def test_types_may_change_after_many_rows(raw):
    first = [{"a": i, "b": i, "c": i} for i in range(CHUNK_ROWS + 1)]
    table = raw(lines([*first, {"a": 0.5, "b": "x", "d": 1}])).table
    assert table.schema.types == [pa.float64(), pa.string(), pa.int64(), pa.int64()]
    assert table.column("b")[1].as_py() == "1"
    assert table.slice(CHUNK_ROWS).to_pydict() == {
        "a": [float(CHUNK_ROWS), 0.5],
        "b": [str(CHUNK_ROWS), "x"],
        "c": [CHUNK_ROWS, None],
        "d": [None, 1],
    }


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([2**53 + 1, 2**53 + 3], [2**53 + 1, 2**53 + 3]),
        ([2**53 + 1, 0.5], [str(2**53 + 1), "0.5"]),
        ([2**64, 1], [str(2**64), "1"]),
        ([-(2**63), 1], [str(-(2**63)), "1"]),
        ([1, 0.5, None], [1.0, 0.5, None]),
    ],
)
def test_numbers_lose_no_digit(raw, values, expected):
    assert raw(lines({"a": value, "b": 1} for value in values)).table.to_pydict()["a"] == expected


def test_whole_numbers_and_floats_of_other_chunks_lose_no_digit(raw):
    rows = [{"a": 2**53 + 1}] * CHUNK_ROWS * 2 + [{"a": 0.5}]
    column = raw(lines(rows)).table.column("a")
    assert (column[0].as_py(), column[-1].as_py()) == (str(2**53 + 1), "0.5")


def test_a_number_of_a_hundred_thousand_digits_is_text(raw):
    digits = "9" * 100_000
    assert raw(f'[{{"a": {digits}}}, {{"a": 1}}]').table.to_pydict() == {"a": [digits, "1"]}


def test_names_for_what_is_no_number_are_taken(raw):
    values = raw('[{"a": NaN}, {"a": Infinity}, {"a": -Infinity}, {"a": 1.5}]').table.column("a")
    assert str(values.to_pylist()) == "[nan, inf, -inf, 1.5]"


def test_half_a_character_becomes_a_question_mark(raw):
    assert raw('[{"\\ud800a": "\\udfff"}, {"\\ud800a": "x"}]').table.to_pydict() == {
        "?a": ["?", "x"]
    }


def test_a_key_that_comes_twice_is_told(raw):
    found = raw('[{"a": 1, "a": 2}, {"a": 3}]')
    assert found.table.to_pydict() == {"a": [2, 3]}
    assert found.findings[0].message == (
        "1 objects of data.csv name a key more than once; the last value counts."
    )


def test_rows_of_lists_may_differ_in_length(raw):
    assert raw("[[1, 2], [3], [4, 5, 6]]", header_rows=0).table.to_pydict() == {"": [None, None, 6]}
    table = raw('[["a", "b"], [1], [2, 3]]').table
    assert table.to_pydict() == {"a": [1, 2], "b": [None, 3]}


def test_a_preview_reads_no_further_than_it_must(raw):
    text = lines([{"a": i} for i in range(20_000)]) + "\nnot json"
    assert raw(text, head=3).table.to_pydict() == {"a": [0, 1, 2]}
    with pytest.raises(UnreadableFileError, match="line 20,001"):
        raw(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": 1}\n{"a": 2\n', "is a damaged JSON file (line 2: Expecting ',' delimiter)"),
        ('[\n{"a": 1},\n{"a": 2}', "is a damaged JSON file (line 3: Expecting ',' delimiter)"),
        ('[{"a": 1},]', "is a damaged JSON file (line 1: "),
        ('{"a": 1}\n\n{"a": 2} x\n', "is a damaged JSON file (line 3: more than one value in a"),
        ('{"a": "' + "x" * 50, "is a damaged JSON file (line 1: Unterminated string starting at)"),
        ("[" * 100_000, "is JSON nested too deeply"),
        ('{"a":' * 100_000, "is JSON nested too deeply"),
        ("[1, 2, 3]", "is JSON whose rows are not all of one kind"),
        ('[{"a": 1}, 2]', "is JSON whose rows are not all of one kind"),
        ('{"a": [1, 2], "b": [1]}', "with lists of different lengths"),
        (
            '{"a": [{"x": 1}], "b": [{"x": 1}]}',
            "with several lists of objects (a, b); expected one",
        ),
        ('{"a": {"b": {"c": 1}}, "d": 5}', "is a JSON document without a list of rows"),
        ('{"a": {"b": 1}, "c": {"d": 1}}', "is a JSON document without a list of rows"),
        ('{"cells": [{"a": 1}], "nbformat": 4}', "is a notebook (JSON)"),
    ],
)
def test_what_is_no_table_is_refused_in_one_line(raw, text, said):
    with pytest.raises(DataError) as caught:
        raw(text)
    assert said in str(caught.value)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("depth", [100, *range(800, 1000, 2)])
def test_deep_lists_are_text_or_too_deep(raw, depth):
    value = "[" * depth + "]" * depth
    try:
        found = raw(f'[{{"a": {value}}}]').table.to_pydict()
    except UnreadableFileError as error:
        found = str(error)
    assert found in (
        {"a": [value]},
        "data.csv is JSON nested too deeply; expected a list of objects. Save it as CSV or "
        "Parquet and choose that file.",
    )


def test_too_many_keys_are_refused(raw):
    with pytest.raises(DataError, match="data.csv has 5,001 columns"):
        raw(lines({f"k{i}": 1} for i in range(5001)))


@pytest.mark.parametrize("text", ["[]", "{}", "[{}, {}]", "[[], []]"])
def test_nothing_is_a_table_without_columns(raw, text):
    assert raw(text).table.num_columns == 0
