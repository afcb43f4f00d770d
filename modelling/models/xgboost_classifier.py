"""XGBoost's classifier for classes that are not 0, 1, 2, ... without a gap.

The library (3.2) refuses class codes with a gap, which a fold without one of the classes has.
Known to skops by name (see `modelling.models.transformers.TRUSTED`).
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from xgboost import XGBClassifier


class XGBAnyClasses(XGBClassifier):
    """The library's classifier on the ranks of the class codes that are there."""

    def fit(self, X: Any, y: Any, *, eval_set: Any = None, **more: Any) -> Self:
        """Fit; ``eval_set`` may hold only classes of ``y``."""
        self.labels_ = None
        labels, ranks = np.unique(y, return_inverse=True)
        if eval_set is not None:
            eval_set = [(rows, np.searchsorted(labels, truth)) for rows, truth in eval_set]
        super().fit(X, ranks, eval_set=eval_set, **more)
        self.labels_ = labels
        return self

    @property
    def classes_(self) -> np.ndarray:
        """The class codes, in the order of the probabilities; ranks while it is fitted."""
        labels = self.labels_
        return np.asarray(super().classes_ if labels is None else labels)
