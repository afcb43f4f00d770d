"""LightGBM."""

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


def _build(kind: TaskKind, params: Params, seed: int) -> Estimator:
    from lightgbm import LGBMClassifier, LGBMRegressor

    booster = LGBMClassifier if kind.is_classification else LGBMRegressor
    fixed = {"n_jobs": 1, "verbosity": -1, "deterministic": True, "force_row_wise": True}
    # Row sampling does nothing in LightGBM unless its frequency is set.
    frequency = {"subsample_freq": 1} if "subsample" in params else {}
    return booster(random_state=seed, **fixed, **frequency, **params)


def _fit_categories(sizes: tuple[int, ...]) -> dict[str, Any]:
    return {"categorical_feature": list(range(len(sizes)))} if sizes else {}


def _fit_until_no_gain(estimator: Estimator, train: Part, valid: Part, patience: int) -> int:
    import lightgbm

    stop = lightgbm.early_stopping(patience, verbose=False)
    estimator.fit(
        train.X,
        train.y,
        sample_weight=train.weights,
        eval_X=valid.X,
        eval_y=valid.y,
        eval_sample_weight=None if valid.weights is None else [valid.weights],
        callbacks=[stop],
        **train.arguments,
    )
    return max(1, int(estimator.best_iteration_))


LIGHTGBM = ModelSpec(
    key="lightgbm",
    title="LightGBM",
    family="boosting",
    tasks=ALL_TASKS,
    encoding=Encoding.CATEGORIES,
    base={"n_estimators": 100, "learning_rate": 0.1, "num_leaves": 31},
    build=_build,
    fit_categories=_fit_categories,
    cpu_us_per_value=0.9,
    early_stopping=EarlyStopping(
        param="n_estimators", maximum=1000, patience=30, fit=_fit_until_no_gain
    ),
    space=(
        SearchParam(name="learning_rate", kind="float", low=0.02, high=0.3, log=True),
        SearchParam(name="num_leaves", kind="int", low=4, high=127, log=True),
        SearchParam(name="min_child_samples", kind="int", low=5, high=200, log=True),
        SearchParam(name="colsample_bytree", kind="float", low=0.3, high=1.0),
        SearchParam(name="subsample", kind="float", low=0.5, high=1.0),
        SearchParam(name="reg_lambda", kind="float", low=1e-3, high=100.0, log=True),
        SearchParam(name="reg_alpha", kind="float", low=1e-3, high=10.0, log=True),
    ),
    base_point={
        "learning_rate": 0.1,
        "num_leaves": 31,
        "min_child_samples": 20,
        "colsample_bytree": 1.0,
        "subsample": 1.0,
        "reg_lambda": 1e-3,
        "reg_alpha": 1e-3,
    },
    known_good=(
        {
            "learning_rate": 0.1,
            "num_leaves": 8,
            "min_child_samples": 40,
            "colsample_bytree": 0.8,
            "subsample": 0.9,
            "reg_lambda": 1.0,
            "reg_alpha": 0.01,
        },
        {
            "learning_rate": 0.06,
            "num_leaves": 24,
            "min_child_samples": 60,
            "colsample_bytree": 0.5,
            "subsample": 0.8,
            "reg_lambda": 10.0,
            "reg_alpha": 0.01,
        },
    ),
)
