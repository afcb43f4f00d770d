"""The few transformers of our own: they make columns uniform before scikit-learn's take over.

All but `Components` take a frame and return an array, and keep nothing of the rows they were fitted
on. All are known to skops by name (see `TRUSTED`).
"""

from __future__ import annotations

import re
from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.decomposition import TruncatedSVD

_WHOLE = re.compile(r"^(-?\d+)\.0$")


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
        columns = [_as_numbers(X.iloc[:, position]) for position in range(X.shape[1])]
        numbers = np.column_stack(columns)
        return np.where(np.isfinite(numbers), numbers, np.nan)


class Categories(_Stateless):
    """Categories as text, with NaN for missing."""

    def transform(self, X: pd.DataFrame) -> np.ndarray:
        """Return an array (n_rows, n_columns) of objects: str or NaN."""
        columns = [_as_categories(X.iloc[:, position]) for position in range(X.shape[1])]
        return np.column_stack(columns)


class Texts(_Stateless):
    """One column of free text as a list of documents; missing ones are empty."""

    def transform(self, X: pd.DataFrame) -> np.ndarray:
        """Return an array (n_rows,) of str."""
        return X.iloc[:, 0].astype("object").fillna("").astype("str").to_numpy(dtype=object)


class TextTable(_Stateless):
    """Columns of free text as documents; missing ones are empty."""

    def transform(self, X: pd.DataFrame) -> np.ndarray:
        """Return an array (n_rows, n_columns) of objects: str."""
        columns = [X.iloc[:, place] for place in range(X.shape[1])]
        texts = [one.astype("object").fillna("").astype("str").to_numpy(object) for one in columns]
        return np.stack(texts, axis=1)


class DateParts(_Stateless):
    """Dates as year, month, day, weekday, hour and days since 1970."""

    def transform(self, X: pd.DataFrame) -> np.ndarray:
        """Return an array (n_rows, 6 * n_columns) of float64 with NaN for missing."""
        parts: list[np.ndarray] = []
        for name in X.columns:
            dates = _as_dates(X[name])
            days = (dates - pd.Timestamp(1970, 1, 1)) / pd.Timedelta(days=1)
            of_date = (
                dates.dt.year,
                dates.dt.month,
                dates.dt.day,
                dates.dt.day_of_week,
                dates.dt.hour,
            )
            parts += [part.to_numpy(dtype="float64", na_value=np.nan) for part in (*of_date, days)]
        return np.column_stack(parts)


class Components(TruncatedSVD):
    """Directions of most variance of sparse words; as many as there are if words are few."""

    n_components: int

    def fit_transform(self, X: Any, y: Any = None) -> np.ndarray:
        """Return an array (n_rows, n_components)."""
        self.n_components = min(self.n_components, X.shape[1])
        return np.asarray(super().fit_transform(X, y))


class AsFloat32(_Stateless):
    """Half the memory for the models that compute in any precision."""

    def transform(self, X: np.ndarray) -> np.ndarray:
        """Return ``X`` as float32 in C order."""
        return np.ascontiguousarray(X, dtype="float32")


# A file of new rows is read by itself, so a column may have another type than in training: gaps
# turn whole numbers into fractions and booleans into text, one bad date turns all into text.


def _as_numbers(column: pd.Series) -> np.ndarray:
    if not pd.api.types.is_numeric_dtype(column.dtype):
        booleans = {"true": "1", "false": "0"}
        column = column.astype("str").str.strip().str.lower().replace(booleans)
        column = pd.to_numeric(column, errors="coerce")
    return np.asarray(column.to_numpy(dtype="float64", na_value=np.nan))


def _as_categories(column: pd.Series) -> np.ndarray:
    codes, values = pd.factorize(column)
    # Missing values have code -1: the last place.
    labels = [_WHOLE.sub(r"\1", str(value)) for value in values]
    return np.array([*labels, np.nan], dtype="object")[codes]


def _as_dates(column: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return column
    return pd.to_datetime(
        column.astype("str"), format="ISO8601", errors="coerce", utc=True
    ).dt.tz_localize(None)


TRUSTED = tuple(
    f"{cls.__module__}.{cls.__qualname__}"
    for cls in (Numbers, Categories, Texts, TextTable, DateParts, Components, AsFloat32)
)
