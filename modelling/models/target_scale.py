"""The scales that a regression can be fitted on; its answers come back in the target's units.

Both take and return arrays (n_rows, 1), and are known to skops by name (see `TRUSTED`).
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.compose import TransformedTargetRegressor
from sklearn.preprocessing import QuantileTransformer

from modelling.models.spec import Estimator
from modelling.types import TargetScale

N_QUANTILES = 1000
# exp(80) is 6e34: an answer beyond it is no amount of anything, and predictions are stored in
# single precision, which ends at 3e38.
_MAX_LOG = 80.0


class Logarithm(TransformerMixin, BaseEstimator):
    """Natural logarithm of 1 + y, for targets of zero or more.

    The way back never gives less than zero, since no target is less. What comes back is nearer to
    the median of the target than to its mean, as with any logarithm.
    """

    def fit(self, X: Any, y: Any = None) -> Self:  # noqa: ARG002 scikit-learn's signature
        """Remember the number of columns only."""
        self.n_features_in_ = X.shape[1]
        return self

    def transform(self, X: Any) -> np.ndarray:
        """Return ``log(1 + X)``."""
        return np.asarray(np.log1p(X))

    def inverse_transform(self, X: Any) -> np.ndarray:
        """Return ``exp(X) - 1``, zero or more and finite."""
        return np.asarray(np.expm1(np.clip(X, 0.0, _MAX_LOG)))


class Ranks(QuantileTransformer):
    """Ranks of the rows it is fitted on, spread out like a normal distribution.

    The way back gives nothing outside the values of those rows.
    """

    n_quantiles: int

    def fit(self, X: Any, y: Any = None) -> Self:
        """Take as many quantiles as there are rows; more are warned about (scikit-learn 1.9)."""
        self.n_quantiles = min(self.n_quantiles, len(X))
        super().fit(X, y)
        return self


def transformer_of(scale: TargetScale, seed: int) -> Any:
    """Return an unfitted transformer of the target, or None if it stays as it is."""
    if scale is TargetScale.LOG:
        return Logarithm()
    if scale is TargetScale.RANK:
        # All rows, not the 10,000 that scikit-learn would draw.
        return Ranks(
            n_quantiles=N_QUANTILES, output_distribution="normal", subsample=None, random_state=seed
        )
    return None


def on_scale(estimator: Estimator, transformer: Any) -> Estimator:
    """Return a regressor that fits ``estimator`` on the transformed target.

    It answers in the units of the target. ``estimator`` is unfitted, or frozen after it was
    fitted on the transformed target.
    """
    # The check of the way back warns where ties have one rank, which is no fault.
    return TransformedTargetRegressor(estimator, transformer=transformer, check_inverse=False)


TRUSTED = tuple(f"{cls.__module__}.{cls.__qualname__}" for cls in (Logarithm, Ranks))
