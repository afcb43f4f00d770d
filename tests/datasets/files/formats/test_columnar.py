"""Parquet and Arrow: what they declare is checked, and every type becomes a plain one."""

import decimal

import numpy as np
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

from modelling.datasets.files.formats.nested import SLICE_ROWS
from modelling.errors import DataError, UnreadableFileError


def parquet(table: pa.Table, **options) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, **options)
    return sink.getvalue().to_pybytes()


def arrow(table: pa.Table, new=pa.ipc.new_file, compression=None) -> bytes:
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression=compression)
    with new(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def stream(table: pa.Table) -> bytes:
    return arrow(table, pa.ipc.new_stream)


def feather_2(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    feather.write_feather(table, sink, compression="zstd")
    return sink.getvalue().to_pybytes()


Y = pa.array([1, 2, 3])
WAYS = [parquet, arrow, stream, feather_2]
every_way = pytest.mark.parametrize("write", WAYS, ids=lambda write: write.__name__)


@every_way
def test_plain_types_are_kept(raw, write):
    table = pa.table(
        {
            "i": pa.array([1, None, 3], pa.int32()),
            "f": [0.5, 1.5, None],
            "s": ["x", "y", None],
            "d": pa.array([0, 1, 2], pa.date32()),
            "t": pa.array([0, 1, 2], pa.timestamp("ms", "UTC")),
            "n": pa.array([decimal.Decimal("1.50"), None, decimal.Decimal(2)]),
        }
    )
    found = raw(write(table))
    assert found.table.equals(table)
    assert found.findings == ()
    assert found.read.format == ("parquet" if write is parquet else "arrow")


@every_way
def test_structs_become_columns_and_lists_text(raw, write):
    inner = pa.array([{"c": 1, "d": ["x"]}, {"c": 2, "d": []}, None])
    table = pa.table(
        {
            "y": Y,
            "a": pa.StructArray.from_arrays([inner, Y], ["b", "e"]),
            "l": [[1, None], None, [2]],
        }
    )
    found = raw(write(table))
    assert found.table.to_pydict() == {
        "y": [1, 2, 3],
        "a.b.c": [1, 2, None],
        "a.b.d": ['["x"]', "[]", None],
        "a.e": [1, 2, 3],
        "l": ["[1, null]", None, "[2]"],
    }
    (finding,) = found.findings
    assert (finding.code, finding.message) == (
        "nested_values",
        "2 columns hold lists or objects as values; they are read as text.",
    )


def test_a_struct_that_is_missing_has_missing_members(raw):
    column = pa.array([{"b": 1}, None, {"b": 3}])
    assert raw(parquet(pa.table({"a": column, "y": Y}))).table.column("a.b").to_pylist() == [
        1,
        None,
        3,
    ]


def test_structs_below_the_last_level_are_text(raw):
    value: object = 1
    for _ in range(12):
        value = {"k": value}
    table = raw(arrow(pa.table({"a": pa.array([value]), "y": [1]}))).table
    name, column = table.column_names[0], table.column(0)
    assert name == "a" + ".k" * 8
    assert column[0].as_py() == '{"k": {"k": {"k": {"k": 1}}}}'


def test_long_lists_are_complete_as_text(raw):
    one, other = list(range(3000)), list(range(3000))
    other[1500] = -1
    column = raw(arrow(pa.table({"a": [one, other], "y": [1, 2]}))).table.column("a")
    assert column[0].as_py() == str(one)
    assert column[1].as_py() == str(other)


def test_many_lists_keep_their_order(raw):
    rows = [[i] for i in range(SLICE_ROWS * 2 + 3)]
    column = raw(arrow(pa.table({"a": rows, "y": range(len(rows))}))).table.column("a")
    assert column.to_pylist() == [str(row) for row in rows]


UUIDS = pa.ExtensionArray.from_storage(pa.uuid(), pa.array([b"x" * 16] * 3, pa.binary(16)))
MAPS = pa.array([[("k", 1)], [], None], pa.map_(pa.string(), pa.int64()))
UNIONS = pa.UnionArray.from_sparse(pa.array([0, 1, 0], pa.int8()), [Y, pa.array(["a", "b", "c"])])


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pa.array(["x", "y", None]).dictionary_encode(), ["x", "y", None]),
        (pa.array([5, 7, None]).dictionary_encode(), [5, 7, None]),
        (pa.array(["x", "y", None], pa.large_string()), ["x", "y", None]),
        (pa.array(["x", "y", None], pa.string_view()), ["x", "y", None]),
        (pa.array([b"x", b"y", None], pa.large_binary()), [b"x", b"y", None]),
        (pa.array([b"x", b"y", None], pa.binary_view()), [b"x", b"y", None]),
        (pa.RunEndEncodedArray.from_arrays([2, 3], ["x", "y"]), ["x", "x", "y"]),
        (MAPS, ['[["k", 1]]', "[]", None]),
        (pa.array([[1, 2]] * 3, pa.list_(pa.int64(), 2)), ["[1, 2]"] * 3),
        (UUIDS, [b"x" * 16] * 3),
        (UNIONS, ["1", "b", "3"]),
        (pa.array([pa.MonthDayNano([1, 2, 3])] * 3), ["[1, 2, 3]"] * 3),
        (pa.nulls(3), [None] * 3),
    ],
)
def test_encodings_become_the_values_that_they_stand_for(raw, column, expected):
    assert raw(arrow(pa.table({"a": column, "y": Y}))).table.column("a").to_pylist() == expected


