"""The shape of a column: bins over the range of its values, and the target's mean in each."""

from __future__ import annotations

import numpy as np

from modelling.types import Histogram

N_BINS = 20
DAY_S = 86_400.0
# A mean of fewer rows is noise, and says something about single rows.
MIN_ROWS_FOR_MEAN = 5
_LARGEST = 1e300


def histogram(
    values: np.ndarray, target: np.ndarray | None = None, *, dates: bool = False
) -> Histogram | None:
    """Return at most 20 bins of equal width; None where there is no finite range.

    The bins cover the range from the 1st to the 99th percentile, widened by a quarter of it on
    both sides as far as there are values; what lies beyond is counted in the first and the last
    bin. Whole numbers get bins of whole width around them (one bin per value if at most 20 follow
    each other), and dates without a time of day bins of whole days.

    Parameters
    ----------
    values : ndarray, shape (n_values,)
        Without missing ones; dates in seconds since 1970.
    target : ndarray, shape (n_values,), optional
        What the mean is taken of; NaN where it is unknown.
    """
    if not len(values) or np.abs(values).max() > _LARGEST:
        return None
    step = DAY_S if dates else 1.0
    whole = bool((values % step == 0).all())
    edges = _edges(*_range(values), step=step if whole else None, centred=not dates)
    places = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 2)
    counts = np.bincount(places, minlength=len(edges) - 1)
    return Histogram(
        edges=tuple(edges.tolist()),
        counts=tuple(counts.tolist()),
        target=() if target is None else means(places, target, len(counts)),
    )


def means(places: np.ndarray, target: np.ndarray, n_places: int) -> tuple[float | None, ...]:
    """Return the mean of ``target`` at each place; None where fewer than five rows have one.

    Parameters
    ----------
    places, target : ndarray, shape (n_values,)
        Places below 0 and targets that are NaN are left out.
    """
    known = (places >= 0) & ~np.isnan(target)
    places, target = places[known], target[known]
    counts = np.bincount(places, minlength=n_places)
    sums = np.bincount(places, weights=target, minlength=n_places)
    return tuple(
        float(total / count) if count >= MIN_ROWS_FOR_MEAN else None
        for total, count in zip(sums, counts, strict=True)
    )


def _range(values: np.ndarray) -> tuple[float, float]:
    lowest, low, high, highest = np.percentile(values, [0, 1, 99, 100]).tolist()
    if low == high:
        return lowest, highest
    wider = (high - low) / 4
    return max(lowest, low - wider), min(highest, high + wider)


def _edges(low: float, high: float, *, step: float | None, centred: bool) -> np.ndarray:
    if step is not None:
        first, last = np.floor(low / step), np.ceil(high / step)
        width = max(1.0, np.ceil((last - first + 1) / N_BINS))
        n_bins = int(np.ceil((last - first + 1) / width))
        edges = (first + width * np.arange(n_bins + 1) - (0.5 if centred else 0.0)) * step
    else:
        edges = np.linspace(low, high, N_BINS + 1)
    edges = np.unique(edges)
    if len(edges) > 1:
        return edges
    # One value only, or whole numbers so large that neighbours are the same float.
    return np.array(
        [min(low - 0.5, np.nextafter(low, -np.inf)), max(high + 0.5, np.nextafter(high, np.inf))]
    )
