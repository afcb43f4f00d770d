"""A forest of decision trees on resampled rows."""

from __future__ import annotations

from modelling.models.spec import ALL_TASKS, Encoding, Estimator, ModelSpec, SearchParam
from modelling.types import Params, TaskKind


def _build(kind: TaskKind, params: Params, seed: int) -> Estimator:
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    forest = RandomForestClassifier if kind.is_classification else RandomForestRegressor
    return forest(n_jobs=1, random_state=seed, **params)


RANDOM_FOREST = ModelSpec(
    key="random_forest",
    title="Random forest",
    family="forest",
    tasks=ALL_TASKS,
    encoding=Encoding.TREE,
    base={"n_estimators": 100, "min_samples_leaf": 1},
    build=_build,
    cpu_us_per_value=12.0,
    base_note="max_features stays the library's: the square root of the number of features for "
    "classes, all of them for regression.",
    space=(
        SearchParam(name="max_features", kind="float", low=0.1, high=1.0),
        SearchParam(name="min_samples_leaf", kind="int", low=1, high=50, log=True),
        SearchParam(name="max_samples", kind="float", low=0.3, high=1.0),
    ),
    base_point={"max_features": 0.3, "min_samples_leaf": 1, "max_samples": 1.0},
    known_good=(
        {"max_features": 0.3, "min_samples_leaf": 10, "max_samples": 0.6},
        {"max_features": 0.5, "min_samples_leaf": 3, "max_samples": 0.8},
    ),
)
