"""Excel workbooks (xlsx): one sheet, with the values that Excel computed last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from modelling.datasets.arrays import EXACT_INTEGERS
from modelling.datasets.files.archives import XLSX
from modelling.datasets.files.formats.file_format import FileFormat
from modelling.datasets.files.formats.header import MAX_ROWS, count_header_rows, join_names
from modelling.datasets.files.formats.values import Columns, printed
from modelling.datasets.files.formats.workbook import WHAT, check_sheet, check_workbook
from modelling.datasets.files.raw import RawTable, Source, check_size, damaged
from modelling.datasets.wording import shorten
from modelling.errors import UnreadableFileError
from modelling.types import ReadInfo

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

CHUNK_ROWS = 5_000
MAX_ABOVE = 100
# A header fills at least this share of the columns that the rows below it fill.
MIN_HEADER_SHARE = 0.5

Row = list[Any]
_EXACT = float(EXACT_INTEGERS)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Header:
    """Names of the columns, and how many rows of the sheet are names or stand above them."""

    names: tuple[str, ...]
    n_rows: int
    n_above: int


def read_excel(source: Source) -> RawTable:
    """Read one sheet: the one that was asked for, or the first that holds a table.

    Raises
    ------
    DataError
        If the workbook is damaged, protected or a bomb, or has no such sheet.
    """
    from python_calamine import CalamineError, load_workbook

    check_workbook(source.path, source.name)
    try:
        with load_workbook(source.path) as workbook:
            sheet = _chosen(workbook, source)
            names = tuple(workbook.sheet_names)
    except CalamineError as error:
        raise damaged(source.name, WHAT) from error
    header = _header(sheet, source)
    table = _table(sheet, header, source)
    return RawTable(
        table=table,
        read=ReadInfo(
            format=EXCEL.key,
            header_rows=header.n_rows,
            skip_rows=header.n_above,
            sheet=sheet.name,
            sheets=names,
        ),
    )


def _chosen(workbook: CalamineWorkbook, source: Source) -> CalamineSheet:
    wanted = source.options.sheet
    if wanted is not None and wanted not in workbook.sheet_names:
        known = ", ".join(shorten(name, 40) for name in workbook.sheet_names[:20])
        raise UnreadableFileError(
            f"{source.name} has no sheet {shorten(wanted, 40)!r}; choose one of {known}."
        )
    names = _in_order(workbook) if wanted is None else [wanted]
    first = None
    for name in names:
        check_sheet(source.path, source.name, name)
        sheet = workbook.get_sheet_by_name(name)
        if wanted is not None or _is_table(sheet):
            return sheet
        first = first or sheet
    if first is None:
        raise UnreadableFileError(
            f"{source.name} is an Excel workbook without a sheet of cells; expected a table. "
            "Choose another file."
        )
    return first


def _in_order(workbook: CalamineWorkbook) -> list[str]:
    """Return the sheets that hold cells, those that are hidden last."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    sheets = [one for one in workbook.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    sheets.sort(key=lambda one: one.visible != SheetVisibleEnum.Visible)
    return [one.name for one in sheets]


def _is_table(sheet: CalamineSheet) -> bool:
    return sheet.start is not None and sheet.height >= 2 and sheet.width >= 2


def _header(sheet: CalamineSheet, source: Source) -> _Header:
    options = source.options
    rows = [
        (place, [printed(cell) or "" for cell in row])
        for place, row in islice(_rows(sheet, options.skip_rows or 0), MAX_ABOVE + MAX_ROWS)
    ]
    check_size(source.name, n_rows=1, n_columns=_width(sheet))
    first = 0 if options.skip_rows is not None else _first_of_table([row for _, row in rows])
    cells = [row for _, row in rows[first:]]
    n_rows = options.header_rows
    n_rows = count_header_rows(cells) if n_rows is None else n_rows
    named = [_filled(sheet, place, row) for place, row in rows[first : first + n_rows]]
    return _Header(
        names=tuple(join_names(named)),
        n_rows=n_rows,
        n_above=rows[first][0] if rows else 0,
    )


def _rows(sheet: CalamineSheet, start: int) -> Iterator[tuple[int, Row]]:
    """Yield the rows that are not empty with their place in the sheet; empty cells are None.

    Cells with an error such as #N/A are empty, too.
    """
    if sheet.start is None:
        return
    for place, row in enumerate(sheet.iter_rows()):
        if place >= start and any(cell != "" for cell in row):
            yield place, [None if cell == "" else cell for cell in row]


def _width(sheet: CalamineSheet) -> int:
    return sheet.width if sheet.start is not None else 0


def _first_of_table(rows: Sequence[Sequence[str]]) -> int:
    """Return the place of the header: titles and notes of one or few cells may stand above."""
    counts = [sum(cell != "" for cell in row) for row in rows]
    if not counts:
        return 0
    usual = max(set(counts[-MAX_ROWS:]), key=lambda count: (counts.count(count), count))
    least = max(2, MIN_HEADER_SHARE * usual)
    return next((place for place, count in enumerate(counts) if count >= least), 0)


def _filled(sheet: CalamineSheet, place: int, row: list[str]) -> list[str]:
    """Return a row of names in which a merged cell names all of its columns."""
    left = sheet.start[1] if sheet.start is not None else 0
    filled = list(row)
    for (top, first), (bottom, last) in sheet.merged_cell_ranges or ():
        if top == place <= bottom and left <= first and first - left < len(row):
            start, end = first - left, min(last - left + 1, len(row))
            filled[start:end] = [row[start]] * (end - start)
    return filled


def _table(sheet: CalamineSheet, header: _Header, source: Source) -> pa.Table:
    columns = Columns(source.name)
    width = _width(sheet)
    columns.add([(place, []) for place in range(width)], 0)
    rows = (row for _, row in _rows(sheet, header.n_above))
    last = None if source.head is None else header.n_rows + source.head
    below = islice(rows, header.n_rows, last)
    while chunk := list(islice(below, CHUNK_ROWS)):
        columns.add(enumerate(zip(*chunk, strict=True)), len(chunk))
    names = (*header.names, *[""] * width)
    arrays = {place: _whole(columns.column(place)) for place in range(width)}
    # Gaps beside a table, and between two of them, are no columns.
    kept = [place for place in arrays if names[place] or _has_values(arrays[place])]
    return pa.Table.from_arrays(
        [arrays[place] for place in kept], names=[names[place] for place in kept]
    )


def _has_values(column: pa.ChunkedArray) -> bool:
    return bool(column.null_count < len(column))


def _whole(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return numbers as whole ones if all of them are; Excel knows no difference."""
    if not pa.types.is_floating(column.type) or not _has_values(column):
        return column
    is_whole = pc.and_(pc.equal(column, pc.floor(column)), pc.less_equal(pc.abs(column), _EXACT))
    return column.cast(pa.int64()) if pc.all(is_whole).as_py() else column


EXCEL = FileFormat(
    key="xlsx",
    recognises=lambda _, document: document == XLSX,
    read=read_excel,
)
