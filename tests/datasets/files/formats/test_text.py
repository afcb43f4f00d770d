import csv
import io

import pyarrow as pa
import pytest
from hypothesis import given, settings, strategies as st

from modelling.datasets.files.formats.dialect import Dialect, Layout
from modelling.datasets.files.formats.encoding import Encoding
from modelling.datasets.files.formats.text_body import Body
from modelling.datasets.files.formats.text_fast import BLOCK_BYTES, read_fast
from modelling.datasets.files.formats.text_rows import BATCH_ROWS, read_rows
from modelling.datasets.files.raw import MAX_COLUMNS
from modelling.errors import DataError, UnreadableFileError


def columns(table: pa.Table) -> list[list[str | None]]:
    return [column.to_pylist() for column in table.columns]


def codes(found) -> list[str]:
    return [finding.code for finding in found.findings]


def test_values_are_text_as_they_stand_in_the_file(raw):
    found = raw('a,b,c\n 1 ,NA,007\n"",-1.50,"x\r\ny"\n')
    assert found.table.schema.types == [pa.string()] * 3
    assert columns(found.table) == [[" 1 ", ""], ["NA", "-1.50"], ["007", "x\r\ny"]]
    assert found.findings == ()


def test_what_was_detected_is_told(raw):
    read = raw("Report\n\nh;w\ncm;kg\n1,5;2\n3;4\n5;6\n").read
    assert (read.format, read.delimiter, read.quote, read.encoding) == ("csv", ";", '"', "utf-8")
    assert (read.skip_rows, read.header_rows, read.short_rows) == (2, 2, 0)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_are_no_part_of_values(raw, end):
    assert columns(raw(end.join(["a,b", "1,2", "", "3,4", ""])).table) == [["1", "3"], ["2", "4"]]


def test_line_ends_may_be_mixed(raw):
    assert columns(raw("a,b\r\n1,2\n3,4\r5,6\r\n").table)[0] == ["1", "3", "5"]


def test_without_a_header_all_rows_are_values(raw):
    found = raw("1,2.5,x\n3,4.5,y\n")
    assert found.table.column_names == ["", "", ""]
    assert found.table.num_rows == 2
    assert found.read.header_rows == 0


# Rows that are not as wide as the header ----------------------------------------------------


def test_what_short_rows_lack_is_null_and_the_analyst_is_told(raw):
    found = raw("a,b,c\n1,2,3\n4,5\n6,7,8\n9\n1,2,\n")
    assert columns(found.table) == [
        ["1", "4", "6", "9", "1"],
        ["2", "5", "7", None, "2"],
        ["3", None, "8", None, ""],
    ]
    assert found.read.short_rows == 2
    assert found.findings[0].message == (
        "2 rows hold fewer values than the header of data.csv has names, the first in line 3; what "
        "they lack is read as missing."
    )


def test_lines_are_counted_as_an_editor_counts_them(raw):
    text = 'Report\n\na,b\n"x\ny",2\n\n3\n' + "4,5\n" * 9
    assert "the first in line 7;" in raw(text).findings[0].message
    with pytest.raises(UnreadableFileError, match="line 7 holds 3 values, expected 2"):
        raw(text.replace("3\n4", "3,4,5\n4"))


def test_a_row_that_is_too_long_is_named(raw):
    with pytest.raises(UnreadableFileError, match="line 3 holds 3 values, expected 2 as in the"):
        raw("a,b\n1,2\n1,2,3\n4,5\n")


def test_empty_values_at_the_end_of_a_row_are_not_too_many(raw):
    assert columns(raw("a,b\n1,2,\n3,4,\n").table) == [["1", "3"], ["2", "4"]]
    assert columns(raw("a,b\n1,2,,\n3,4\n5,6\n").table) == [["1", "3", "5"], ["2", "4", "6"]]