def test_texts_have_one_type(raw):
    columns = [pa.array(["x", None, "z"], kind) for kind in (pa.string(), pa.large_string())]
    table = raw(arrow(pa.table(columns, names=["a", "b"]))).table
    assert table.schema.types == [pa.string(), pa.string()]


def test_what_programs_note_beside_the_types_is_left_out(raw):
    schema = pa.schema([pa.field("a", pa.int64(), metadata={b"x": b"y"}), ("y", pa.int64())])
    table = pa.table([Y, Y], schema=schema.with_metadata({b"pandas": b"not even json"}))
    for write in WAYS:
        found = raw(write(table)).table.schema
        assert found.metadata is None
        assert found.field("a").metadata is None


def test_names_may_repeat_and_be_empty(raw):
    table = pa.table([Y, Y, Y], names=["a", "a", ""])
    for write in (parquet, arrow, stream):
        assert raw(write(table)).table.column_names == ["a", "a", ""]


@every_way
def test_a_preview_holds_the_first_rows(raw, write):
    table = pa.table({"a": range(100_000), "b": range(100_000)})
    found = raw(write(table), head=5).table
    assert 5 <= found.num_rows <= 100_000
    assert found.slice(0, 5).equals(table.slice(0, 5))


@every_way
def test_a_preview_of_no_rows_has_the_columns(raw, write):
    table = pa.table({"a": pa.array([], pa.int64()), "b": pa.array([], pa.string())})
    assert raw(write(table), head=5).table.column_names == ["a", "b"]


# Sizes --------------------------------------------------------------------------------------


def test_a_million_constant_rows_are_no_bomb(raw):
    table = pa.table({f"c{i}": np.zeros(10**6) for i in range(10)})
    assert raw(parquet(table)).table.num_rows == 10**6
    assert raw(feather_2(table)).table.num_rows == 10**6


def test_a_table_that_declares_too_many_values_is_refused_before_it_is_unpacked(raw):
    column = pa.DictionaryArray.from_arrays(pa.array(np.zeros(10**6, "int8")), pa.array(["x"]))
    table = pa.table({f"c{number}": column for number in range(210)})
    with pytest.raises(DataError, match="data.csv has 1,000,000 rows x 210 columns; at most 200"):
        raw(parquet(table))


def test_rows_that_take_no_space_are_refused_by_their_number(raw):
    table = pa.table({"a": pa.nulls(10**8), "b": pa.nulls(10**8)})
    # Columns of nothing but gaps are stored as their length.
    with pytest.raises(UnreadableFileError, match="declares 100,000,000 rows x 2 columns in"):
        raw(arrow(table))


@every_way
def test_too_many_columns_are_refused(raw, write):
    table = pa.table({f"c{i}": [1] for i in range(5001)})
    with pytest.raises(DataError, match="data.csv has 5,001 columns"):
        raw(write(table))


def test_too_many_members_of_a_struct_are_refused(raw):
    struct = pa.StructArray.from_arrays([pa.array([1])] * 5001, [f"c{i}" for i in range(5001)])
    with pytest.raises(DataError, match="data.csv has 5,001 columns"):
        raw(arrow(pa.table({"a": struct})))


# Damage -------------------------------------------------------------------------------------

TABLE = pa.table({"a": list(range(1000)), "b": [str(i) for i in range(1000)]})
WHOLE = parquet(TABLE)
FILE = arrow(TABLE)
STREAM = stream(TABLE)


@pytest.mark.parametrize(
    "content",
    [
        b"PAR1",
        b"PAR1" + b"\0" * 8 + b"PAR1",
        WHOLE[: len(WHOLE) // 2],
        WHOLE[:100] + bytes(200) + WHOLE[300:],
        WHOLE[:-100] + bytes(92) + WHOLE[-8:],
    ],
    ids=["magic", "no footer", "cut", "page", "footer"],
)
def test_a_damaged_parquet_file_is_called_that(raw, content):
    with pytest.raises(UnreadableFileError) as caught:
        raw(content)
    assert str(caught.value) == (
        "data.csv is a damaged Parquet file; write it again, or save it as CSV."
    )


@pytest.mark.parametrize(
    "content",
    [
        b"ARROW1\0\0",
        FILE[: len(FILE) // 2],
        FILE[:-40] + bytes(30) + FILE[-10:],
        b"\xff\xff\xff\xff",
        b"\xff\xff\xff\xff\xff\xff\xff\x7f" + bytes(100),
        STREAM[: len(STREAM) // 2],
    ],
    ids=["magic", "cut", "footer", "stream magic", "stream length", "stream cut"],
)
def test_a_damaged_arrow_file_is_called_that(raw, content):
    with pytest.raises(UnreadableFileError) as caught:
        raw(content)
    assert str(caught.value) == (
        "data.csv is a damaged Arrow file; write it again, or save it as CSV."
    )


@pytest.mark.parametrize("write", [parquet, arrow, stream], ids=lambda write: write.__name__)
def test_bytes_that_are_no_text_are_damage(raw, write):
    bad = pa.array([b"\xff\xfe", b"ok"]).view(pa.string())
    with pytest.raises(UnreadableFileError, match="data.csv is a damaged"):
        raw(write(pa.table({"a": bad, "y": [1, 2]})))


def test_offsets_that_lead_outside_are_damage(raw):
    offsets = pa.py_buffer(np.array([0, 10**9, 2], "int32").tobytes())
    bad = pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(b"ab")])
    with pytest.raises(UnreadableFileError, match="data.csv is a damaged Arrow file"):
        raw(arrow(pa.table({"a": bad, "y": [1, 2]})))
