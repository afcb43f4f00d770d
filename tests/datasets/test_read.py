"""What becomes of the bytes of a file; all run in this process, as the child would."""

import csv
import hashlib
import json
import math

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings, strategies as st

from modelling.datasets.files.raw import MAX_COLUMNS
from modelling.datasets.read import read_file, unique_names
from modelling.datasets.samples import samples
from modelling.errors import DataError
from modelling.types import ColumnType, ReadOptions
from tests.datasets.corpus import excel
from tests.datasets.corpus.packing import gz


@pytest.fixture
def read(tmp_path):
    """Return a function from content to (what is known of the table, the table)."""

    def of(content: str | bytes | pa.Table, name: str = "data.csv", *, head=None, **options):
        source, parquet = tmp_path / "upload", tmp_path / "data.parquet"
        if isinstance(content, pa.Table):
            pq.write_table(content, source)
        else:
            source.write_bytes(content if isinstance(content, bytes) else content.encode())
        ref = read_file(source, parquet, name, ReadOptions(**options), head=head)
        return ref, pd.read_parquet(parquet)

    return of


def values(frame, name="a"):
    return [None if pd.isna(value) else value for value in frame[name].tolist()]


def names(ref):
    return [column.name for column in ref.columns]


def codes(ref):
    return [(finding.code, finding.column) for finding in ref.findings]


# Types --------------------------------------------------------------------------------------


def test_types_are_told_apart(read):
    ref, frame = read(
        "n,f,flag,date,word\n"
        "1,0.5,True,2026-01-31,x\n"
        "2,1.5,False,2026-02-01,y\n"
        "3,2.5,True,2026-02-02,x\n"
    )
    assert [str(column.type) for column in ref.columns] == [
        "number",
        "number",
        "boolean",
        "date",
        "category",
    ]
    assert frame["n"].dtype == "int64"
    assert frame["date"].tolist()[0] == pd.Timestamp(2026, 1, 31)
    assert ref.n_rows == 3


def test_decimal_commas_are_numbers_where_semicolons_divide(read):
    ref, frame = read("a;b\n1,5;x\n-3,0;y\n2,25;z\n")
    assert values(frame) == [1.5, -3.0, 2.25]
    assert ref.read.decimal == ","


def test_what_was_read_as_missing_is_counted(read):
    ref, frame = read("a,b\n1,x\n?,y\n3,\n?,z\n")
    assert values(frame) == [1.0, None, 3.0, None]
    assert ref.read.missing == {"?": 2, "": 1}


@pytest.mark.parametrize(
    "content",
    [
        b"n,s,d\n1,x,2026-01-31\n2,y,2026-02-01\n",
        gz(b"n;s;d\n1;x;2026-01-31\n2;y;2026-02-01\n"),
        json.dumps([["n", "s", "d"], [1, "x", "2026-01-31"], [2, "y", "2026-02-01"]]).encode(),
        excel.pack(
            excel.parts({"S": [["n", "s", "d"], [1, "x", "2026-01-31"], [2, "y", "2026-02-01"]]})
        ),
    ],
    ids=["csv", "gz", "json", "xlsx"],
)
def test_every_format_makes_the_same_table(read, content):
    ref, frame = read(content)
    assert [column.type for column in ref.columns] == [
        ColumnType.NUMBER,
        ColumnType.CATEGORY,
        ColumnType.DATE,
    ]
    assert frame.dtypes.astype(str).tolist() == ["int64", "str", "datetime64[us]"]
    assert frame["d"].tolist() == [pd.Timestamp(2026, 1, 31), pd.Timestamp(2026, 2, 1)]


# Names --------------------------------------------------------------------------------------


def test_double_and_missing_names_are_made_unique_and_listed(read):
    ref, frame = read("a,a,a_2,,a\n1,2,3,4,5\n6,7,8,9,10\n")
    assert list(frame.columns) == ["a", "a_2", "a_2_2", "column_4", "a_3"]
    assert ref.read.renamed == {"a_2": "a", "a_2_2": "a_2", "column_4": "", "a_3": "a"}


