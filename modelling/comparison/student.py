"""Student's t for whole degrees of freedom, without scipy: the web process does not load it."""

from __future__ import annotations

import math
from functools import lru_cache

_STEPS = 200


def t_cdf(value: float, df: int) -> float:
    """Return the probability that Student's t is at most ``value``.

    The finite series of Abramowitz and Stegun (1964), "Handbook of mathematical functions",
    26.7.3 and 26.7.4.

    Parameters
    ----------
    df : int
        Degrees of freedom, 1 or more.

    Examples
    --------
    >>> round(t_cdf(2.7764451, 4), 6)
    0.975
    """
    if df < 1:
        raise ValueError(f"df must be 1 or more, got {df}")
    if math.isinf(value):
        return float(value > 0)
    angle = math.atan(abs(value) / math.sqrt(df))
    inside = _odd(angle, df) if df % 2 else _even(angle, df)
    return 0.5 + math.copysign(inside / 2, value)


@lru_cache(maxsize=256)
def t_quantile(probability: float, df: int) -> float:
    """Return the value that Student's t does not exceed with that probability.

    Examples
    --------
    >>> round(t_quantile(0.975, 4), 6)
    2.776445
    """
    if not 0 < probability < 1:
        raise ValueError(f"probability must lie between 0 and 1, got {probability}")
    if probability < 0.5:
        return -t_quantile(1 - probability, df)
    low, high = 0.0, 1.0
    while t_cdf(high, df) < probability:
        low, high = high, 2 * high
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if t_cdf(middle, df) < probability else (low, middle)
    return high


def _odd(angle: float, df: int) -> float:
    """Return P(|t| <= value) for odd degrees of freedom."""
    cosine, term, total = math.cos(angle), 1.0, 0.0
    for k in range(1, df - 1, 2):
        term *= cosine if k == 1 else cosine**2 * (k - 1) / k
        total += term
    return 2 / math.pi * (angle + math.sin(angle) * total)


def _even(angle: float, df: int) -> float:
    """Return P(|t| <= value) for even degrees of freedom."""
    cosine2, term, total = math.cos(angle) ** 2, 1.0, 1.0
    for k in range(2, df - 1, 2):
        term *= cosine2 * (k - 1) / k
        total += term
    return math.sin(angle) * total
