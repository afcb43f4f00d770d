"""What becomes of the bytes of a file; most run in this process, as the child would."""

import csv
import datetime as dt
import decimal
import math

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings, strategies as st

from modelling.datasets.raw import MAX_COLUMNS
from modelling.datasets.read import read_file
from modelling.datasets.samples import samples
from modelling.errors import DataError, UnreadableFileError
from modelling.types import ColumnType, Role


MISSING = ("",)


@pytest.fixture
def read(tmp_path):
    """Return a function from content to (what is known of the table, the table)."""

    def of(content: str | bytes | pa.Table, name: str = "data.csv"):
        source, parquet = tmp_path / "upload", tmp_path / "data.parquet"
        if isinstance(content, pa.Table):
            pq.write_table(content, source)
        else:
            source.write_bytes(content if isinstance(content, bytes) else content.encode())
        ref = read_file(source, parquet, name)
        return ref, pd.read_parquet(parquet)

    return of


def values(frame, name="a"):
    return [None if pd.isna(value) else value for value in frame[name].tolist()]


def codes(ref):
    return [(finding.code, finding.column) for finding in ref.findings]


# Numbers, text, gaps ------------------------------------------------------------------------


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


def test_none_stays_a_category_and_na_is_missing(read):
    _, frame = read("a,b\nNone,1\nx,2\nNA,3\n,4\nNaN,5\nnull,6\n?,7\n")
    assert values(frame) == ["None", "x", None, None, None, None, None]


def test_numbers_with_blanks_are_numbers_and_the_analyst_is_told(read):
    ref, frame = read('a,b\n" 1 ",1\n" ",2\n2.5 ,3\n')
    assert values(frame) == [1.0, None, 2.5]
    assert codes(ref)[0] == ("numbers_as_text", "a")
    assert ref.findings[0].message == (
        "a holds numbers written as text; they are read as numbers, and 1 blank value as missing."
    )


def test_decimal_commas_are_numbers_where_semicolons_divide(read):
    _, frame = read("a;b\n1,5;x\n-3;y\n2,25;z\n")
    assert values(frame) == [1.5, -3.0, 2.25]


def test_decimal_commas_are_lists_where_commas_divide(read):
    _, frame = read('a,b\n"1,5",x\n"3",y\n')
    assert values(frame) == ["1,5", "3"]


def test_infinite_values_are_missing_and_the_analyst_is_told(read):
    ref, frame = read("a,b\ninf,1\n-inf,2\n1.5,3\n2.5,4\n1e999,5\n")
    assert values(frame) == [None, None, 1.5, 2.5, None]
    assert ("infinite_values", "a") in codes(ref)


def test_whole_numbers_beyond_float_precision_are_kept_and_the_analyst_is_told(read):
    ref, frame = read(f"a,b\n{2**53 + 1},1\n{2**53 + 3},2\n")
    assert values(frame) == [2**53 + 1, 2**53 + 3]
    assert codes(ref) == [("large_integers", "a")]


def test_whole_numbers_beyond_64_bits_do_not_wrap_around(read):
    _, frame = read(f"a,b\n{2**64 - 1},1\n1,2\n")
    assert values(frame) == [float(2**64), 1.0]
    _, frame = read(f"a,b\n{10**30},1\n1,2\n")
    assert values(frame) == [1e30, 1.0]


def test_a_number_of_a_hundred_thousand_digits_is_text_and_shown_short(read):
    ref, frame = read("a,b\n" + "9" * 100_000 + ",1\n1,2\n")
    assert len(frame["a"][0]) == 100_000
    assert max(map(len, ref.columns[0].top_values)) == 80


def test_an_empty_column_is_left_out_and_the_analyst_is_told(read):
    ref, _ = read("a,b\n,1\n,2\n")
    assert codes(ref) == [("all_missing", "a")]
    assert ref.columns[0].role is Role.IGNORE
    assert ref.columns[0].missing_share == 1.0


def test_booleans_with_gaps_become_a_category_that_keeps_the_gaps(read):
    ref, frame = read("a,b\nTrue,1\nFalse,2\n,3\n")
    assert values(frame) == ["True", "False", None]
    assert ref.columns[0].type is ColumnType.CATEGORY


def test_moments_with_zones_become_one_zone(read):
    _, frame = read("a,b\n2026-01-01T10:00:00Z,1\n2026-01-01T10:00:00+02:00,2\n")
    assert values(frame) == [pd.Timestamp(2026, 1, 1, 10), pd.Timestamp(2026, 1, 1, 8)]


def test_one_impossible_date_makes_the_column_text(read):
    ref, frame = read("a,b\n2026-01-01,1\n2026-13-45,2\n")
    assert values(frame) == ["2026-01-01", "2026-13-45"]
    assert ref.columns[0].type is ColumnType.CATEGORY


def test_long_varied_sentences_are_text(read):
    rows = [f"this is sentence number {number} of a good many" for number in range(30)]
    ref, _ = read("a,b\n" + "".join(f"{row},{i % 3}\n" for i, row in enumerate(rows)))
    assert ref.columns[0].type is ColumnType.TEXT


