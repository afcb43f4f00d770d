"""What more rows would bring: an inverse power law through a learning curve.

Losses fall as ``a + b * n ** -c`` over a wide range of sizes; Cortes, Jackel, Solla, Vapnik and
Denker (1993), "Learning curves: asymptotic values and rate of convergence", NeurIPS.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

# Shares of the training rows that are fitted; the whole is there already.
SHARES = (1 / 8, 1 / 4, 1 / 2)
# Faster than 1 / n no error falls for long; slower than this it is flat within any budget of rows.
_EXPONENTS = np.linspace(0.1, 1.5, 29)


def power_law(sizes: NDArray[Any], losses: FloatArray, at: NDArray[Any]) -> FloatArray:
    """Return the losses that a law fitted through a learning curve gives at other sizes.

    Least squares over ``a`` and ``b >= 0`` for each exponent of a grid; the best exponent counts.
    A curve that does not fall is taken as flat.

    Parameters
    ----------
    sizes : array of shape (n_sizes,)
        Rows that were learned from.
    losses : array of shape (n_draws, n_sizes)
        Smaller is better.
    at : array of shape (n_at,)
        Where to evaluate the law.

    Returns
    -------
    array of shape (n_draws, n_at)

    Examples
    --------
    >>> sizes = np.array([100.0, 200.0, 400.0, 800.0])
    >>> curve = 0.1 + 3.0 / np.sqrt(sizes)
    >>> power_law(sizes, curve[None], np.array([1600.0])).round(6)
    array([[0.175]])
    """
    unit = float(np.max(sizes))
    best_error = np.full(len(losses), np.inf)
    found = np.empty((len(losses), len(at)))
    for exponent in _EXPONENTS:
        x, x_at = (sizes / unit) ** -exponent, (at / unit) ** -exponent
        centred = x - x.mean()
        slope = np.maximum(0.0, losses @ centred / (centred @ centred))
        level = losses.mean(axis=1) - slope * x.mean()
        error = ((losses - level[:, None] - slope[:, None] * x) ** 2).sum(axis=1)
        better = error < best_error
        best_error[better] = error[better]
        found[better] = level[better, None] + slope[better, None] * x_at
    return found
