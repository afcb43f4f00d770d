from collections.abc import Callable
from typing import Any

import pytest

from modelling.datasets.files.raw import RawTable, Source
from modelling.datasets.files.sniff import sniff
from modelling.types import ReadOptions


@pytest.fixture
def raw(tmp_path) -> Callable[..., RawTable]:
    """Return a function from content and options to what the reader of its format hands on."""

    def of(content: str | bytes, *, head: int | None = None, **options: Any) -> RawTable:
        path = tmp_path / "upload"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        source = Source(
            path=path, name="data.csv", scratch=tmp_path, options=ReadOptions(**options), head=head
        )
        return sniff(path, source.name).read(source)

    return of
