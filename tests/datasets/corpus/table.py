"""The plain table that every fault starts from, and its values as they must come back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from tests.datasets.corpus.entry import Reads

Cell = str | int | float | bool | dt.date | dt.datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """Names and columns of equal length; names may repeat."""

    names: tuple[str, ...]
    columns: tuple[tuple[Cell, ...], ...]

    @property
    def n_rows(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    @property
    def rows(self) -> list[tuple[Cell, ...]]:
        return list(zip(*self.columns, strict=True))

    def plus(self, name: str, values: Sequence[Cell]) -> Table:
        """Return the table with one more column, whose ``values`` repeat down to the last row."""
        column = tuple(values[i % len(values)] for i in range(self.n_rows))
        return Table(names=(*self.names, name), columns=(*self.columns, column))

    def head(self, n_rows: int) -> Table:
        return Table(names=self.names, columns=tuple(column[:n_rows] for column in self.columns))

    def renamed(self, *names: str) -> Table:
        return Table(names=names, columns=self.columns)

    def reads(self, **more: Any) -> Reads:
        """Return what must come back: this shape, these names, the first row of the plain part."""
        first = {name: FIRST_ROW[name] for name in self.names if name in FIRST_ROW}
        expected: dict[str, Any] = {
            "rows": self.n_rows,
            "names": self.names,
            "first": {**first, **more.pop("first", {})},
        }
        return Reads(**{**expected, **more})


def plain(n_rows: int = 40) -> Table:
    """Return a table of numbers, words with letters beyond ASCII, and dates."""
    first_day = dt.date(2024, 1, 1)
    return Table(
        names=("age", "income", "city", "since", "plan"),
        columns=(
            tuple(20 + i * 7 % 50 for i in range(n_rows)),
            tuple(1000.5 + i * 0.25 for i in range(n_rows)),
            tuple(("Köln", "Zürich", "Málaga", "Oslo")[i % 4] for i in range(n_rows)),
            tuple(first_day + dt.timedelta(days=i % 365) for i in range(n_rows)),
            tuple(("basic", "plus", "pro")[i % 3] for i in range(n_rows)),
        ),
    )


FIRST_ROW: dict[str, object] = {
    "age": 20,
    "income": 1000.5,
    "city": "Köln",
    "since": pd.Timestamp(2024, 1, 1),
    "plan": "basic",
}
