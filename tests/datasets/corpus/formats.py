"""Every format that is read: how a table is written in it, and what reading it must say."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq

from tests.datasets.corpus import dialects, excel
from tests.datasets.corpus.dialects import COMMA, SEMICOLON, TAB
from tests.datasets.corpus.packing import STREAMS, member_zip
from tests.datasets.corpus.table import Cell, Table

Write = Callable[[Table], bytes]
TEXT, EXCEL, COLUMNAR, JSON = "text", "excel", "columnar", "json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Format:
    """A way to write a table; ``info`` is what reading it must report."""

    name: str
    suffix: str
    kind: str
    write: Write
    info: Mapping[str, object] = field(default_factory=dict)


def arrow(table: Table) -> pa.Table:
    columns = [_array(column) for column in table.columns]
    return pa.Table.from_arrays(columns, names=list(table.names))


def _array(column: tuple[Cell, ...]) -> pa.Array:
    beyond = any(isinstance(cell, int) and cell >= 2**63 for cell in column)
    return pa.array(column, pa.uint64() if beyond else None)


def parquet(table: Table | pa.Table, compression: str = "snappy") -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(_arrow(table), sink, compression=compression)
    return bytes(sink.getvalue().to_pybytes())


def arrow_file(table: Table | pa.Table, compression: str | None = None) -> bytes:
    return _ipc(pa.ipc.new_file, _arrow(table), compression)


def arrow_stream(table: Table | pa.Table, compression: str | None = None) -> bytes:
    return _ipc(pa.ipc.new_stream, _arrow(table), compression)


def feather_file(table: Table, compression: str = "lz4") -> bytes:
    sink = pa.BufferOutputStream()
    feather.write_feather(arrow(table), sink, compression=compression)
    return bytes(sink.getvalue().to_pybytes())


def _arrow(table: Table | pa.Table) -> pa.Table:
    return arrow(table) if isinstance(table, Table) else table


def _ipc(
    new: Callable[..., pa.ipc.RecordBatchStreamWriter], table: pa.Table, codec: str | None
) -> bytes:
    sink = pa.BufferOutputStream()
    with new(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression=codec)) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue().to_pybytes())


def records(table: Table) -> list[dict[str, Cell]]:
    return [dict(zip(table.names, row, strict=True)) for row in table.rows]


def as_json(value: object) -> bytes:
    return json.dumps(value, default=str, ensure_ascii=False).encode()


def json_records(table: Table) -> bytes:
    return as_json(records(table))


def json_lines(table: Table) -> bytes:
    return b"".join(as_json(record) + b"\n" for record in records(table))


def json_columns(table: Table) -> bytes:
    """Write columns as lists by name."""
    return as_json(dict(zip(table.names, table.columns, strict=True)))


def json_pandas(table: Table) -> bytes:
    """Write columns as values by row number, as ``DataFrame.to_json()`` does."""
    by_row = [{str(i): cell for i, cell in enumerate(column)} for column in table.columns]
    return as_json(dict(zip(table.names, by_row, strict=True)))


def _text_formats() -> tuple[Format, ...]:
    plain = tuple(
        Format(
            name=dialect.name,
            suffix=dialect.suffix,
            kind=TEXT,
            write=dialects.writer(dialect),
            info=dialect.info(),
        )
        for dialect in (*dialects.COMMON, *dialects.RARE)
    )
    return (*plain, *_packed_formats())


def _packed_formats() -> tuple[Format, ...]:
    def stream(pack: Callable[[bytes], bytes], table: Table) -> bytes:
        return pack(COMMA.text(table).encode())

    def archive(table: Table) -> bytes:
        return member_zip("table.csv", COMMA.text(table).encode())

    ways: list[tuple[str, str, Write]] = [
        *((name, suffix, partial(stream, pack)) for name, suffix, pack in STREAMS),
        ("zip", ".zip", archive),
    ]
    return tuple(
        Format(
            name=f"csv in {name}",
            suffix=f".csv{suffix}",
            kind=TEXT,
            write=write,
            info={"format": "csv", "delimiter": COMMA.delimiter, "compression": name},
        )
        for name, suffix, write in ways
    )


def _columnar_formats() -> tuple[Format, ...]:
    codecs = ("snappy", "zstd", "gzip", "brotli", "lz4", "none")
    parquets: list[tuple[str, str, Write]] = [
        (f"parquet {codec}", ".parquet", partial(parquet, compression=codec)) for codec in codecs
    ]
    others: list[tuple[str, str, Write]] = [
        ("feather lz4", ".feather", feather_file),
        ("feather zstd", ".feather", partial(feather_file, compression="zstd")),
        ("feather plain", ".feather", partial(feather_file, compression="uncompressed")),
        ("arrow file", ".arrow", arrow_file),
        ("arrow stream", ".arrows", arrow_stream),
        ("arrow stream zstd", ".arrows", partial(arrow_stream, compression="zstd")),
    ]
    return tuple(
        Format(name=name, suffix=suffix, kind=COLUMNAR, write=write)
        for name, suffix, write in (*parquets, *others)
    )


FORMATS: tuple[Format, ...] = (
    *_text_formats(),
    Format(name="xlsx", suffix=".xlsx", kind=EXCEL, write=excel.workbook),
    Format(
        name="xlsx, shared strings",
        suffix=".xlsx",
        kind=EXCEL,
        write=partial(excel.workbook, shared=True),
    ),
    *_columnar_formats(),
    Format(name="json records", suffix=".json", kind=JSON, write=json_records),
    Format(name="json lines", suffix=".jsonl", kind=JSON, write=json_lines),
    Format(name="json columns", suffix=".json", kind=JSON, write=json_columns),
    Format(name="json of pandas", suffix=".json", kind=JSON, write=json_pandas),
)
_BY_NAME = {format_.name: format_ for format_ in FORMATS}


def named(*names: str) -> tuple[Format, ...]:
    return tuple(_BY_NAME[name] for name in names)


# One of each way to hold a table: enough where a fault lies in the values.
CORE: tuple[Format, ...] = named(
    COMMA.name, SEMICOLON.name, TAB.name, "xlsx", "parquet snappy", "feather lz4",
    "json records", "json lines",
)  # fmt: skip
