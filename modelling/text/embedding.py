"""Texts as vectors: WordLlama's token embeddings, averaged; and classes by their descriptions.

The weights come with the package (D. Miller, wordllama, 2024), so nothing is fetched.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.linear_model import LogisticRegression

Floats = NDArray[np.float64]
DIMENSIONS = 256
# Cosines of a text to two descriptions differ by some hundredths: probabilities need this scale.
_TEMPERATURE = 0.05
_SMALLEST = 1e-9
# Lines of descriptions, one for each class; a text of several lines would shift the others.
_BETWEEN = "\n"


@cache
def _model() -> Any:
    import wordllama

    # By default it looks for its own files on a model hub.
    folder = Path(wordllama.__file__).parent
    return wordllama.WordLlama.load(cache_dir=folder, disable_download=True)


def embedded(texts: Any) -> Floats:
    """Return the vectors of texts (n_texts, 256) as float32; a text without words is zero."""
    given = [str(text) for text in texts]
    if not given:
        return np.zeros((0, DIMENSIONS), dtype=np.float32)
    return np.asarray(_model().embed(given), dtype=np.float32)


def unit(vectors: Any) -> Floats:
    """Return vectors of length one, those of length zero as they are."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, _SMALLEST))


def joined(descriptions: Any) -> str:
    """Return descriptions as one text, which is a parameter like any other."""
    return _BETWEEN.join(" ".join(str(one).split()) for one in descriptions)


class Embedding(TransformerMixin, BaseEstimator):
    """Texts (n_rows, n_columns) to vectors: of all columns side by side, or their mean direction.

    Nothing is learned.
    """

    def __init__(self, pooled: bool = False) -> None:
        self.pooled = pooled

    def fit(self, X: Any, y: Any = None) -> Self:  # noqa: ARG002 scikit-learn's signature
        """Remember the number of columns only."""
        self.n_features_in_ = X.shape[1]
        return self

    def transform(self, X: Any) -> Floats:
        """Return an array (n_rows, 256 * n_columns) of float32, or (n_rows, 256) if pooled."""
        columns = [embedded(X[:, place]) for place in range(X.shape[1])]
        if not self.pooled:
            return np.hstack(columns)
        return np.asarray(np.mean([unit(one) for one in columns], axis=0), dtype=np.float32)

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "n_features_in_")


class ByDescription(ClassifierMixin, BaseEstimator):
    """Classes by the cosine of a text's vector to that of each class's description.

    Parameters
    ----------
    descriptions : str
        One line for each class, in the order of their codes; see `joined`.
    template : str
        What a description is put into, at ``{}``.
    thresholds : str
        "none": the nearest description wins, nothing is learned. "learned": a logistic regression
        on the cosines weighs them.
    C : float
        Inverse strength of the regularisation of that regression.
    """

    def __init__(
        self,
        descriptions: str = "",
        template: str = "{}",
        thresholds: str = "none",
        C: float = 1.0,
    ) -> None:
        self.descriptions, self.template = descriptions, template
        self.thresholds, self.C = thresholds, C

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Embed the descriptions; learn their weights, if they are to be learned."""
        texts = [self.template.replace("{}", one) for one in self.descriptions.split(_BETWEEN)]
        self.described_ = unit(embedded(texts))
        self.classes_ = np.arange(len(texts))
        self.model_ = None
        if self.thresholds == "learned":
            model = LogisticRegression(C=self.C, max_iter=1000)
            self.model_ = model.fit(self._cosines(X), y, sample_weight=sample_weight)
        return self

    def predict_proba(self, X: Any) -> Floats:
        """Return probabilities (n_rows, n_classes)."""
        cosines = self._cosines(X)
        if self.model_ is None:
            found = np.exp(cosines - cosines.max(axis=1, keepdims=True))
            return np.asarray(found / found.sum(axis=1, keepdims=True))
        known = np.zeros(cosines.shape)
        known[:, self.model_.classes_.astype(int)] = self.model_.predict_proba(cosines)
        return known

    def predict(self, X: Any) -> NDArray[np.int64]:
        """Return the most probable class codes (n_rows,)."""
        return np.asarray(self.predict_proba(X).argmax(axis=1))

    def _cosines(self, X: Any) -> Floats:
        vectors = unit(np.asarray(X, dtype=np.float64))
        return np.asarray(vectors @ self.described_.T.astype(np.float64) / _TEMPERATURE)


TRUSTED = tuple(f"{cls.__module__}.{cls.__qualname__}" for cls in (Embedding, ByDescription))
