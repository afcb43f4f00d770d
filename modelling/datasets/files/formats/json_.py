"""JSON: rows as objects or lists, columns as lists, and JSON lines."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

import pyarrow as pa

from modelling.datasets.files.formats.encoding import detect_encoding, start_of_text
from modelling.datasets.files.formats.file_format import FileFormat
from modelling.datasets.files.formats.header import MAX_ROWS, count_header_rows, join_names
from modelling.datasets.files.formats.json_parse import Parser, too_deep
from modelling.datasets.files.formats.nested import MAX_DEPTH, nested_findings
from modelling.datasets.files.formats.values import Columns, printed
from modelling.datasets.files.raw import RawTable, Source, no_table
from modelling.datasets.wording import shorten
from modelling.errors import UnreadableFileError
from modelling.types import Finding, ReadInfo, Severity

CHUNK_ROWS = 5_000
_START = re.compile(rb"\{\s*[\"}]|\[\s*([\[{\]\"]|-?\d|(true|false|null)\b)")


def read_json(source: Source) -> RawTable:
    """Read JSON; nested objects become columns ``a.b``, lists become text.

    Raises
    ------
    DataError
        If it is damaged, holds no rows that belong together, or is too large.
    """
    encoding = detect_encoding(source.path, source.name, source.options.encoding)
    parser = Parser(source.name)
    with encoding.open(source.path) as stream:
        document, values = parser.parse(stream)
        rows = _rows(document, source.name) if values is None else values
        try:
            table, n_header, n_nested = _table(rows, source)
        except RecursionError as error:
            # What could just be parsed may be too deep to be printed.
            raise too_deep(source.name) from error
    return RawTable(
        table=table,
        read=ReadInfo(format=JSON.key, encoding=encoding.name, header_rows=n_header),
        findings=(
            *encoding.findings(source.name),
            *_repeated(parser.n_repeated, source.name),
            *nested_findings(n_nested),
        ),
    )


def _rows(document: Any, name: str) -> Iterable[Any]:
    """Return the rows of a document, which are objects or lists."""
    if isinstance(document, list):
        return document
    if not isinstance(document, dict):
        raise _no_rows(name)
    if "nbformat" in document:
        raise no_table(name, "a notebook (JSON)")
    of_objects, of_lists = _lists_of(dict, document), _lists_of(list, document)
    if of_lists.keys() == {"data"} and isinstance(document.get("columns"), list):
        # What pandas calls "split".
        return [document["columns"], *document["data"]]
    if len(of_objects) < len(document) and _are_columns(document):
        return _by_column(document, name)
    if len(of_objects) > 1:
        names = ", ".join(shorten(key, 30) for key in list(of_objects)[:5])
        raise UnreadableFileError(
            f"{name} is a JSON document with several lists of objects ({names}); expected one. "
            "Save the one that you need as CSV or Parquet."
        )
    n_lists = sum(isinstance(value, list) for value in document.values())
    if len(of_objects) == 1 or len(of_lists) == n_lists == 1:
        return next(iter({**of_lists, **of_objects}.values()))
    return _by_column(document, name)


def _are_columns(document: dict[str, Any]) -> bool:
    lists = [value for value in document.values() if isinstance(value, list)]
    return len(document) == len(lists) > 1 and len(set(map(len, lists))) == 1


def _lists_of(kind: type, document: dict[str, Any]) -> dict[str, list[Any]]:
    return {
        key: value
        for key, value in document.items()
        if isinstance(value, list) and value and isinstance(value[0], kind)
    }


def _by_column(document: dict[str, Any], name: str) -> Iterable[Any]:
    """Return the rows of an object whose members are columns, rows by number, or one row."""
    members = list(document.values())
    if members and all(isinstance(member, list) for member in members):
        if len(set(map(len, members))) > 1:
            raise UnreadableFileError(
                f"{name} is a JSON document with lists of different lengths; expected columns of "
                "one length, or a list of objects. Save it as CSV or Parquet."
            )
        keys = list(document)
        return (dict(zip(keys, row, strict=True)) for row in zip(*members, strict=True))
    if members and all(isinstance(member, dict) for member in members):
        if all(key.isdecimal() for key in document):
            return members
        return _by_number(document, name)
    if any(isinstance(member, (dict, list)) for member in members):
        raise _no_rows(name)
    return [document] if document else []


def _by_number(document: dict[str, dict[str, Any]], name: str) -> Iterable[Any]:
    """Return the rows of columns whose values are numbered, as ``DataFrame.to_json`` has them."""
    numbers = list(next(iter(document.values())))
    if not all(number.isdecimal() for number in numbers):
        raise _no_rows(name)
    return ({key: column.get(number) for key, column in document.items()} for number in numbers)


def _no_rows(name: str) -> UnreadableFileError:
    return no_table(name, "a JSON document without a list of rows")


def _table(rows: Iterable[Any], source: Source) -> tuple[pa.Table, int | None, int]:
    """Return the table, the number of its header rows if rows are lists, and of nested columns."""
    iterator = iter(rows)
    first = list(islice(iterator, MAX_ROWS + 2))
    columns = Columns(source.name)
    n_header = None
    names: Sequence[str] = ()
    if first and isinstance(first[0], list):
        cells = [_cells(row) for row in first[source.options.skip_rows or 0 :]]
        n_header = source.options.header_rows
        n_header = count_header_rows(cells) if n_header is None else n_header
        names = join_names(cells[:n_header])
        first = first[(source.options.skip_rows or 0) + n_header :]
        columns.add([(place, []) for place in range(len(names))], 0)
    rest = islice(chain(first, iterator), source.head)
    kind = dict if n_header is None else list
    while chunk := list(islice(rest, CHUNK_ROWS)):
        if not all(isinstance(row, kind) for row in chunk):
            raise _uneven(source.name)
        add = _add_objects if kind is dict else _add_lists
        add(columns, chunk)
    arrays = [columns.column(key) for key in columns.keys]
    labels = [_label(key, names) for key in columns.keys]
    return pa.Table.from_arrays(arrays, names=labels), n_header, columns.n_nested


def _cells(row: Any) -> list[str]:
    return [printed(value) or "" for value in row] if isinstance(row, list) else []


def _uneven(name: str) -> UnreadableFileError:
    return UnreadableFileError(
        f"{name} is JSON whose rows are not all of one kind; expected objects only, or lists only. "
        "Save it as CSV or Parquet and choose that file."
    )


def _label(key: Hashable, names: Sequence[str]) -> str:
    if isinstance(key, int):
        return names[key] if key < len(names) else ""
    label = ".".join(key) if isinstance(key, tuple) else str(key)
    # Half a character, as JSON may name one, is none.
    return label.encode("utf-8", "replace").decode()


def _add_objects(columns: Columns, rows: Sequence[dict[str, Any]]) -> None:
    flat = [_flat(row) for row in rows]
    keys = dict.fromkeys(chain.from_iterable(flat))
    columns.check(len(keys))
    columns.add(((key, [row.get(key) for row in flat]) for key in keys), len(rows))


def _flat(row: dict[Any, Any]) -> dict[Hashable, Any]:
    """Return the row with the members of nested objects by their path."""
    if any(isinstance(value, dict) for value in row.values()):
        return dict(_paths(row, ()))
    return row


def _paths(row: dict[str, Any], above: tuple[str, ...]) -> Iterator[tuple[Hashable, Any]]:
    for key, value in row.items():
        path = (*above, key)
        if isinstance(value, dict) and len(path) <= MAX_DEPTH:
            yield from _paths(value, path)
        else:
            yield (path if above else key), value


def _add_lists(columns: Columns, rows: Sequence[list[Any]]) -> None:
    width = max(map(len, rows))
    columns.add(
        (
            (place, [row[place] if place < len(row) else None for row in rows])
            for place in range(width)
        ),
        len(rows),
    )


def _repeated(count: int, name: str) -> tuple[Finding, ...]:
    if not count:
        return ()
    return (
        Finding(
            code="repeated_keys",
            severity=Severity.MEDIUM,
            message=f"{count:,} objects of {name} name a key more than once; the last value "
            "counts.",
            advice="Write each key once.",
        ),
    )


def _recognises(head: bytes, _: str | None) -> bool:
    return _START.match(start_of_text(head)) is not None


JSON = FileFormat(key="json", recognises=_recognises, read=read_json)
