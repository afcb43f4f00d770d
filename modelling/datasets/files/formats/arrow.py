"""Arrow IPC: Feather of version 2, Arrow files and Arrow streams."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from modelling.datasets.files.formats.columnar import FAULTS, check_declared, check_decoded
from modelling.datasets.files.formats.file_format import FileFormat
from modelling.datasets.files.formats.nested import flatten
from modelling.datasets.files.raw import RawTable, Source, damage_as
from modelling.types import ReadInfo

FILE_START = b"ARROW1\x00\x00"
# A message of a stream begins with this mark and the length of its header.
STREAM_START = b"\xff\xff\xff\xff"


def read_arrow(source: Source) -> RawTable:
    """Read an Arrow file or stream, batch by batch; its values are checked before they are used.

    Raises
    ------
    DataError
        If it is damaged or too large.
    """
    with damage_as(source.name, "Arrow file", FAULTS):
        with pa.OSFile(str(source.path)) as file:
            schema, batches = _opened(file)
            table = pa.Table.from_batches(list(_checked(batches, file, source)), schema)
        table, findings = flatten(table, source.name)
    return RawTable(table=table, read=ReadInfo(format=ARROW.key), findings=findings)


def _opened(file: pa.NativeFile) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    start = file.read(len(FILE_START))
    file.seek(0)
    if start == FILE_START:
        reader = pa.ipc.open_file(file)
        places = range(reader.num_record_batches)
        return reader.schema, (reader.get_batch(place) for place in places)
    stream = pa.ipc.open_stream(file)
    return stream.schema, iter(stream)


def _checked(
    batches: Iterator[pa.RecordBatch], file: pa.NativeFile, source: Source
) -> Iterator[pa.RecordBatch]:
    """Yield the batches, as long as they do not become too large."""
    n_rows = n_bytes = 0
    for batch in batches:
        n_rows += batch.num_rows
        n_bytes += batch.nbytes
        check_declared(
            source.name, n_rows=n_rows, n_columns=batch.num_columns, file_bytes=file.size()
        )
        check_decoded(source.name, n_bytes, file.size())
        yield batch
        if source.head is not None and n_rows >= source.head:
            return


ARROW = FileFormat(
    key="arrow",
    recognises=lambda head, _: head.startswith((FILE_START, STREAM_START)),
    read=read_arrow,
)
