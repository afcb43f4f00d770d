"""Values of data as an analyst reads them: any number, a date, a share of rows, a short name."""

from __future__ import annotations

import math
from datetime import UTC, datetime

from modelling.charts.wording import MINUS, MISSING
from modelling.comparison.wording import significant

_DAY_S = 86_400.0
_HUGE, _TINY = 1e9, 1e-4


def number_text(value: float | None, *, digits: int = 4) -> str:
    """Return a number of any size and sign.

    Examples
    --------
    >>> number_text(-12345.678), number_text(0.5), number_text(2.5e12), number_text(None)
    ('−12,346', '0.5', '2.5e+12', '–')
    """
    if value is None or not math.isfinite(value):
        return MISSING
    size = abs(value)
    usual = size == 0 or _TINY <= size < _HUGE
    text = significant(size, digits=digits) if usual else f"{size:.{digits}g}"
    return (MINUS if value < 0 else "") + text


def date_text(seconds: float, *, span_s: float = math.inf) -> str:
    """Return a moment in seconds since 1970; with its time of day if all lies within ten days.

    Examples
    --------
    >>> date_text(1767225600.0), date_text(1767225600.0, span_s=3600.0)
    ('2026-01-01', '2026-01-01 00:00')
    """
    try:
        moment = datetime.fromtimestamp(seconds, tz=UTC)
    except (OverflowError, ValueError, OSError):
        return MISSING
    day = f"{moment.year:04}-{moment.month:02}-{moment.day:02}"
    return day if span_s >= 10 * _DAY_S else f"{day} {moment.hour:02}:{moment.minute:02}"


def share_text(share: float | None) -> str:
    """Return a share of rows; small ones are never rounded to none, large ones never to all.

    Examples
    --------
    >>> share_text(0.1234), share_text(0.00004), share_text(0.99999), share_text(1.0)
    ('12.3 %', '< 0.1 %', '> 99.9 %', '100 %')
    """
    if share is None or not math.isfinite(share):
        return MISSING
    if 0 < share < 0.0005:
        return "< 0.1 %"
    if 0.9995 <= share < 1:
        return "> 99.9 %"
    return f"{100 * share:.1f}".removesuffix(".0") + " %"


def shortened(text: object, most: int) -> str:
    """Return text on one line, without its middle where it is longer than ``most``.

    Names of columns differ at their ends as often as at their starts.

    Examples
    --------
    >>> shortened("monthly income 2026", 14)
    'monthly … 2026'
    """
    one_line = " ".join(str(text).split())
    if len(one_line) <= most:
        return one_line
    n_last = (most - 1) * 2 // 5
    return f"{one_line[: most - 1 - n_last]}…{one_line[-n_last:]}"
