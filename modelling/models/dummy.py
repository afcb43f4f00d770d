"""A model that ignores the features: what every other one has to beat."""

from __future__ import annotations

from modelling.models.spec import ALL_TASKS, Encoding, Estimator, ModelSpec
from modelling.types import Params, TaskKind


def _build(kind: TaskKind, params: Params, seed: int) -> Estimator:
    from sklearn.dummy import DummyClassifier, DummyRegressor

    if kind.is_classification:
        return DummyClassifier(random_state=seed, **params)
    return DummyRegressor()


DUMMY = ModelSpec(
    key="dummy",
    title="Dummy (no features)",
    family="baseline",
    tasks=ALL_TASKS,
    encoding=Encoding.TREE,
    base={},
    build=_build,
    cpu_us_per_value=0.002,
    base_note="Predicts the class shares, or the mean, of the training rows, whatever the class "
    "weights.",
    takes_weights=False,
)
