"""Gaussian naive Bayes."""

from __future__ import annotations

from modelling.models.spec import CLASSIFICATION, Encoding, Estimator, ModelSpec, SearchParam
from modelling.types import Params, TaskKind


def _build(_: TaskKind, params: Params, seed: int) -> Estimator:  # noqa: ARG001 no randomness
    from sklearn.naive_bayes import GaussianNB

    return GaussianNB(**params)


NAIVE_BAYES = ModelSpec(
    key="naive_bayes",
    title="Naive Bayes",
    family="bayes",
    tasks=CLASSIFICATION,
    encoding=Encoding.LINEAR,
    base={"var_smoothing": 1e-9},
    build=_build,
    cpu_us_per_value=0.01,
    space=(SearchParam(name="var_smoothing", kind="float", low=1e-9, high=1.0, log=True),),
    base_point={"var_smoothing": 1e-9},
    known_good=({"var_smoothing": 1e-2}, {"var_smoothing": 0.3}),
)
