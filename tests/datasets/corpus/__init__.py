"""Hostile and odd files with what must become of them; ``python -m tests.datasets.corpus FOLDER``
writes them all."""

from __future__ import annotations

from tests.datasets.corpus import (
    bombs,
    columnar,
    containers,
    damage,
    encodings,
    excel_faults,
    json_files,
    not_tables,
    table_faults,
    text_faults,
)
from tests.datasets.corpus.entry import Case, Entry, Reads, Refused, Survives

ENTRIES: tuple[Entry, ...] = (
    *table_faults.ENTRIES,
    *encodings.ENTRIES,
    *text_faults.ENTRIES,
    *containers.ENTRIES,
    *excel_faults.ENTRIES,
    *columnar.ENTRIES,
    *json_files.ENTRIES,
    *damage.ENTRIES,
    *not_tables.ENTRIES,
    *bombs.ENTRIES,
)

__all__ = ["ENTRIES", "Case", "Entry", "Reads", "Refused", "Survives"]
