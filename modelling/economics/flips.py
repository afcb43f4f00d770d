"""At which value of an assumption the verdict changes, and which assumption matters most."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from modelling.types import VerdictWord

Judge = Callable[[float], VerdictWord | None]
# Values are tried up to a thousand times the current one and down to a thousandth, then zero.
_STEPS_PER_DECADE, _DECADES = 12, 3
_HALVINGS = 50
# Where an assumption is zero, or almost, values are tried from here on.
_SMALLEST = 1e-3


@dataclass(frozen=True, kw_only=True, slots=True)
class Flip:
    """The value beyond which another verdict holds, and that verdict."""

    value: float
    verdict: VerdictWord | None


@dataclass(frozen=True, kw_only=True, slots=True)
class FlipPoints:
    """The nearest change of the verdict below and above the current value; None: none there."""

    current: float
    below: Flip | None
    above: Flip | None


def flip_points(judge: Judge, current: float, *, unit: float = 1.0) -> FlipPoints:
    """Return where the verdict changes when one assumption of zero or more is moved.

    Parameters
    ----------
    judge : callable
        Returns the verdict at a value, all other assumptions kept.
    current : float
        Where the assumption stands.
    unit : float
        A usual value, for an assumption that stands at zero.
    """
    start = current if current > 0 else unit * _SMALLEST
    steps = [10 ** (i / _STEPS_PER_DECADE) for i in range(1, _DECADES * _STEPS_PER_DECADE + 1)]
    reach = steps if current > 0 else [*steps, *(steps[-1] * step for step in steps)]
    above = [start * step for step in reach]
    below = [*(current / step for step in steps), 0.0] if current > 0 else []
    return FlipPoints(
        current=current,
        below=_nearest(judge, current, below),
        above=_nearest(judge, current, above),
    )


def _nearest(judge: Judge, current: float, values: list[float]) -> Flip | None:
    """Return the first change on the way through ``values``, narrowed down by halving."""
    known, here = current, judge(current)
    for value in values:
        if judge(value) is here:
            known = value
            continue
        other = value
        for _ in range(_HALVINGS):
            middle = (known + other) / 2
            if judge(middle) is here:
                known = middle
            else:
                other = middle
        return Flip(value=other, verdict=judge(other))
    return None
