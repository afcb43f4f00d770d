"""Ridge regression."""

from __future__ import annotations

from modelling.models.spec import Encoding, Estimator, ModelSpec, SearchParam
from modelling.types import Params, TaskKind


def _build(_: TaskKind, params: Params, seed: int) -> Estimator:
    from sklearn.linear_model import Ridge

    return Ridge(random_state=seed, **params)


RIDGE = ModelSpec(
    key="ridge",
    title="Ridge regression",
    family="linear",
    tasks=frozenset({TaskKind.REGRESSION}),
    encoding=Encoding.LINEAR,
    base={"alpha": 1.0},
    build=_build,
    cpu_us_per_value=0.01,
    space=(SearchParam(name="alpha", kind="float", low=1e-3, high=1e4, log=True),),
    base_point={"alpha": 1.0},
    known_good=({"alpha": 10.0}, {"alpha": 100.0}),
)
