"""Compressed uploads: one level is unpacked to a scratch file, and never more than is allowed."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from modelling.datasets.files.archives import (
    ZIP_STARTS,
    check_declared,
    check_unpacked,
    document_kind,
    open_zip,
)
from modelling.datasets.files.raw import damaged, is_of_system
from modelling.datasets.wording import shorten
from modelling.errors import UnreadableFileError

MAX_UNPACKED_BYTES = 2 * 1024**3
# What a preview of text needs: far more than its rows, far less than a large file.
PREVIEW_BYTES = 8 * 1024**2
BLOCK_BYTES = 256 * 1024
# These are read from their ends or as a whole, so the beginning alone is of no use.
_NEED_ALL = (b"PAR1", b"ARROW1", b"[", b"{", *ZIP_STARTS)
_FAULTS = (
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
    NotImplementedError,
    lzma.LZMAError,
    zlib.error,
    struct.error,
    zipfile.BadZipFile,
    pa.ArrowException,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Compression:
    """One way of compressing a single stream, known by its ``start``.

    ``open`` makes a readable stream of an open file; ``declared`` returns how many bytes come out
    according to the file itself, or 0 where it does not say.
    """

    key: str
    start: re.Pattern[bytes]
    open: Callable[[IO[bytes]], Any]
    declared: Callable[[Path], int] = lambda _: 0


def unpacked(source: Path, scratch: Path, name: str, *, preview: bool) -> tuple[Path, str | None]:
    """Return where the bytes of the table are, and how they were compressed, if they were.

    Parameters
    ----------
    scratch : Path
        A folder for what is unpacked.
    preview : bool
        Whether the beginning is enough, where that can be read.

    Raises
    ------
    UnreadableFileError
        If it is damaged, a bomb, or an archive of other than one file.
    """
    with source.open("rb") as file:
        start = file.read(16)
    target = scratch / "unpacked"
    if start.startswith(ZIP_STARTS):
        with open_zip(source, name) as archive:
            if document_kind(archive) is not None:
                return source, None
            _unpack_zip(archive, source, target, name, preview=preview)
        return target, "zip"
    for compression in COMPRESSIONS:
        if compression.start.match(start):
            _unpack_stream(compression, source, target, name, preview=preview)
            return target, compression.key
    return source, None


def _unpack_stream(
    compression: Compression, source: Path, target: Path, name: str, *, preview: bool
) -> None:
    size = source.stat().st_size
    check_unpacked(name, compression.declared(source), size, max_bytes=MAX_UNPACKED_BYTES)
    try:
        with source.open("rb", buffering=0) as raw, compression.open(raw) as stream:
            _copy(stream, target, name, taken=raw.tell, preview=preview)
    except _FAULTS as error:
        raise _fault(error, name, f"{compression.key} file") from error


def _unpack_zip(
    archive: zipfile.ZipFile, source: Path, target: Path, name: str, *, preview: bool
) -> None:
    member = _only_member(archive, name)
    check_declared([member], source, name, max_bytes=MAX_UNPACKED_BYTES)
    try:
        with archive.open(member) as stream:
            _copy(stream, target, name, taken=lambda: member.compress_size, preview=preview)
    except _FAULTS as error:
        raise _fault(error, name, "zip archive") from error


def _only_member(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    members = [member for member in archive.infolist() if _is_file(member)]
    if len(members) == 1:
        return members[0]
    first = ", ".join(shorten(member.filename, 40) for member in members[:3])
    more = ", ..." if len(members) > 3 else ""
    what = f"{len(members):,} files ({first}{more})" if members else "no file"
    raise UnreadableFileError(
        f"{name} is a zip archive with {what}; expected exactly one. Unpack it and choose the file "
        "with the table."
    )


def _is_file(member: zipfile.ZipInfo) -> bool:
    """Whether a member is more than a folder, a link, or what a system leaves behind."""
    kind = member.external_attr >> 28
    is_regular = kind in (0, 0o10)
    parts = member.filename.replace("\\", "/").split("/")
    is_left_behind = parts[-1].startswith(".") or "__MACOSX" in parts
    return is_regular and not member.is_dir() and not is_left_behind


def _copy(stream: Any, target: Path, name: str, *, taken: Callable[[], int], preview: bool) -> None:
    """Write what comes out of ``stream``, as long as it stays within what was ``taken`` in."""
    total = 0
    is_text = False
    with target.open("wb") as out:
        while block := stream.read(BLOCK_BYTES):
            is_text = is_text if total else not block.startswith(_NEED_ALL)
            total += out.write(block)
            check_unpacked(name, total, taken(), max_bytes=MAX_UNPACKED_BYTES)
            if preview and is_text and total >= PREVIEW_BYTES:
                return


def _fault(error: Exception, name: str, what: str) -> Exception:
    """Return the answer to what went wrong, without the paths that libraries put into theirs."""
    if is_of_system(error):
        return error
    if isinstance(error, EOFError):
        return damaged(name, what, "it ends too early")
    if isinstance(error, NotImplementedError):
        return damaged(name, what, "its way of compression is not known")
    return damaged(name, what)


def _zstd_declared(path: Path) -> int:
    """Return the content size of the first frame, or 0 (RFC 8878, section 3.1.1.1)."""
    with path.open("rb") as file:
        head = file.read(18)
    descriptor = head[4] if len(head) == 18 else 0
    is_single, dictionary = descriptor >> 5 & 1, (0, 1, 2, 4)[descriptor & 3]
    width = (is_single, 2, 4, 8)[descriptor >> 6]
    start = 5 + (not is_single) + dictionary
    return int.from_bytes(head[start : start + width], "little") + (256 if width == 2 else 0)


def _open_zstd(raw: IO[bytes]) -> Any:
    return pa.CompressedInputStream(pa.PythonFile(raw, mode="r"), "zstd")


COMPRESSIONS: tuple[Compression, ...] = (
    # The size at the end of a gz file is not believed: one that was cut ends with any number.
    Compression(
        key="gz",
        start=re.compile(rb"\x1f\x8b\x08"),
        open=lambda raw: gzip.GzipFile(fileobj=raw),
    ),
    Compression(
        key="bz2",
        start=re.compile(rb"BZh[1-9](1AY&SY|\x17rE8P\x90)"),
        open=bz2.BZ2File,
    ),
    Compression(key="xz", start=re.compile(rb"\xfd7zXZ\x00"), open=lzma.LZMAFile),
    Compression(
        key="zst",
        start=re.compile(rb"\x28\xb5\x2f\xfd"),
        open=_open_zstd,
        declared=_zstd_declared,
    ),
)
