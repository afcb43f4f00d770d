"""Nearest neighbours."""

from __future__ import annotations

from modelling.models.spec import ALL_TASKS, Encoding, Estimator, ModelSpec, SearchParam
from modelling.types import Params, TaskKind


def _build(kind: TaskKind, params: Params, seed: int) -> Estimator:  # noqa: ARG001 no randomness
    from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

    kind_of_neighbours = KNeighborsClassifier if kind.is_classification else KNeighborsRegressor
    return kind_of_neighbours(n_jobs=1, **params)


KNN = ModelSpec(
    key="knn",
    title="Nearest neighbours",
    family="neighbours",
    tasks=ALL_TASKS,
    encoding=Encoding.LINEAR,
    base={"n_neighbors": 5, "weights": "uniform"},
    build=_build,
    cpu_us_per_value=0.6,
    base_note="Its neighbours count the same, whatever the class weights.",
    takes_weights=False,
    space=(
        SearchParam(name="n_neighbors", kind="int", low=1, high=150, log=True),
        SearchParam(name="weights", kind="choice", choices=("uniform", "distance")),
        SearchParam(name="p", kind="choice", choices=(1, 2)),
    ),
    base_point={"n_neighbors": 5, "weights": "uniform", "p": 2},
    known_good=(
        {"n_neighbors": 25, "weights": "distance", "p": 2},
        {"n_neighbors": 75, "weights": "distance", "p": 2},
    ),
)
