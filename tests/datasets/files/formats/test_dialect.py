import pytest

from modelling.datasets.files.formats.dialect import Layout, detect_layout


def layout(text: str, **known) -> Layout | None:
    known = {"delimiter": None, "quote": None, "n_above": None, **known}
    return detect_layout(text.splitlines(keepends=True), **known)


def delimiter(text: str) -> str | None:
    found = layout(text)
    return None if found is None or not found.is_even else found.dialect.delimiter


@pytest.mark.parametrize("sign", [",", ";", "\t", "|", "\x01", "\x1f", "^", "~", "#", ":", " "])
def test_the_delimiter_is_found(sign):
    rows = [["name", "size"], ["a, b", "1"], ["c; d", "2"], ["e|f", "3"]]
    lines = [sign.join(f'"{value}"' for value in row) for row in rows]
    assert delimiter("\n".join(lines)) == sign


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        # Decimal commas divide nothing, with a header and without.
        ("a;b\n1,5;2,5\n3,25;4,0\n", ";"),
        ("1,5;2,5\n3,25;4,0\n", ";"),
        ("a b\n1,5 2,5\n3,25 4,0\n1,0 2,0\n", " "),
        ("a\tb\n1,5\t2,5\n3,25\t4,0\n", "\t"),
        # Of two that are as even, the one that leaves less to divide.
        ("a,b;c,d\n1,2;3,4\n", ","),
        # Lists inside of values are none of the table's business.
        ("id,genres\n1,a;b;c\n2,c;d;e\n3,x;y;z\n", ","),
        ("id,when\n1,2026-01-01 10:00:00\n2,2026-01-01 11:00:00\n", ","),
        ("2026-01-01 10:00:00,5\n2026-01-01 11:00:00,6\n2026-01-01 12:00:00,6\n", ","),
        # Spaces that make columns line up.
        ("name   age\nBob    12\nAl      7\nEve    30  \n", " "),
        # One letter of another delimiter in each line, but for one.
        ("text,label\nso; good,1\nso; bad,0\nmeh,0\n", ","),
        # A quote that is none, between quotes that are some.
        ('a;"b\nc"\n"1,\n2,\n3,";4\n', ";"),
        # A sentence may have as many commas as the one before it.
        ("I love it.\nSo much, indeed.\nNo way, really.\nYes, maybe.\n", None),
        ("Dear all,\nplease find, as promised, the data.\nBest wishes, Ann\n", None),
        # Log lines, program text, and keys with values.
        ("2026-01-01 10:00:00 INFO up\n2026-01-01 10:00:01 INFO it is done\n" * 9, None),
        ("http://a.org\nhttp://b.org\nhttp://c.org\n", None),
        ("int x;\nfloat y;\nreturn 0;\n", None),
        ("name: x\nsize: 3\nunit: kg\n", None),
        ("one two\nthree four\nfive six\n", None),
        ("a\n1\n2\n", None),
        ("", None),
    ],
)
def test_what_divides_values_is_told_from_punctuation(text, sign):
    assert delimiter(text) == sign


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_is_understood(end):
    assert delimiter(end.join(["a;b", "1;2", "3;4", ""])) == ";"


@pytest.mark.parametrize(
    ("text", "n_above"),
    [
        ("a,b\n1,2\n", 0),
        ("Report\na,b\n1,2\n", 1),
        ("Report\n\n\na,b\n1,2\n3,4\n", 3),
        ("\n\na,b\n1,2\n", 2),
        ("# made by hand\n# in May\na,b\n1,2\n", 2),
        ("# made by hand, in May\na,b\n1,2\n3,4\n", 1),
        ("Made in May, by Ann, for Bob\na;b\n1;2\n3;4\n", 1),
        ("sep=;\na;b\n1;2\n", 1),
        ("sep=;\nReport\na;b\n1;2\n", 2),
        ("Device,X1\nSerial,7\nid,size,unit\n1,2,m\n3,4,m\n5,6,m\n", 2),
        # Names that begin with the sign of comments are names.
        ("#id,size\n1,2\n3,4\n", 0),
        ("#,b\n1,2\n", 0),
    ],
)
def test_lines_above_the_table_are_counted(text, n_above):
    found = layout(text)
    assert found.n_above == n_above
    assert found.is_even


@pytest.mark.parametrize(
    "text",
    [
        # Rows wider than their header are an error, not a table below a title.
        "a,b\n1,2,3\n4,5,6\n",
        "a;b;c\n1,5;2;3;x;y\n2,5;3;4;x;y\n",
        "a,b,c\n1,2\n3,4\n5,6\n",
    ],
)
def test_rows_unlike_their_header_are_not_even(text):
    found = layout(text)
    assert found is None or not found.is_even


def test_a_delimiter_after_each_row_only_is_no_column():
    found = layout("a;b\n1;2;\n3;4;\n")
    assert (found.width, found.n_trailing, found.is_even) == (2, 1, True)
    found = layout("a;b\n1;2;\n3;4\n")
    assert (found.width, found.is_even) == (2, True)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ('"a","b"\n"x, y","1"\n', '"'),
        ("'a','b'\n'x, y','1'\n'z','2'\n", "'"),
        ("'a','b'\n'x','1'\n'z','2'\n", "'"),
        ("name,says\nann,'tis so\nbob,'twas so\n", '"'),
        ("a,b\n1,2\n", '"'),
    ],
)
def test_the_quote_is_found(text, quote):
    assert layout(text).dialect.quote == quote


def test_backslashes_escape_only_where_the_rows_are_even_then():
    assert layout('a,b\n"x \\"q\\", y",1\n"z",2\n').dialect.escape == "\\"
    assert layout("a,b\nx\\, y,1\nz,2\n").dialect.escape == "\\"
    assert layout('a,b\n"C:\\dir\\",1\n"D:\\",2\n').dialect.escape is None


def test_spaces_after_delimiters_are_skipped_where_quotes_or_all_values_follow_them():
    assert layout('a,b,c\n1, "x, y",3\n2, "z",4\n').dialect.skip_space
    assert layout("a, b\n1, x\n2, y\n").dialect.skip_space
    assert not layout("a,b\n1, x\n2,y\n3,z\n").dialect.skip_space


def test_a_huge_value_does_not_stop_the_search():
    assert delimiter("a;b\n1;2\n" + "x" * 200_000 + ";3\n") == ";"


def test_what_is_known_is_not_searched_for():
    assert layout("a,b;c\n1,2;3\n", delimiter=";").width == 2
    assert layout("a,b\n1,2\n3,4,5\n6,7,8\n", n_above=2).width == 3
    assert layout("'a','b'\n'x','1'\n", quote="").dialect.quote == ""
    assert layout("a,b\n1,2\n", delimiter=";") is None
