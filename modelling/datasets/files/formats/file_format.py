"""What a format is: how its files are known, and how they are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from modelling.datasets.files.raw import RawTable, Source


@dataclass(frozen=True, kw_only=True, slots=True)
class FileFormat:
    """One format that is read.

    ``recognises`` is asked with the first bytes of a file and, for a zip archive, with what kind of
    document it is; formats are asked in the order of `FORMATS`.
    """

    key: str
    recognises: Callable[[bytes, str | None], bool]
    read: Callable[[Source], RawTable]
