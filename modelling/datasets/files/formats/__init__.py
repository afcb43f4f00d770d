"""The formats that are read; text comes last, as any bytes might be text."""

from __future__ import annotations

from modelling.datasets.files.formats.arrow import ARROW
from modelling.datasets.files.formats.excel import EXCEL
from modelling.datasets.files.formats.file_format import FileFormat as FileFormat
from modelling.datasets.files.formats.json_ import JSON
from modelling.datasets.files.formats.parquet import PARQUET
from modelling.datasets.files.formats.text import TEXT

FORMATS: tuple[FileFormat, ...] = (PARQUET, ARROW, EXCEL, JSON, TEXT)
