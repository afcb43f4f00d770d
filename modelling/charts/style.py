"""How charts look: colours that hold on light and dark, shapes, ticks, and the common layout."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from modelling.types import Variant

# Okabe and Ito's colours, darkened or lightened until each stands out from a white and from a
# black background alike (contrast of 3 or more).
FAMILY_COLOURS: dict[str, str] = {
    "baseline": "#858585",
    "linear": "#0079bd",
    "tree": "#00966d",
    "forest": "#2f9dc4",
    "boosting": "#d55e00",
    "neighbours": "#c566a0",
    "neural": "#b57b00",
    "lexicon": "#8a6fd1",
    "embedding": "#5b84c4",
    "words": "#a8657a",
    "language model": "#c9504f",
    "ensemble": "#7f8a00",
}
OTHER_COLOUR = "#a0773f"
NEUTRAL = "#858585"
BAND = "rgba(133, 133, 133, 0.16)"
DOMINATED_OPACITY = 0.4
# Amounts in full: nobody reads 170µ dollars.
MONEY_AXIS = {"exponentformat": "none", "separatethousands": True}

SYMBOLS: dict[Variant, str] = {
    Variant.BASE: "circle",
    Variant.TUNED: "square",
    Variant.ENSEMBLE: "diamond",
    Variant.IMPORTED: "triangle-up",
}
MAX_MARKS = 2_000
_LONGEST_LABEL = 60
# Nothing that is measured costs less; a logarithmic axis would show rounding.
_SMALLEST_COST = 1e-12


def family_colour(family: str) -> str:
    """Return the colour of a model family."""
    return FAMILY_COLOURS.get(family, OTHER_COLOUR)


def faded(colour: str, opacity: float) -> str:
    """Return a ``#rrggbb`` colour as rgba with that opacity."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity:g})"


def escaped(text: object) -> str:
    """Return text that a chart shows as it is: Plotly reads labels and hovers as HTML."""
    one_line = " ".join(str(text).split())
    if len(one_line) > _LONGEST_LABEL:
        one_line = one_line[: _LONGEST_LABEL - 1] + "…"
    return html.escape(one_line, quote=False)


def layout(*, height: int, **more: Any) -> dict[str, Any]:
    """Return what all charts share: transparent, compact, hover aligned left."""
    return {
        "height": height,
        "margin": {"l": 8, "r": 16, "t": 8, "b": 8},
        "paper_bgcolor": "rgba(0, 0, 0, 0)",
        "plot_bgcolor": "rgba(0, 0, 0, 0)",
        "hoverlabel": {"align": "left"},
        "hovermode": "closest",
        "dragmode": False,
        **more,
    }


def rows_height(n_rows: int, *, per_row: int = 34, around: int = 110) -> int:
    """Return the height in pixels of a chart with one line per row."""
    return around + per_row * max(1, n_rows)


def value_axis(title: str, values: Sequence[float], text: Callable[[float], str]) -> dict[str, Any]:
    """Return an axis for costs: logarithmic with labels of our own, linear if a value is zero.

    Parameters
    ----------
    text : callable
        Writes the label of a tick with its unit.
    """
    if not values or min(values) < _SMALLEST_COST:
        return {"title": {"text": title}, "rangemode": "tozero"}
    low, high = math.log10(min(values)), math.log10(max(values))
    pad = max(0.15, 0.08 * (high - low))
    ticks = log_ticks(10 ** (low - pad), 10 ** (high + pad))
    return {
        "title": {"text": title},
        "type": "log",
        "range": [low - pad, high + pad],
        "tickmode": "array",
        "tickvals": ticks,
        "ticktext": [text(tick) for tick in ticks],
    }


def log_ticks(low: float, high: float) -> list[float]:
    """Return ticks at 1, 2 and 5 times powers of ten, thinned out for wide ranges.

    Examples
    --------
    >>> log_ticks(0.5, 30)
    [0.5, 1.0, 2.0, 5.0, 10.0, 20.0]
    """
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    n_decades = math.log10(high) - math.log10(low)
    steps = (1, 2, 5) if n_decades < 2.5 else (1, 3) if n_decades < 4 else (1,)
    every = max(1, math.ceil(n_decades / 8))
    ticks = [step * 10.0**decade for decade in decades if decade % every == 0 for step in steps]
    return [float(f"{tick:.3g}") for tick in ticks if low * 0.999 <= tick <= high * 1.001]


def focus_range(
    values: Iterable[float], reference: float | None, *, pad: float = 0.06, reach: float = 1.5
) -> tuple[tuple[float, float], bool]:
    """Return an axis range around ``values``, and whether it shows ``reference`` too.

    A reference far away (a dummy's score) would squeeze what is to be compared, so it is shown
    only if it lies within ``reach`` times their spread.
    """
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        finite = [0.0 if reference is None else reference]
    low, high = min(finite), max(finite)
    spread = (high - low) or abs(high) * 0.1 or 1.0
    shown = reference is not None and low - reach * spread <= reference <= high + reach * spread
    if shown and reference is not None:
        low, high = min(low, reference), max(high, reference)
        spread = (high - low) or spread
    return (low - pad * spread, high + pad * spread), shown


def thinned(positions: Sequence[int], most: int) -> list[int]:
    """Return at most ``most`` of the positions, evenly spaced, first and last included."""
    if len(positions) <= most:
        return list(positions)
    step = (len(positions) - 1) / (most - 1)
    return [positions[round(i * step)] for i in range(most)]
