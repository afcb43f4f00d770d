"""Logistic regression on the vectors of a pretrained embedding."""

from __future__ import annotations

from modelling.models.spec import CLASSIFICATION, Encoding, Estimator, ModelSpec, SearchParam
from modelling.types import Params, TaskKind


def _build(_: TaskKind, params: Params, seed: int) -> Estimator:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(random_state=seed, **params)


WORDLLAMA_LOGISTIC = ModelSpec(
    key="wordllama_logistic",
    title="WordLlama, logistic",
    family="embedding",
    tasks=CLASSIFICATION,
    encoding=Encoding.EMBEDDED,
    base={"C": 1.0, "class_weight": None, "max_iter": 1000},
    build=_build,
    cpu_us_per_value=1.6,
    base_note="Vectors of 256 numbers from pretrained token embeddings, which are not trained "
    "here; max_iter is 1,000 (library: 100), so that the fit converges.",
    space=(
        SearchParam(name="C", kind="float", low=1e-4, high=1e2, log=True),
        SearchParam(name="class_weight", kind="choice", choices=(None, "balanced")),
    ),
    base_point={"C": 1.0, "class_weight": None},
    known_good=({"C": 0.1, "class_weight": None}, {"C": 0.01, "class_weight": None}),
    needs_text=True,
)
