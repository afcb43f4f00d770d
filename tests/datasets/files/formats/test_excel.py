import datetime as dt

import pyarrow as pa
import pytest

from modelling.errors import DataError, UnreadableFileError
from tests.datasets.corpus import excel


def workbook(*sheets: list, names: tuple[str, ...] = ("One", "Two", "Three"), after: str = ""):
    """Return a workbook of sheets of rows; ``after`` follows the cells of the first sheet."""
    parts = excel.parts(dict(zip(names, sheets, strict=False)))
    parts[excel.FIRST_SHEET] = parts[excel.FIRST_SHEET].replace(
        "</sheetData>", f"</sheetData>{after}"
    )
    return excel.pack(parts)


def cells(xml: str) -> bytes:
    """Return a workbook of one sheet with these rows of XML."""
    parts = excel.parts({"One": []})
    return excel.pack({**parts, excel.FIRST_SHEET: excel.SHEET_START + xml + excel.SHEET_END})


ROWS = [["a", "b"], [1, "x"], [2, "y"]]


def test_types_of_excel_are_kept(raw):
    found = raw(
        workbook(
            [
                ["whole", "float", "text", "flag", "day", "gap"],
                [1, 0.5, "x", True, dt.date(2026, 1, 31), None],
                [2, 1.0, "007", False, dt.date(2026, 2, 1), 3],
            ]
        )
    )
    assert found.table.to_pydict() == {
        "whole": [1, 2],
        "float": [0.5, 1.0],
        "text": ["x", "007"],
        "flag": [True, False],
        "day": [dt.date(2026, 1, 31), dt.date(2026, 2, 1)],
        "gap": [None, 3],
    }
    assert found.table.schema.field("whole").type == pa.int64()
    assert (found.read.format, found.read.sheet, found.read.sheets) == ("xlsx", "One", ("One",))
    assert (found.read.header_rows, found.read.skip_rows, found.read.delimiter) == (1, 0, None)


def test_a_column_of_several_types_is_text_as_printed(raw):
    rows = [["a", "b"], [12, 1], ["n/a", 2], [0.5, 3], [True, 4], [dt.date(2026, 1, 31), 5]]
    assert raw(workbook(rows)).table.to_pydict()["a"] == ["12", "n/a", "0.5", "True", "2026-01-31"]


def test_moments_and_days_in_one_column_are_moments(raw):
    day, moment = '<c r="A2" s="1"><v>46053</v></c>', '<c r="A3" s="1"><v>46053.5</v></c>'
    header = excel.sheet([["a", "b"]]).removeprefix(excel.SHEET_START).removesuffix(excel.SHEET_END)
    rest = '<row r="2">{}<c r="B2"><v>1</v></c></row><row r="3">{}<c r="B3"><v>2</v></c></row>'
    # Day 46,053 since 1899-12-30 is 2026-01-31.
    moments = raw(cells(header + rest.format(day, moment))).table.to_pydict()["a"]
    assert [str(moment) for moment in moments] == ["2026-01-31 00:00:00", "2026-01-31 12:00:00"]


def test_errors_and_formulas_without_a_result_are_missing(raw):
    xml = (
        '<row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1" t="str"><v>b</v></c></row>'
        '<row r="2"><c r="A2" t="e"><v>#N/A</v></c><c r="B2"><f>1+1</f><v>2</v></c></row>'
        '<row r="3"><c r="A3"><f>A2*2</f></c><c r="B3"><v>3</v></c></row>'
        '<row r="4"><c r="A4"><v>5</v></c><c r="B4"><v>4</v></c></row>'
    )
    assert raw(cells(xml)).table.to_pydict() == {"a": [None, None, 5], "b": [2, 3, 4]}


# Where the table is -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "above"),
    [
        (ROWS, 0),
        ([[None, None], *ROWS], 1),
        ([["Sales of 2026"], [], *ROWS], 2),
        ([["Sales"], ["of 2026"], *ROWS, [3, "z"], [4, "z"]], 2),
    ],
)
def test_titles_and_empty_rows_above_the_table_are_skipped(raw, rows, above):
    found = raw(workbook(rows))
    assert found.table.column_names == ["a", "b"]
    assert found.table.to_pydict()["a"][:2] == [1, 2]
    assert found.read.skip_rows == above


def test_empty_rows_and_columns_around_and_between_are_left_out(raw):
    rows = [[None, *row, None, "c" if i == 0 else i] for i, row in enumerate(ROWS)]
    found = raw(workbook([[], [], *rows[:2], [None] * 5, rows[2], []]))
    assert found.table.to_pydict() == {"a": [1, 2], "b": ["x", "y"], "c": [1, 2]}


def test_two_rows_of_names_are_joined(raw):
    rows = [["id", "size", None], [None, "w", "h"], *([i, i + 1, i + 2] for i in range(5))]
    found = raw(workbook(rows))
    assert found.table.column_names == ["id", "size w", "size h"]
    assert found.read.header_rows == 2
    assert found.table.num_rows == 5


