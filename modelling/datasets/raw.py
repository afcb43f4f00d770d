"""What every reader of a format hands on, before columns are made uniform."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from modelling.types import Finding, ReadInfo


@dataclass(frozen=True, kw_only=True, slots=True)
class RawTable:
    """A table as the file has it.

    ``table`` has the names of the file, which may repeat or be empty; columns of text formats hold
    text only, so that one place decides what is a number, a date or missing.
    """

    table: pa.Table
    read: ReadInfo
    findings: tuple[Finding, ...] = ()
