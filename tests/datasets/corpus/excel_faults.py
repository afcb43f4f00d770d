"""Excel workbooks with odd parts: sheets, entities, cells far away, bombs."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.datasets.corpus import excel
from tests.datasets.corpus.entry import Case, Entry, Reads, Refused, Survives, in_words
from tests.datasets.corpus.excel import FIRST_SHEET, MAIN, SHARED_STRINGS, SHEET_END, SHEET_START
from tests.datasets.corpus.packing import Member, repeated_deflate, zip_of
from tests.datasets.corpus.table import FIRST_ROW, Cell, plain

Rows = list[tuple[Cell, ...]]
TABLE = plain().reads()
PASSWD = "file:///etc/passwd"
_MEGABYTE_OF_ROWS = 2**20 // 48


def _rows() -> Rows:
    return [plain().names, *plain().rows]


def _with(part: str, text: str, *, shared: bool = False) -> bytes:
    return excel.pack({**excel.parts({"Sheet1": _rows()}, shared=shared), part: text})


def _sheet(text: str, expects: Reads | Refused | Survives) -> Case:
    return Case(content=_with(FIRST_SHEET, text), expects=expects)


# Workbooks that analysts have ---------------------------------------------------------------


def two_sheets() -> Case:
    content = excel.pack(excel.parts({"Customers": _rows(), "Notes": [("a", "b"), (1, 2)]}))
    info = {"sheet": "Customers", "sheets": ("Customers", "Notes")}
    return Case(content=content, expects=plain().reads(info=info))


def empty_first_sheet() -> Case:
    content = excel.pack(excel.parts({"Cover": [], "Data": _rows()}))
    return Case(content=content, expects=plain().reads(info={"sheet": "Data"}))


def only_empty_sheets() -> Case:
    content = excel.pack(excel.parts({"A": [], "B": []}))
    return Case(content=content, expects=Refused(says="empty|no values|no rows|no table"))


def titles_above() -> Case:
    rows = [("Customers of 2024",), (), *_rows()]
    return Case(content=excel.pack(excel.parts({"S": rows})), expects=TABLE)


def units_below_the_header() -> Case:
    rows = [_rows()[0], ("[years]", "[EUR]", None, "[date]", None), *_rows()[1:]]
    names = ("age [years]", "income [EUR]", "city", "since [date]", "plan")
    first = {"age [years]": 20, "income [EUR]": 1000.5, "city": "Köln"}
    reads = Reads(rows=40, names=names, first=first, info={"header_rows": 2})
    return Case(content=excel.pack(excel.parts({"S": rows})), expects=reads)


def no_header() -> Case:
    names = tuple(f"column_{number}" for number in range(1, 6))
    first = dict(zip(names, FIRST_ROW.values(), strict=True))
    reads = Reads(rows=40, names=names, first=first, info={"header_rows": 0})
    return Case(content=excel.pack(excel.parts({"S": _rows()[1:]})), expects=reads)


def empty_rows_and_columns_around() -> Case:
    rows = [(), (), *((None, None, *row) for row in _rows()), (), ()]
    return Case(content=excel.pack(excel.parts({"S": rows})), expects=TABLE)


def gaps() -> Case:
    rows = [tuple(None if i and (i + j) % 7 == 3 else v for j, v in enumerate(row))
            for i, row in enumerate(plain().rows)]  # fmt: skip
    content = excel.pack(excel.parts({"S": [plain().names, *rows]}))
    return Case(content=content, expects=TABLE)


def error_values() -> Case:
    """A formula that failed leaves its error as a value."""
    text = excel.sheet([(*plain().names, "odd"), *((*row, 1.5) for row in plain().rows)])
    broken = text.replace('<c r="F2"><v>1.5</v></c>', '<c r="F2" t="e"><v>#DIV/0!</v></c>', 1)
    return _sheet(broken, plain().reads(names=(*plain().names, "odd"), first={"odd": None}))


def formulas() -> Case:
    """What was computed last is the value; nothing is computed again."""
    text = excel.sheet([(*plain().names, "odd"), *((*row, 1.5) for row in plain().rows)])
    formula = text.replace("<v>1.5</v>", '<f>WEBSERVICE("http://example.org")</f><v>1.5</v>')
    return _sheet(formula, plain().reads(names=(*plain().names, "odd"), first={"odd": 1.5}))


def texts_in_several_fonts() -> Case:
    """A text of which a part is bold is stored in pieces."""
    whole = '<t xml:space="preserve">Köln</t>'
    pieces = "<r><t>Kö</t></r><r><rPr><b/></rPr><t>ln</t></r>"
    return _sheet(excel.sheet(_rows()).replace(whole, pieces), TABLE)


def cells_without_places() -> Case:
    """Some programs leave out where a cell is: then it is the next one."""
    return _sheet(re.sub(r' r="[A-Z]*\d+"', "", excel.sheet(_rows())), TABLE)


def prefixed_names() -> Case:
    """Every element with a prefix is the same document."""
    text = re.sub(r"<(/?)(\w)", r"<\1x:\2", excel.sheet(_rows()))
    return _sheet(text.replace("xmlns=", "xmlns:x="), TABLE)


def dimension_that_lies() -> Case:
    return _sheet(excel.sheet(_rows(), before='<dimension ref="A1:XFD1048576"/>'), TABLE)


def _counting(n_texts: int) -> bytes:
    whole = excel.parts({"S": _rows()}, shared=True)
    claimed = re.sub(r'ount="\d+"', f'ount="{n_texts}"', whole[SHARED_STRINGS])
    return excel.pack({**whole, SHARED_STRINGS: claimed})


def count_that_lies() -> Case:
    """Programs that append texts forget to count them."""
    return Case(content=_counting(3), expects=TABLE)


def shared_string_that_is_not_there() -> Case:
    whole = excel.parts({"S": _rows()}, shared=True)
    lost = excel.shared_strings(["only one"])
    return Case(content=excel.pack({**whole, SHARED_STRINGS: lost}), expects=Refused())


# Broken and hostile -------------------------------------------------------------------------


def no_sheet() -> Case:
    whole = excel.parts({"S": _rows()})
    del whole[FIRST_SHEET]
    return Case(content=excel.pack(whole), expects=Refused())


def no_workbook() -> Case:
    whole = excel.parts({"S": _rows()})
    del whole["xl/workbook.xml"]
    return Case(content=excel.pack(whole), expects=Refused())


def sheet_that_is_no_xml() -> Case:
    return _sheet("a,b\n1,2\n", Refused(says="damaged|Excel"))


def sheet_cut_off() -> Case:
    text = excel.sheet(_rows())
    return _sheet(text[: len(text) // 2], Refused(says="damaged|Excel"))


def sheet_outside() -> Case:
    """The list of parts names a file outside the archive."""
    whole = excel.parts({"S": _rows()})
    relations = "xl/_rels/workbook.xml.rels"
    outside = whole[relations].replace("worksheets/sheet1.xml", "../../../../../etc/passwd")
    return Case(content=excel.pack({**whole, relations: outside}), expects=Refused())


def cells_at_wrong_places() -> Case:
    text = excel.sheet(_rows()).replace('r="C3"', 'r="ZZZZZZZ9"').replace('r="D4"', 'r="-1"')
    return _sheet(text, Survives())


def _entities(declared: str, used: str, part: str = FIRST_SHEET) -> Case:
    shared = part == SHARED_STRINGS
    whole = excel.parts({"S": _rows()}, shared=shared)
    text = whole[part].replace(excel.HEAD, f"{excel.HEAD}<!DOCTYPE x [{declared}]>")
    return Case(
        content=excel.pack({**whole, part: text.replace("Köln", used, 1)}), expects=Refused()
    )


def billion_laughs(part: str = FIRST_SHEET) -> Case:
    laughs = (f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    return _entities('<!ENTITY l0 "ha">' + "".join(laughs), "&l9;", part)


def billion_laughs_in_shared_strings() -> Case:
    return billion_laughs(SHARED_STRINGS)


def one_entity_very_often() -> Case:
    return _entities(f'<!ENTITY l "{"x" * 50_000}">', "&l;" * 50_000)


def external_entity() -> Case:
    return _entities(f'<!ENTITY l SYSTEM "{PASSWD}">', "&l;", SHARED_STRINGS)


def external_parameter_entity() -> Case:
    return _entities(f'<!ENTITY % l SYSTEM "{PASSWD}"> %l;', "x")


# Bombs --------------------------------------------------------------------------------------


def two_corners() -> Case:
    """Two cells, with 17 billion places between them."""
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c>'
    return _sheet(f"{SHEET_START}{rows}</row>{SHEET_END}", Refused())


def count_of_four_billion() -> Case:
    """A list that claims so many texts asks a reader to make room for them."""
    return Case(content=_counting(2**32 - 1), expects=Survives())


def one_column_far_away() -> Case:
    text = excel.sheet(_rows()).replace("</row>", '<c r="XFD1"><v>1</v></c></row>', 1)
    return _sheet(text, Survives())


def one_row_far_away() -> Case:
    last = '<row r="1048576"><c r="A1048576"><v>1</v></c><c r="B1048576"><v>2</v></c></row>'
    return _sheet(excel.sheet(_rows()).replace(SHEET_END, last + SHEET_END), Survives())


def _with_packed(part: str, packed: bytes, size: int, *, honest: bool = True) -> Case:
    whole = excel.parts({"S": [("a", "b"), ("x", "y")]}, shared=True)
    members = [Member(name=name, content=text.encode()) for name, text in whole.items()]
    bomb = Member(name=part, packed=packed, declared=size if honest else 1_000, crc=1)
    return Case(
        content=zip_of(bomb if member.name == part else member for member in members),
        expects=Refused(),
    )


def _sheet_of_10_gb(*, honest: bool) -> Case:
    head = excel.sheet([("a", "b")]).removesuffix(SHEET_END).encode()
    rows = b"<row><c><v>1</v></c><c><v>2</v></c></row>" * _MEGABYTE_OF_ROWS
    packed = repeated_deflate(head, rows, 10_000, SHEET_END.encode())
    return _with_packed(FIRST_SHEET, packed, len(rows) * 10_000, honest=honest)


def sheet_of_10_gb() -> Case:
    return _sheet_of_10_gb(honest=True)


def sheet_of_10_gb_that_lies() -> Case:
    return _sheet_of_10_gb(honest=False)


def shared_strings_of_10_gb() -> Case:
    head, tail = f'<sst xmlns="{MAIN}">'.encode(), b"</sst>"
    items = b"<si><t>all work and no play</t></si>" * (2**20 // 36)
    packed = repeated_deflate(head, items, 10_000, tail)
    return _with_packed(SHARED_STRINGS, packed, len(items) * 10_000)


def one_long_text_in_every_cell() -> Case:
    """A text of 32 kB in two million cells is 64 GB, and a few kB in the file."""
    whole = excel.parts({"S": []}, shared=True)
    row = '<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>'
    changed = {
        FIRST_SHEET: f"{SHEET_START}{row * 1_000_000}{SHEET_END}",
        SHARED_STRINGS: excel.shared_strings(["x" * 32_000]),
    }
    return Case(content=excel.pack({**whole, **changed}), expects=Refused())


Make = Callable[[], Case]
ODD: tuple[Make, ...] = (
    two_sheets, empty_first_sheet, only_empty_sheets, titles_above, units_below_the_header,
    no_header, empty_rows_and_columns_around, gaps, error_values, formulas,
    texts_in_several_fonts, cells_without_places, prefixed_names, dimension_that_lies,
    count_that_lies, shared_string_that_is_not_there, no_sheet, no_workbook,
    sheet_that_is_no_xml, sheet_cut_off, sheet_outside, cells_at_wrong_places,
)  # fmt: skip
BOMBS: tuple[Make, ...] = (
    billion_laughs, billion_laughs_in_shared_strings, one_entity_very_often, external_entity,
    external_parameter_entity, count_of_four_billion, two_corners, one_column_far_away,
    one_row_far_away, sheet_of_10_gb, sheet_of_10_gb_that_lies, shared_strings_of_10_gb,
    one_long_text_in_every_cell,
)  # fmt: skip


def _entry(make: Make, *, bomb: bool) -> Entry:
    words = in_words(make)
    return Entry(
        fault=f"bomb: {words}" if bomb else words,
        format="xlsx",
        suffix=".xlsx",
        make=make,
        in_child=bomb,
    )


ENTRIES: tuple[Entry, ...] = (
    *(_entry(make, bomb=False) for make in ODD),
    *(_entry(make, bomb=True) for make in BOMBS),
)
