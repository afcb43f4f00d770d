"""Arrow tables of any type, made flat: columns of plain values only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from modelling.datasets.files.raw import check_size
from modelling.types import Finding, Severity

MAX_DEPTH = 8
# Lists become text a slice at a time, as Python objects take many times the memory of Arrow's.
SLICE_ROWS = 10_000
MAX_CHUNK_BYTES = 2**30


def flatten(table: pa.Table, name: str) -> tuple[pa.Table, tuple[Finding, ...]]:
    """Return ``table`` with columns of plain types, and what had to be changed for it.

    Fields of structs become columns ``a.b``; lists, maps and deeper structs become text, complete;
    dictionaries, run ends and extension types become the values that they stand for.

    Raises
    ------
    DataError
        If it has too many columns then.
    pyarrow.ArrowInvalid
        If its contents do not fit together.
    """
    # Lengths, offsets and letters come from the file; wrong ones lead outside of its memory.
    table.validate(full=True)
    names: list[str] = []
    columns: list[pa.ChunkedArray] = []
    nested = 0
    for place, field in enumerate(table.schema):
        for path, column in _plain_columns(field.name, table.column(place), 0):
            was_nested = pa.types.is_nested(column.type)
            nested += was_nested
            names.append(path)
            columns.append(_as_text(column) if was_nested else column)
            check_size(name, n_rows=table.num_rows, n_columns=len(columns))
    # Types alone decide what a column is: names and metadata of other programs do not.
    schema = pa.schema([(path, column.type) for path, column in zip(names, columns, strict=True)])
    return pa.Table.from_arrays(columns, schema=schema), nested_findings(nested)


def nested_findings(n_columns: int) -> tuple[Finding, ...]:
    """Return the finding about columns whose values are lists, if there are any."""
    if not n_columns:
        return ()
    columns = "1 column holds" if n_columns == 1 else f"{n_columns:,} columns hold"
    return (
        Finding(
            code="nested_values",
            severity=Severity.LOW,
            message=f"{columns} lists or objects as values; they are read as text.",
            advice="Write what you need of them as columns of its own.",
        ),
    )


def as_json(value: object) -> str:
    """Return a nested value as complete text."""
    return json.dumps(value, ensure_ascii=False, default=_printed)


def _plain_columns(
    path: str, column: pa.ChunkedArray, depth: int
) -> Iterator[tuple[str, pa.ChunkedArray]]:
    column = _stored(column)
    if not pa.types.is_struct(column.type) or depth == MAX_DEPTH or not column.type.num_fields:
        yield path, column
        return
    for place, inner in enumerate(column.flatten()):
        field = column.type.field(place)
        yield from _plain_columns(f"{path}.{field.name}", inner, depth + 1)


def _stored(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the values that encodings and extension types stand for."""
    type_ = column.type
    if isinstance(type_, pa.BaseExtensionType):
        chunks = [chunk.storage for chunk in column.chunks]
        return _stored(pa.chunked_array(chunks, type=type_.storage_type))
    if pa.types.is_dictionary(type_):
        return _stored(column.cast(type_.value_type))
    if pa.types.is_run_end_encoded(type_):
        chunks = [pc.run_end_decode(chunk) for chunk in column.chunks]
        return _stored(pa.chunked_array(chunks, type=type_.value_type))
    if pa.types.is_string_view(type_):
        return _stored(column.cast(pa.large_string()))
    if pa.types.is_binary_view(type_):
        return _stored(column.cast(pa.large_binary()))
    if pa.types.is_large_string(type_) or pa.types.is_large_binary(type_):
        return _short(column, pa.string() if pa.types.is_large_string(type_) else pa.binary())
    if pa.types.is_union(type_) or pa.types.is_interval(type_):
        return _as_text(column)
    return column


def _short(column: pa.ChunkedArray, type_: pa.DataType) -> pa.ChunkedArray:
    """Return texts as the one type that readers of this table know, in chunks of at most 2 GB."""
    n_bytes = pc.sum(pc.binary_length(column)).as_py() or 0
    n_slices = n_bytes // MAX_CHUNK_BYTES + 1
    rows = len(column) // n_slices + 1
    parts = [column.slice(start, rows).cast(type_) for start in range(0, len(column), rows)]
    return pa.chunked_array([chunk for part in parts for chunk in part.chunks], type=type_)


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return every value as text; what differs stays different."""
    is_map = pa.types.is_map(column.type)
    chunks = [
        pa.array(
            [_text(value, is_map) for value in column.slice(start, SLICE_ROWS).to_pylist()],
            pa.string(),
        )
        for start in range(0, len(column), SLICE_ROWS)
    ]
    return pa.chunked_array(chunks, type=pa.string())


def _text(value: Any, is_map: bool) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return as_json([list(pair) for pair in value] if is_map else value)


def _printed(value: object) -> object:
    return value.hex() if isinstance(value, bytes) else str(value)
