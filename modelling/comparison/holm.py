"""Several claims at once: Holm's step-down adjustment of p-values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def holm_adjusted(p_values: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
    """Return p-values that may each be compared with the level of all claims together.

    Holm (1979), "A simple sequentially rejective multiple test procedure": the i-th smallest of
    m p-values is multiplied by m - i + 1, made monotone from the smallest up, and capped at one.

    Parameters
    ----------
    p_values : sequence of shape (m,)
        Numbers from 0 to 1.

    Returns
    -------
    array of shape (m,)
        Adjusted p-values in the order given.

    Examples
    --------
    >>> holm_adjusted([0.01, 0.04, 0.03]).round(4).tolist()
    [0.03, 0.06, 0.06]
    """
    values = np.asarray(p_values, dtype=np.float64)
    if values.ndim != 1 or not np.all((values >= 0) & (values <= 1)):
        raise ValueError(f"p-values must be a list of numbers from 0 to 1, got {values.tolist()}")
    order = np.argsort(values, kind="stable")
    factors = np.arange(len(values), 0, -1)
    stepped = np.maximum.accumulate(values[order] * factors)
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted
