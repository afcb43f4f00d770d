"""Extremely randomised trees: a forest whose cuts are drawn at random."""

from __future__ import annotations

from modelling.models.spec import ALL_TASKS, Encoding, Estimator, ModelSpec, SearchParam
from modelling.types import Params, TaskKind


def _build(kind: TaskKind, params: Params, seed: int) -> Estimator:
    from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor

    trees = ExtraTreesClassifier if kind.is_classification else ExtraTreesRegressor
    return trees(n_jobs=1, random_state=seed, **params)


EXTRA_TREES = ModelSpec(
    key="extra_trees",
    title="Extra trees",
    family="forest",
    tasks=ALL_TASKS,
    encoding=Encoding.TREE,
    base={"n_estimators": 100, "min_samples_leaf": 1},
    build=_build,
    cpu_us_per_value=4.0,
    base_note="max_features stays the library's: the square root of the number of features for "
    "classes, all of them for regression.",
    space=(
        SearchParam(name="max_features", kind="float", low=0.1, high=1.0),
        SearchParam(name="min_samples_leaf", kind="int", low=1, high=50, log=True),
        SearchParam(name="max_depth", kind="int", low=4, high=40, log=True),
    ),
    base_point={"max_features": 0.3, "min_samples_leaf": 1, "max_depth": 40},
    known_good=(
        {"max_features": 0.6, "min_samples_leaf": 5, "max_depth": 40},
        {"max_features": 1.0, "min_samples_leaf": 3, "max_depth": 40},
    ),
)
