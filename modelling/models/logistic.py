"""Logistic regression."""

from __future__ import annotations

from modelling.models.spec import CLASSIFICATION, Encoding, Estimator, ModelSpec, SearchParam
from modelling.types import Params, TaskKind


def _build(_: TaskKind, params: Params, seed: int) -> Estimator:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(random_state=seed, **params)


LOGISTIC = ModelSpec(
    key="logistic",
    title="Logistic regression",
    family="linear",
    tasks=CLASSIFICATION,
    encoding=Encoding.LINEAR,
    base={"C": 1.0, "max_iter": 1000},
    build=_build,
    cpu_us_per_value=0.04,
    base_note="max_iter is 1,000 (library: 100), so that the fit converges on one-hot columns.",
    space=(SearchParam(name="C", kind="float", low=1e-4, high=1e2, log=True),),
    base_point={"C": 1.0},
    known_good=({"C": 0.1}, {"C": 0.01}),
)
