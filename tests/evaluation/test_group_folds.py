"""Folds of whole groups are scikit-learn's own."""

import warnings

import numpy as np
import pytest
from hypothesis import assume, given, settings, strategies as st
from sklearn.model_selection import StratifiedGroupKFold

from modelling.evaluation.group_folds import QuickStratifiedGroupKFold


def folds(
    splitter: type[StratifiedGroupKFold], n_folds: int, truth: np.ndarray, groups: np.ndarray
) -> list[list[int]]:
    drawn = splitter(n_folds, shuffle=True, random_state=3).split(truth, truth, groups)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of classes with fewer rows than folds
        return [valid.tolist() for _, valid in drawn]


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    n_folds=st.integers(2, 7),
    n_classes=st.integers(2, 9),
    n_rows=st.integers(20, 300),
    rows_per_group=st.sampled_from([1, 2, 5, 20]),
)
def test_the_folds_are_those_of_scikit_learn(
    seed: int, n_folds: int, n_classes: int, n_rows: int, rows_per_group: int
) -> None:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, n_classes, n_rows)
    groups = rng.integers(0, max(n_folds, n_rows // rows_per_group), n_rows)
    assume(len(np.unique(groups)) >= n_folds and np.bincount(truth).max() >= n_folds)
    asked = n_folds, truth, groups
    assert folds(QuickStratifiedGroupKFold, *asked) == folds(StratifiedGroupKFold, *asked)


def test_all_folds_of_a_group_are_weighed_in_one_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """The method that is quick is the one that scikit-learn calls."""
    monkeypatch.delattr(StratifiedGroupKFold, "_find_best_fold")
    truth, groups = np.arange(40) % 2, np.arange(40) // 4
    drawn = folds(QuickStratifiedGroupKFold, 5, truth, groups)
    assert sorted(row for fold in drawn for row in fold) == list(range(40))