def test_a_merged_cell_names_all_its_columns(raw):
    rows = [[None, "size", None, "id"], *([None, i, i + 1, i + 2] for i in range(3))]
    merged = '<mergeCells count="1"><mergeCell ref="B1:C1"/></mergeCells>'
    assert raw(workbook(rows, after=merged)).table.column_names == ["size", "size", "id"]


def test_without_a_header_all_rows_are_values(raw):
    found = raw(workbook([[1.5, "x"], [2.5, "y"], [3.5, "z"]]))
    assert (found.read.header_rows, found.table.num_rows) == (0, 3)
    assert found.table.column_names == ["", ""]


# Which sheet --------------------------------------------------------------------------------


def test_the_first_sheet_that_holds_a_table_is_read(raw):
    found = raw(workbook([["Read me"]], [], ROWS))
    assert (found.read.sheet, found.read.sheets) == ("Three", ("One", "Two", "Three"))
    assert found.table.num_rows == 2


def test_the_sheet_that_is_asked_for_is_read(raw):
    found = raw(workbook(ROWS, [["c", "d"], [5, 6]]), sheet="Two")
    assert found.table.to_pydict() == {"c": [5], "d": [6]}


def test_an_unknown_sheet_is_answered_with_those_there_are(raw):
    with pytest.raises(UnreadableFileError) as caught:
        raw(workbook(ROWS, ROWS), sheet="Four")
    assert str(caught.value) == "data.csv has no sheet 'Four'; choose one of One, Two."


def test_a_hidden_sheet_comes_last(raw):
    parts = excel.parts({"One": [["c", "d"], [5, 6]], "Two": ROWS})
    part = parts["xl/workbook.xml"].replace('name="One"', 'name="One" state="hidden"')
    assert raw(excel.pack({**parts, "xl/workbook.xml": part})).read.sheet == "Two"


def test_header_and_rows_above_may_be_asked_for(raw):
    found = raw(workbook([["x", "y"], *ROWS]), skip_rows=1, header_rows=0)
    assert found.table.num_rows == 3
    assert raw(workbook([["x", "y"], *ROWS]), skip_rows=1).table.column_names == ["a", "b"]


def test_a_preview_holds_the_first_rows(raw):
    table = raw(workbook([["a", "b"], *([i, i] for i in range(100))]), head=7).table
    assert table.to_pydict()["a"] == list(range(7))


# What no Excel writes -----------------------------------------------------------------------

ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY f SYSTEM "file:///etc/passwd">]>'
)


@pytest.mark.parametrize("part", [excel.FIRST_SHEET, "xl/workbook.xml", "xl/styles.xml"])
def test_entities_are_neither_expanded_nor_resolved(raw, part):
    parts = excel.parts({"One": ROWS})
    text = parts[part].replace(excel.HEAD, excel.HEAD + ENTITIES).replace(">x<", ">&b;&f;<")
    with pytest.raises(UnreadableFileError, match="data.csv declares XML entities, which no Excel"):
        raw(excel.pack({**parts, part: text}))


def test_entities_behind_a_long_comment_are_not_expanded_either(raw):
    parts = excel.parts({"One": ROWS})
    behind = f"{excel.HEAD}<!--{'-x' * 300_000}-->{ENTITIES}"
    text = parts[excel.FIRST_SHEET].replace(excel.HEAD, behind).replace(">x<", ">&b;&f;<")
    with pytest.raises(UnreadableFileError, match="data.csv is a damaged Excel workbook"):
        raw(excel.pack({**parts, excel.FIRST_SHEET: text}))


def test_cells_far_apart_are_refused_before_the_space_between_is_made(raw):
    first = '<row r="1"><c r="A1"><v>1</v></c></row>'
    last = '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    with pytest.raises(UnreadableFileError) as caught:
        raw(cells(first + last))
    assert str(caught.value).startswith(
        "The sheet 'One' of data.csv reaches to cell XFD1048576, but holds 2 values only."
    )


def test_a_style_far_away_is_no_value(raw):
    body = excel.sheet(ROWS).removeprefix(excel.SHEET_START).removesuffix(excel.SHEET_END)
    styled = '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert raw(cells(body + styled)).table.num_rows == 2


def test_too_many_columns_are_refused(raw):
    with pytest.raises(DataError, match="data.csv has 5,001 columns"):
        raw(workbook([[f"c{i}" for i in range(5001)], list(range(5001))]))


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", excel.FIRST_SHEET]
)
@pytest.mark.parametrize("content", ["", "\0\1\2"])
def test_a_damaged_part_is_damage(raw, part, content):
    with pytest.raises(UnreadableFileError, match="data.csv is a"):
        raw(excel.pack({**excel.parts({"One": ROWS}), part: content}))


def test_sheets_without_cells_have_no_columns(raw):
    assert raw(workbook([], [])).table.num_columns == 0
