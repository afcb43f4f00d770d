"""Columns of Python values: typed where all values of a column are of one type, else text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from modelling.datasets.arrays import EXACT_INTEGERS
from modelling.datasets.files.formats.nested import as_json
from modelling.datasets.files.raw import check_size

_TYPES: dict[type, pa.DataType] = {
    bool: pa.bool_(),
    int: pa.int64(),
    float: pa.float64(),
    str: pa.string(),
    dt.date: pa.date32(),
    dt.datetime: pa.timestamp("us"),
    dt.time: pa.time64("us"),
    dt.timedelta: pa.duration("us"),
}
_NOTHING: type = type(None)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Chunk:
    start: int
    kind: type
    values: pa.Array


class Columns:
    """Columns that grow by chunks of rows; one that comes late is missing before.

    ``name`` is the file in messages.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._chunks: dict[Hashable, list[_Chunk]] = {}
        self._nested: set[Hashable] = set()
        self._n_rows = 0

    @property
    def keys(self) -> list[Hashable]:
        """The keys of the columns, in the order in which they came."""
        return list(self._chunks)

    @property
    def n_rows(self) -> int:
        """How many rows were added."""
        return self._n_rows

    @property
    def n_nested(self) -> int:
        """How many columns hold lists or objects, which became text."""
        return len(self._nested)

    def add(self, columns: Iterable[tuple[Hashable, Sequence[Any]]], n_rows: int) -> None:
        """Add ``n_rows`` rows of columns by key; None is a missing value.

        Raises
        ------
        DataError
            If the table becomes too large.
        """
        start = self._n_rows
        self._n_rows += n_rows
        for key, values in columns:
            kinds = set(map(type, values))
            if kinds & {dict, list}:
                self._nested.add(key)
            self._chunks.setdefault(key, []).append(_chunk(values, kinds, start))
            self.check(len(self._chunks))

    def check(self, n_columns: int) -> None:
        """Refuse so many columns before they are made.

        Raises
        ------
        DataError
            If the table would be too large.
        """
        check_size(self._name, n_rows=self._n_rows, n_columns=n_columns)

    def column(self, key: Hashable) -> pa.ChunkedArray:
        """Return one whole column."""
        chunks = self._chunks[key]
        kind = _common({chunk.kind for chunk in chunks})
        if kind is float and not all(_is_exact(chunk) for chunk in chunks):
            kind = str
        type_ = _TYPES.get(kind, pa.null())
        parts = []
        end = 0
        for chunk in chunks:
            parts += [pa.nulls(chunk.start - end, type_), _cast(chunk, kind)]
            end = chunk.start + len(chunk.values)
        parts.append(pa.nulls(self._n_rows - end, type_))
        return pa.chunked_array(parts, type=type_)


def printed(value: Any) -> str | None:
    """Return a value as text: a whole number without a point, a date as in ISO 8601."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) <= EXACT_INTEGERS:
        return str(int(value))
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return as_json(value) if isinstance(value, (dict, list)) else str(value)


def _chunk(values: Sequence[Any], kinds: set[type], start: int) -> _Chunk:
    kind = _common(kinds)
    whole = [value for value in values if type(value) is int] if int in kinds else []
    limit = EXACT_INTEGERS if kind is float else 2**63 - 1
    if kind in (int, float) and any(abs(value) > limit for value in whole):
        kind = str
    if kind is str:
        return _Chunk(start=start, kind=kind, values=_text(values))
    if kind is dt.datetime:
        values = [_moment(value) for value in values]
    array = pa.array(values, _TYPES.get(kind, pa.null()))
    return _Chunk(start=start, kind=kind, values=array)


def _moment(value: dt.date | None) -> dt.datetime | None:
    if value is None or isinstance(value, dt.datetime):
        return value
    return dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001 - Excel has no zones


def _common(kinds: set[type]) -> type:
    """Return the one type that holds values of all these types without loss, else text."""
    kinds = kinds - {_NOTHING}
    if len(kinds) <= 1:
        kind = next(iter(kinds), _NOTHING)
        return kind if kind in _TYPES or kind is _NOTHING else str
    if kinds == {int, float}:
        return float
    return dt.datetime if kinds == {dt.date, dt.datetime} else str


def _is_exact(chunk: _Chunk) -> bool:
    if chunk.kind is not int:
        return True
    largest = pc.max(pc.abs(chunk.values)).as_py()
    return largest is None or largest <= EXACT_INTEGERS


def _cast(chunk: _Chunk, kind: type) -> pa.Array:
    if chunk.kind is kind:
        return chunk.values
    if kind is str and chunk.kind is not _NOTHING:
        return _text(chunk.values.to_pylist())
    return chunk.values.cast(_TYPES[kind])


def _text(values: Sequence[Any]) -> pa.Array:
    texts = [printed(value) for value in values]
    try:
        return pa.array(texts, pa.string())
    except UnicodeEncodeError:
        # JSON may name halves of a character, which are none.
        halves = [text and text.encode("utf-8", "replace").decode() for text in texts]
        return pa.array(halves, pa.string())
