"""Checks of the values of one column: those that stand for "no value", and those far outside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import numpy as np
import pandas as pd

from modelling.datasets.checks.check import percent
from modelling.datasets.checks.evidence import Evidence
from modelling.datasets.checks.numbers import as_numbers
from modelling.types import ColumnInfo, ColumnType, Finding, Fix, FixKind, Severity

# Numbers, days and words that people and programs write where they have no value.
NEGATIVE_SIGNS = (-1, -9, -99, -999, -9999, -99999)
NUMBER_SIGNS = (*NEGATIVE_SIGNS, 0, 99, 999, 9999, 99999, 999999, 9999999, 99999999)
DAY_SIGNS = (
    "1753-01-01",
    "1899-12-30",
    "1900-01-01",
    "1970-01-01",
    "2099-12-31",
    "2999-12-31",
    "9999-12-31",
)
# "None" and "other" are left out: they often mean what they say (no fence, another colour).
WORD_SIGNS = frozenset(
    {"", "-", "--", "?", ".", "n.a.", "na", "nan", "null", "nil", "unknown", "missing", "no data"}
    | {"not available", "not known", "not specified", "unspecified", "undefined"}
)
# A sign is a habit, not an accident: it occurs in one row of a hundred, and five times.
MIN_SIGN_SHARE = 0.01
MIN_SIGN_ROWS = 5
# Zero is a value in most columns; where more than half of the rows have it, it surely is one.
MAX_ZERO_SHARE = 0.5
# A scale of a few steps has ends, not signs.
MIN_OTHER_VALUES = 10
# A sign lies three standard deviations from the mean of the other values (the usual mark of what
# does not belong to a bell curve), and one standard deviation next to it is empty.
FAR_DEVIATIONS = 3.0
EMPTY_DEVIATIONS = 1.0

# Tukey (1977) calls values "far out" beyond 3 interquartile ranges; skewed columns have many of
# those, so that ours is 10, and 3 on the logarithm where all values are positive.
FAR_RANGES = 10.0
FAR_LOG_RANGES = 3.0
MIN_OUTLIER_ROWS = 30


def disguised_missing(evidence: Evidence) -> Iterator[Finding]:
    """Find values that stand for "no value"."""
    for column in evidence.used:
        if column.type in (ColumnType.NUMBER, ColumnType.DATE):
            signs, rows = _far_signs(evidence, column)
            severity = Severity.MEDIUM
        elif column.type is ColumnType.CATEGORY:
            signs, rows = _word_signs(evidence, column)
            severity = Severity.LOW
        else:
            continue
        if signs:
            yield _disguise(column.name, signs, rows, severity)


def outliers(evidence: Evidence) -> Iterator[Finding]:
    """Find values so far outside that they may be typing errors."""
    for column in evidence.used:
        if column.type is not ColumnType.NUMBER or column.n_distinct <= MIN_OTHER_VALUES:
            continue
        values = _known(evidence.subject.frame[column.name])
        if len(values) < MIN_OUTLIER_ROWS:
            continue
        low, middle, high = np.quantile(values, (0.25, 0.5, 0.75))
        far = _far_values(values, low, high)
        if not 0 < len(far) < MIN_SIGN_SHARE * len(values):
            continue
        farthest = far[np.argmax(np.abs(far - middle))]
        lie = "lies" if len(far) == 1 else "lie"
        yield Finding(
            code="outliers",
            severity=Severity.LOW,
            column=column.name,
            message=f"{len(far):,} of {len(values):,} values of {column.name} {lie} far outside, "
            f"as {_printed(farthest)} does: half of all values are between {_printed(low)} and "
            f"{_printed(high)}.",
            advice="Look for typing errors and mixed units; linear models suffer from them more "
            "than trees.",
        )


def _disguise(name: str, signs: tuple[str, ...], share: float, severity: Severity) -> Finding:
    quoted = " and ".join(sign if sign.strip() else "a blank" for sign in signs)
    return Finding(
        code="disguised_missing",
        severity=severity,
        column=name,
        message=f"{name} is {quoted} in {percent(share)} of the rows, which looks like a sign for "
        "a missing value.",
        advice="Read it as missing, unless it is a real value.",
        fix=Fix(
            kind=FixKind.MISSING_VALUES,
            label=f"Read {quoted} in {name} as missing",
            column=name,
            values=signs,
        ),
    )


def _far_signs(evidence: Evidence, column: ColumnInfo) -> tuple[tuple[str, ...], float]:
    """Return signs at either end of a column of numbers or dates, and their share."""
    is_date = column.type is ColumnType.DATE
    known = _DAYS if is_date else _NUMBERS
    values = _known(evidence.sample(column.name))
    if not len(values) or not {float(values.min()), float(values.max())} & known.keys():
        return (), 0.0
    distinct, counts = np.unique(values, return_counts=True)
    is_known = np.isin(distinct, np.fromiter(known, dtype=float))
    below = int(np.argmin(np.append(is_known, False)))
    above = int(np.argmin(np.append(is_known[::-1], False)))
    last = len(distinct)
    low = (np.arange(0, n) for n in range(below, 0, -1))
    high = (np.arange(last - n, last) for n in range(above, 0, -1))
    ends = [_longest_sign(distinct, counts, candidates) for candidates in (low, high)]
    signs = np.concatenate(ends)
    return tuple(known[value] for value in distinct[signs]), counts[signs].sum() / len(values)


def _longest_sign(
    distinct: np.ndarray, counts: np.ndarray, candidates: Iterable[np.ndarray]
) -> np.ndarray:
    """Return the positions of the most extreme values that are signs together, or none."""
    for ends in candidates:
        if _is_sign(distinct, counts, ends):
            return ends
    return np.arange(0)


def _is_sign(distinct: np.ndarray, counts: np.ndarray, ends: np.ndarray) -> bool:
    others, weights = np.delete(distinct, ends), np.delete(counts, ends)
    rows, total = int(counts[ends].sum()), int(counts.sum())
    if len(others) < MIN_OTHER_VALUES or rows < max(MIN_SIGN_ROWS, MIN_SIGN_SHARE * total):
        return False
    signs = distinct[ends]
    if others[0] >= 0 and np.isin(signs, NEGATIVE_SIGNS).all():
        return True
    if 0 in signs and rows > MAX_ZERO_SHARE * total:
        return False
    mean = np.average(others, weights=weights)
    deviation = np.sqrt(np.average((others - mean) ** 2, weights=weights))
    nearest = float(np.abs(signs[:, None] - others[[0, -1]]).min())
    is_far = bool((np.abs(signs - mean) >= FAR_DEVIATIONS * deviation).all())
    return is_far and nearest >= EMPTY_DEVIATIONS * deviation


def _word_signs(evidence: Evidence, column: ColumnInfo) -> tuple[tuple[str, ...], float]:
    values = evidence.sample(column.name)
    if not any(_plain(str(word)) in WORD_SIGNS for word in values.unique()):
        return (), 0.0
    counts = values.value_counts()
    signs = [str(word) for word in counts.index if _plain(str(word)) in WORD_SIGNS]
    rows, total = int(counts[signs].sum()), int(counts.sum())
    is_habit = rows >= max(MIN_SIGN_ROWS, MIN_SIGN_SHARE * total)
    # Two categories, one of them "unknown", say no less than yes and no.
    if not is_habit or len(counts) - len(signs) < 2:
        return (), 0.0
    return tuple(signs), rows / total


def _known(column: pd.Series) -> np.ndarray:
    values = as_numbers(column)
    return np.asarray(values[~np.isnan(values)])


def _plain(word: str) -> str:
    return word.strip().lower().replace("_", " ")


def _far_values(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Return the values far outside the middle half, which lies between ``low`` and ``high``."""
    far = values[_outside(values, low, high, FAR_RANGES)]
    if len(far) and low > 0 and values.min() > 0:
        far = far[_outside(np.log(far), np.log(low), np.log(high), FAR_LOG_RANGES)]
    return np.asarray(far)


def _outside(values: np.ndarray, low: float, high: float, ranges: float) -> np.ndarray:
    # Without a spread in the middle half, every other value would be far outside.
    width = ranges * (high - low)
    if not 0 < width < np.inf:
        return np.zeros(len(values), dtype=bool)
    return np.asarray((values < low - width) | (values > high + width))


def _printed(number: float) -> str:
    return f"{number:,.0f}" if 1000 <= abs(number) < 1e15 else f"{number:.4g}"


def _moment(day: str) -> float:
    return datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1e6


_NUMBERS = {float(sign): str(sign) for sign in NUMBER_SIGNS}
_DAYS = {_moment(day): day for day in DAY_SIGNS}
