"""Files of every other kind under the names of tables.

Where a library would be needed to write one, the bytes that make it known stand before noise.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from functools import partial

import numpy as np

from tests.datasets.corpus.containers import tar_of
from tests.datasets.corpus.entry import Case, Entry, Refused
from tests.datasets.corpus.excel import pack
from tests.datasets.corpus.packing import Member, gz, zip_of

# Would leave this file behind if anything that is uploaded were ever executed.
MARK = "/tmp/an_upload_was_executed"
# Noise as in compressed data, the same each time.
NOISE = np.random.default_rng(0).integers(0, 256, 4_000, dtype="uint8").tobytes()
_PICKLE_0 = f"cposix\nsystem\np0\n(S'touch {MARK}'\np1\ntp2\nRp3\n.".encode()
_PICKLE_4 = b"\x80\x04\x95%c\0\0\0\0\0\0\0\x8c\x05posix\x8c\x06system\x93\x8c%c%s\x85R." % (
    len(MARK) + 26,
    len(MARK) + 6,
    f"touch {MARK}".encode(),
)


def _png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = chunk(b"IHDR", struct.pack(">2I5B", 8, 8, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(bytes(9) * 8))
    return b"\x89PNG\r\n\x1a\n" + header + pixels + chunk(b"IEND", b"")


def _npy() -> bytes:
    out = io.BytesIO()
    np.save(out, np.arange(40.0).reshape(20, 2))
    return out.getvalue()


def _npz() -> bytes:
    return zip_of([Member(name="x.npy", content=_npy())])


def _docx() -> bytes:
    return pack({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w:document/>"})


def _pptx() -> bytes:
    return pack({"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<p:presentation/>"})


def _xlsb() -> bytes:
    return pack({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": NOISE})


def _ods() -> bytes:
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return pack({"mimetype": kind, "content.xml": "<office:document-content/>"})


def _skops() -> bytes:
    schema = '{"__class__": "system", "__module__": "posix", "__loader__": "FunctionNode"}'
    return pack({"schema.json": schema, "1.npy": _npy()})


def _jar() -> bytes:
    return pack({"META-INF/MANIFEST.MF": "Manifest-Version: 1.0\n", "A.class": b"\xca\xfe\xba\xbe"})


def _old_office(stream: str) -> bytes:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    return head + stream.encode("utf-16-le").ljust(512, b"\0") + NOISE


def _feather_1() -> bytes:
    """Return a file of 2016; the library that wrote it then has left it behind since."""
    return b"FEA1\0\0\0\0" + NOISE + struct.pack("<I", 120) + b"FEA1"


_SCRIPT = b"#!/bin/sh\ntouch " + MARK.encode() + b"\nfor f in a, b, c; do echo $f; done\n"
_HTML = b"<!DOCTYPE html>\n<html><body><table><tr><td>1</td></tr></table></body></html>\n"
_XML = b'<?xml version="1.0"?>\n<rows>\n<row a="1" b="2"/>\n<row a="3" b="4"/>\n</rows>\n'
_SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9"><script>alert(1)</script></svg>\n'
_YAML = f"""# settings of a model
!!python/object/apply:os.system ["touch {MARK}"]
model:
  name: tree
  depths: [1, 2, 3]
notes: |
  Several words, and one more line
  of text.
""".encode()
_SOURCE = b'''"""A program, not a table."""

import os, sys


def main(first, second=2, *rest):
    for name in sorted(os.listdir(first)):
        if name.endswith(".csv"):
            print(name, second, sep=", ")
    return [x for x in rest if x], {"a": 1, "b": (2, 3)}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
'''
_SQL = b"""CREATE TABLE runs (id INTEGER PRIMARY KEY, name TEXT, score REAL);
INSERT INTO runs VALUES (1, 'base', 0.5), (2, 'tuned', 0.6);
-- done
DROP TABLE runs;
"""
_LOG = b"""2026-01-01 10:00:00,123 INFO server: started on port 8501
2026-01-01 10:00:01,007 WARNING reader: 3 rows were short, filled up; see above
Traceback (most recent call last):
  File "reader.py", line 7, in read
ValueError: no columns to parse
2026-01-01 10:00:02,500 INFO server: stopped
"""
_PROSE = b"""It was a bright day, and the clocks were striking.

Nobody in the street had a table, nor knew where one could be found; some said so.
They went home early.  Others stayed, talked, and looked at the sky, which was empty.
In the evening it rained.
"""
_EMAIL = b"""From: Ann <ann@example.org>
To: Ben <ben@example.org>, Cem <cem@example.org>
Subject: The data, as promised
Date: Mon, 5 Jan 2026 10:00:00 +0000
MIME-Version: 1.0
Content-Type: text/plain

Dear Ben,

you find the table attached. It has 400 rows, more or less.

Ann
"""
_MARKDOWN = b"""# Results

Some *words* before the list:

- first, with a comma
- second; with a semicolon

```python
print("a", "b")
```

More in [the report](report.html), chapter 2.
"""
_LATEX = b"""\\documentclass{article}
\\begin{document}
\\begin{tabular}{ll} a & b \\\\ 1 & 2 \\\\ \\end{tabular}
Some text, and more.
\\end{document}
"""
_BASE_64 = b"\n".join([b"data:application/octet-stream;base64,", *[b"QUJD" * 19] * 30, b"QQ=="])
_PATCH = b"""diff --git a/x.py b/x.py
--- a/x.py
+++ b/x.py
@@ -1,3 +1,4 @@
 import os