def test_columns_of_a_file_without_names_are_numbered(read):
    ref, _ = read("1,2.5,x\n3,4.5,y\n")
    assert names(ref) == ["column_1", "column_2", "column_3"]
    assert ref.read.renamed == {}
    assert ref.read.header_rows == 0


def test_thousands_of_columns_of_one_name_are_renamed_quickly(read):
    ref, _ = read(",".join(["a"] * 3000) + "\n" + ",".join(["1"] * 3000) + "\n")
    assert ref.columns[-1].name == "a_3000"


def test_a_name_over_several_lines_becomes_one_line(read):
    ref, _ = read('"a\nb",c\n1,2\n3,4\n')
    assert names(ref) == ["a b", "c"]
    assert ref.read.renamed == {"a b": "a b"}


def test_a_long_name_is_cut(read):
    ref, _ = read("x" * 5000 + ",b\n1,2\n3,4\n")
    assert ref.columns[0].name == "x" * 119 + "…"


@given(originals=st.lists(st.text(max_size=5), max_size=20))
def test_names_become_unique_short_and_printable(originals):
    made, renamed = unique_names(originals)
    assert len(set(made)) == len(made) == len(originals)
    assert all(name.isprintable() and name for name in made)
    assert set(renamed) == {
        name for name, original in zip(made, originals, strict=True) if name != original
    }


# What is kept beside the table --------------------------------------------------------------


def test_what_was_detected_and_what_was_asked_for_are_kept(read):
    ref, _ = read(gz("größe;b\n1,5;x\n2,5;y\n".encode("cp1252")), delimiter=";")
    assert (ref.read.format, ref.read.compression, ref.read.encoding) == ("csv", "gz", "cp1252")
    assert (ref.read.delimiter, ref.read.quote, ref.read.decimal) == (";", '"', ",")
    assert (ref.read.header_rows, ref.read.skip_rows, ref.read.short_rows) == (1, 0, 0)
    assert ref.options == ReadOptions(delimiter=";")


def test_findings_of_reading_are_kept_and_nothing_else(read):
    ref, _ = read("a,b,c,\n1,2,3,\n1,2\n1,2,3,\n")
    assert codes(ref) == [("short_rows", None), ("unnamed_columns", None)]


def test_rows_that_repeat_earlier_ones_are_left_out_if_that_is_asked_for(read):
    text = "a,b\n1,x\n2,y\n1,x\n1,z\n2,y\n"
    ref, frame = read(text, deduplicate=True)
    assert frame.to_dict("list") == {"a": [1, 2, 1], "b": ["x", "y", "z"]}
    assert ref.n_rows == 3
    assert read(text)[0].n_rows == 5


def test_reading_the_same_bytes_twice_gives_the_same_identity(read, tmp_path):
    first, _ = read("a,b\n1,x\n2,y\n")
    second, _ = read("a,b\n1,x\n2,y\n", name="other.csv")
    assert first.id == hashlib.sha256((tmp_path / "data.parquet").read_bytes()).hexdigest()
    third, _ = read("a,b\n1,x\n2,z\n")
    assert first.id == second.id != third.id


