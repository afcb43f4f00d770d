"""Compressed streams and zip archives, honest and lying, made by hand where libraries refuse."""

from __future__ import annotations

import bz2
import gzip
import lzma
import struct
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pyarrow as pa

DEFLATED, STORED = 8, 0
_DOS_DATE = 0x21


def gz(content: bytes, *, level: int = 9) -> bytes:
    # Without the clock in it: packed bytes stand in names of tests, on which all workers agree.
    return gzip.compress(content, level, mtime=0)


def bz(content: bytes) -> bytes:
    return bz2.compress(content)


def xz(content: bytes) -> bytes:
    return lzma.compress(content)


def zst(content: bytes) -> bytes:
    """Return a zstd stream; unlike a one-shot frame it does not declare its size."""
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(content)
    return bytes(sink.getvalue().to_pybytes())


STREAMS: tuple[tuple[str, str, Callable[[bytes], bytes]], ...] = (
    ("gz", ".gz", gz),
    ("bz2", ".bz2", bz),
    ("xz", ".xz", xz),
    ("zst", ".zst", zst),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """One member of a zip archive; ``declared`` is the unpacked size that the archive claims."""

    name: str
    content: bytes = b""
    packed: bytes | None = None
    declared: int | None = None
    crc: int | None = None
    flags: int = 0x800
    mode: int = 0o100644


def member_zip(name: str, content: bytes) -> bytes:
    return zip_of([Member(name=name, content=content)])


def zip_of(members: Iterable[Member]) -> bytes:
    """Return an archive of the members, just as they describe themselves."""
    body, directory, count = bytearray(), bytearray(), 0
    for member in members:
        local, central = _headers(member, offset=len(body))
        body += local
        directory += central
        count += 1
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(directory), len(body), 0)
    return bytes(body + directory + end)


def _headers(member: Member, offset: int) -> tuple[bytes, bytes]:
    packed = deflated(member.content) if member.packed is None else member.packed
    size = len(member.content) if member.declared is None else member.declared
    crc = zlib.crc32(member.content) if member.crc is None else member.crc
    name = member.name.encode()
    # Sizes beyond 32 bits go to the zip64 field, which then holds both.
    extra = struct.pack("<2H2Q", 1, 16, size, len(packed)) if size >= 2**32 else b""
    sizes = (2**32 - 1, 2**32 - 1) if extra else (len(packed), size)
    shared = struct.pack(
        "<5H3I2H", 45, member.flags, DEFLATED, 0, _DOS_DATE, crc, *sizes, len(name), len(extra)
    )
    # Version made by: 3 is Unix, so that the upper half of the attributes is the file's mode.
    central = b"PK\1\2" + struct.pack("<H", 3 << 8 | 45) + shared
    central += struct.pack("<3H2I", 0, 0, 0, member.mode << 16, offset) + name + extra
    return b"PK\3\4" + shared + name + extra + packed, central


def deflated(content: bytes) -> bytes:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    return deflate.compress(content) + deflate.flush()


def repeated_deflate(start: bytes, block: bytes, times: int, end: bytes) -> bytes:
    """Return the deflate stream of ``start + times * block + end`` without unpacking it ever.

    After a full flush a block refers to nothing before it, so its bytes may be repeated.
    """
    return _flushed(start) + _flushed(block) * times + deflated(end)


def _flushed(content: bytes) -> bytes:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    return deflate.compress(content) + deflate.flush(zlib.Z_FULL_FLUSH)
