"""Excel workbooks, written by hand: the same table each time, or one with an odd part."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import chain
from xml.sax.saxutils import escape, quoteattr

from tests.datasets.corpus.table import Cell, Table

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET_START = f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>'
SHEET_END = "</sheetData></worksheet>"
FIRST_SHEET = "xl/worksheets/sheet1.xml"
SHARED_STRINGS = "xl/sharedStrings.xml"
_DATE_STYLE = 1
_DAY_ZERO = dt.date(1899, 12, 30)


def workbook(table: Table, *, shared: bool = False) -> bytes:
    """Return a workbook of one sheet; ``shared`` puts texts into one list, as Excel does."""
    return pack(parts({"Sheet1": [table.names, *table.rows]}, shared=shared))


def parts(
    sheets: Mapping[str, Sequence[Sequence[Cell]]], *, shared: bool = False
) -> dict[str, str]:
    """Return the parts of a workbook by name."""
    strings: dict[str, int] = {}
    known = strings if shared else None
    bodies = {
        f"xl/worksheets/sheet{number}.xml": sheet(rows, strings=known)
        for number, rows in enumerate(sheets.values(), start=1)
    }
    return {
        "[Content_Types].xml": _content_types(bodies, shared=shared),
        "_rels/.rels": _relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": _workbook(sheets),
        "xl/_rels/workbook.xml.rels": _workbook_relations(len(sheets), shared=shared),
        "xl/styles.xml": _styles(),
        **bodies,
        **({SHARED_STRINGS: shared_strings(strings)} if shared else {}),
    }


def pack(named: Mapping[str, str | bytes]) -> bytes:
    """Return the parts as one archive, always with the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in named.items():
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def sheet(
    rows: Iterable[Sequence[Cell]], *, strings: dict[str, int] | None = None, before: str = ""
) -> str:
    """Return the XML of one sheet; ``before`` stands above the data."""
    cell = partial(_cell, strings=strings)
    body = (
        f'<row r="{n}">'
        + "".join(cell(f"{letters(i)}{n}", v) for i, v in enumerate(row))
        + "</row>"
        for n, row in enumerate(rows, start=1)
    )
    start = SHEET_START.replace("<sheetData>", f"{before}<sheetData>")
    return "".join(chain([start], body, [SHEET_END]))


def letters(position: int) -> str:
    """Return the letters of a column; 0 is A, 26 is AA."""
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def shared_strings(strings: Iterable[str], *, count: int | None = None, before: str = "") -> str:
    """Return the list of texts; ``count`` is how many it claims to hold."""
    texts = tuple(strings)
    n_texts = len(texts) if count is None else count
    items = "".join(f'<si><t xml:space="preserve">{_escaped(text)}</t></si>' for text in texts)
    start = f'<sst xmlns="{MAIN}" count="{n_texts}" uniqueCount="{n_texts}">'
    return f"{HEAD}{before}{start}{items}</sst>"


def _cell(place: str, cell: Cell, *, strings: dict[str, int] | None) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return f'<c r="{place}" t="b"><v>{int(cell)}</v></c>'
        case int() | float():
            return f'<c r="{place}"><v>{cell!r}</v></c>'
        case dt.date():
            return f'<c r="{place}" s="{_DATE_STYLE}"><v>{(cell - _DAY_ZERO).days}</v></c>'
        case _ if strings is not None:
            return f'<c r="{place}" t="s"><v>{strings.setdefault(cell, len(strings))}</v></c>'
        case _:
            text = _escaped(cell)
            return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _escaped(text: str) -> str:
    # XML makes a line feed of a bare carriage return.
    return escape(text, {"\r": "&#13;"})


def _content_types(sheets: Iterable[str], *, shared: bool) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    names = {"xl/workbook.xml": "sheet.main", "xl/styles.xml": "styles"}
    names |= dict.fromkeys(sheets, "worksheet")
    names |= {SHARED_STRINGS: "sharedStrings"} if shared else {}
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}.{part}+xml"/>'
        for name, part in names.items()
    )
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    default = f'<Default Extension="rels" ContentType="{rels}"/>'
    return f'{HEAD}<Types xmlns="{_PACKAGE}/content-types">{default}{overrides}</Types>'


def _relations(targets: Mapping[str, tuple[str, str]]) -> str:
    items = "".join(
        f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{items}</Relationships>'


def _workbook_relations(n_sheets: int, *, shared: bool) -> str:
    targets = {
        f"rId{number}": ("worksheet", f"worksheets/sheet{number}.xml")
        for number in range(1, n_sheets + 1)
    }
    targets["styles"] = ("styles", "styles.xml")
    if shared:
        targets["strings"] = ("sharedStrings", "sharedStrings.xml")
    return _relations(targets)


def _workbook(names: Iterable[str]) -> str:
    items = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(names, start=1)
    )
    return f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><sheets>{items}</sheets></workbook>'


def _styles() -> str:
    """Return two styles: 0 is general, 1 the built-in date format 14."""
    formats = "".join(f'<xf numFmtId="{number}"/>' for number in (0, 14))
    return f'{HEAD}<styleSheet xmlns="{MAIN}"><cellXfs count="2">{formats}</cellXfs></styleSheet>'
