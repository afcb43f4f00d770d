"""Parquet files."""

from __future__ import annotations

import pyarrow as pa

from modelling.datasets.files.formats.columnar import FAULTS, check_declared
from modelling.datasets.files.formats.file_format import FileFormat
from modelling.datasets.files.formats.nested import flatten
from modelling.datasets.files.raw import RawTable, Source, damage_as
from modelling.types import ReadInfo


def read_parquet(source: Source) -> RawTable:
    """Read a Parquet file; what programs noted beside its types is not looked at.

    Raises
    ------
    DataError
        If it is damaged or too large.
    """
    with damage_as(source.name, "Parquet file", FAULTS):
        # By handle, so that no message of Arrow holds the path.
        with pa.OSFile(str(source.path)) as file:
            table = _table(file, source)
        table, findings = flatten(table, source.name)
    return RawTable(table=table, read=ReadInfo(format=PARQUET.key), findings=findings)


def _table(file: pa.NativeFile, source: Source) -> pa.Table:
    import pyarrow.parquet as pq

    parquet = pq.ParquetFile(file)
    check_declared(
        source.name,
        n_rows=parquet.metadata.num_rows,
        n_columns=parquet.metadata.num_columns,
        file_bytes=file.size(),
    )
    if source.head is None:
        return parquet.read()
    first = next(parquet.iter_batches(batch_size=max(1, source.head)), None)
    if first is None:
        return parquet.schema_arrow.empty_table()
    return pa.Table.from_batches([first])


PARQUET = FileFormat(
    key="parquet",
    recognises=lambda head, _: head.startswith(b"PAR1"),
    read=read_parquet,
)
