"""Logistic regression on weighted words."""

from __future__ import annotations

from typing import Any

from modelling.models.spec import CLASSIFICATION, Encoding, Estimator, ModelSpec, SearchParam
from modelling.types import Params, TaskKind


def _build(_: TaskKind, params: Params, seed: int) -> Estimator:  # noqa: ARG001 nothing is drawn
    from modelling.text.words import WordsClassifier

    settings: dict[str, Any] = dict(params)
    return WordsClassifier(**settings)


TFIDF_LOGISTIC = ModelSpec(
    key="tfidf_logistic",
    title="TF-IDF, logistic",
    family="words",
    tasks=CLASSIFICATION,
    encoding=Encoding.WORDS,
    base={
        "analyzer": "word",
        "longest": 1,
        "vocabulary": 50_000,
        "min_rows": 1,
        "C": 1.0,
        "class_weight": None,
    },
    build=_build,
    cpu_us_per_value=1.5,
    base_note="Single words, weighted by TF-IDF with sublinear counts; other columns are imputed, "
    "scaled and one-hot encoded beside them.",
    space=(
        SearchParam(name="analyzer", kind="choice", choices=("word", "char_wb")),
        SearchParam(name="longest", kind="int", low=1, high=5),
        SearchParam(name="vocabulary", kind="int", low=1_000, high=100_000, log=True),
        SearchParam(name="min_rows", kind="int", low=1, high=5),
        SearchParam(name="C", kind="float", low=1e-2, high=1e2, log=True),
        SearchParam(name="class_weight", kind="choice", choices=(None, "balanced")),
    ),
    base_point={
        "analyzer": "word",
        "longest": 1,
        "vocabulary": 50_000,
        "min_rows": 1,
        "C": 1.0,
        "class_weight": None,
    },
    known_good=(
        {
            "analyzer": "word",
            "longest": 2,
            "vocabulary": 50_000,
            "min_rows": 1,
            "C": 10.0,
            "class_weight": None,
        },
        {
            "analyzer": "char_wb",
            "longest": 4,
            "vocabulary": 50_000,
            "min_rows": 2,
            "C": 10.0,
            "class_weight": None,
        },
    ),
    needs_text=True,
)
