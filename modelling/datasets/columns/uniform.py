"""A raw table made uniform: five kinds of columns only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from modelling.datasets.columns.date_text import WrittenDates
from modelling.datasets.columns.manner import Manner
from modelling.datasets.columns.number_text import WrittenNumbers
from modelling.datasets.columns.settled import settled
from modelling.datasets.columns.text import Draft, TextColumn, decided_dates, decided_numbers
from modelling.datasets.columns.typed import plain_type
from modelling.types import Finding, ReadOptions


@dataclass(frozen=True, kw_only=True, slots=True)
class Uniform:
    """A table of five kinds of columns, and what was decided on the way.

    ``frame`` holds int64, float64 without infinities, bool without gaps, datetime64[us] in UTC
    without zone, and str. ``missing`` counts the cells of each text that was read as "no value";
    ``decimal`` and ``day_first`` are None where nothing depended on them.
    """

    frame: pd.DataFrame
    findings: tuple[Finding, ...]
    missing: Mapping[str, int]
    decimal: str | None
    day_first: bool | None


def uniform(table: pa.Table, *, options: ReadOptions, delimiter: str | None = None) -> Uniform:
    """Return ``table`` with five kinds of columns only, and what had to be changed for it.

    What can be read in two ways, such as "1,500" or "03/04/2025", is decided for the table as a
    whole from the columns that leave no doubt.

    Parameters
    ----------
    table : pyarrow.Table
        Its names differ. Each column is let go as soon as it is read; pass the only reference, and
        not much more memory than the result is needed.
    delimiter : str, optional
        What divides the values of a text format, whose columns are text throughout; None for
        formats with types of their own.
    """
    manner = Manner(options=options, delimiter=delimiter)
    names = table.column_names
    columns = dict(zip(names, table.columns, strict=True))
    del table
    assembly = _Assembly(manner)
    for name in names:
        assembly.take(name, columns.pop(name))
    return assembly.finish(names)


class _Assembly:
    """The table while it is made: columns that are done, and those that wait for the others."""

    def __init__(self, manner: Manner) -> None:
        self._manner = manner
        self._done: dict[str, pd.Series] = {}
        self._open_numbers: dict[str, WrittenNumbers] = {}
        self._open_dates: dict[str, WrittenDates] = {}
        self._findings: dict[str, list[Finding]] = {}
        self._missing: Counter[str] = Counter()
        self._decimals: Counter[str] = Counter()
        self._orders: Counter[bool] = Counter()
        self._has_numbers = False

    def take(self, name: str, values: pa.ChunkedArray) -> None:
        """Read one column, or put it aside until all have been seen."""
        values, found = plain_type(name, values)
        draft = Draft(values=values, findings=found)
        if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
            draft = TextColumn(name, values, self._manner).draft()
            self._has_numbers |= draft.has_numbers
        self._missing.update(draft.missing)
        self._findings[name] = list(draft.findings)
        if draft.decimal is not None:
            self._decimals[draft.decimal] += 1
        if draft.day_first is not None:
            self._orders[draft.day_first] += 1
        if draft.numbers is not None:
            self._open_numbers[name] = draft.numbers
        elif draft.dates is not None:
            self._open_dates[name] = draft.dates
        else:
            self._settle(name, draft.values)

    def finish(self, names: list[str]) -> Uniform:
        """Decide what is still open, and return the table in the order of ``names``."""
        decimal, day_first = self._decimal(), self._day_first()
        has_dates = bool(self._orders or self._open_dates)
        for name, numbers in self._open_numbers.items():
            is_guess = self._decimals["."] == self._decimals[","]
            self._decide(name, decided_numbers(name, numbers, self._manner, decimal, is_guess))
        for name, dates in self._open_dates.items():
            is_guess = self._orders[True] == self._orders[False]
            self._decide(name, decided_dates(name, dates, day_first, is_guess))
        return Uniform(
            frame=pd.DataFrame({name: self._done.pop(name) for name in names}, copy=False),
            findings=tuple(finding for name in names for finding in self._findings[name]),
            missing=dict(self._missing),
            decimal=decimal if self._has_numbers and not self._manner.is_typed else None,
            day_first=day_first if has_dates else None,
        )

    def _decide(self, name: str, draft: Draft) -> None:
        self._findings[name] += draft.findings
        self._settle(name, draft.values)

    def _settle(self, name: str, values: pa.ChunkedArray) -> None:
        done = settled(name, values, self._manner.missing_as_value(name))
        self._done[name] = done.series
        self._findings[name] += done.findings
        self._missing.update(done.missing)

    def _decimal(self) -> str:
        """Return the sign before decimals that most columns prove, else the usual one."""
        if self._manner.options.decimal is not None:
            return self._manner.options.decimal
        points, commas = self._decimals["."], self._decimals[","]
        if points != commas:
            return "." if points > commas else ","
        has_comma = commas > 0 or any(numbers.has_comma for numbers in self._open_numbers.values())
        return "," if has_comma and self._manner.has_usual_comma else "."

    def _day_first(self) -> bool:
        """Return whether most columns prove that the day comes first, else what is usual."""
        if self._manner.options.day_first is not None:
            return self._manner.options.day_first
        if self._orders[True] != self._orders[False]:
            return self._orders[True] > self._orders[False]
        has_points = any(dates.has_points for dates in self._open_dates.values())
        return has_points or self._manner.delimiter == ";" or self._decimal() == ","
