"""What a file is, judged by its bytes and never by its name."""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass
from pathlib import Path

from modelling.errors import UnreadableFileError

SAMPLE_BYTES = 256 * 1024
DELIMITERS = ",;\t|"

_NOT_TABLES = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"PK\x03\x04": "a zip archive or an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
    b"SQLite format 3": "an SQLite database",
    b"\x7fELF": "a program",
    b"MZ": "a program",
    b"\x80\x04": "a Python pickle",
    b"\x80\x05": "a Python pickle",
    b"\x93NUMPY": "a NumPy file",
    b"ARROW1": "an Arrow file",
    b"#!": "a script",
    b"<?xml": "an XML document",
    b"<!DOCTYPE": "a web page",
    b"<html": "a web page",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class FileFormat:
    """How to read a file: ``format`` is "parquet" or "csv"; the rest is for text."""

    format: str
    delimiter: str | None = None
    encoding: str | None = None


def sniff(path: Path, name: str) -> FileFormat:
    """Recognise the format of the file at ``path``; ``name`` is only its label in messages.

    Raises
    ------
    UnreadableFileError
        If it is empty or no table that is read.
    """
    with path.open("rb") as file:
        head = file.read(SAMPLE_BYTES)
    if not head.strip():
        raise UnreadableFileError(
            f"{name} is empty; expected a table with a header row. Choose another file."
        )
    if head.startswith(b"PAR1"):
        return FileFormat(format="parquet")
    for magic, what in _NOT_TABLES.items():
        if head.startswith(magic):
            raise _no_table(name, what)
    encoding = _encoding(head, name)
    return FileFormat(format="csv", delimiter=_delimiter(head, encoding), encoding=encoding)


def _no_table(name: str, what: str) -> UnreadableFileError:
    return UnreadableFileError(
        f"{name} is {what}; expected a table. Save it as CSV or Parquet and choose that file."
    )


def _encoding(head: bytes, name: str) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in head:
        raise _no_table(name, "a binary file")
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    try:
        # An incremental decoder forgives a character cut at the end of the sample.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _delimiter(head: bytes, encoding: str) -> str:
    """Return the delimiter that splits the first lines into most columns most evenly."""
    text = head.decode(encoding, errors="replace")
    lines = text.splitlines()[:50]
    if len(head) == SAMPLE_BYTES and len(lines) > 1:
        lines = lines[:-1]

    def evenness(delimiter: str) -> tuple[float, int]:
        rows = [len(row) for row in csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter)]
        width = rows[0] if rows else 1
        if width < 2:
            return (0.0, 0)
        return (sum(count == width for count in rows) / len(rows), width)

    return max(DELIMITERS, key=evenness)
