"""What a file is, judged by its bytes and never by its name."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from modelling.datasets.files.archives import ZIP_STARTS, document_kind, open_zip
from modelling.datasets.files.formats import FORMATS, FileFormat
from modelling.datasets.files.formats.encoding import start_of_text
from modelling.datasets.files.raw import empty, no_table

HEAD_BYTES = 64 * 1024
# Patterns see no more, as some of them take the square of it in time.
PATTERN_BYTES = 4096
_NESTED = "a compressed file inside another one"
_OLD_OFFICE = "a password-protected or old Excel workbook, or another old Office document"
_WIDE_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

# How files of other kinds begin.
_STARTS: dict[bytes, str] = {
    b"%PDF": "a PDF document",
    b"%!PS": "a PostScript document",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF87a": "a GIF image",
    b"GIF89a": "a GIF image",
    b"II*\x00": "a TIFF image",
    b"MM\x00*": "a TIFF image",
    b"\x00\x00\x01\x00": "an icon",
    b"\x1aE\xdf\xa3": "a video file (Matroska)",
    b"\xd0\xcf\x11\xe0": _OLD_OFFICE,
    b"\x1f\x8b\x08": _NESTED,
    b"BZh91AY&SY": _NESTED,
    b"\xfd7zXZ": _NESTED,
    b"\x28\xb5\x2f\xfd": _NESTED,
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!\x1a": "a RAR archive",
    b'\x04"M\x18': "an lz4 archive",
    b"\x1f\x9d": "a compress archive",
    b"!<arch>\n": "a software package",
    b"\xed\xab\xee\xdb": "a software package",
    b"x\x9c": "compressed data, such as joblib writes",
    b"x\xda": "compressed data, such as joblib writes",
    b"x\x01": "compressed data, such as joblib writes",
    b"SQLite format 3": "an SQLite database",
    b"\x7fELF": "a program",
    b"\xcf\xfa\xed\xfe": "a program",
    b"\xca\xfe\xba\xbe": "a Java class",
    b"\x00asm": "a WebAssembly program",
    b"\x00\x01\x00\x00\x00": "a font",
    b"\x93NUMPY": "a NumPy file",
    b"\x89HDF": "an HDF5 file",
    b"CDF\x01": "a NetCDF file",
    b"CDF\x02": "a NetCDF file",
    b"Obj\x01": "an Avro file",
    b"MATLAB 5.0 MAT-file": "a MATLAB file",
    b"<stata_dta>": "a Stata file",
    b"HEADER RECORD*******LIBRARY": "a SAS transport file",
    b"# v2 git bundle": "a git bundle",
    b"# v3 git bundle": "a git bundle",
    b"PACK\x00\x00\x00": "a git pack",
}

# A header of a table may read like one of these; with a NUL near its place it is none.
_BINARY_STARTS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"MZ", "a Windows program"),
    (0, b"BM", "a BMP image"),
    (0, b"8BPS", "a Photoshop image"),
    (0, b"RIFF", "an image, audio or video file (RIFF)"),
    (0, b"OggS", "an audio or video file (Ogg)"),
    (0, b"fLaC", "an audio file (FLAC)"),
    (0, b"ID3", "an audio file (MP3)"),
    (0, b"MThd", "an audio file (MIDI)"),
    (4, b"ftyp", "a video file (MP4)"),
    (257, b"ustar", "a tar archive"),
    (0, b"MSCF", "a cabinet archive"),
    (0, b"LZIP", "an lzip archive"),
    (4, b"Standard Jet DB", "an Access database"),
    (4, b"Standard ACE DB", "an Access database"),
    (8, b"DUCK", "a DuckDB database"),
    (0, b"wOFF", "a font"),
    (0, b"wOF2", "a font"),
    (0, b"OTTO", "a font"),
    (0, b"ORC", "an ORC file"),
    (0, b"FEA1", "a Feather file of version 1"),
    (0, b"PARE", "an encrypted Parquet file"),
    (0, b"RDX", "an R data file"),
    (0, b"RDA", "an R data file"),
    (0, b"X\n", "an R data file"),
    (0, b"$FL", "an SPSS file"),
    (84, b"SAS FILE", "a SAS file"),
    (0, b"GGUF", "a language model (GGUF)"),
)

# Compared with the beginning in lower case, after blank space. Where a table might begin so, too,
# the pattern runs on to what only the other thing has.
_PATTERNS: tuple[tuple[re.Pattern[bytes], str], ...] = tuple(
    (re.compile(pattern), what)
    for pattern, what in (
        (rb"\x80[\x02-\x05]", "a Python pickle"),
        (rb"c(os|posix|nt|builtins|__builtin__|copy_reg|subprocess)\n", "a Python pickle"),
        (rb"c(numpy|pandas|sklearn|joblib)[\w.]*\n|\([dl]p\d+\n", "a Python pickle"),
        (rb"#!|<\?php|@echo off", "a script"),
        (rb"(import [\w.]+( as \w+)?|from [\w.]+ import [\w, *]+)\s*[\r\n]", "source code"),
        (rb"#include\s*[<\"]|#define \w|using namespace |package [\w.]+;\s*[\r\n]", "source code"),
        (rb"(async )?(def|function|class) \w+\s*(\([^\n]*\))?\s*[:{]\s", "source code"),
        (rb"(const|let|var) \w+ = |['\"]use strict", "source code"),
        (rb"(insert into|create (table|database)|drop table) ", "an SQL script"),
        (rb"select [^\n]+\sfrom\s|pragma \w+\s*=|(begin|start) transaction;", "an SQL script"),
        (rb"-- [^\n]*(dump|sql)", "an SQL script"),
        (rb"<\?xml|<svg|<\w+ xmlns", "an XML document"),
        (rb"<(!doctype|html|head|body|table|div|script)\b|<!--", "a web page"),
        (rb"<\w+>\s*<\w+", "an XML document"),
        (rb"\{\\rtf", "an RTF document"),
        (rb"\\(documentclass|begin\{)", "a LaTeX document"),
        (rb"begin:v(card|calendar)", "a contact or calendar file"),
        (rb"-----begin ", "a key or certificate"),
        (rb"(return-path|received|delivered-to|mime-version|message-id): ", "an e-mail"),
        (rb"diff --git|--- a/", "a list of changes (diff)"),
        (rb"(%[^\n]*\n|\s)*@relation\s", "an ARFF file"),
        (rb"%yaml|---\s*\n\s*([\w-]+:|- )", "a YAML document"),
        (rb"\[[\w .-]+\]\s*\n\s*[\w.-]+\s*=", "a configuration file"),
        (rb"[+-]?\d+(\.\d+)?( \d+:[-+\d.e]+)+\s*\n", "a LIBSVM file"),
        (rb"[^\n]*\|[^\n]*\n\s*\|?(\s*:?-{2,}:?\s*\|)+", "a Markdown table"),
    )
)


def sniff(path: Path, name: str) -> FileFormat:
    """Recognise the format of the file at ``path``; ``name`` is only its label in messages.

    Raises
    ------
    UnreadableFileError
        If it is empty or something that is known to be no table.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head.strip(b" \t\r\n\x00"):
        raise empty(name)
    document = _document(path, name) if head.startswith(ZIP_STARTS) else None
    what = None if document else _no_table(head)
    if what is not None:
        raise no_table(name, what)
    for format_ in FORMATS:
        if format_.recognises(head, document):
            return format_
    raise no_table(name, document or "a binary file")


def _document(path: Path, name: str) -> str:
    with open_zip(path, name) as archive:
        # An archive that is no document was unpacked before, so this one lay in another.
        return document_kind(archive) or _NESTED


def _no_table(head: bytes) -> str | None:
    for start, what in _STARTS.items():
        if head.startswith(start):
            return what
    if b"\0" in head[:1024] and not head.startswith(_WIDE_MARKS):
        for place, start, what in _BINARY_STARTS:
            if head.startswith(start, place):
                return what
    text = start_of_text(head)[:PATTERN_BYTES].lower()
    return next((what for pattern, what in _PATTERNS if pattern.match(text)), None)
