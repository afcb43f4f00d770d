"""Zip archives: what they hold, judged by their directory before anything is unpacked."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path

from modelling.datasets.files.raw import damage_as
from modelling.errors import UnreadableFileError

ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
XLSX = "an Excel workbook"
MAX_MEMBERS = 10_000
# Below the first size nothing is refused; above it more than so many bytes for each that came in
# are a bomb. Text packs 5 to 50 times smaller; deflate reaches 1,032 on zeros alone.
FREE_BYTES = 64 * 1024**2
MAX_RATIO = 200

_END = struct.Struct("<4s4H2IH")
_END_START = b"PK\x05\x06"
_MAX_COMMENT = 65_535
_IS_ENCRYPTED = 0x1
# What the library raises on damaged archives differs with the byte that is wrong.
_FAULTS = (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error)

# A member that all archives of a kind hold -> what the archive is then called.
_DOCUMENTS = {
    "xl/workbook.xml": XLSX,
    "xl/workbook.bin": "a binary Excel workbook (xlsb)",
    "word/document.xml": "a Word document",
    "ppt/presentation.xml": "a PowerPoint presentation",
    "[Content_Types].xml": "an Office document",
    "META-INF/MANIFEST.MF": "a Java program",
    "AndroidManifest.xml": "an Android program",
    "Index/Document.iwa": "an Apple document",
}
# Programs that write these put the kind into the first member, as plain text.
_MIMETYPES = {
    b"application/vnd.oasis.opendocument.spreadsheet": "an OpenDocument spreadsheet (ods)",
    b"application/vnd.oasis.opendocument": "an OpenDocument file",
    b"application/epub": "an e-book",
}
_SUFFIXES = {
    ".npy": "a NumPy archive (npz)",
    "/data.pkl": "a PyTorch model",
}


def open_zip(path: Path, name: str) -> zipfile.ZipFile:
    """Open a zip archive whose directory is small and whole.

    Raises
    ------
    UnreadableFileError
        If it is damaged or holds too many files.
    """
    n_members = _declared_members(path)
    if n_members > MAX_MEMBERS:
        raise UnreadableFileError(
            f"{name} is a zip archive of more than {MAX_MEMBERS:,} files; expected one table. "
            "Unpack it and choose the file with the table."
        )
    with damage_as(name, "zip archive", _FAULTS):
        return zipfile.ZipFile(path)


def document_kind(archive: zipfile.ZipFile) -> str | None:
    """Return what a zip archive that is a document in itself is called, else None."""
    names = set(archive.namelist())
    for member, what in _DOCUMENTS.items():
        if member in names and (what != XLSX or "[Content_Types].xml" in names):
            return what
    for suffix, what in _SUFFIXES.items():
        if any(name.endswith(suffix) for name in names):
            return what
    return _by_mimetype(archive) if "mimetype" in names else None


def check_declared(
    members: Iterable[zipfile.ZipInfo], path: Path, name: str, *, max_bytes: int
) -> None:
    """Refuse members that are encrypted, or that declare to unpack to far more than they take.

    Raises
    ------
    UnreadableFileError
        If so.
    """
    total = 0
    for member in members:
        if member.flag_bits & _IS_ENCRYPTED:
            raise UnreadableFileError(
                f"{name} is protected by a password; remove it and choose the file again."
            )
        total += member.file_size
    check_unpacked(name, total, path.stat().st_size, max_bytes=max_bytes)


def check_unpacked(name: str, unpacked: int, packed: int, *, max_bytes: int) -> None:
    """Refuse what unpacks to too many bytes, or to too many for those that came in.

    Raises
    ------
    UnreadableFileError
        If so.
    """
    is_bomb = unpacked > FREE_BYTES and unpacked > MAX_RATIO * max(1, packed)
    if unpacked > max_bytes or is_bomb:
        raise UnreadableFileError(
            f"{name} unpacks to {unpacked // 1024**2:,} MB or more from "
            f"{packed / 1024**2:,.1f} MB; at most {max_bytes // 1024**2:,} MB and {MAX_RATIO} "
            "times its size are unpacked. Choose a file with fewer rows, or save it as Parquet."
        )


def _declared_members(path: Path) -> int:
    """Return how many members the end of the archive declares; the directory is not read."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _END.size - _MAX_COMMENT))
        tail = file.read()
    start = tail.rfind(_END_START)
    if start < 0 or len(tail) - start < _END.size:
        return 0
    # 65,535 stands for "more than fits here".
    return int(_END.unpack_from(tail, start)[4])


def _by_mimetype(archive: zipfile.ZipFile) -> str | None:
    try:
        with archive.open("mimetype") as file:
            text = file.read(200)
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, EOFError, struct.error):
        return None
    return next((what for start, what in _MIMETYPES.items() if text.startswith(start)), None)
