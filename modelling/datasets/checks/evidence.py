"""What several checks need of a subject, worked out once and only when it is asked for."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd

from modelling.datasets.checks.copies import is_recoded
from modelling.datasets.checks.numbers import as_numbers, row_hashes
from modelling.datasets.checks.strength import (
    MIN_ROWS,
    Truth,
    halves,
    number_bins,
    strength,
)
from modelling.datasets.checks.subject import Subject
from modelling.datasets.sampling import sample_size, sampled_rows
from modelling.datasets.target import MAX_CLASSES, class_labels
from modelling.types import OTHER_CLASS, ColumnInfo, ColumnType

# Rows of a rare class that the sample keeps if the table has them.
KEPT_CLASS_ROWS = 500
# A recoded target has at least this strength, so that ranks of all others need no comparison.
MIN_COPY_STRENGTH = 0.9
# More categories than that are no property that rows share, but names of things.
MAX_CATEGORIES = 100
_SEED = 11


class Evidence:
    """A `Subject` with the sample and the figures that its checks share."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self._strengths: dict[str, float | None] = {}

    @cached_property
    def columns(self) -> dict[str, ColumnInfo]:
        """All columns of the table by name."""
        return {column.name: column for column in self.subject.columns}

    @cached_property
    def used(self) -> tuple[ColumnInfo, ...]:
        """The features, or all columns while there is no target."""
        if self.subject.target is None:
            return self.subject.columns
        return tuple(self.columns[name] for name in self.subject.features if name in self.columns)

    @cached_property
    def n_rows(self) -> int:
        """The rows of the table."""
        return len(self.subject.frame)

    @cached_property
    def rows(self) -> np.ndarray:
        """Positions of a random sample of all rows, sorted."""
        return sampled_rows(self.n_rows, self._most, _SEED)

    def sample(self, name: str) -> pd.Series:
        """Return the sampled rows of a column."""
        column = self.subject.frame[name]
        return column if len(self.rows) == self.n_rows else column.iloc[self.rows]

    @cached_property
    def known(self) -> np.ndarray:
        """Positions of the rows that have a target."""
        target = self.subject.target
        if target is None:
            return np.arange(0)
        return np.flatnonzero(self.subject.frame[target].notna().to_numpy())

    @cached_property
    def target(self) -> pd.Series | None:
        """The target of the known rows: labels, or numbers; None without a usable one."""
        subject = self.subject
        if subject.target is None or subject.kind is None:
            return None
        present = subject.frame[subject.target].iloc[self.known]
        if not subject.kind.is_classification:
            is_number = pd.api.types.is_numeric_dtype(present.dtype)
            return present.astype("float64") if is_number else None
        labels = class_labels(present)
        return labels.mask(labels.isin(subject.merged), OTHER_CLASS) if subject.merged else labels

    @cached_property
    def class_counts(self) -> pd.Series:
        """The rows of each class, the largest first; empty for all but a classification."""
        kind = self.subject.kind
        if self.target is None or kind is None or not kind.is_classification:
            return pd.Series(dtype="int64")
        return self.target.value_counts()

    @cached_property
    def labelled(self) -> np.ndarray:
        """Positions of a sample of the known rows, sorted; rare classes are kept whole."""
        positions: np.ndarray = self.known[self._drawn]
        return positions

    @cached_property
    def _drawn(self) -> np.ndarray:
        drawn = sampled_rows(len(self.known), self._most, _SEED)
        if len(drawn) == len(self.known) or self.target is None or self.class_counts.empty:
            return drawn
        rare = self.class_counts.index[self.class_counts <= KEPT_CLASS_ROWS]
        return np.union1d(drawn, np.flatnonzero(self.target.isin(rare).to_numpy()))

    @cached_property
    def truth(self) -> Truth | None:
        """The target of the labelled rows, or None if it has one value or too few rows."""
        if self.target is None or len(self.labelled) < MIN_ROWS:
            return None
        values = self.target.iloc[self._drawn]
        rng = np.random.default_rng(_SEED)
        if self.class_counts.empty:
            return _ranked(values, rng)
        codes, classes = pd.factorize(values)
        if not 2 <= len(classes) <= MAX_CLASSES:
            return None
        half = halves(codes, len(codes), rng)
        return Truth(codes=codes, ranks=None, n_classes=len(classes), half=half)

    def labelled_values(self, name: str) -> pd.Series:
        """Return the labelled rows of a column."""
        column = self.subject.frame[name]
        return column if len(self.labelled) == self.n_rows else column.iloc[self.labelled]

    def strength(self, name: str) -> float | None:
        """Return how well one column alone predicts the target, or None where that is unknown."""
        if name not in self._strengths:
            self._strengths[name] = self._strength(name)
        return self._strengths[name]

    def _strength(self, name: str) -> float | None:
        column = self.columns[name]
        if self.truth is None or column.type is ColumnType.TEXT:
            return None
        if column.type is ColumnType.CATEGORY and column.n_distinct > MAX_CATEGORIES:
            return None
        values = self.labelled_values(name)
        if column.type is ColumnType.CATEGORY:
            return strength(pd.factorize(values, use_na_sentinel=False)[0], self.truth)
        return strength(number_bins(as_numbers(values)), self.truth)

    @cached_property
    def copies(self) -> frozenset[str]:
        """The features that hold the target in other words."""
        if self.target is None or self.target.empty:
            return frozenset()
        drawn = self.target.iloc[self._drawn]
        return frozenset(column.name for column in self.used if self._is_copy(column, drawn))

    def _is_copy(self, column: ColumnInfo, target: pd.Series) -> bool:
        # Two columns are one to one only with equally many values, up to rows without a target.
        n_classes = len(self.class_counts)
        if n_classes and column.n_distinct > 2 * n_classes:
            return False
        score = None if n_classes else self.strength(column.name)
        if column.n_distinct < 2 or (score is not None and score < MIN_COPY_STRENGTH):
            return False
        return is_recoded(self.labelled_values(column.name), target, classes=n_classes > 0)

    @cached_property
    def feature_hashes(self) -> np.ndarray:
        """A number (n_rows,) for the features of each row."""
        return row_hashes(self.subject.frame, self.subject.features)

    @cached_property
    def repeats(self) -> np.ndarray:
        """Whether an earlier labelled row (n_labelled,) has the same features."""
        hashes = pd.Series(self.feature_hashes[self.labelled])
        return np.asarray(hashes.duplicated())

    @cached_property
    def hashes(self) -> np.ndarray:
        """A number (n_rows,) for all values of each row."""
        rest = [name for name in self.columns if name not in self.subject.features]
        return row_hashes(self.subject.frame, rest, start=self.feature_hashes)

    @cached_property
    def split_hashes(self) -> tuple[np.ndarray, np.ndarray] | None:
        """Numbers for the features of each training and each test row, if there is a split."""
        subject = self.subject
        if subject.train is None or subject.test is None:
            return None
        if subject.test_frame is None:
            test = self.feature_hashes
        elif set(subject.features) <= set(subject.test_frame.columns):
            test = row_hashes(subject.test_frame, subject.features)
        else:
            return None
        return self.feature_hashes[subject.train], test[subject.test]

    @property
    def _most(self) -> int:
        return sample_size(len(self.subject.columns))


def _ranked(values: pd.Series, rng: np.random.Generator) -> Truth | None:
    ranks = values.rank().to_numpy()
    if ranks.min() == ranks.max():
        return None
    scaled = (ranks - ranks.mean()) / ranks.std()
    return Truth(codes=None, ranks=scaled, n_classes=0, half=halves(None, len(ranks), rng))
