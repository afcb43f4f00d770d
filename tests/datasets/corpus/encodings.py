"""Text in every encoding, text that is none, and too little of it."""

from __future__ import annotations

import codecs

from tests.datasets.corpus.dialects import (
    COMMA,
    COMMON,
    SEMICOLON,
    Dialect,
    Fault,
    as_bytes,
    as_written,
    crossed,
)
from tests.datasets.corpus.entry import Case, Entry, Refused
from tests.datasets.corpus.table import plain

CURLY = "“Bücher” – 5 €"


# Nothing or too little ----------------------------------------------------------------------


def empty(_: Dialect) -> Case:
    return Case(content=b"", expects=Refused(says="is empty"))


def blank_lines_only(_: Dialect) -> Case:
    return Case(content=b" \r\n\t\r\n\r\n", expects=Refused(says="is empty"))


def delimiters_only(dialect: Dialect) -> Case:
    text = (dialect.delimiter * 4 + dialect.end) * 40
    return Case(content=text.encode(), expects=Refused(says="no values|no table|no columns|empty"))


def header_without_line_end(dialect: Dialect) -> Case:
    text = dialect.delimiter.join(plain().names)
    return Case(content=text.encode(), expects=Refused(says="no values|no rows|below"))


# Encodings ----------------------------------------------------------------------------------


def utf_8_mark(dialect: Dialect) -> Case:
    return as_written(dialect, dialect.text(plain()), "utf-8-sig")


def utf_16_little_endian(dialect: Dialect) -> Case:
    return as_bytes(dialect, codecs.BOM_UTF16_LE + dialect.text(plain()).encode("utf-16-le"))


def utf_16_big_endian(dialect: Dialect) -> Case:
    return as_bytes(dialect, codecs.BOM_UTF16_BE + dialect.text(plain()).encode("utf-16-be"))


def utf_16_without_mark(dialect: Dialect) -> Case:
    content = dialect.text(plain()).encode("utf-16-le")
    return as_bytes(dialect, content, encoding="utf-16-le")


def utf_16_cut_in_a_letter(dialect: Dialect) -> Case:
    content = codecs.BOM_UTF16_LE + dialect.text(plain()).encode("utf-16-le")
    return Case(content=content[:-5], expects=dialect.reads())


def utf_32(dialect: Dialect) -> Case:
    return as_written(dialect, dialect.text(plain()), "utf-32")


def latin_1(dialect: Dialect) -> Case:
    return as_written(dialect, dialect.text(plain()), "latin-1")


def windows_1252(dialect: Dialect) -> Case:
    table = plain().plus("note", (CURLY, "x"))
    reads = dialect.reads(names=table.names, first={"note": CURLY}, info={"encoding": "cp1252"})
    return Case(content=dialect.text(table).encode("cp1252"), expects=reads)


def one_old_letter_in_the_last_row(dialect: Dialect) -> Case:
    """Programs append rows in the encoding of their machine."""
    table = plain(5_000)
    last = dialect.lines([(30, 1.5, "Genève", "2024-05-05", "pro")])
    content = dialect.text(table).replace("ö", "o").replace("ü", "u").replace("á", "a").encode()
    reads = dialect.reads(rows=5_001, first={"city": "Koln"}, info={"encoding": "cp1252"})
    return Case(content=content + last.encode("cp1252"), expects=reads)


def nul_inside(dialect: Dialect) -> Case:
    """One letter that a faulty disk or program wrote costs no table, but is not hidden."""
    content = dialect.text(plain()).encode().replace(b"Oslo", b"Os\0lo", 1)
    return Case(content=content, expects=dialect.reads(told="NUL"))


def nul_at_the_end(dialect: Dialect) -> Case:
    """A disk that filled up, or a file that was cut off by a crash, ends in zeros."""
    content = dialect.text(plain()).encode() + bytes(512)
    return Case(content=content, expects=Refused(says="binary|NUL"))


def binary_in_the_middle(dialect: Dialect) -> Case:
    text = dialect.text(plain()).encode()
    middle = len(text) // 2
    noise = bytes(range(1, 9)) * 60
    return Case(content=text[:middle] + noise + text[middle:], expects=Refused(says="binary|table"))


EVERYWHERE: tuple[Fault, ...] = (utf_16_little_endian, windows_1252, nul_inside)
IN_TWO: tuple[Fault, ...] = (
    empty, delimiters_only, header_without_line_end, utf_8_mark, utf_16_big_endian,
    utf_16_without_mark, utf_16_cut_in_a_letter, utf_32, latin_1, one_old_letter_in_the_last_row,
)  # fmt: skip
IN_ONE: tuple[Fault, ...] = (blank_lines_only, nul_at_the_end, binary_in_the_middle)
ENTRIES: tuple[Entry, ...] = (
    *crossed(EVERYWHERE, COMMON),
    *crossed(IN_TWO, (COMMA, SEMICOLON)),
    *crossed(IN_ONE, (COMMA,)),
)
