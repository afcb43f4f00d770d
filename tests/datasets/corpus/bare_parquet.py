"""Parquet files written by hand, so that they can declare what no library would write.

The format is Thrift's compact protocol around pages (parquet-format, ``parquet.thrift``); the
numbers of the fields are those of that file.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MAGIC = b"PAR1"
_REQUIRED, _INT64 = 0, 2
_PLAIN, _RLE, _RLE_DICTIONARY = 0, 3, 8
_DATA_PAGE, _DICTIONARY_PAGE = 0, 2
_UNCOMPRESSED = 0


@dataclass(frozen=True, slots=True)
class Thrift:
    """One value: the number of its type, and its bytes."""

    kind: int
    data: bytes


def i32(number: int) -> Thrift:
    return Thrift(5, _varint(number << 1))


def i64(number: int) -> Thrift:
    return Thrift(6, _varint(number << 1))


def text(value: str) -> Thrift:
    return Thrift(8, _varint(len(value.encode())) + value.encode())


def array(items: Sequence[Thrift]) -> Thrift:
    short = len(items) < 15
    size = bytes([(len(items) if short else 15) << 4 | items[0].kind])
    return Thrift(9, size + (b"" if short else _varint(len(items))) + _data(items))


def record(fields: Mapping[int, Thrift]) -> Thrift:
    """Return a struct; its fields stand in the order of their numbers, less than 16 apart."""
    out, last = bytearray(), 0
    for number, value in fields.items():
        out += bytes([(number - last) << 4 | value.kind]) + value.data
        last = number
    return Thrift(12, bytes(out) + b"\0")


def _data(items: Sequence[Thrift]) -> bytes:
    return b"".join(item.data for item in items)


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def repeated_value(n_rows: int, *, declared: int | None = None, groups: int = 1) -> bytes:
    """Return columns "a" and "b" that hold the number 7 in each row, as one run of a few bytes.

    Parameters
    ----------
    n_rows : int
        Values in each page; a page holds less than 2^31.
    declared : int
        Rows that the footer claims.
    groups : int
        How often the footer lists the same group of rows.
    """
    claimed = n_rows if declared is None else declared
    chunk = _dictionary_page() + _data_page(n_rows)
    start = len(MAGIC)
    columns = [_column(name, start, len(chunk), claimed) for name in "ab"]
    group = record({1: array(columns), 2: i64(len(chunk) * 2), 3: i64(claimed)})
    return with_footer(MAGIC + chunk, footer(["a", "b"], claimed * groups, [group] * groups))


def footer(names: Sequence[str], n_rows: int, groups: Sequence[Thrift]) -> bytes:
    leaves = [record({1: i32(_INT64), 3: i32(_REQUIRED), 4: text(name)}) for name in names]
    root = record({4: text("schema"), 5: i32(len(names))})
    return record({1: i32(2), 2: array([root, *leaves]), 3: i64(n_rows), 4: array(groups)}).data


def deep_schema(levels: int) -> bytes:
    """Return a file without rows whose one column lies in ``levels`` groups."""
    group = record({3: i32(_REQUIRED), 4: text("g"), 5: i32(1)})
    leaf = record({1: i32(_INT64), 3: i32(_REQUIRED), 4: text("x")})
    no_group = Thrift(9, b"\x0c")
    schema = array([*[group] * levels, leaf])
    return with_footer(MAGIC, record({1: i32(2), 2: schema, 3: i64(0), 4: no_group}).data)


def with_footer(body: bytes, foot: bytes) -> bytes:
    return body + foot + struct.pack("<I", len(foot)) + MAGIC


def _column(name: str, start: int, size: int, n_values: int) -> Thrift:
    encodings = array([i32(_PLAIN), i32(_RLE), i32(_RLE_DICTIONARY)])
    meta = record(
        {
            1: i32(_INT64),
            2: encodings,
            3: array([text(name)]),
            4: i32(_UNCOMPRESSED),
            5: i64(n_values),
            6: i64(size),
            7: i64(size),
            9: i64(start + len(_dictionary_page())),
            11: i64(start),
        }
    )
    return record({2: i64(start), 3: meta})


def _dictionary_page() -> bytes:
    content = struct.pack("<q", 7)
    return _page(_DICTIONARY_PAGE, content, {7: record({1: i32(1), 2: i32(_PLAIN)})})


def _data_page(n_values: int) -> bytes:
    # Indices of one bit: a run of so many times the index 0.
    content = b"\1" + _varint(n_values << 1) + b"\0"
    levels = {3: i32(_RLE), 4: i32(_RLE)}
    head = record({1: i32(n_values), 2: i32(_RLE_DICTIONARY), **levels})
    return _page(_DATA_PAGE, content, {5: head})


def _page(kind: int, content: bytes, head: Mapping[int, Thrift]) -> bytes:
    size = i32(len(content))
    return record({1: i32(kind), 2: size, 3: size, **head}).data + content
