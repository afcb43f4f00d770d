"""What goes wrong in text: line ends, quotes, headers, uneven rows."""

from __future__ import annotations

from modelling.types import ColumnType
from tests.datasets.corpus.dialects import (
    COMMA,
    COMMON,
    SEMICOLON,
    Dialect,
    Fault,
    as_written,
    crossed,
    joined,
    lines_of,
    with_end,
)
from tests.datasets.corpus.entry import Case, Entry, Reads, Refused
from tests.datasets.corpus.table import FIRST_ROW, plain

UNITS = ("[years]", "[EUR]", "", "[date]", "")


# Lines --------------------------------------------------------------------------------------


def line_feeds(dialect: Dialect) -> Case:
    return as_written(dialect, with_end(dialect, "\n").text(plain()))


def carriage_returns(dialect: Dialect) -> Case:
    return as_written(dialect, with_end(dialect, "\r").text(plain()))


def mixed_line_ends(dialect: Dialect) -> Case:
    ends = ("\r\n", "\n", "\r")
    lines = (line + ends[i % 3] for i, line in enumerate(lines_of(dialect)))
    return as_written(dialect, "".join(lines))


def no_final_line_end(dialect: Dialect) -> Case:
    return as_written(dialect, dialect.text(plain()).removesuffix(dialect.end))


def blank_lines(dialect: Dialect) -> Case:
    lines = (f"{line}{dialect.end}" for line in lines_of(dialect))
    return as_written(dialect, dialect.end * 2 + dialect.end.join(lines) + dialect.end * 3)


def delimiter_after_each_row(dialect: Dialect) -> Case:
    first, *rest = lines_of(dialect)
    return as_written(
        dialect, joined(dialect, [first, *(line + dialect.delimiter for line in rest)])
    )


def spaces_after_delimiters(dialect: Dialect) -> Case:
    after = f"{dialect.delimiter} "
    return as_written(dialect, dialect.text(plain()).replace(dialect.delimiter, after))


# Rows above the table, or none --------------------------------------------------------------


def titles_above(dialect: Dialect) -> Case:
    text = f"Customers of 2024{dialect.end}Made on 2025-01-07{dialect.end}{dialect.end}"
    reads = dialect.reads(info={"header_rows": 1})
    return Case(content=(text + dialect.text(plain())).encode(), expects=reads)


def comments_above(dialect: Dialect) -> Case:
    text = f"# made by a program{dialect.end}# version 7{dialect.end}"
    return as_written(dialect, text + dialect.text(plain()))


def separator_line(dialect: Dialect) -> Case:
    return as_written(dialect, f"sep={dialect.delimiter}{dialect.end}{dialect.text(plain())}")


def units_below_the_header(dialect: Dialect) -> Case:
    first, *rest = lines_of(dialect)
    units = dialect.delimiter.join(UNITS)
    names = ("age [years]", "income [EUR]", "city", "since [date]", "plan")
    expected = plain().renamed(*names)
    by_name = {"age [years]": 20, "income [EUR]": 1000.5, "city": "Köln", "plan": "basic"}
    reads = Reads(
        rows=expected.n_rows,
        names=names,
        first=by_name,
        types={"age [years]": ColumnType.NUMBER, "income [EUR]": ColumnType.NUMBER},
        info={"header_rows": 2, "delimiter": dialect.delimiter},
    )
    return Case(content=joined(dialect, [first, units, *rest]).encode(), expects=reads)


def no_header(dialect: Dialect) -> Case:
    text = dialect.lines(plain().rows)
    names = tuple(f"column_{number}" for number in range(1, 6))
    reads = Reads(
        rows=40,
        names=names,
        first=dict(zip(names, FIRST_ROW.values(), strict=True)),
        info={"header_rows": 0, "delimiter": dialect.delimiter},
    )
    return Case(content=text.encode(), expects=reads)


# Uneven rows --------------------------------------------------------------------------------


def short_rows(dialect: Dialect) -> Case:
    lines = lines_of(dialect)
    for row in (5, 9, 13):
        lines[row] = dialect.delimiter.join(lines[row].split(dialect.delimiter)[:3])
    reads = dialect.reads(info={"short_rows": 3})
    return Case(content=joined(dialect, lines).encode(), expects=reads)


def one_long_row(dialect: Dialect) -> Case:
    lines = lines_of(dialect)
    lines[20] += dialect.delimiter + "surplus"
    return Case(content=joined(dialect, lines).encode(), expects=Refused(says=r"line \D*21|row"))


def only_long_rows(dialect: Dialect) -> Case:
    first, *rest = lines_of(dialect)
    lines = [first, *(dialect.delimiter.join([line, "x", "y"]) for line in rest)]
    return Case(content=joined(dialect, lines).encode(), expects=Refused(says="values|columns"))


def every_row_of_another_width(dialect: Dialect) -> Case:
    lines = [dialect.delimiter.join("abcdefgh"[: 2 + i * 5 % 7]) for i in range(40)]
    return Case(content=joined(dialect, lines).encode(), expects=Refused(says="table|values"))


# Quotes -------------------------------------------------------------------------------------


def everything_quoted(dialect: Dialect) -> Case:
    quoted = f'"{dialect.delimiter}"'
    lines = [f'"{line.replace(dialect.delimiter, quoted)}"' for line in lines_of(dialect)]
    return as_written(dialect, joined(dialect, lines))


def single_quotes(dialect: Dialect) -> Case:
    values = (f"a{dialect.delimiter} b", f"c{dialect.delimiter} d")
    table = plain().plus("note", values)
    quoting = Dialect(
        name="", delimiter=dialect.delimiter, decimal=dialect.decimal, end="\n", quote="'"
    )
    reads = dialect.reads(names=table.names, first={"note": values[0]}, info={"quote": "'"})
    return Case(content=quoting.text(table).encode(), expects=reads)


def apostrophes(dialect: Dialect) -> Case:
    """Words may begin with an apostrophe, and nothing is quoted."""
    table = plain().plus("note", ("'t Hof", "rock 'n' roll", "'s-Hertogenbosch", "l'eau"))
    reads = dialect.reads(names=table.names, first={"note": "'t Hof"})
    return Case(content=dialect.text(table).encode(), expects=reads)


def quote_inside_a_value(dialect: Dialect) -> Case:
    table = plain().plus("note", ("XX",))
    text = dialect.text(table).replace("XX", '5" pipe')
    reads = dialect.reads(names=table.names, first={"note": '5" pipe'})
    return Case(content=text.encode(), expects=reads)


def unterminated_quote(dialect: Dialect) -> Case:
    lines = lines_of(dialect)
    lines[10] = '"' + lines[10]
    return Case(content=joined(dialect, lines).encode(), expects=Refused(says="quot|table"))


EVERYWHERE: tuple[Fault, ...] = (
    mixed_line_ends, carriage_returns, titles_above, units_below_the_header, no_header,
    short_rows, one_long_row, delimiter_after_each_row, unterminated_quote,
)  # fmt: skip
IN_TWO: tuple[Fault, ...] = (
    line_feeds, no_final_line_end, blank_lines, comments_above, separator_line, only_long_rows,
    every_row_of_another_width, everything_quoted, single_quotes, apostrophes,
    quote_inside_a_value,
)  # fmt: skip


ENTRIES: tuple[Entry, ...] = (
    *crossed(EVERYWHERE, COMMON),
    *crossed(IN_TWO, (COMMA, SEMICOLON)),
    *crossed((spaces_after_delimiters,), (COMMA,)),
)
