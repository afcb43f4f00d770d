"""Numbers as an analyst reads them: units, few digits, a real minus sign."""

from __future__ import annotations

import math

from modelling.comparison.wording import percent, significant
from modelling.economics.wording import (
    LABELS as LABELS,
    MINUS as MINUS,
    MISSING as MISSING,
    beside_accuracy as beside_accuracy,
    class_names as class_names,
    currency_name as currency_name,
    money_text as money_text,
    money_unit as money_unit,
    months_text as months_text,
    outcome_label as outcome_label,
    what_decided as what_decided,
)
from modelling.metrics.spec import MetricSpec
from modelling.types import Direction, Params, ParamValue

_SECONDS_IN_MINUTE = 60
_SECONDS_IN_HOUR = 3600


def score_text(score: float | None, metric: MetricSpec) -> str:
    """Return a published score: four decimals on a bounded scale, else four significant digits.

    Examples
    --------
    >>> from modelling.metrics import metric
    >>> score_text(0.83125, metric("roc_auc")), score_text(31785.2, metric("r2"))
    ('0.8313', '31,785')
    """
    if score is None or not math.isfinite(score):
        return MISSING
    sign = MINUS if score < 0 else ""
    if all(map(math.isfinite, metric.range)):
        return f"{sign}{abs(score):.4f}"
    return sign + significant(abs(score), digits=4)


def gain_text(gain: float | None, metric: MetricSpec) -> str:
    """Return a change with its sign.

    Examples
    --------
    >>> from modelling.metrics import metric
    >>> gain_text(-0.0125, metric("roc_auc")), gain_text(31.456, metric("r2"))
    ('−0.0125', '+31.5')
    """
    if gain is None or not math.isfinite(gain):
        return MISSING
    bounded = all(map(math.isfinite, metric.range))
    size = f"{abs(gain):.4f}" if bounded else significant(abs(gain), digits=3)
    if float(size.replace(",", "")) == 0:
        return size
    return (MINUS if gain < 0 else "+") + size


def interval_text(interval: tuple[float, float] | None, metric: MetricSpec) -> str:
    """Return "−0.0010 to +0.0080", or the missing sign where there is no interval."""
    if interval is None or not all(map(math.isfinite, interval)):
        return MISSING
    low, high = interval
    return f"{gain_text(low, metric)} to {gain_text(high, metric)}"


def percent_text(share: float | None) -> str:
    """Return a probability as a percentage, never as 0 or 100 % unless nothing else is possible."""
    if share is None or not math.isfinite(share):
        return MISSING
    return "0 %" if share == 0 else percent(share)


def number_text(value: float) -> str:
    """Return a number of any kind with four significant digits.

    Examples
    --------
    >>> number_text(-131594.2), number_text(0.25)
    ('−131,594', '0.25')
    """
    return (MINUS if value < 0 else "") + significant(abs(value), digits=4)


def percent_figure(share: float | None) -> str:
    """Return a probability as a figure that fits into a narrow column.

    Examples
    --------
    >>> percent_figure(0.999), percent_figure(0.42)
    ('> 99 %', '42 %')
    """
    return percent_text(share).replace("more than ", "> ").replace("less than ", "< ")


def seconds_text(seconds: float | None) -> str:
    """Return a duration in the unit that suits its size.

    Examples
    --------
    >>> seconds_text(0.4242), seconds_text(62), seconds_text(200), seconds_text(7500)
    ('0.42 s', '62 s', '3 min 20 s', '2 h 5 min')
    """
    if seconds is None or not math.isfinite(seconds):
        return MISSING
    if seconds < 10:
        return f"{significant(max(0.0, seconds), digits=2)} s"
    whole = round(seconds)
    if whole < 2 * _SECONDS_IN_MINUTE:
        return f"{whole} s"
    if whole < 2 * _SECONDS_IN_HOUR:
        minutes, rest = divmod(whole, _SECONDS_IN_MINUTE)
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, rest = divmod(whole // _SECONDS_IN_MINUTE, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def cpu_text(seconds: float | None) -> str:
    """Return CPU seconds with their unit.

    Examples
    --------
    >>> cpu_text(0.0312), cpu_text(1234.5)
    ('0.031 CPU s', '1,234 CPU s')
    """
    return _with_unit(seconds, "CPU s")


def ms_text(ms: float | None) -> str:
    """Return milliseconds with their unit."""
    return _with_unit(ms, "ms")


def bytes_text(size: float | None) -> str:
    """Return a size in the unit that suits it.

    Examples
    --------
    >>> bytes_text(512), bytes_text(12_345), bytes_text(3_400_000)
    ('512 bytes', '12 kB', '3.4 MB')
    """
    if size is None:
        return MISSING
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= scale:
            return f"{significant(size / scale, digits=2)} {unit}"
    return f"{size:.0f} bytes"


def param_text(value: ParamValue) -> str:
    """Return one parameter value; numbers have four significant digits."""
    if isinstance(value, bool) or value is None:
        return str(value)
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def params_text(params: Params) -> str:
    """Return "max_depth = 5, min_samples_leaf = 20"."""
    return ", ".join(f"{name} = {param_text(value)}" for name, value in params.items())


def listed(names: list[str], most: int = 4) -> str:
    """Return "A, B and C", or "A, B and 7 more".

    Examples
    --------
    >>> listed(["A", "B", "C"]), listed(["A", "B", "C", "D"], most=2)
    ('A, B and C', 'A, B and 2 more')
    """
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def counted(count: int, noun: str) -> str:
    """Return "1 model" or "1,200 models"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def rank_text(rank: int | None, *, tied: bool) -> str:
    """Return a place on the leaderboard; the equals sign stands where others share it.

    Examples
    --------
    >>> rank_text(1, tied=True), rank_text(4, tied=False), rank_text(None, tied=False)
    ('1 =', '4', '–')
    """
    if rank is None:
        return MISSING
    return f"{rank} =" if tied else f"{rank}"


def direction_text(metric: MetricSpec) -> str:
    """Return whether higher or lower is better, in words."""
    return "higher is better" if metric.direction is Direction.MAXIMIZE else "lower is better"


def _with_unit(value: float | None, unit: str) -> str:
    if value is None or not math.isfinite(value):
        return MISSING
    return f"{significant(value, digits=2) if value < 100 else f'{value:,.0f}'} {unit}"
