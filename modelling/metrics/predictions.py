"""What a prediction says: labels, positive scores and clean probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# Single-precision probabilities leave [0, 1] by rounding only.
_ROUNDING = 1e-6


def labels_of(prediction: NDArray[Any]) -> IntArray:
    """Return the most probable class of each row, codes (n,); the lower code wins a tie."""
    return np.asarray(np.argmax(prediction, axis=1), dtype=np.int64)


def counted_cells(
    truth: NDArray[Any], prediction: NDArray[Any]
) -> tuple[IntArray, IntArray, FloatArray]:
    """Return each pair of true and predicted class that occurs, and its number of rows.

    Scores of labels depend on nothing else, and a few pairs are judged faster than all rows.
    """
    n_classes = prediction.shape[1]
    counts = np.bincount(truth.astype(np.int64) * n_classes + labels_of(prediction))
    cells = np.flatnonzero(counts)
    return cells // n_classes, cells % n_classes, counts[cells].astype(np.float64)


def clean_probabilities(prediction: NDArray[Any]) -> FloatArray:
    """Return probabilities (n, K) in double precision whose rows sum to one.

    Rows stored in single precision do not quite sum to one, which makes scikit-learn warn.

    Raises
    ------
    ValueError
        If a value lies outside [0, 1] by more than rounding, or a row is all zeros.
    """
    values = bounded(prediction)
    totals = values.sum(axis=1, keepdims=True)
    if not np.all(totals > 0):
        raise ValueError("each row of probabilities must have a positive sum, got a row of zeros")
    return np.asarray(values / totals)


def bounded(prediction: NDArray[Any]) -> FloatArray:
    """Return probabilities in double precision, with rounding errors outside [0, 1] removed."""
    values = np.asarray(prediction, dtype=np.float64)
    if values.size and (values.min() < -_ROUNDING or values.max() > 1 + _ROUNDING):
        raise ValueError(
            f"probabilities must lie in [0, 1], got {values.min():g} to {values.max():g}"
        )
    return np.clip(values, 0.0, 1.0)


def check_shapes(uses: str, truth: NDArray[Any], prediction: NDArray[Any]) -> None:
    """Raise ValueError unless the truth (n,) and the prediction belong together."""
    dimensions = 1 if uses == "value" else 2
    if truth.ndim != 1 or prediction.ndim != dimensions or len(prediction) != len(truth):
        expected = "(n,)" if uses == "value" else "(n, n_classes)"
        raise ValueError(
            f"truth must be (n,) and prediction {expected}, got {truth.shape} and "
            f"{prediction.shape}"
        )
