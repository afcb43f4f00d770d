"""The role that we propose for each column, with the reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from modelling.datasets.arrays import PROBED, spread
from modelling.datasets.columns.names import (
    entity_tier,
    names_amount,
    names_clock,
    names_id,
    names_moment,
    words,
)
from modelling.types import ColumnType, Role

# Fewer rows say nothing about ids.
MIN_ID_ROWS = 20
ID_MIN_DISTINCT_SHARE = 0.95
HASH_MIN_DISTINCT_SHARE = 0.5
GROUP_MIN_DISTINCT = 10
GROUP_MIN_ROWS_EACH = 2.0
GROUP_MAX_SHARE = 0.5
TIME_MIN_DISTINCT = 10
TIME_MIN_PRESENT_SHARE = 0.99
_HASH = re.compile(
    r"(?i)^(\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?|[0-9a-f]{16,})$"
)

Proposal = tuple[Role, str]

_OWN_VALUE = "Nearly every row has its own value, so it says nothing about the next row."


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Seen:
    """One uniform column and what was counted; ``top_count`` rows hold its most frequent value."""

    column: pd.Series
    values: pa.ChunkedArray
    type: ColumnType
    n_distinct: int
    top_count: int

    @property
    def name(self) -> str:
        """The name of the column."""
        return str(self.column.name)

    @property
    def n_rows(self) -> int:
        """The rows of the table."""
        return len(self.values)

    @property
    def n_present(self) -> int:
        """The rows that have a value."""
        return self.n_rows - int(self.values.null_count)

    @property
    def distinct_share(self) -> float:
        """How many distinct values there are for each value, at most 1."""
        return self.n_distinct / max(1, self.n_present)

    @property
    def is_whole(self) -> bool:
        """Whether all values are whole numbers, which gaps may have made float64."""
        if self.type is not ColumnType.NUMBER:
            return False
        if pd.api.types.is_integer_dtype(self.column.dtype):
            return True
        return bool((self.column.dropna() % 1 == 0).all())

    def probed(self) -> list[str]:
        """Return some of the texts."""
        return [str(text) for text in spread(self.values, PROBED).to_pylist()]


def proposed(columns: Sequence[Seen]) -> dict[str, Proposal]:
    """Return role and reason of each column: at most one group, one time and one stake.

    A column that nothing speaks against is a feature.
    """
    roles = {seen.name: _constant(seen) or _identifier(seen) or _feature(seen) for seen in columns}
    roles |= _row_numbers(columns, roles)
    for choose in (_group, _time, _stake):
        free = [seen for seen in columns if roles[seen.name][0] is Role.FEATURE]
        roles |= choose(free)
    return roles


def _is_near_id(seen: Seen) -> bool:
    """Whether nearly every row has a value of its own that says nothing about the next row."""
    if seen.n_present < MIN_ID_ROWS:
        return False
    if seen.distinct_share < ID_MIN_DISTINCT_SHARE:
        return _is_hash(seen)
    if seen.type is ColumnType.CATEGORY:
        return True
    return names_id(seen.name) and seen.is_whole


def _is_hash(seen: Seen) -> bool:
    if seen.type is not ColumnType.CATEGORY or seen.distinct_share < HASH_MIN_DISTINCT_SHARE:
        return False
    return all(_HASH.match(text) for text in seen.probed())


def _constant(seen: Seen) -> Proposal | None:
    if seen.n_distinct > 1:
        return None
    if seen.n_distinct == 0:
        return Role.IGNORE, "No row has a value."
    gaps = "" if seen.n_present == seen.n_rows else " that has one"
    return Role.IGNORE, f"Every row{gaps} has the same value."


def _identifier(seen: Seen) -> Proposal | None:
    return (Role.ID, _OWN_VALUE) if _is_near_id(seen) else None


def _feature(seen: Seen) -> Proposal:
    if seen.type is ColumnType.TEXT:
        return Role.TEXT, "Free text; its words are weighed (TF-IDF) inside the folds."
    if names_id(seen.name) and seen.is_whole:
        return Role.FEATURE, "An id that repeats; leave it out if new rows will bring new ones."
    reasons = {
        ColumnType.NUMBER: "A number; used as it is.",
        ColumnType.BOOLEAN: "True or false; used as it is.",
        ColumnType.DATE: "A date; expanded to year, month, weekday, hour and age.",
        ColumnType.CATEGORY: f"A category of {seen.n_distinct:,} values.",
    }
    return Role.FEATURE, reasons[seen.type]


def _row_numbers(columns: Sequence[Seen], roles: dict[str, Proposal]) -> dict[str, Proposal]:
    """Return the columns that only count the rows, unless nothing else were left to learn from."""
    counting = [
        seen.name for seen in columns if roles[seen.name][0] is Role.FEATURE and _counts_rows(seen)
    ]
    others = sum(
        role not in (Role.IGNORE, Role.ID) and name not in counting
        for name, (role, _) in roles.items()
    )
    # One of the others is the target.
    if others < 2:
        return {}
    return dict.fromkeys(counting, (Role.ID, "It numbers the rows and says nothing else."))


def _counts_rows(seen: Seen) -> bool:
    if seen.n_rows < MIN_ID_ROWS or seen.n_distinct < seen.n_rows or names_clock(seen.name):
        return False
    if not pd.api.types.is_integer_dtype(seen.column.dtype):
        return False
    steps = np.diff(seen.column.to_numpy())
    return bool(steps[0] > 0 and (steps == steps[0]).all())


def _group(columns: Sequence[Seen]) -> dict[str, Proposal]:
    def strength(seen: Seen) -> tuple[int, int]:
        # Of a patient and the patient's visits, the coarser one keeps both on one side.
        return entity_tier(seen.name) or 0, seen.n_distinct

    found = min(filter(_is_group, columns), key=strength, default=None)
    if found is None:
        return {}
    each = found.n_present / found.n_distinct
    reason = (
        f"Each of {found.n_distinct:,} has {each:.1f} rows on average; they stay on one side of "
        "every split."
    )
    return {found.name: (Role.GROUP, reason)}


def _is_group(seen: Seen) -> bool:
    if entity_tier(seen.name) is None or seen.n_distinct < GROUP_MIN_DISTINCT:
        return False
    if seen.n_present < GROUP_MIN_ROWS_EACH * seen.n_distinct:
        return False
    return seen.top_count <= GROUP_MAX_SHARE * seen.n_rows and _has_id_values(seen)


def _has_id_values(seen: Seen) -> bool:
    if seen.type is not ColumnType.CATEGORY:
        return seen.is_whole
    if names_id(seen.name):
        return True
    texts = seen.probed()
    return sum(any(sign.isdigit() for sign in text) for text in texts) >= 0.8 * len(texts)


def _time(columns: Sequence[Seen]) -> dict[str, Proposal]:
    def strength(seen: Seen) -> tuple[bool, bool, int]:
        is_sorted = bool(seen.column.is_monotonic_increasing)
        return len(words(seen.name)) == 1, is_sorted, seen.n_distinct

    found = max(filter(_is_time, columns), key=strength, default=None)
    if found is None:
        return {}
    return {found.name: (Role.TIME, "It says when each row happened; later rows can be the test.")}


def _is_time(seen: Seen) -> bool:
    return (
        seen.type is ColumnType.DATE
        and names_moment(seen.name)
        and seen.n_distinct >= TIME_MIN_DISTINCT
        and seen.n_present > TIME_MIN_PRESENT_SHARE * seen.n_rows
    )


def _stake(columns: Sequence[Seen]) -> dict[str, Proposal]:
    found = [seen for seen in columns if seen.type is ColumnType.NUMBER and names_amount(seen.name)]
    if len(found) != 1 or not found[0].column.min() >= 0:
        return {}
    return {found[0].name: (Role.STAKE, "An amount: a mistake on a row may cost that much.")}
