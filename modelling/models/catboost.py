"""CatBoost."""

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
    from catboost import CatBoostClassifier, CatBoostRegressor

    booster = CatBoostClassifier if kind.is_classification else CatBoostRegressor
    fixed = {"thread_count": 1, "verbose": False, "allow_writing_files": False}
    # Row sampling needs the bootstrap that has a share of rows.
    sampling = {"bootstrap_type": "Bernoulli"} if "subsample" in params else {}
    return booster(random_seed=seed, **fixed, **sampling, **params)


def _fit_until_no_gain(estimator: Estimator, train: Part, valid: Part, patience: int) -> int:
    from catboost import Pool

    stopping = Pool(valid.X, valid.y, weight=valid.weights)
    estimator.fit(
        train.X,
        train.y,
        sample_weight=train.weights,
        eval_set=stopping,
        early_stopping_rounds=patience,
    )
    return max(1, int(estimator.best_iteration_) + 1)


CATBOOST = ModelSpec(
    key="catboost",
    title="CatBoost",
    family="boosting",
    tasks=ALL_TASKS,
    encoding=Encoding.TREE,
    base={"iterations": 300, "learning_rate": 0.1, "depth": 6},
    build=_build,
    cpu_us_per_value=4.5,
    base_note="300 rounds at a rate of 0.1; the library takes 1,000 rounds and a rate from the "
    "size of the table, at about three times the cost.",
    early_stopping=EarlyStopping(
        param="iterations", maximum=1000, patience=30, fit=_fit_until_no_gain
    ),
    space=(
        SearchParam(name="learning_rate", kind="float", low=0.02, high=0.3, log=True),
        SearchParam(name="depth", kind="int", low=3, high=9),
        SearchParam(name="l2_leaf_reg", kind="float", low=0.5, high=50.0, log=True),
        SearchParam(name="subsample", kind="float", low=0.5, high=1.0),
        SearchParam(name="rsm", kind="float", low=0.3, high=1.0),
        SearchParam(name="random_strength", kind="float", low=0.1, high=10.0, log=True),
    ),
    base_point={
        "learning_rate": 0.1,
        "depth": 6,
        "l2_leaf_reg": 3.0,
        "subsample": 0.8,
        "rsm": 1.0,
        "random_strength": 1.0,
    },
    known_good=(
        {
            "learning_rate": 0.1,
            "depth": 4,
            "l2_leaf_reg": 3.0,
            "subsample": 0.8,
            "rsm": 0.7,
            "random_strength": 1.0,
        },
        {
            "learning_rate": 0.06,
            "depth": 7,
            "l2_leaf_reg": 10.0,
            "subsample": 0.7,
            "rsm": 0.5,
            "random_strength": 1.0,
        },
    ),
)
