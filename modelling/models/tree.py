"""A single decision tree."""

from __future__ import annotations

from modelling.models.spec import ALL_TASKS, Encoding, Estimator, ModelSpec, SearchParam
from modelling.types import Params, TaskKind


def _build(kind: TaskKind, params: Params, seed: int) -> Estimator:
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    tree = DecisionTreeClassifier if kind.is_classification else DecisionTreeRegressor
    return tree(random_state=seed, **params)


TREE = ModelSpec(
    key="tree",
    title="Decision tree",
    family="tree",
    tasks=ALL_TASKS,
    encoding=Encoding.TREE,
    base={"max_depth": None, "min_samples_leaf": 1},
    build=_build,
    cpu_us_per_value=0.9,
    space=(
        SearchParam(name="max_depth", kind="int", low=2, high=30, log=True),
        SearchParam(name="min_samples_leaf", kind="int", low=1, high=300, log=True),
        SearchParam(name="max_features", kind="float", low=0.3, high=1.0),
    ),
    base_point={"max_depth": 30, "min_samples_leaf": 1, "max_features": 1.0},
    known_good=(
        {"max_depth": 6, "min_samples_leaf": 20, "max_features": 1.0},
        {"max_depth": 10, "min_samples_leaf": 50, "max_features": 1.0},
    ),
)
