"""What all columns together reach: the yardstick for one that is suspiciously strong.

scikit-learn is imported only here, and only when there is such a column.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from modelling.datasets.checks.evidence import Evidence
from modelling.datasets.checks.numbers import as_numbers, is_ordered
from modelling.datasets.checks.strength import MIN_HALF_CLASS_ROWS, Truth

MAX_ROWS = 10_000
# The strongest ones; weaker columns add little, and trees that look at them take long.
MAX_COLUMNS = 100
# With few rows each one counts, so that the model learns from four fifths instead of half of them.
MANY_ROWS = 2_000
N_TREES = 60
_SEED = 5


def joint_score(evidence: Evidence, names: Sequence[str]) -> float:
    """Return what a forest reaches with these features, cross-validated, or the best one alone.

    An AUC (macro, one against the rest), or R2 on ranks. Free text is not looked at.
    """
    truth = evidence.truth
    if truth is None:
        raise ValueError("evidence must have a target that can be predicted, got none")
    alone = {name: evidence.strength(name) or truth.chance for name in names}
    best = max(alone.values(), default=truth.chance)
    usable = [name for name in names if name not in evidence.subject.text]
    chosen = sorted(usable, key=lambda name: -alone[name])[:MAX_COLUMNS]
    rows = _rows(truth)
    if not chosen:
        return best
    columns = [evidence.labelled_values(name).iloc[rows].reset_index(drop=True) for name in chosen]
    return max(best, _forest_score(columns, truth, rows))


def _rows(truth: Truth) -> np.ndarray:
    """Return positions among the labelled rows, as many of each class as there are, up to a cap."""
    order = np.random.default_rng(_SEED).permutation(len(truth.half))
    if truth.codes is None:
        return np.sort(order[:MAX_ROWS])
    codes = truth.codes[order]
    place = pd.Series(codes).groupby(codes).cumcount().to_numpy()
    counts = np.bincount(codes, minlength=truth.n_classes)
    keep = (place < MAX_ROWS // truth.n_classes) & (counts[codes] >= 2 * MIN_HALF_CLASS_ROWS)
    return np.sort(order[keep])


def _forest_score(columns: Sequence[pd.Series], truth: Truth, rows: np.ndarray) -> float:
    from sklearn.metrics import r2_score, roc_auc_score
    from sklearn.model_selection import KFold, StratifiedKFold, cross_val_predict

    n_splits = 2 if len(rows) >= MANY_ROWS else 5
    if truth.codes is None:
        ranks = np.asarray(truth.ranks)[rows]
        forest, table = _forest(columns, "continuous"), _table(columns)
        folds = KFold(n_splits, shuffle=True, random_state=_SEED)
        return float(r2_score(ranks, cross_val_predict(forest, table, ranks, cv=folds)))
    codes, classes = pd.factorize(truth.codes[rows])
    forest = _forest(columns, "binary" if len(classes) == 2 else "multiclass")
    folds = StratifiedKFold(n_splits, shuffle=True, random_state=_SEED)
    chances = cross_val_predict(forest, _table(columns), codes, cv=folds, method="predict_proba")
    if len(classes) == 2:
        return float(roc_auc_score(codes, chances[:, 1]))
    return float(roc_auc_score(codes, chances, multi_class="ovr"))


def _forest(columns: Sequence[pd.Series], target_type: str) -> Any:
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
    from sklearn.model_selection import KFold
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import TargetEncoder

    forest: Any = RandomForestClassifier(N_TREES, random_state=_SEED)
    if target_type == "continuous":
        forest = RandomForestRegressor(N_TREES, max_features=1 / 3, random_state=_SEED)
    folds = KFold(5, shuffle=True, random_state=_SEED)
    encoder = TargetEncoder(target_type=target_type, cv=folds)
    names = [name for column in columns for name in _parts(column) if not is_ordered(column)]
    encoded = ColumnTransformer([("categories", encoder, names)], remainder="passthrough")
    return make_pipeline(encoded, forest)


def _table(columns: Sequence[pd.Series]) -> pd.DataFrame:
    return pd.DataFrame({name: part for column in columns for name, part in _parts(column).items()})


def _parts(column: pd.Series) -> dict[str, np.ndarray]:
    """Return a column as whole numbers (n_rows,) by name: dates in parts, categories as codes.

    Trees see no more of a number than its rank, and ranks are never too large for them.
    """
    name = str(column.name)
    if not is_ordered(column):
        return {name: pd.factorize(column)[0]}
    parts = {name: pd.factorize(as_numbers(column), sort=True)[0]}
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        for part in ("month", "day_of_week", "hour"):
            values = getattr(column.dt, part)
            parts[f"{name} {part}"] = values.fillna(-1).to_numpy(dtype="int64")
    return parts
