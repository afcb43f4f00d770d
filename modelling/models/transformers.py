"""The few transformers of our own: they make columns uniform before scikit-learn's take over.

Each takes a frame and returns an array, keeps nothing of the rows it was fitted on, and is known
to skops by name (see `TRUSTED`).
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin


class _Stateless(TransformerMixin, BaseEstimator):
    """A transformer that learns nothing."""

    def fit(self, X: Any, y: Any = None) -> Self:  # noqa: ARG002 scikit-learn's signature
        """Remember the number of columns only."""
        self.n_features_in_ = X.shape[1] if X.ndim == 2 else 1
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "n_features_in_")


class Numbers(_Stateless):
    """Numbers and booleans as float64; what is no number becomes missing."""

    def transform(self, X: pd.DataFrame) -> np.ndarray:
        """Return an array (n_rows, n_columns) of float64 with NaN for missing."""
        numbers = X.apply(pd.to_numeric, errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
        return np.where(np.isfinite(numbers), numbers, np.nan)


class Categories(_Stateless):
    """Categories as text, with NaN for missing."""

    def transform(self, X: pd.DataFrame) -> np.ndarray:
        """Return an array (n_rows, n_columns) of objects: str or NaN."""
        text = X.astype("object")
        return text.where(text.isna(), text.astype("str")).to_numpy(dtype=object, na_value=np.nan)


class Texts(_Stateless):
    """One column of free text as a list of documents; missing ones are empty."""

    def transform(self, X: pd.DataFrame) -> np.ndarray:
        """Return an array (n_rows,) of str."""
        return X.iloc[:, 0].astype("object").fillna("").astype("str").to_numpy(dtype=object)


class DateParts(_Stateless):
    """Dates as year, month, day, weekday, hour and days since 1970."""

    def transform(self, X: pd.DataFrame) -> np.ndarray:
        """Return an array (n_rows, 6 * n_columns) of float64 with NaN for missing."""
        parts: list[np.ndarray] = []
        for name in X.columns:
            dates = pd.to_datetime(X[name], errors="coerce")
            days = (dates - pd.Timestamp(1970, 1, 1)) / pd.Timedelta(days=1)
            of_date = (dates.dt.year, dates.dt.month, dates.dt.day, dates.dt.weekday, dates.dt.hour)
            parts += [part.to_numpy(dtype="float64", na_value=np.nan) for part in (*of_date, days)]
        return np.column_stack(parts)


class AsFloat32(_Stateless):
    """Half the memory for the models that compute in any precision."""

    def transform(self, X: np.ndarray) -> np.ndarray:
        """Return ``X`` as float32 in C order."""
        return np.ascontiguousarray(X, dtype="float32")


TRUSTED = tuple(
    f"{cls.__module__}.{cls.__qualname__}"
    for cls in (Numbers, Categories, Texts, DateParts, AsFloat32)
)
