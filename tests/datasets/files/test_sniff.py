import codecs

import pytest

from modelling.datasets.files.sniff import HEAD_BYTES, sniff
from modelling.errors import UnreadableFileError
from tests.datasets.corpus.packing import member_zip


@pytest.fixture
def sniffed(tmp_path):
    def of(content: str | bytes) -> str:
        path = tmp_path / "upload"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return sniff(path, "data.csv").key

    return of


def document(*members: str) -> bytes:
    """Return a zip archive with members of these names."""
    from tests.datasets.corpus.packing import Member, zip_of

    return zip_of([Member(name=name, content=b"x") for name in members])


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"PAR1....", "parquet"),
        (b"ARROW1\x00\x00....", "arrow"),
        (b"\xff\xff\xff\xff\x10\x00\x00\x00", "arrow"),
        (document("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (b'{"a": 1, "b": 2}\n', "json"),
        (b'[\n  {"a": 1, "b": 2}\n]', "json"),
        (b"[[1, 2], [3, 4]]", "json"),
        (b"{}", "json"),
        ('{"a": 1}'.encode("utf-16"), "json"),
        (codecs.BOM_UTF8 + b'[{"a": 1}]', "json"),
        (b"a,b\n1,2\n", "csv"),
    ],
)
def test_a_format_is_known_by_its_bytes(sniffed, content, key):
    assert sniffed(content) == key


@pytest.mark.parametrize(
    "header",
    ["MZone", "BM", "PKs", "ID3", "ORC", "RDX", "#", "<5", "[id]", "{id}", "BZh", "import", "OTTO"],
)
def test_a_header_may_begin_like_a_file_of_another_kind(sniffed, header):
    assert sniffed(f"{header},b\n1,2\n") == "csv"


@pytest.mark.parametrize(
    "header", ["import duty;value", "package id;b", "class name,b", "select,from", "city\nrome"]
)
def test_a_header_may_begin_like_a_program(sniffed, header):
    assert sniffed(f"{header}\n1,2\n") == "csv"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%PDF-1.7\n", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n", "a PNG image"),
        (b"\xff\xd8\xff\xe0", "a JPEG image"),
        (b"GIF89a", "a GIF image"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "an image, audio or video file (RIFF)"),
        (b"\x00\x00\x00\x20ftypisom", "a video file (MP4)"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "a password-protected or old Excel workbook, or another old Office document",
        ),
        (b"\x1f\x8b\x08", "a compressed file inside another one"),
        (b"BZh91AY&SY", "a compressed file inside another one"),
        (b"\xfd7zXZ\x00", "a compressed file inside another one"),
        (b"\x28\xb5\x2f\xfd", "a compressed file inside another one"),
        (member_zip("table.csv", b"a,b\n1,2\n"), "a compressed file inside another one"),
        (document("xl/workbook.bin"), "a binary Excel workbook (xlsb)"),
        (document("[Content_Types].xml", "word/document.xml"), "a Word document"),
        (document("[Content_Types].xml", "visio/document.xml"), "an Office document"),
        (document("x.npy", "y.npy"), "a NumPy archive (npz)"),
        (document("archive/data.pkl"), "a PyTorch model"),
        (
            member_zip("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
            "an OpenDocument spreadsheet (ods)",
        ),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"table.csv" + bytes(248) + b"ustar\x0000", "a tar archive"),
        (b"SQLite format 3\x00", "an SQLite database"),
        (b"\x7fELF\x02", "a program"),
        (b"MZ\x90\x00\x03", "a Windows program"),
        (b"\xca\xfe\xba\xbe\x00\x00", "a Java class"),
        (b"\x80\x04\x95", "a Python pickle"),
        (b"cos\nsystem\n(S'true'\ntR.", "a Python pickle"),
        (b"\x93NUMPY\x01", "a NumPy file"),
        (b"x\x9c\x4b\xcc", "compressed data, such as joblib writes"),
        (b"FEA1\x00\x00\x00\x00", "a Feather file of version 1"),
        (b"# v2 git bundle\n", "a git bundle"),
        (b"#!/bin/sh\n", "a script"),
        (b"import os\nimport sys\n", "source code"),
        (b"#include <stdio.h>\n", "source code"),
        (b"def f(a, b):\n    return a\n", "source code"),
        (b"INSERT INTO t VALUES (1, 2);\nINSERT INTO t VALUES (3, 4);\n", "an SQL script"),
        (b'<?xml version="1.0"?>', "an XML document"),
        ('<?xml version="1.0"?>'.encode("utf-16"), "an XML document"),
        (b"<data><row>", "an XML document"),
        (b"<!DOCTYPE html>", "a web page"),
        (b"\n <!doctype html>", "a web page"),
        (b"<HTML><body>a,b", "a web page"),
        (b"{\\rtf1\\ansi", "an RTF document"),
        (b"-----BEGIN CERTIFICATE-----\n", "a key or certificate"),
        (b"---\nname: x\nsize: 3\n", "a YAML document"),
        (b"[main]\nkey = value\n", "a configuration file"),
        (b"1 1:0.5 3:2\n-1 2:1\n", "a LIBSVM file"),
        (b"% made by hand\n@RELATION iris\n", "an ARFF file"),
        (b"| a | b |\n|---|---|\n| 1 | 2 |\n", "a Markdown table"),
    ],
)
def test_what_is_no_table_is_named_and_refused_whatever_its_name(sniffed, content, what):
    with pytest.raises(UnreadableFileError) as caught:
        sniffed(content)
    assert str(caught.value) == (
        f"data.csv is {what}; expected a table. Save it as CSV or Parquet and choose that file."
    )


@pytest.mark.parametrize("content", [b"", b" ", b"\n\n", b"\t\r\n ", bytes(100)])
def test_a_file_without_a_sign_in_it_is_empty(sniffed, content):
    with pytest.raises(UnreadableFileError, match="data.csv is empty; expected a table"):
        sniffed(content)


def test_one_long_line_of_signs_is_no_work(sniffed):
    # A pattern that took the square of this in time would need minutes.
    assert sniffed("|" * HEAD_BYTES) == "csv"


def test_a_damaged_zip_archive_is_called_that(sniffed):
    with pytest.raises(UnreadableFileError, match="data.csv is a damaged zip archive; write it"):
        sniffed(b"PK\x03\x04" + bytes(range(200)))