def test_nothing_else_is_left_in_the_folder(read, tmp_path):
    read(gz(b"a,b\n1,2\n3\n4,5\n"))
    with pytest.raises(DataError):
        read(gz(b"a,b\n1,2\n3,4,5\n6,7\n8,9\n"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data.parquet", "upload"]


def test_missing_shares_and_distinct_values_are_counted(read):
    ref, _ = read("a,b\nx,1\ny,1\n,2\nx,3\n")
    assert [(column.missing_share, column.n_distinct) for column in ref.columns] == [
        (0.25, 2),
        (0.0, 3),
    ]


@pytest.mark.parametrize(
    "content",
    [
        "a,b\n" + "1,2\n" * 1000,
        json.dumps([{"a": 1, "b": 2}] * 1000),
        "\n".join([json.dumps({"a": 1, "b": 2})] * 1000),
        pa.table({"a": np.ones(1000), "b": np.ones(1000)}),
        excel.pack(excel.parts({"S": [["a", "b"], *[[1, 2]] * 1000]})),
    ],
    ids=["csv", "json", "json lines", "parquet", "xlsx"],
)
def test_a_preview_holds_as_many_rows_as_asked_for(read, content):
    ref, frame = read(content, head=20)
    assert (ref.n_rows, len(frame)) == (20, 20)


# What is no usable table --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a\n1\n2\n", "data.csv has one column only (a); expected a target and at least one"),
        ("[1, 2]".replace("1", '{"a": 1}').replace("2", '{"a": 2}'), "has one column only (a)"),
        ("a,b\n", "data.csv has a header but no values below it; expected at least 30 rows."),
        ("a,b", "data.csv has a header but no values below it"),
        ("a,b\n,\n,\n", "data.csv has a header but no values below it"),
        ('[["a", "b"]]', "data.csv has a header but no values below it"),
        ("[]", "data.csv has no columns; choose another file."),
        (",".join(["a"] * (MAX_COLUMNS + 1)) + "\n1\n", "has 5,001 columns; at most 5,000"),
        (gz(gz(b"a,b\n1,2\n")), "is a compressed file inside another one"),
        (pa.table({}), "data.csv has no columns; choose another file."),
        (pa.table({"y": [1]}), "has one column only (y)"),
        (pa.table({"a": pa.array([], pa.int64()), "y": pa.array([], pa.int64())}), "no values"),
        (pa.table({"a": pa.nulls(3), "y": pa.nulls(3)}), "has a header but no values"),
    ],
)
def test_what_is_no_usable_table_is_refused_in_one_line(read, content, message):
    with pytest.raises(DataError) as caught:
        read(content)
    assert message in str(caught.value)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400


# What others wrote --------------------------------------------------------------------------

cells = st.one_of(
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.sampled_from("\n\r\t"),
        min_size=1,
        max_size=20,
    ),
)


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(st.tuples(cells, cells), min_size=2, max_size=8))
def test_whatever_pandas_writes_is_read_with_the_same_shape(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("read")
    # A number in each row, as a table without any value is refused.
    frame = pd.DataFrame([(*row, 1) for row in rows], columns=["a", "b", "c"]).astype("object")
    frame.to_csv(folder / "upload", index=False, quoting=csv.QUOTE_NONNUMERIC)
    # One word above numbers may be a unit; whether it is one is not the question here.
    options = ReadOptions(header_rows=1)
    ref = read_file(folder / "upload", folder / "data.parquet", "data.csv", options)
    assert (ref.n_rows, names(ref)) == (len(rows), ["a", "b", "c"])


def test_an_index_of_pandas_is_a_column_like_any_other(read, tmp_path):
    pd.DataFrame({"a": [1, 2]}, index=pd.Index([3, 4], name="i")).to_parquet(tmp_path / "in")
    assert names(read((tmp_path / "in").read_bytes())[0]) == ["a", "i"]


def test_columns_of_lists_and_structs_are_read(read):
    table = pa.table({"a": [{"x": 1, "y": [1, 2]}, {"x": 2, "y": []}], "b": [1, 2]})
    ref, frame = read(table)
    assert frame.to_dict("list") == {"a.x": [1, 2], "a.y": ["[1, 2]", "[]"], "b": [1, 2]}
    assert codes(ref) == [("nested_values", None)]


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_a_sample_is_read_with_the_shape_that_it_declares(tmp_path, sample):
    ref = read_file(sample.path, tmp_path / "data.parquet", sample.name)
    assert (ref.n_rows, len(ref.columns)) == (sample.rows, sample.columns)
    assert math.isclose(pq.read_metadata(tmp_path / "data.parquet").num_rows, sample.rows)