# Headers and shapes -------------------------------------------------------------------------


def test_double_and_missing_names_are_made_unique_and_listed(read):
    ref, frame = read("a,a,a_2,,a\n1,2,3,4,5\n6,7,8,9,10\n")
    assert list(frame.columns) == ["a", "a_2", "a_2_2", "column_4", "a_3"]
    assert ref.read.renamed == {"a_2": "a", "a_2_2": "a_2", "column_4": "", "a_3": "a"}


def test_thousands_of_columns_of_one_name_are_renamed_quickly(read):
    ref, _ = read(",".join(["a"] * 3000) + "\n" + ",".join(["1"] * 3000) + "\n")
    assert ref.columns[-1].name == "a_3000"


def test_a_name_over_several_lines_becomes_one_line(read):
    ref, _ = read('"a\nb",c\n1,2\n3,4\n')
    assert [column.name for column in ref.columns] == ["a b", "c"]
    assert "a b" in ref.read.renamed


def test_a_long_name_is_cut(read):
    ref, _ = read("x" * 5000 + ",b\n1,2\n3,4\n")
    assert ref.columns[0].name == "x" * 119 + "…"


def test_a_byte_order_mark_is_no_part_of_the_first_name(read):
    ref, _ = read('\ufeff"a, b",c\n1,2\n3,4\n')
    assert ref.columns[0].name == "a, b"
    ref, _ = read("a,b\n1,2\n3,4\n".encode("utf-16"))
    assert ref.columns[0].name == "a"


def test_blank_lines_are_skipped_before_and_between_rows(read):
    _, frame = read("\n\r\n\na,b\n\n1,2\n\n3,4\n")
    assert frame.to_dict("list") == {"a": [1, 3], "b": [2, 4]}


def test_values_may_hold_line_breaks_quotes_and_delimiters(read):
    _, frame = read('a,b\n"x\ny",1\n"say ""hi"", twice",2\n')
    assert values(frame) == ["x\ny", 'say "hi", twice']


def test_mixed_line_ends_make_no_extra_rows(read):
    _, frame = read("a,b\r\n1,2\n3,4\r5,6\r\n")
    assert values(frame) == [1, 3, 5]


def test_a_trailing_delimiter_makes_no_used_column(read):
    ref, _ = read("a,b,\n1,2,\n3,4,\n")
    assert [str(column.role) for column in ref.columns] == ["feature", "feature", "ignore"]
    ref, _ = read("a,b\n1,2,\n3,4,\n")
    assert [column.name for column in ref.columns] == ["a", "b"]


def test_rows_that_are_too_short_are_filled_with_missing_values(read):
    _, frame = read("a,b\n1,2\n3\n4,5\n")
    assert values(frame, "b") == [2, None, 5]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_letters_survive_every_encoding(read, encoding):
    ref, frame = read("größe;wert\nÄ;1\nß;2\n".encode(encoding))
    assert list(frame.columns) == ["größe", "wert"]
    assert values(frame, "größe") == ["Ä", "ß"]
    assert ref.read.encoding == encoding


cells = st.one_of(
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.sampled_from("\n\r\t"),
        min_size=1,
        max_size=20,
    ).filter(lambda text: text.strip() not in MISSING),
)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(cells, cells), min_size=2, max_size=8))
def test_whatever_pandas_writes_is_read_with_the_same_shape(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("read")
    frame = pd.DataFrame(rows, columns=["a", "b"]).astype("object")
    frame.to_csv(folder / "upload", index=False, quoting=csv.QUOTE_NONNUMERIC)
    ref = read_file(folder / "upload", folder / "data.parquet", "data.csv")
    assert (ref.n_rows, [column.name for column in ref.columns]) == (len(rows), ["a", "b"])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a\n1\n2\n", "data.csv has one column only (a); expected a target and at least one"),
        ("a,b\n", "data.csv has a header but no values below it; expected at least 30 rows."),
        ("a,b", "data.csv has a header but no values below it"),
        ("a,b\n,\n,\n", "data.csv has a header but no values below it"),
        ("a,b\n1,2\n1,2,3\n4,5\n", "(Expected 2 fields in line 3, saw 3)"),
        ("# made by hand\na,b\n1,2\n", "its rows hold more values than its header names"),
        ('a,b\n"1,2\n3,4\n', "could not be read as a table (EOF inside string"),
        ('"a,b\n1,2\n3,4\n', "data.csv has one column only (a,b 1,2 3,4)"),
        ("x" * 200_000 + ",b\n1,2\n", "(field larger than field limit (131072))"),
        (",".join(["a"] * (MAX_COLUMNS + 1)) + "\n1\n", "at most 200,000,000 values in 5,000"),
    ],
)
def test_what_is_no_usable_table_is_refused_in_one_line(read, content, message):
    with pytest.raises(DataError) as caught:
        read(content)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


# Parquet ------------------------------------------------------------------------------------

Y = pa.array([1, 2, 3])


