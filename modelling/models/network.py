"""scikit-learn's networks with a number of passes that is fixed on purpose.

The library warns when it stops at the last pass. Known to skops by name (see
`modelling.evaluation.persistence`).
"""

from __future__ import annotations

import warnings
from typing import Any, Self

from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier, MLPRegressor


class NetworkClassifier(MLPClassifier):
    """The library's classifier, quiet about its last pass."""

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Fit."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            super().fit(X, y, sample_weight=sample_weight)
        return self


class NetworkRegressor(MLPRegressor):
    """The library's regressor, quiet about its last pass."""

    def fit(self, X: Any, y: Any) -> Self:
        """Fit."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            super().fit(X, y)
        return self
