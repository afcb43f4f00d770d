import pytest

from modelling.datasets.files.formats.header import count_header_rows, is_value, join_names


def rows(text: str) -> list[list[str]]:
    return [line.split(",") for line in text.split()]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a,b 1,2 3,4", 1),
        ("a,b", 1),
        ("a,b x,y", 1),
        ("a,b x,y z,w", 1),
        # No names: what stands in the first row stands below, too.
        ("1,2 3,4 5,6", 0),
        ("x,1.5,2026-01-01 y,2.5,2026-01-02", 0),
        ("red,small blue,large red,large blue,small", 0),
        ("true,5 false,6", 0),
        # Numbers that are names: years, and what pandas writes for unnamed columns.
        ("city,2019,2020,2021 Rome,5,6,7 Oslo,8,9,10", 1),
        ("city,2010,2015,2020 Rome,5,6,7 Oslo,8,9,10", 1),
        ("2001,2005 2003,2004 2007,2009", 0),
        ("0,1,2 5,6,7 8,9,10", 1),
        ("city,2026-01-01,2026-02-01 Rome,5,6 Oslo,8,9", 1),
        ("2026-01-01,5 2026-01-02,6", 0),
        # A gap in a column of numbers says nothing.
        ("a, 1,2 3,4", 1),
        (",b 1,2 3,4", 1),
        # Units, groups and members.
        ("height,weight cm,kg 1,2 3,4 5,6", 2),
        ("share,size %,cm 1,2 3,4 5,6", 2),
        ("size,,price, w,h,net,gross 1,2,3,4 5,6,7,8 9,1,2,3", 2),
        ("id,name,weight,height ,,kg,cm 1,ann,50,160 2,bob,70,180 3,eve,60,170", 2),
        # Gaps and signs for gaps in the first row of values are no names.
        ("a,b NA,? 1,2 3,4 5,6", 1),
        ("a,b -,- 1,2 3,4 5,6", 1),
        ("a,b :,: 1,2 3,4 5,6", 1),
        # Files that were put together name their columns again.
        ("a,b x,y a,b z,w", 1),
        # One word among numbers, the rest of the row being values, is a value.
        ("a,b x,1 1,2 3,4 5,6", 1),
        # Text below text may be anything.
        ("a,b,c x,y,z u,v,1 r,s,2 t,q,3", 1),
    ],
)
def test_rows_of_names_are_told_from_rows_of_values(text, count):
    assert count_header_rows(rows(text)) == count


@pytest.mark.parametrize(
    "text",
    [
        *("1", "-1.5", "1,5", "1.234.567,8", "1e-5", "12 %", "$ 5", "5 €", ".5", "True", "-inf"),
        *("2026-01-31", "31.1.26", "2026-01-31T10:00:00Z", "10:30", "10:30:15.5", "9:05 pm"),
    ],
)
def test_numbers_dates_times_and_booleans_are_values(text):
    assert is_value(text)


@pytest.mark.parametrize("text", ["", "a", "1a", "A1", "x-1", "2026", "9" * 61, "1 2 x", "e5", "."])
def test_words_are_no_values(text):
    assert is_value(text) == (text == "2026")


def test_names_of_two_rows_are_joined():
    assert join_names(rows("id,size,,price w,h,,net")) == ["id w", "size h", "", "price net"]
    assert join_names([["id", "size", ""], ["", "w", "h"]]) == ["id", "size w", "size h"]
    assert join_names(rows("weight,name kg,")) == ["weight kg", "name"]
    assert join_names([[" a ", "b"]]) == ["a", "b"]
    assert join_names([]) == []


def test_rows_of_names_may_differ_in_width():
    assert join_names([["a"], ["x", "y"]]) == ["a x", "a y"]
    assert join_names([["a", "b"], ["x"]]) == ["a x", "b"]
