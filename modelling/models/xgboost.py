"""XGBoost."""

from __future__ import annotations

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


def _build(kind: TaskKind, params: Params, seed: int) -> Estimator:
    from xgboost import XGBRegressor

    from modelling.models.xgboost_classifier import XGBAnyClasses

    booster = XGBAnyClasses if kind.is_classification else XGBRegressor
    return booster(random_state=seed, n_jobs=1, verbosity=0, tree_method="hist", **params)


def _fit_until_no_gain(estimator: Estimator, train: Part, valid: Part, patience: int) -> int:
    estimator.set_params(early_stopping_rounds=patience)
    estimator.fit(
        train.X,
        train.y,
        sample_weight=train.weights,
        eval_set=[(valid.X, valid.y)],
        sample_weight_eval_set=None if valid.weights is None else [valid.weights],
        verbose=False,
    )
    return int(estimator.best_iteration) + 1


XGBOOST = ModelSpec(
    key="xgboost",
    title="XGBoost",
    family="boosting",
    tasks=ALL_TASKS,
    encoding=Encoding.TREE,
    base={"n_estimators": 100, "learning_rate": 0.3, "max_depth": 6},
    build=_build,
    cpu_us_per_value=1.0,
    early_stopping=EarlyStopping(
        param="n_estimators", maximum=1000, patience=30, fit=_fit_until_no_gain
    ),
    space=(
        SearchParam(name="learning_rate", kind="float", low=0.02, high=0.3, log=True),
        SearchParam(name="max_depth", kind="int", low=2, high=10),
        SearchParam(name="min_child_weight", kind="float", low=0.5, high=50.0, log=True),
        SearchParam(name="colsample_bytree", kind="float", low=0.3, high=1.0),
        SearchParam(name="subsample", kind="float", low=0.5, high=1.0),
        SearchParam(name="reg_lambda", kind="float", low=1e-2, high=100.0, log=True),
        SearchParam(name="reg_alpha", kind="float", low=1e-3, high=10.0, log=True),
    ),
    base_point={
        "learning_rate": 0.3,
        "max_depth": 6,
        "min_child_weight": 1.0,
        "colsample_bytree": 1.0,
        "subsample": 1.0,
        "reg_lambda": 1.0,
        "reg_alpha": 1e-3,
    },
    known_good=(
        {
            "learning_rate": 0.1,
            "max_depth": 4,
            "min_child_weight": 5.0,
            "colsample_bytree": 0.7,
            "subsample": 0.9,
            "reg_lambda": 1.0,
            "reg_alpha": 0.01,
        },
        {
            "learning_rate": 0.06,
            "max_depth": 6,
            "min_child_weight": 10.0,
            "colsample_bytree": 0.5,
            "subsample": 0.8,
            "reg_lambda": 10.0,
            "reg_alpha": 0.01,
        },
    ),
)
