"""What an Excel file declares and holds, looked at before it is parsed."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import join, normpath
from xml.etree import ElementTree

from modelling.datasets.files.archives import check_declared, open_zip
from modelling.datasets.files.raw import damage_as
from modelling.errors import UnreadableFileError

MAX_UNPACKED_BYTES = 1024**3
# A parser keeps the whole rectangle from the first to the last cell of a sheet, 32 bytes a cell.
MAX_SPARSE_CELLS = 10_000_000
MAX_CELLS_PER_VALUE = 100
# Sheets whose text is longer are full rather than sparse, and reading them twice takes seconds.
MAX_SCANNED_BYTES = 16 * 1024**2
BLOCK_BYTES = 256 * 1024
WHAT = "Excel workbook"

_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_ID = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
# In two steps, so that no file makes them take the square of its length in time.
_CELL = re.compile(rb"<(?:\w+:)?c\b([^<>]*)>")
_PLACE = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,7})["']""")
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    ElementTree.ParseError,
)


@dataclass(kw_only=True, slots=True)
class _Extent:
    """How far the cells of a sheet reach, and how many they are."""

    row: int = 0
    column: int = 0
    n_cells: int = 0
    last: str = field(default="")


def check_workbook(path: Path, name: str) -> None:
    """Refuse an Excel file that is encrypted, a bomb, or declares entities of its own.

    Raises
    ------
    UnreadableFileError
        If so.
    """
    with open_zip(path, name) as archive:
        members = archive.infolist()
        check_declared(members, path, name, max_bytes=MAX_UNPACKED_BYTES)
        with damage_as(name, WHAT, _FAULTS):
            for member in members:
                with archive.open(member) as part:
                    _check_part(part.read(BLOCK_BYTES), name)
                    # What it declares may be less than what comes out; then this fails.
                    while part.read(BLOCK_BYTES):
                        pass


def check_sheet(path: Path, name: str, sheet: str) -> None:
    """Refuse a sheet whose few cells lie so far apart that the space between would be a bomb.

    Raises
    ------
    UnreadableFileError
        If so.
    """
    with open_zip(path, name) as archive, damage_as(name, WHAT, (KeyError, *_FAULTS)):
        part = _parts(archive).get(sheet)
        if part is None or archive.getinfo(part).file_size > MAX_SCANNED_BYTES:
            return
        extent = _extent(archive.read(part))
    area = extent.row * extent.column
    if area > MAX_SPARSE_CELLS and area > MAX_CELLS_PER_VALUE * extent.n_cells:
        raise UnreadableFileError(
            f"The sheet {sheet!r} of {name} reaches to cell {extent.last}, but holds "
            f"{extent.n_cells:,} values only. Delete what lies far away from the table, or save "
            "it as CSV."
        )


def _check_part(start: bytes, name: str) -> None:
    if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
        raise UnreadableFileError(
            f"{name} declares XML entities, which no Excel writes; it is not read. Save the table "
            "as CSV or Parquet and choose that file."
        )


def _parts(archive: zipfile.ZipFile) -> Mapping[str, str]:
    """Return the part of the archive that holds each sheet, by the name of the sheet."""
    relations = ElementTree.fromstring(archive.read(_RELATIONS))
    targets = {item.get("Id"): item.get("Target", "") for item in relations}
    sheets = ElementTree.fromstring(archive.read(_WORKBOOK)).iter()
    found = {}
    for item in sheets:
        target = targets.get(item.get(_ID) or item.get(_STRICT_ID))
        if target and item.tag.endswith("}sheet"):
            part = target.lstrip("/") if target.startswith("/") else join("xl", target)
            found[item.get("name", "")] = normpath(part)
    return found


def _extent(xml: bytes) -> _Extent:
    extent = _Extent()
    # A cell with a style only ends at once.
    filled = (cell for cell in _CELL.findall(xml) if not cell.endswith(b"/"))
    for letters, digits in (place.groups() for cell in filled if (place := _PLACE.search(cell))):
        row, column = int(digits), _column_number(letters)
        if row * column > extent.row * extent.column:
            extent.last = (letters + digits).decode()
        extent.row = max(extent.row, row)
        extent.column = max(extent.column, column)
        extent.n_cells += 1
    return extent


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
