"""What a file is, judged by its bytes and never by its name."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from modelling.errors import UnreadableFileError

SAMPLE_BYTES = 256 * 1024
SAMPLE_ROWS = 50
DELIMITERS = ",;\t|"
MIN_EVENNESS = 0.5
# Bytes that no text is made of: control characters except tab, line ends, form feed, escape.
_CONTROL = bytes({*range(0x01, 0x20)} - {0x09, 0x0A, 0x0C, 0x0D, 0x1B})
MAX_CONTROL_SHARE = 0.01

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
    b"\x80\x04": "a Python pickle",
    b"\x80\x05": "a Python pickle",
    b"\x93NUMPY": "a NumPy file",
    b"ARROW1": "an Arrow file",
}
# Compared in lower case, after blank space. A Windows program needs no entry: it is full of NULs.
_NOT_TABLES_TEXT = {
    rb"#!": "a script",
    rb"<\?xml": "an XML document",
    rb"<(!doctype|html)": "a web page",
    rb"\{\\rtf": "an RTF document",
    rb"\{\s*\"|\[\s*[\[{]": "a JSON document",
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
    start = head.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    for pattern, what in _NOT_TABLES_TEXT.items():
        if re.match(pattern, start):
            raise _no_table(name, what)
    encoding = _encoding(path, head, name)
    delimiter = _delimiter(head, encoding, name)
    return FileFormat(format="csv", delimiter=delimiter, encoding=encoding)


def _no_table(name: str, what: str) -> UnreadableFileError:
    return UnreadableFileError(
        f"{name} is {what}; expected a table. Save it as CSV or Parquet and choose that file."
    )


def _encoding(path: Path, head: bytes, name: str) -> str:
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if len(head) - len(head.translate(None, _CONTROL)) > MAX_CONTROL_SHARE * len(head):
        raise _no_table(name, "a binary file")
    # The whole file is looked at: one letter of an old encoding may come after a million rows.
    if not _is_utf8(path, name):
        return "cp1252"
    return "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8"


def _is_utf8(path: Path, name: str) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    valid = True
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            if b"\0" in block:
                raise _no_table(name, "a binary file")
            try:
                decoder.decode(block if valid else b"")
            except UnicodeDecodeError:
                valid = False
    return valid


def _delimiter(head: bytes, encoding: str, name: str) -> str:
    """Return the delimiter that splits the first rows into most columns most evenly."""
    text = head.decode(encoding, errors="replace")
    is_cut = len(head) == SAMPLE_BYTES
    found = {delimiter: _evenness(text, delimiter, is_cut) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda delimiter: found[delimiter])
    share, width = found[best]
    if width > 1 and share < MIN_EVENNESS:
        raise UnreadableFileError(
            f"{name} could not be read as a table: its header names {width} columns, but most of "
            "its first rows hold another number of values. Save it again as CSV or Parquet."
        )
    return best


def _evenness(text: str, delimiter: str, is_cut: bool) -> tuple[float, int]:
    """Return the share of the first rows that are as wide as the header, and its width."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    # A value may be longer than the csv module takes; what comes before it is enough.
    with contextlib.suppress(csv.Error):
        rows += islice((row for row in reader if row), SAMPLE_ROWS + 1)
    if is_cut and len(rows) > 1:
        rows.pop()
    width = len(rows[0]) if rows else 1
    if width < 2:
        return (0.0, 0)
    # Some programs end each row, but not the header, with a delimiter.
    even = (len(row) == width or (len(row) == width + 1 and not row[-1]) for row in rows)
    return (sum(even) / len(rows), width)
