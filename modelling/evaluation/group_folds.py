"""Stratified folds of whole groups: scikit-learn's, with all folds weighed in one step."""

from __future__ import annotations

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

# What np.isclose takes for equal.
_RELATIVE, _ABSOLUTE = 1e-5, 1e-8


class QuickStratifiedGroupKFold(StratifiedGroupKFold):
    """Draws the folds of ``StratifiedGroupKFold`` in about a fifth of its time.

    For each group scikit-learn weighs the folds one by one in Python; with thousands of groups a
    benchmark would wait for it. If a later version no longer calls this method, the folds stay the
    same and only the time is lost.
    """

    def _find_best_fold(
        self, y_counts_per_fold: np.ndarray, y_cnt: np.ndarray, group_y_counts: np.ndarray
    ) -> int:
        """Return the fold that leaves the class shares evenest; of equal ones the smallest.

        Parameters
        ----------
        y_counts_per_fold : (n_folds, n_classes) array
            Rows of each class that the folds hold so far.
        y_cnt : (n_classes,) array
            Rows of each class in all.
        group_y_counts : (n_classes,) array
            Rows of each class in the group.
        """
        folds = np.arange(self.n_splits)
        counts = np.repeat(y_counts_per_fold[np.newaxis], self.n_splits, axis=0)
        counts[folds, folds] += group_y_counts
        unevenness = np.std(counts / y_cnt, axis=1).mean(axis=1).tolist()
        sizes = y_counts_per_fold.sum(axis=1).tolist()
        best, least, smallest = 0, np.inf, np.inf
        for fold, (value, size) in enumerate(zip(unevenness, sizes, strict=True)):
            is_equal = abs(value - least) <= _ABSOLUTE + _RELATIVE * abs(least)
            if value < least or (is_equal and size < smallest):
                best, least, smallest = fold, value, size
        return best