def test_a_column_without_name_and_values_is_left_out_and_the_analyst_is_told(raw):
    found = raw("a,b,\n1,2,\n3,4,\n")
    assert found.table.column_names == ["a", "b"]
    assert codes(found) == ["unnamed_columns"]
    assert raw("a,,c\n1,2,3\n").table.column_names == ["a", "", "c"]


def test_the_sign_for_the_end_of_a_file_is_no_row(raw):
    assert raw("a,b\n1,2\n3,4\n\x1a").table.num_rows == 2


@pytest.mark.parametrize(
    ("text", "line"),
    [('a,b\n"1,2\n3,4\n', 2), ('"a,b\n1,2\n3,4\n', 1), ("a,b\n" + "1,2\n" * 50 + '3,"4\n', 52)],
)
def test_a_quote_that_is_never_closed_is_named(raw, text, line):
    with pytest.raises(UnreadableFileError, match=f"a quote that opens in line {line} is never"):
        raw(text)


def test_without_quotes_a_quote_is_a_letter(raw):
    assert columns(raw('a,b\n"1,2\n3,4\n', quote="").table) == [['"1', "3"], ["2", "4"]]


# Sizes --------------------------------------------------------------------------------------


def test_a_value_and_a_name_may_have_a_megabyte(raw):
    value, name = "v" * 2**20, "n" * 2**20
    table = raw(f"{name},b\n1,2\n{value},3\n" + "4,5\n" * 50).table
    assert table.column_names == [name, "b"]
    assert table.column(0)[1].as_py() == value


def test_values_longer_than_a_block_keep_their_place(raw):
    rows = [("x" * (BLOCK_BYTES + 7 if i == 500 else 9), str(i)) for i in range(1000)]
    table = raw("a,b\n" + "".join(f"{x},{i}\n" for x, i in rows)).table
    assert columns(table)[1] == [str(i) for i in range(1000)]
    assert len(table.column(0)[500].as_py()) == BLOCK_BYTES + 7


def test_uneven_files_of_many_batches_keep_their_order(raw):
    n_rows = 2 * BATCH_ROWS + 5
    lines = [f"{i},x" if i % 10_000 else str(i) for i in range(n_rows)]
    found = raw("a,b\n" + "\n".join(lines))
    assert columns(found.table)[0] == [str(i) for i in range(n_rows)]
    assert found.read.short_rows == 5


def test_too_many_columns_are_refused(raw):
    with pytest.raises(DataError, match="data.csv has 5,001 columns; at most 5,000 are read"):
        raw(",".join(["a"] * (MAX_COLUMNS + 1)) + "\n1\n")


def test_a_preview_reads_no_further_than_it_must(raw):
    # What is wrong with the last line does not matter for the first ones.
    text = "a,b\n" + "1,2\n" * 5000 + "1,2,3\n"
    assert raw(text, head=3).table.num_rows == 3
    with pytest.raises(UnreadableFileError, match="line 5,002"):
        raw(text)


# Encodings ----------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
@pytest.mark.parametrize("last", ["x;1", "x"], ids=["even", "short"])
def test_letters_survive_every_encoding(raw, encoding, last):
    found = raw(f"größe;wert\nÄ;1\nß;2\nx;1\nx;1\n{last}\n".encode(encoding))
    assert found.read.encoding == encoding
    assert found.table.column_names == ["größe", "wert"]
    assert columns(found.table)[0][:2] == ["Ä", "ß"]


@pytest.mark.parametrize("last", ["1,x", "1"], ids=["even", "short"])
def test_nul_characters_are_left_out_and_the_analyst_is_told(raw, last):
    found = raw("a,b\n1,\0x\n" + "1,x\n" * 99 + last)
    assert set(columns(found.table)[1]) <= {"x", None}
    assert "nul_characters" in codes(found)


