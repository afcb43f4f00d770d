"""The mood of a text by a lexicon: VADER (Hutto and Gilbert 2014, ICWSM), and classes from it."""

from __future__ import annotations

from functools import cache
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.linear_model import LogisticRegression

Floats = NDArray[np.float64]
# A text is called neutral between these compound scores: VADER's own advice.
USUAL_THRESHOLD = 0.05
# How fast the probability of a mood rises with the compound score beyond the threshold.
_STEEPNESS = 5.0
# Place of the one score that thresholds cut.
COMPOUND = 0


@cache
def _analyser() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()


class LexiconScores(TransformerMixin, BaseEstimator):
    """Texts (n_rows, n_columns) to VADER's scores (n_rows, 4).

    They are compound, negative, neutral, positive; of several columns the means count. Nothing is
    learned.
    """

    def fit(self, X: Any, y: Any = None) -> Self:  # noqa: ARG002 scikit-learn's signature
        """Remember the number of columns only."""
        self.n_features_in_ = X.shape[1]
        return self

    def transform(self, X: Any) -> Floats:
        """Return the scores of each row."""
        columns = [self._scores(X[:, place]) for place in range(X.shape[1])]
        return np.asarray(np.mean(columns, axis=0), dtype=np.float64)

    def _scores(self, texts: Any) -> Floats:
        score = _analyser().polarity_scores
        found = (score(text) for text in texts)
        return np.array(
            [[one["compound"], one["neg"], one["neu"], one["pos"]] for one in found], dtype=float
        ).reshape(-1, 4)

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "n_features_in_")


class MoodByLexicon(ClassifierMixin, BaseEstimator):
    """Classes from the scores of `LexiconScores`, by fixed thresholds or by learned ones.

    Parameters
    ----------
    signs : str
        The mood of each class, in the order of their codes, as
        `modelling.text.moods.signs_of` returns them.
    thresholds : str
        "usual": neutral between -0.05 and 0.05, nothing is learned. "learned": a logistic
        regression on the compound score and its size finds the thresholds.
    C : float
        Inverse strength of the regularisation of learned thresholds.
    """

    def __init__(self, signs: str = "-+", thresholds: str = "usual", C: float = 1.0) -> None:
        self.signs, self.thresholds, self.C = signs, thresholds, C

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Learn thresholds, if they are to be learned."""
        self.classes_ = np.arange(len(self.signs))
        self.model_ = None
        if self.thresholds == "learned":
            model = LogisticRegression(C=self.C, max_iter=1000)
            self.model_ = model.fit(_sides(X), y, sample_weight=sample_weight)
        return self

    def predict_proba(self, X: Any) -> Floats:
        """Return probabilities (n_rows, n_classes)."""
        if self.model_ is None:
            return self._usual(np.asarray(X)[:, COMPOUND])
        found = np.zeros((len(X), len(self.signs)))
        found[:, self.model_.classes_.astype(int)] = self.model_.predict_proba(_sides(X))
        return found

    def predict(self, X: Any) -> NDArray[np.int64]:
        """Return the most probable class codes (n_rows,)."""
        return np.asarray(self.predict_proba(X).argmax(axis=1))

    def _usual(self, compound: Floats) -> Floats:
        """Return probabilities whose largest one is the class that the thresholds say."""
        threshold = USUAL_THRESHOLD if "0" in self.signs else 0.0
        logits = {
            "+": compound - threshold,
            "-": -compound - threshold,
            "0": np.zeros(len(compound)),
        }
        found = np.exp(_STEEPNESS * np.stack([logits[sign] for sign in self.signs], axis=1))
        return np.asarray(found / found.sum(axis=1, keepdims=True))


def _sides(X: Any) -> Floats:
    """Return the compound score and its size: cuts on both sides are linear in them."""
    compound = np.asarray(X, dtype=np.float64)[:, COMPOUND]
    return np.column_stack([compound, np.abs(compound)])


TRUSTED = tuple(f"{cls.__module__}.{cls.__qualname__}" for cls in (LexiconScores, MoodByLexicon))
