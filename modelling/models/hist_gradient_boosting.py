"""scikit-learn's histogram-based gradient boosting."""

from __future__ import annotations

from typing import Any

from modelling.models.spec import (
    ALL_TASKS,
    EarlyStopping,
    Encoding,
    Estimator,
    ModelSpec,
    Part,
    SearchParam,
)
from modelling.types import Params, TaskKind

# Each value needs a bin of its own, and there are 255.
MOST_CATEGORIES = 255


def _build(kind: TaskKind, params: Params, seed: int) -> Estimator:
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    boosting = (
        HistGradientBoostingClassifier if kind.is_classification else HistGradientBoostingRegressor
    )
    return boosting(random_state=seed, early_stopping=False, **params)


def _of_categories(sizes: tuple[int, ...]) -> dict[str, Any]:
    """Return the columns that it takes as categories; codes of others stay numbers to it."""
    return {"categorical_features": [i for i, size in enumerate(sizes) if size <= MOST_CATEGORIES]}


def _fit_until_no_gain(estimator: Estimator, train: Part, valid: Part, patience: int) -> int:
    estimator.set_params(early_stopping=True, n_iter_no_change=patience)
    estimator.fit(
        train.X,
        train.y,
        train.weights,
        X_val=valid.X,
        y_val=valid.y,
        sample_weight_val=valid.weights,
    )
    # validation_score_[0] is the score before the first round; higher is better.
    return max(1, int(estimator.validation_score_.argmax()))


HIST_GRADIENT_BOOSTING = ModelSpec(
    key="hist_gradient_boosting",
    title="Histogram gradient boosting",
    family="boosting",
    tasks=ALL_TASKS,
    encoding=Encoding.CATEGORIES,
    base={"max_iter": 100, "learning_rate": 0.1},
    build=_build,
    of_categories=_of_categories,
    cpu_us_per_value=1.0,
    base_note="The number of rounds is fixed; the library stops early by itself above 10,000 "
    "rows, which would be tuning unseen. Codes of more than 255 categories are numbers to it.",
    early_stopping=EarlyStopping(
        param="max_iter", maximum=600, patience=20, fit=_fit_until_no_gain
    ),
    space=(
        SearchParam(name="learning_rate", kind="float", low=0.02, high=0.3, log=True),
        SearchParam(name="max_leaf_nodes", kind="int", low=7, high=127, log=True),
        SearchParam(name="min_samples_leaf", kind="int", low=5, high=200, log=True),
        SearchParam(name="l2_regularization", kind="float", low=1e-3, high=100.0, log=True),
        SearchParam(name="max_features", kind="float", low=0.3, high=1.0),
    ),
    base_point={
        "learning_rate": 0.1,
        "max_leaf_nodes": 31,
        "min_samples_leaf": 20,
        "l2_regularization": 1e-3,
        "max_features": 1.0,
    },
    known_good=(
        {
            "learning_rate": 0.1,
            "max_leaf_nodes": 8,
            "min_samples_leaf": 50,
            "l2_regularization": 1.0,
            "max_features": 0.8,
        },
        {
            "learning_rate": 0.06,
            "max_leaf_nodes": 31,
            "min_samples_leaf": 40,
            "l2_regularization": 10.0,
            "max_features": 0.5,
        },
    ),
)