# What the analyst says, counts --------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "options", "names", "first"),
    [
        ("a,b;c\n1,2;3\n", {"delimiter": ";"}, ["a,b", "c"], ["1,2", "3"]),
        ("a\tb\n1\t2\n", {"delimiter": "\\t"}, ["a", "b"], ["1", "2"]),
        ("a, b\n1, 2\n", {"delimiter": ", "}, ["a", "b"], ["1", "2"]),
        ("a§b\n1§2\n", {"delimiter": "§"}, ["a", "b"], ["1", "2"]),
        ("a,b\n'x,y',2\n", {"quote": "'"}, ["a", "b"], ["x,y", "2"]),
        ("a,b\n1,2\n", {"header_rows": 0}, ["", ""], ["a", "b"]),
        ("1,2\n3,4\n", {"header_rows": 1}, ["1", "2"], ["3", "4"]),
        ("a,b\nx,y\n1,2\n", {"header_rows": 2}, ["a x", "b y"], ["1", "2"]),
        ("a,b\nx,y\n1,2\n", {"skip_rows": 1}, ["x", "y"], ["1", "2"]),
        ("a,b\nx,y\nv,w\n1,2\n", {"skip_rows": 1, "header_rows": 2}, ["x v", "y w"], ["1", "2"]),
    ],
)
def test_what_is_asked_for_is_done(raw, text, options, names, first):
    table = raw(text, **options).table
    assert table.column_names == names
    assert [column[0].as_py() for column in table.columns] == first


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"delimiter": "||"}, "cannot be read with '||' as its delimiter; expected one character"),
        ({"delimiter": ""}, "cannot be read with '' as its delimiter"),
        ({"delimiter": "\n"}, "as its delimiter"),
        ({"quote": "''"}, "as its quote; expected one character"),
        ({"encoding": "klingon"}, "there is no such encoding"),
    ],
)
def test_what_cannot_be_done_is_said(raw, options, said):
    with pytest.raises(UnreadableFileError) as caught:
        raw("a,b\n1,2\n", **options)
    assert said in str(caught.value)


def test_prose_is_no_table(raw):
    with pytest.raises(UnreadableFileError, match="is plain text without columns; expected a"):
        raw("It was a dark night.\nThe rain fell.\nNobody came, nobody went.\n")


def test_lines_of_delimiters_are_empty(raw):
    with pytest.raises(UnreadableFileError, match="data.csv is empty"):
        raw(";;;\n;;;\n")


# The two ways to read -----------------------------------------------------------------------


def both(folder, text: str, dialect: Dialect):
    path = folder / "text"
    path.write_bytes(text.encode())
    layout = Layout(dialect=dialect, width=2, evenness=1.0, fit=1.0)
    body = Body(path=path, name="x", encoding=Encoding(name="utf-8"), layout=layout, n_header=1)
    fast = read_fast(body, folder)
    return fast, lambda: read_rows(body, folder, head=None)


signs = st.text(st.sampled_from("ab1 ,;\"\n\r\t'é"), max_size=6)


@settings(max_examples=200, deadline=None)
@given(rows=st.lists(st.tuples(signs, signs), max_size=6), quoting=st.sampled_from([0, 1]))
def test_both_ways_return_what_the_csv_module_wrote(tmp_path_factory, rows, quoting):
    out = io.StringIO()
    csv.writer(out, quoting=quoting).writerows([("a", "b"), *rows])
    fast, slow = both(tmp_path_factory.mktemp("text"), out.getvalue(), Dialect(delimiter=","))
    expected = [list(column) for column in zip(*rows, strict=True)] or [[], []]
    table, short = slow()
    assert (columns(table), short.count) == (expected, 0)
    assert fast is None or columns(fast) == expected


@settings(max_examples=300, deadline=None)
@given(text=st.text(st.sampled_from('a1,"\n\r'), max_size=30))
def test_of_any_text_both_ways_make_the_same_or_the_fast_one_nothing(tmp_path_factory, text):
    fast, slow = both(tmp_path_factory.mktemp("text"), "x,y\n" + text, Dialect(delimiter=","))
    if fast is not None:
        table, short = slow()
        assert (columns(table), short.count) == (columns(fast), 0)
