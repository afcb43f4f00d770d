"""Logistic regression on weighted words of texts, beside the numbers of the same rows."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression


class WordsClassifier(ClassifierMixin, BaseEstimator):
    """TF-IDF of each text column, the other columns as they are, and a logistic regression.

    Rows are objects (n_rows, n_columns): columns of text first, then numbers; which is which is
    seen from the first row.

    Parameters
    ----------
    analyzer : str
        "word", or "char_wb": sequences of characters within words.
    longest : int
        Words, or characters, that stand together at most.
    vocabulary : int
        The most frequent terms that are kept of a column.
    min_rows : int
        In how many rows a term occurs at least.
    C : float
        Inverse strength of the regularisation.
    class_weight : str or None
        "balanced", or every row counts the same.
    """

    def __init__(
        self,
        analyzer: str = "word",
        longest: int = 1,
        vocabulary: int = 50_000,
        min_rows: int = 1,
        C: float = 1.0,
        class_weight: str | None = None,
        max_iter: int = 1000,
    ) -> None:
        self.analyzer, self.longest, self.vocabulary = analyzer, longest, vocabulary
        self.min_rows, self.C, self.class_weight = min_rows, C, class_weight
        self.max_iter = max_iter

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Learn the terms of each column, and their weights."""
        texts = [isinstance(cell, str) for cell in X[0]]
        self.n_texts_ = sum(texts)
        self.vectorizers_ = [self._vectorizer().fit(X[:, i]) for i in range(self.n_texts_)]
        self.model_ = LogisticRegression(
            C=self.C, class_weight=self.class_weight, max_iter=self.max_iter
        ).fit(self._terms(X), y, sample_weight=sample_weight)
        self.classes_ = self.model_.classes_
        return self

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Return probabilities (n_rows, n_classes)."""
        return np.asarray(self.model_.predict_proba(self._terms(X)))

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the most probable class codes (n_rows,)."""
        return np.asarray(self.model_.predict(self._terms(X)))

    def _vectorizer(self) -> TfidfVectorizer:
        shortest = 1 if self.analyzer == "word" else min(2, self.longest)
        return TfidfVectorizer(
            analyzer=self.analyzer,
            ngram_range=(shortest, self.longest),
            max_features=self.vocabulary,
            min_df=self.min_rows,
            sublinear_tf=True,
        )

    def _terms(self, X: Any) -> Any:
        parts = [found.transform(X[:, i]) for i, found in enumerate(self.vectorizers_)]
        if X.shape[1] > self.n_texts_:
            parts.append(sparse.csr_matrix(X[:, self.n_texts_ :].astype(np.float64)))
        return sparse.hstack(parts, format="csr")


TRUSTED = (f"{WordsClassifier.__module__}.{WordsClassifier.__qualname__}",)
