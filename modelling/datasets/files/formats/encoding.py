"""The encoding of a text file, judged by all of its bytes."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from modelling.datasets.files.raw import no_table
from modelling.datasets.wording import shorten
from modelling.errors import UnreadableFileError
from modelling.types import Finding, Severity

BLOCK_BYTES = 1 << 20
SAMPLE_BYTES = 256 * 1024
MAX_CONTROL_SHARE = 0.01
# So many damaged bytes for each letter beyond ASCII still are UTF-8, not another encoding.
MAX_DAMAGED_SHARE = 0.01
MIN_WIDE_NUL_SHARE = 0.2

# Text has no control characters but tab, line ends, form feed, escape, and the end of file of DOS;
# 0x01 and 0x1c to 0x1f divide values in some files.
_CONTROL = bytes({*range(0x20)} - {0x01, 0x09, 0x0A, 0x0C, 0x0D, *range(0x1A, 0x20)})
# Bytes that Windows-1252 leaves open, and Latin-1 does not.
_NOT_IN_1252 = b"\x81\x8d\x8f\x90\x9d"
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Codecs of Python that are none of files.
_NO_ENCODINGS = ("idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "mbcs")
_REPLACEMENT = "\ufffd"


@dataclass(frozen=True, kw_only=True, slots=True)
class Encoding:
    """How bytes become text.

    ``n_nul`` NUL characters are left out; ``is_damaged`` tells that some bytes are no text in this
    encoding and become the sign U+FFFD.
    """

    name: str
    n_nul: int = 0
    is_damaged: bool = False

    @property
    def is_plain_utf8(self) -> bool:
        """Whether the bytes of the file are UTF-8 as they stand, but for a mark at the start."""
        return self.name in ("utf-8", "utf-8-sig") and not self.n_nul and not self.is_damaged

    def open(self, path: Path) -> TextIO:
        """Open the file for reading, with its line ends as they stand."""
        return io.TextIOWrapper(path.open("rb"), encoding=self.name, errors="replace", newline="")

    def findings(self, name: str) -> tuple[Finding, ...]:
        """Return what the analyst should know about the text of the file."""
        found = []
        if self.n_nul:
            found.append(
                Finding(
                    code="nul_characters",
                    severity=Severity.MEDIUM,
                    message=f"{name} holds {self.n_nul:,} NUL characters; they are left out.",
                    advice="A program or a disk failed while it was written: write it again.",
                )
            )
        if self.is_damaged:
            found.append(
                Finding(
                    code="undecodable_bytes",
                    severity=Severity.MEDIUM,
                    message=f"{name} holds bytes that are no {self.name}; they are shown as "
                    f"{_REPLACEMENT}.",
                    advice="Choose another encoding, or write the file again.",
                )
            )
        return tuple(found)


def start_of_text(head: bytes) -> bytes:
    """Return the beginning of a file as one byte a letter, without blanks, to compare it."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        head = head.decode("utf-16", errors="replace").encode()
    return head.removeprefix(codecs.BOM_UTF8).lstrip()


def detect_encoding(path: Path, name: str, wanted: str | None) -> Encoding:
    """Return the encoding of a text file: ``wanted``, or what its bytes tell.

    Raises
    ------
    UnreadableFileError
        If there is no such encoding, or the file is no text.
    """
    with path.open("rb") as file:
        head = file.read(SAMPLE_BYTES)
    marked = _by_mark(head)
    known = marked if wanted is None else _of_family(_checked(wanted, name), marked)
    if known is None or known.startswith("utf-8"):
        _check_text(head, name)
        found = _scanned(path, head, name)
        return found if known is None or found.is_plain_utf8 else _as_wanted(found, known)
    return Encoding(name=known, is_damaged=not _decodes(path, known))


def _by_mark(head: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    # Without a mark, every other byte of UTF-16 is NUL as long as its letters are Latin.
    low, high = head[0::2].count(0), head[1::2].count(0)
    if max(low, high) < MIN_WIDE_NUL_SHARE * len(head) or min(low, high) > 0.1 * max(low, high):
        return None
    return "utf-16-le" if high > low else "utf-16-be"


def _of_family(wanted: str, marked: str | None) -> str:
    """Return the member of the UTF family that goes with the mark of the file, or its lack."""
    family = wanted[:6]
    if family not in ("utf-16", "utf-32"):
        return wanted
    if marked is not None and marked.startswith(family):
        return marked
    return f"{family}-le" if wanted == family else wanted


def _checked(wanted: str, name: str) -> str:
    try:
        known = codecs.lookup(wanted).name
        # Codecs that turn bytes into bytes are refused by this, but not for no bytes at all.
        is_encoding = known not in _NO_ENCODINGS and isinstance(b"a".decode(known, "replace"), str)
    except (LookupError, ValueError):
        is_encoding = False
    if not is_encoding:
        raise UnreadableFileError(
            f"{name} cannot be read as {shorten(wanted, 40)!r}: there is no such encoding. Choose "
            "utf-8, utf-16, cp1252 or latin-1, or leave it open."
        )
    return known


def _check_text(head: bytes, name: str) -> None:
    if len(head) - len(head.translate(None, _CONTROL)) > MAX_CONTROL_SHARE * len(head):
        raise no_table(name, "a binary file")


def _scanned(path: Path, head: bytes, name: str) -> Encoding:
    """Look at the whole file: one letter of an old encoding may come after a million rows."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    size = n_nul = n_wide = n_damaged = n_open = 0
    for block in _blocks(path):
        size += len(block)
        n_nul += block.count(0) if 0 in block else 0
        text = decoder.decode(block)
        if not block.isascii():
            n_wide += len(text) - len(text.encode("ascii", "ignore"))
            n_damaged += max(0, text.count(_REPLACEMENT) - block.count(_REPLACEMENT.encode()))
            n_open += len(block) - len(block.translate(None, _NOT_IN_1252))
    if n_nul > MAX_CONTROL_SHARE * size:
        raise no_table(name, "a binary file")
    if n_damaged > MAX_DAMAGED_SHARE * n_wide:
        return Encoding(name="latin-1" if n_open else "cp1252", n_nul=n_nul)
    utf8 = "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8"
    return Encoding(name=utf8, n_nul=n_nul, is_damaged=n_damaged > 0)


def _as_wanted(found: Encoding, wanted: str) -> Encoding:
    is_utf8 = found.name.startswith("utf-8")
    return Encoding(
        name=found.name if is_utf8 else wanted,
        n_nul=found.n_nul,
        is_damaged=found.is_damaged or not is_utf8,
    )


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for block in _blocks(path):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except (UnicodeError, ValueError):
        return False
    return True


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            yield block
