"""The formats that are read; text comes last, as any bytes might be text."""

from __future__ import annotations

from modelling.datasets.formats.arrow import ARROW
from modelling.datasets.formats.excel import EXCEL
from modelling.datasets.formats.file_format import FileFormat as FileFormat
from modelling.datasets.formats.json_ import JSON
from modelling.datasets.formats.parquet import PARQUET
from modelling.datasets.formats.text import TEXT

FORMATS: tuple[FileFormat, ...] = (PARQUET, ARROW, EXCEL, JSON, TEXT)
