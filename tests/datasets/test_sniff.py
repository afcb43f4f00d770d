import codecs

import pytest

from modelling.datasets.sniff import SAMPLE_BYTES, FileFormat, sniff
from modelling.errors import UnreadableFileError


@pytest.fixture
def sniffed(tmp_path):
    def of(content: str | bytes) -> FileFormat:
        path = tmp_path / "upload"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return sniff(path, "data.csv")

    return of


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(sniffed, delimiter):
    rows = [["name", "size"], ["a, b", "1"], ["c; d", "2"]]
    text = "\n".join(delimiter.join(f'"{value}"' for value in row) for row in rows)
    assert sniffed(text).delimiter == delimiter


def test_decimal_commas_do_not_hide_the_semicolon(sniffed):
    assert sniffed("a;b\n1,5;2,5\n3,25;4,0\n").delimiter == ";"


def test_of_two_even_delimiters_the_one_that_makes_more_columns_wins(sniffed):
    assert sniffed("a,b;c,d\n1,2;3,4\n").delimiter == ","


def test_a_delimiter_after_each_row_only_is_no_unevenness(sniffed):
    assert sniffed("a;b\n1;2;\n3;4;\n").delimiter == ";"


def test_line_breaks_inside_quotes_do_not_count_as_rows(sniffed):
    assert sniffed('a;"b\nc"\n"1,\n2,\n3,";4\n').delimiter == ";"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_is_understood(sniffed, end):
    assert sniffed(end.join(["a;b", "1;2", "3;4", ""])).delimiter == ";"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"a,b\n1,2\n", "utf-8"),
        ("ä,b\nö,2\n".encode(), "utf-8"),
        (codecs.BOM_UTF8 + b"a,b\n1,2\n", "utf-8-sig"),
        ("a,b\n1,2\n".encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + "a,b\n1,2\n".encode("utf-16-be"), "utf-16"),
        ("a,b\n1,2\n".encode("utf-32"), "utf-32"),
        ("ä,b\n€,2\n".encode("cp1252"), "cp1252"),
    ],
)
def test_the_encoding_is_found(sniffed, content, encoding):
    assert sniffed(content).encoding == encoding


def test_one_letter_of_an_old_encoding_is_found_far_behind_the_sample(sniffed):
    content = b"a,b\n" + b"xx,1\n" * SAMPLE_BYTES + "Müller,2\n".encode("cp1252")
    assert sniffed(content).encoding == "cp1252"


def test_a_character_that_the_sample_cuts_in_two_is_forgiven(sniffed):
    content = b"a,b\n" + b"x" * (SAMPLE_BYTES - 5) + "ä,1\n".encode()
    assert content[: SAMPLE_BYTES + 1].decode()
    assert sniffed(content).encoding == "utf-8"


@pytest.mark.parametrize("header", ["MZone", "BM", "PKs", "ID", "#", "<5", "[id]", "{id}"])
def test_a_header_may_begin_like_a_file_of_another_kind(sniffed, header):
    assert sniffed(f"{header},b\n1,2\n").format == "csv"


def test_parquet_is_known_by_its_first_bytes(sniffed):
    assert sniffed(b"PAR1....") == FileFormat(format="parquet")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%PDF-1.7\n", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n", "a PNG image"),
        (b"\xff\xd8\xff\xe0", "a JPEG image"),
        (b"GIF89a", "a GIF image"),
        (b"PK\x03\x04", "a zip archive or an Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
        (b"\x1f\x8b\x08", "a gzip archive"),
        (b"BZh91AY&SY", "a bzip2 archive"),
        (b"\xfd7zXZ\x00", "an xz archive"),
        (b"\x28\xb5\x2f\xfd", "a zstd archive"),
        (b"SQLite format 3\x00", "an SQLite database"),
        (b"\x7fELF\x02", "a program"),
        (b"MZ\x90\x00\x03", "a binary file"),
        (b"\x80\x04\x95", "a Python pickle"),
        (b"\x93NUMPY\x01", "a NumPy file"),
        (b"ARROW1\x00\x00", "an Arrow file"),
        (b"#!/bin/sh\n", "a script"),
        (b'<?xml version="1.0"?>', "an XML document"),
        (b"<!DOCTYPE html>", "a web page"),
        (b"\n <!doctype html>", "a web page"),
        (b"<HTML><body>a,b", "a web page"),
        (b'{"a": 1, "b": 2}\n', "a JSON document"),
        (b'[\n  {"a": 1, "b": 2}\n]', "a JSON document"),
        (b"{\\rtf1\\ansi", "an RTF document"),
        (b"a,b\n1,\x00\n", "a binary file"),
        (bytes(range(1, 256)) * 40, "a binary file"),
        (b"a,b\n" + b"1,2\n" * SAMPLE_BYTES + b"\x00", "a binary file"),
    ],
)
def test_what_is_no_table_is_refused_whatever_its_name(sniffed, content, what):
    with pytest.raises(UnreadableFileError) as caught:
        sniffed(content)
    assert str(caught.value) == (
        f"data.csv is {what}; expected a table. Save it as CSV or Parquet and choose that file."
    )


@pytest.mark.parametrize("content", ["", " ", "\n\n", "\t\r\n "])
def test_a_file_without_a_sign_in_it_is_empty(sniffed, content):
    with pytest.raises(UnreadableFileError, match=r"data\.csv is empty; expected a table"):
        sniffed(content)


@pytest.mark.parametrize(
    "content",
    [
        "Dear Sir, or Madam.\nI write, well, about that, and this.\nBye\nAnn\n",
        "a,b\n1,2,3\n4,5,6\n",
    ],
)
def test_rows_unlike_their_header_are_no_table(sniffed, content):
    with pytest.raises(UnreadableFileError, match="its header names 2 columns, but most"):
        sniffed(content)


def test_a_huge_value_does_not_stop_the_search_for_the_delimiter(sniffed):
    assert sniffed("a;b\n1;2\n" + "x" * 200_000 + ";3\n").delimiter == ";"