-import sys, re
+import sys
+print(os.sep, end="")
"""
KINDS: tuple[tuple[str, str, bytes], ...] = (
    ("pdf", "PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\n" + NOISE),
    ("png image", "PNG", _png()),
    ("jpeg image", "JPEG", b"\xff\xd8\xff\xe0\0\x10JFIF\0" + NOISE),
    ("gif image", "GIF", b"GIF89a\1\0\1\0" + NOISE),
    ("webp image", "binary|image", b"RIFF\x24\x0f\0\0WEBPVP8 " + NOISE),
    ("tiff image", "binary|image", b"II*\0\x08\0\0\0" + NOISE),
    ("svg image", "SVG|XML", _SVG),
    ("mp3 sound", "binary|sound|MP3", b"ID3\4\0\0\0\0\0\0" + NOISE),
    ("mp4 film", "binary|video|MP4", b"\0\0\0\x18ftypisom\0\0\2\0" + NOISE),
    ("woff font", "binary|font", b"wOFF\0\1\0\0" + NOISE),
    ("elf program", "program", b"\x7fELF\2\1\1" + bytes(9) + NOISE),
    ("windows program", "program|binary", b"MZ\x90\0\3\0\0\0" + bytes(60) + b"PE\0\0" + NOISE),
    ("wasm program", "program|binary", b"\0asm\1\0\0\0" + NOISE),
    ("java archive", "zip|Java|archive|program", _jar()),
    ("shell script", "script", _SCRIPT),
    ("python source", "table|script|program", _SOURCE),
    ("sql script", "table|script|SQL", _SQL),
    ("patch", "table|text", _PATCH),
    ("html page", "web page|HTML", _HTML),
    ("xml document", "XML", _XML),
    ("yaml settings", "table|YAML", _YAML),
    ("latex document", "table|text", _LATEX),
    ("rtf document", "RTF", b"{\\rtf1\\ansi\\deff0 {\\fonttbl;} a, b \\par 1, 2 \\par}"),
    ("log", "table|log", _LOG),
    ("prose", "table|text|column", _PROSE),
    ("email", "table|mail", _EMAIL),
    ("markdown", "table|text|column", _MARKDOWN),
    ("base64", "table|text|column", _BASE_64),
    ("sqlite database", "SQLite", b"SQLite format 3\0\x10\0\1\1\0@  " + NOISE),
    ("old excel", "old (Office|Excel)|Excel 97", _old_office("Workbook")),
    ("old word", "old (Office|Word)|Office", _old_office("WordDocument")),
    ("excel with a password", "password|old Office|Office", _old_office("EncryptedPackage")),
    ("binary excel", "Excel", _xlsb()),
    ("open document sheet", "OpenDocument|spreadsheet|zip", _ods()),
    ("word document", "Word|Office|zip", _docx()),
    ("slides", "PowerPoint|Office|zip", _pptx()),
    ("pickle", "pickle", _PICKLE_4),
    ("pickle of protocol 0", "table|pickle", _PICKLE_0),
    ("joblib", "pickle|binary|compressed", zlib.compress(_PICKLE_4)),
    ("joblib in gz", "pickle", gz(_PICKLE_4)),
    ("skops model", "zip|skops|archive|model", _skops()),
    ("npy array", "NumPy", _npy()),
    ("npz arrays", "NumPy|zip|archive", _npz()),
    ("hdf5", "HDF|binary", b"\x89HDF\r\n\x1a\n" + bytes(5) + NOISE),
    ("stata", "Stata|binary", b"<stata_dta><header><release>118</release>" + NOISE),
    ("spss", "SPSS|binary", b"$FL2@(#) SPSS DATA FILE" + NOISE),
    ("r data", "R |binary|gz", gz(b"RDX3\nX\n\0\0\0\3" + NOISE)),
    ("orc", "ORC|binary", b"ORC" + NOISE + b"\3ORC\x17"),
    ("feather of version 1", "Feather", _feather_1()),
    ("avro", "Avro|binary", b"Obj\1\4\x16avro.schema" + NOISE),
    ("7z archive", "7z|7-Zip|binary|archive", b"7z\xbc\xaf\x27\x1c\0\4" + NOISE),
    ("rar archive", "RAR|binary|archive", b"Rar!\x1a\7\1\0" + NOISE),
    ("tar archive", "tar|binary|archive", tar_of("table.csv", b"a,b\n1,2\n")),
    ("zeros", "binary|empty|NUL", bytes(4_000)),
    ("noise", "binary|table", NOISE),
)
NAMES = (".csv", ".xlsx", ".parquet", ".json")


def _case(content: bytes, says: str) -> Case:
    return Case(content=content, expects=Refused(says=says))


def _entries() -> Iterator[Entry]:
    """Give each kind two of the names, so that each name meets many kinds."""
    for number, (kind, says, content) in enumerate(KINDS):
        for suffix in (NAMES[number % 4], NAMES[(number + 1) % 4]):
            yield Entry(
                fault=kind,
                format=f"named {suffix}",
                suffix=suffix,
                make=partial(_case, content, says),
            )


ENTRIES: tuple[Entry, ...] = tuple(_entries())
