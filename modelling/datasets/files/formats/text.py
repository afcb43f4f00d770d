"""Delimited text: what it looks like, and its values as they stand in the file."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.compute as pc

from modelling.datasets.files.formats.dialect import DELIMITERS, Dialect, Layout, detect_layout
from modelling.datasets.files.formats.encoding import Encoding, detect_encoding
from modelling.datasets.files.formats.file_format import FileFormat
from modelling.datasets.files.formats.header import MAX_ROWS, count_header_rows, join_names
from modelling.datasets.files.formats.text_body import Body, Lines
from modelling.datasets.files.formats.text_fast import read_fast
from modelling.datasets.files.formats.text_rows import ShortRows, not_closed, read_rows
from modelling.datasets.files.raw import RawTable, Source, check_size, empty, no_table
from modelling.datasets.wording import shorten
from modelling.errors import UnreadableFileError
from modelling.types import Finding, ReadInfo, ReadOptions, Severity

# The sample grows until it has so many lines, for values and names may be long.
SAMPLE_CHARACTERS = 256 * 1024
MIN_SAMPLE_LINES = 12
MAX_SAMPLE_CHARACTERS = 16 * 1024**2
# More words than this in most lines are sentences.
MIN_WORDS_OF_PROSE = 3
_ESCAPED = {"\\t": "\t", "\\x01": "\x01", "\\x1f": "\x1f"}


def read_text(source: Source) -> RawTable:
    """Read delimited text; every column holds text, with null for what short rows lack.

    Raises
    ------
    DataError
        If it is no text, no table, or a table that is too large.
    """
    name, options = source.name, source.options
    encoding = detect_encoding(source.path, name, options.encoding)
    lines = _sample(source, encoding)
    if not any(line.strip(" \t\r\n\x1a" + "".join(DELIMITERS)) for line in lines):
        raise empty(name)
    layout = _layout(lines, name, options)
    check_size(name, n_rows=1, n_columns=layout.width)
    rows = _first_rows(lines, layout)
    n_header = count_header_rows(rows) if options.header_rows is None else options.header_rows
    names = (join_names(rows[:n_header]) + [""] * layout.width)[: layout.width]
    body = Body(path=source.path, name=name, encoding=encoding, layout=layout, n_header=n_header)
    table, short = _values(body, source)
    table, dropped = _without_empty(table.rename_columns(names), keep=n_header == 0)
    return RawTable(
        table=table,
        read=ReadInfo(
            format="csv",
            delimiter=layout.dialect.delimiter,
            encoding=encoding.name,
            quote=layout.dialect.quote,
            header_rows=n_header,
            skip_rows=layout.n_above,
            short_rows=short.count,
        ),
        findings=(*encoding.findings(name), *_findings(name, short, dropped)),
    )


def _values(body: Body, source: Source) -> tuple[pa.Table, ShortRows]:
    """Return the rows below the header, by the fast way if all of them are even."""
    even = None if source.head is not None else read_fast(body, source.scratch)
    if even is not None:
        return even, ShortRows()
    return read_rows(body, source.scratch, head=source.head)


def _sample(source: Source, encoding: Encoding) -> list[str]:
    """Return the first lines of a file with their ends."""
    lines: list[str] = []
    size = 0
    with encoding.open(source.path) as stream:
        while size < MAX_SAMPLE_CHARACTERS and (
            size < SAMPLE_CHARACTERS or len(lines) < MIN_SAMPLE_LINES
        ):
            line = stream.readline(MAX_SAMPLE_CHARACTERS)
            if not line:
                break
            size += len(line)
            lines.append(line.replace("\0", "") if encoding.n_nul else line)
    return lines


def _layout(lines: list[str], name: str, options: ReadOptions) -> Layout:
    layout = detect_layout(
        lines,
        delimiter=_one_sign(options.delimiter, name, "delimiter"),
        quote=_one_sign(options.quote, name, "quote") if options.quote else options.quote,
        n_above=options.skip_rows,
    )
    is_prose = options.delimiter is None and _is_prose(lines)
    if (layout is None or not layout.is_even) and is_prose:
        raise no_table(name, "plain text without columns")
    if layout is None:
        return _one_column(lines, name, options)
    if not layout.is_even:
        _check_quotes(lines, layout, name)
        width = len(_first_rows(lines, layout)[0])
        raise UnreadableFileError(
            f"{name} could not be read as a table: its header names {width:,} columns, but most of "
            "its first rows hold another number of values. Choose another sign between values or "
            "other lines above the header, or save it again as CSV or Parquet."
        )
    return layout


def _one_sign(sign: str | None, name: str, what: str) -> str | None:
    """Return a delimiter or quote that was asked for as one character."""
    if sign is None:
        return None
    known = _ESCAPED.get(sign, sign)
    # Spaces beside a delimiter belong to the values, and are left out with them.
    known = known.strip(" ") or known[:1]
    if len(known) != 1 or known in '\r\n\0"' * (what == "delimiter"):
        raise UnreadableFileError(
            f"{name} cannot be read with {shorten(sign, 20)!r} as its {what}; expected one "
            "character, such as a comma, a semicolon or \\t."
        )
    return known


def _is_prose(lines: list[str]) -> bool:
    counts = [len(line.split(maxsplit=MIN_WORDS_OF_PROSE)) for line in lines if line.strip()]
    return sum(count >= MIN_WORDS_OF_PROSE for count in counts) >= len(counts) / 2


def _one_column(lines: list[str], name: str, options: ReadOptions) -> Layout:
    dialect = Dialect(delimiter=_one_sign(options.delimiter, name, "delimiter") or ",")
    n_above = options.skip_rows or 0
    layout = Layout(dialect=dialect, width=1, evenness=1.0, fit=0.0, n_above=n_above)
    _check_quotes(lines, layout, name)
    return layout


def _check_quotes(lines: list[str], layout: Layout, name: str) -> None:
    """Refuse a file that is one line to its end because of a quote."""
    given = Lines(io.StringIO("".join(lines[layout.n_above :]), newline=""))
    start = 0
    for _ in layout.dialect.records(given):
        if given.is_done:
            raise not_closed(name, layout.n_above + start + 1)
        start = given.n_lines


def _first_rows(lines: list[str], layout: Layout) -> list[list[str]]:
    found: list[list[str]] = []
    for record in layout.dialect.records(lines[layout.n_above :]):
        if any(cell.strip() for cell in record):
            found.append(record)
        if len(found) == MAX_ROWS + 2:
            break
    return found


def _without_empty(table: pa.Table, *, keep: bool) -> tuple[pa.Table, int]:
    """Return the table without unnamed columns that hold nothing, and how many they were.

    Rows and header that end with a delimiter make such a column.
    """
    if keep:
        return table, 0
    kept = [
        place
        for place, name in enumerate(table.column_names)
        if name or pc.max(pc.binary_length(table.column(place))).as_py()
    ]
    return table.select(kept), table.num_columns - len(kept)


def _findings(name: str, short: ShortRows, dropped: int) -> list[Finding]:
    found = []
    if short.count:
        rows = "1 row holds" if short.count == 1 else f"{short.count:,} rows hold"
        found.append(
            Finding(
                code="short_rows",
                severity=Severity.MEDIUM,
                message=f"{rows} fewer values than the header of {name} has names, the first in "
                f"line {short.first_line:,}; what they lack is read as missing.",
                advice="Look at that line: a value may have slipped into another column.",
            )
        )
    if dropped:
        columns = "1 column" if dropped == 1 else f"{dropped:,} columns"
        found.append(
            Finding(
                code="unnamed_columns",
                severity=Severity.LOW,
                message=f"{columns} of {name} without a name and without a value left out.",
            )
        )
    return found


TEXT = FileFormat(key="csv", recognises=lambda _, document: document is None, read=read_text)