@pytest.mark.parametrize(
    ("column", "type_", "expected"),
    [
        (pa.array([[1, 2], [3], None]), "category", ["[1, 2]", "[3]", None]),
        (pa.array([{"k": "x"}, {"k": "y"}, None]), "category", ["{'k': 'x'}", "{'k': 'y'}", None]),
        (pa.array([b"x", b"y", None]), "category", ["b'x'", "b'y'", None]),
        (pa.array(["x", "y", None]).dictionary_encode(), "category", ["x", "y", None]),
        (pa.array([True, False, None]), "category", ["True", "False", None]),
        (pa.array([True, False, True]), "boolean", [True, False, True]),
        (pa.nulls(3), "category", [None, None, None]),
        (pa.array([2**64 - 1, 2, 3], pa.uint64()), "number", [float(2**64), 2.0, 3.0]),
        (pa.array([255, 2, 3], pa.uint8()), "number", [255, 2, 3]),
        (pa.array(np.array([1, 2, 3], "float16")), "number", [1.0, 2.0, 3.0]),
        (pa.array([1, 2, None]), "number", [1.0, 2.0, None]),
        (pa.array([decimal.Decimal("1.5"), decimal.Decimal(2), None]), "number", [1.5, 2.0, None]),
        (
            pa.array([dt.date(2026, 1, 1), dt.date(1, 1, 1), None]),
            "date",
            [pd.Timestamp(2026, 1, 1), pd.Timestamp(1, 1, 1), None],
        ),
        (
            pa.array([0, 10**9, None], pa.timestamp("ns", "Europe/Berlin")),
            "date",
            [pd.Timestamp(1970, 1, 1), pd.Timestamp(1970, 1, 1, 0, 0, 1), None],
        ),
        (pa.array([dt.timedelta(1), dt.timedelta(2), None]), "category", None),
        (
            pa.array([dt.time(1, 2), dt.time(3, 4), None]),
            "category",
            ["01:02:00", "03:04:00", None],
        ),
    ],
)
def test_every_parquet_type_becomes_one_of_five(read, column, type_, expected):
    ref, frame = read(pa.table({"a": column, "y": Y}))
    assert ref.columns[0].type == type_
    if expected is not None:
        assert values(frame) == expected


def test_long_lists_that_differ_in_the_middle_stay_different(read):
    one, other = list(range(3000)), list(range(3000))
    other[1500] = -1
    ref, _ = read(pa.table({"a": pa.array([one, other, None]), "y": Y}))
    assert ref.columns[0].n_distinct == 2


def test_an_index_of_pandas_is_a_column_like_any_other(read, tmp_path):
    pd.DataFrame({"a": [1, 2]}, index=pd.Index([3, 4], name="i")).to_parquet(tmp_path / "in")
    ref, _ = read((tmp_path / "in").read_bytes())
    assert [column.name for column in ref.columns] == ["a", "i"]


def parquet_bytes(table):
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return sink.getvalue().to_pybytes()


WHOLE = parquet_bytes(pa.table({"a": list(range(1000)), "b": list(range(1000))}))


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
def test_a_damaged_parquet_file_is_called_that(read, content):
    with pytest.raises(UnreadableFileError, match="data.csv is a damaged Parquet file") as caught:
        read(content)
    assert "\n" not in str(caught.value)


def test_parquet_without_columns_or_rows_is_refused(read):
    with pytest.raises(DataError, match=r"data\.csv has no columns; choose another"):
        read(pa.table({}))
    with pytest.raises(DataError, match="has one column only"):
        read(pa.table({"y": Y}))
    with pytest.raises(DataError, match="has a header but no values"):
        read(pa.table({"a": pa.array([], pa.int64()), "y": pa.array([], pa.int64())}))


def test_a_table_that_declares_too_many_values_is_refused_before_it_is_unpacked(read):
    # A hundred million equal values take a few kB.
    column = pa.DictionaryArray.from_arrays(pa.array(np.zeros(10**6, "int8")), pa.array(["x"]))
    table = pa.table({f"c{number}": column for number in range(210)})
    with pytest.raises(DataError, match="declares 1,000,000 rows x 210 columns; at most"):
        read(table)


# The result ---------------------------------------------------------------------------------


def test_reading_the_same_bytes_twice_gives_the_same_identity(read):
    first, _ = read("a,b\n1,x\n2,y\n")
    second, _ = read("a,b\n1,x\n2,y\n", name="other.csv")
    third, _ = read("a,b\n1,x\n2,z\n")
    assert first.id == second.id != third.id
    assert len(first.id) == 64


def test_missing_shares_and_distinct_values_are_counted(read):
    ref, _ = read("a,b\nx,1\ny,1\n,2\nx,3\n")
    assert [(column.missing_share, column.n_distinct) for column in ref.columns] == [
        (0.25, 2),
        (0.0, 3),
    ]
    assert ref.columns[0].top_values == ("x", "y")


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_a_sample_is_read_with_the_shape_that_it_declares(tmp_path, sample):
    ref = read_file(sample.path, tmp_path / "data.parquet", sample.name)
    assert (ref.n_rows, len(ref.columns)) == (sample.rows, sample.columns)
    assert math.isclose(pq.read_metadata(tmp_path / "data.parquet").num_rows, sample.rows)
