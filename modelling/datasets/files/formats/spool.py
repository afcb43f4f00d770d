"""A table of text that grows on disk, so that reading a large file takes little memory."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa

from modelling.datasets.files.raw import check_size


class Spool:
    """Batches of rows with columns "0", "1", ... of text; ``name`` is the file in messages."""

    def __init__(self, path: Path, name: str, width: int) -> None:
        self._path = path
        self._name = name
        self._schema = pa.schema([(str(place), pa.string()) for place in range(width)])
        self._open = ExitStack()
        self._n_rows = 0

    def __enter__(self) -> Self:
        file = self._open.enter_context(pa.OSFile(str(self._path), "wb"))
        self._writer = self._open.enter_context(pa.ipc.new_file(file, self._schema))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._open.close()

    def write(self, columns: list[pa.Array]) -> None:
        """Add rows.

        Raises
        ------
        DataError
            If the table becomes too large.
        """
        self._n_rows += len(columns[0])
        check_size(self._name, n_rows=self._n_rows, n_columns=len(self._schema))
        self._writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=self._schema))

    def table(self) -> pa.Table:
        """End the file and return the table, which stays on disk until it is looked at."""
        self._open.close()
        return pa.ipc.open_file(pa.memory_map(str(self._path))).read_all()
