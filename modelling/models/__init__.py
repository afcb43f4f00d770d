"""The registered models: one file each, one line here."""

from __future__ import annotations

from dataclasses import replace

from modelling.errors import SpecError
from modelling.models.catboost import CATBOOST
from modelling.models.dummy import DUMMY
from modelling.models.extra_trees import EXTRA_TREES
from modelling.models.hist_gradient_boosting import HIST_GRADIENT_BOOSTING
from modelling.models.knn import KNN
from modelling.models.lightgbm import LIGHTGBM
from modelling.models.linear_svm import LINEAR_SVM
from modelling.models.logistic import LOGISTIC
from modelling.models.mlp import MLP
from modelling.models.naive_bayes import NAIVE_BAYES
from modelling.models.random_forest import RANDOM_FOREST
from modelling.models.ridge import RIDGE
from modelling.models.spec import ModelSpec
from modelling.models.tfidf_logistic import TFIDF_LOGISTIC
from modelling.models.tree import TREE
from modelling.models.vader import VADER
from modelling.models.wordllama_logistic import WORDLLAMA_LOGISTIC
from modelling.models.wordllama_zero_shot import WORDLLAMA_ZERO_SHOT
from modelling.models.xgboost import XGBOOST
from modelling.types import TaskKind, TaskSpec

# Quickest first, by `cpu_us_per_value`.
MODELS: tuple[ModelSpec, ...] = (
    DUMMY,
    NAIVE_BAYES,
    RIDGE,
    VADER,
    LOGISTIC,
    WORDLLAMA_ZERO_SHOT,
    LINEAR_SVM,
    KNN,
    TREE,
    LIGHTGBM,
    XGBOOST,
    HIST_GRADIENT_BOOSTING,
    TFIDF_LOGISTIC,
    WORDLLAMA_LOGISTIC,
    EXTRA_TREES,
    CATBOOST,
    MLP,
    RANDOM_FOREST,
)


def model(key: str) -> ModelSpec:
    """Return the model of that key.

    Raises
    ------
    SpecError
        If there is none.
    """
    for spec in MODELS:
        if spec.key == key:
            return spec
    known = ", ".join(spec.key for spec in MODELS)
    raise SpecError(f"There is no model {key!r}; choose among {known}.")


def model_for(key: str, task: TaskSpec) -> ModelSpec:
    """Return the model of that key with what follows from a task in its base configuration."""
    spec = model(key)
    return spec if spec.of_task is None else replace(spec, base={**spec.base, **spec.of_task(task)})


def models_for(kind: TaskKind, *, text: bool = True) -> tuple[ModelSpec, ...]:
    """Return the models that can learn a task of that kind, quickest first.

    Without ``text`` those are left out that need a column of it.
    """
    found = (spec for spec in MODELS if kind in spec.tasks)
    return tuple(spec for spec in found if text or not spec.needs_text)


def models_suiting(task: TaskSpec, *, has_text: bool) -> tuple[ModelSpec, ...]:
    """Return the models that can learn a task, quickest first."""
    specs = models_for(task.kind)
    return tuple(spec for spec in specs if obstacle(spec, task, has_text=has_text) is None)


def obstacle(spec: ModelSpec, task: TaskSpec, *, has_text: bool) -> str | None:
    """Return why a model cannot learn a task of a kind that it knows, in words; None: it can."""
    if spec.needs_text and not has_text:
        return "it needs a column of free text"
    return None if spec.obstacle is None else spec.obstacle(task)


def models_to_tune(keys: tuple[str, ...], kind: TaskKind) -> tuple[ModelSpec, ...]:
    """Return the models of these keys, in this order, each once.

    Raises
    ------
    SpecError
        If there is no key, a key is unknown, or its model cannot learn the task or be tuned.
    """
    if not keys:
        raise SpecError("Choose at least one model to tune.")
    specs = models_named(keys, kind)
    for spec in specs:
        if not spec.can_be_tuned:
            raise SpecError(f"{spec.key} has nothing to tune; choose another model.")
    return specs


def models_named(keys: tuple[str, ...], kind: TaskKind) -> tuple[ModelSpec, ...]:
    """Return the models of these keys, in this order, each once.

    Raises
    ------
    SpecError
        If a key is unknown, or its model cannot learn a task of that kind.
    """
    specs = tuple(model(key) for key in dict.fromkeys(keys))
    for spec in specs:
        if kind not in spec.tasks:
            fitting = ", ".join(candidate.key for candidate in models_for(kind))
            raise SpecError(f"{spec.key} cannot learn a {kind} task; choose among {fitting}.")
    return specs
