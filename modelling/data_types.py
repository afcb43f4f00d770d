"""The nouns of data sets: what was read, what was found; import them from `modelling.types`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from modelling.enums import ColumnType, FixKind, Role, Severity


@dataclass(frozen=True, kw_only=True, slots=True)
class Fix:
    """What one click can do about a finding.

    ``values`` are the words of the cure: the role, the split, the scale of the target, or the
    values of ``column`` that are to be read as missing.
    """

    kind: FixKind
    label: str
    column: str | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing about the data that the analyst should know before a minute is spent.

    ``message`` says what it is, ``advice`` what to do.
    """

    code: str
    severity: Severity
    message: str
    advice: str = ""
    column: str | None = None
    fix: Fix | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnInfo:
    """One column as it was read; ``role`` is the role that we propose, ``reason`` says why."""

    name: str
    type: ColumnType
    role: Role
    missing_share: float
    n_distinct: int
    top_values: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadOptions:
    """How the analyst wants the bytes to be read; None stands for "as detected".

    ``header_rows`` is 0 (no header), 1 or 2 (a second row of units or groups is joined to the
    names); ``skip_rows`` are lines above the header; ``quote`` is one character or "" for none;
    ``missing`` are the texts that stand for "no value" everywhere, ``missing_in`` those of one
    column; ``deduplicate`` leaves out rows that repeat an earlier one.
    """

    delimiter: str | None = None
    encoding: str | None = None
    decimal: str | None = None
    quote: str | None = None
    header_rows: int | None = None
    skip_rows: int | None = None
    day_first: bool | None = None
    missing: tuple[str, ...] | None = None
    missing_in: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sheet: str | None = None
    deduplicate: bool = False

    def __post_init__(self) -> None:
        if self.header_rows not in (None, 0, 1, 2):
            raise ValueError(f"header_rows must be 0, 1 or 2, got {self.header_rows}")
        if self.skip_rows is not None and not 0 <= self.skip_rows <= 1000:
            raise ValueError(f"skip_rows must lie between 0 and 1000, got {self.skip_rows}")
        if self.decimal not in (None, ".", ","):
            raise ValueError(f"decimal must be '.' or ',', got {self.decimal!r}")


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadInfo:
    """How the bytes were understood; what does not apply to the format is None.

    ``renamed`` maps new names to those in the file; ``missing`` counts the cells of each text that
    was read as "no value"; ``short_rows`` had fewer values than the header and were filled up.
    """

    format: str
    delimiter: str | None = None
    encoding: str | None = None
    renamed: Mapping[str, str] = field(default_factory=dict)
    compression: str | None = None
    quote: str | None = None
    decimal: str | None = None
    header_rows: int | None = None
    skip_rows: int | None = None
    day_first: bool | None = None
    missing: Mapping[str, int] = field(default_factory=dict)
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    short_rows: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetRef:
    """A stored table; ``id`` is the SHA-256 of its Parquet bytes and the name of their blob.

    ``source`` names the file it was read from while that is kept; ``options`` is how.
    """

    id: str
    name: str
    n_rows: int
    columns: tuple[ColumnInfo, ...]
    read: ReadInfo
    findings: tuple[Finding, ...] = ()
    sample: str | None = None
    source: str | None = None
    options: ReadOptions = ReadOptions()

    def column(self, name: str) -> ColumnInfo | None:
        """Return the column of that name, or None."""
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Histogram:
    """Counts of values between edges; ``target`` is the target's mean in each bin, if any.

    ``edges`` has one entry more than ``counts``; dates are in seconds since 1970. The mean of a
    binary target is the share of its positive class.
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    target: tuple[float | None, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ValueCount:
    """One value of a column, its rows, and the target's mean in them, if any."""

    value: str
    count: int
    target: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnProfile:
    """One column in figures; ``relation`` is its association with the target, from 0 to 1."""

    name: str
    type: ColumnType
    missing_share: float
    n_distinct: int
    mean: float | None = None
    std: float | None = None
    minimum: float | None = None
    median: float | None = None
    maximum: float | None = None
    histogram: Histogram | None = None
    top: tuple[ValueCount, ...] = ()
    relation: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Associations:
    """Pairwise association of columns, from 0 to 1; ``matrix`` is (n_names, n_names)."""

    names: tuple[str, ...]
    matrix: tuple[tuple[float | None, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """A data set under one choice of target and roles.

    ``n_sampled`` rows were looked at for medians, histograms, relations and the target's means;
    all else is of all ``n_rows``.
    """

    n_rows: int
    n_sampled: int
    target: str | None
    columns: tuple[ColumnProfile, ...]
    associations: Associations
    findings: tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PartPreview:
    """One part of a split in figures, without its rows.

    ``classes`` is the share of each class; ``quartiles`` are minimum, quartiles and maximum of a
    regression target; ``first`` and ``last`` are the ends of the time column as printed.
    """

    name: str
    n_rows: int
    classes: Mapping[str, float] = field(default_factory=dict)
    quartiles: tuple[float, ...] = ()
    first: str | None = None
    last: str | None = None
    n_groups: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SplitPreview:
    """How rows would be divided: training and locked test, and rows that are in neither."""

    train: PartPreview
    test: PartPreview
    n_left_out: int = 0
