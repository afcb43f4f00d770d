"""Fitting and predicting with any registered model, the same way everywhere."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from modelling.evaluation.folds import carve_validation
from modelling.models import model
from modelling.models.spec import EarlyStopping, Estimator, Part
from modelling.types import ClassWeight, Params, TargetScale, TaskSpec


def build(
    key: str,
    params: Params,
    task: TaskSpec,
    *,
    rounds: int | None = None,
    categories: tuple[int, ...] = (),
) -> Estimator:
    """Return an unfitted estimator; ``rounds`` replaces the number of boosting rounds.

    It fits on the scale of the task's target, and answers in the units of the target.
    ``categories`` are the `category_sizes` of what it will be fitted on.
    """
    estimator = _bare(key, params, task, rounds, categories)
    transformer = _transformer(task)
    return estimator if transformer is None else _on_scale(estimator, transformer)


def fit(
    key: str,
    params: Params,
    task: TaskSpec,
    X: np.ndarray,
    y: np.ndarray,
    *,
    categories: tuple[int, ...] = (),
    groups: np.ndarray | None = None,
    times: np.ndarray | None = None,
    stop_early: bool = False,
) -> tuple[Estimator, int | None]:
    """Fit one model on encoded rows.

    Returns
    -------
    estimator
        The fitted estimator.
    rounds : int or None
        The best number of boosting rounds when stopping early, else None.
    """
    stopping = model(key).early_stopping
    carved = carve_validation(y, groups, times, task) if stop_early and stopping else None
    if stopping is None or carved is None:
        estimator = build(key, params, task, categories=categories)
        return estimator.fit(X, y, **fit_arguments(key, task, y, categories=categories)), None
    # What stops a fit is the loss that it minimises, so rows of a class count there as they do in
    # learning. Unweighted, boosting goes on for rounds that take the effect of the weights back.
    train, valid = (
        Part(
            X=X[rows],
            y=y[rows],
            weights=_row_weights(key, task, y[rows], y[carved[0]]),
            arguments=_of_categories(key, categories),
        )
        for rows in carved
    )
    estimator = _bare(key, params, task, stopping.maximum, categories)
    return _stop_early(estimator, stopping, task, train, valid)


def fit_arguments(
    key: str,
    task: TaskSpec,
    y: np.ndarray,
    *,
    categories: tuple[int, ...] = (),
    step: str = "",
) -> dict[str, Any]:
    """Return what ``fit`` of an estimator takes besides ``X`` and ``y``: weights and categories.

    Parameters
    ----------
    y : ndarray of shape (n_rows,)
        The class codes, or values, of the rows that it is fitted on.
    step : str
        Name of the estimator within a pipeline.
    """
    arguments = _of_categories(key, categories)
    weights = _row_weights(key, task, y, y)
    if weights is not None:
        arguments["sample_weight"] = weights
    return {f"{step}__{name}" if step else name: value for name, value in arguments.items()}


def _of_categories(key: str, categories: tuple[int, ...]) -> dict[str, Any]:
    takes = model(key).fit_categories
    return {} if takes is None else takes(categories)


def _row_weights(key: str, task: TaskSpec, y: np.ndarray, learned: np.ndarray) -> np.ndarray | None:
    """Return what rows of the classes ``y`` count, or None if all count the same.

    Balanced, each class of the rows that are ``learned`` from weighs the same in all: n / (K n_k),
    as scikit-learn's "balanced" (after King and Zeng 2001).
    """
    if task.class_weight is ClassWeight.NONE or not model(key).takes_weights:
        return None
    classes, counts = np.unique(learned, return_counts=True)
    of_class = len(learned) / (len(classes) * counts)
    return np.asarray(of_class[np.searchsorted(classes, y)])


def _stop_early(
    estimator: Estimator, stopping: EarlyStopping, task: TaskSpec, train: Part, valid: Part
) -> tuple[Estimator, int]:
    """Fit on the training part until the other one gains no more."""
    transformer = _transformer(task)
    if transformer is None:
        return estimator, stopping.fit(estimator, train, valid, stopping.patience)
    from sklearn.frozen import FrozenEstimator

    scaled = replace(train, y=transformer.fit_transform(train.y.reshape(-1, 1)).ravel())
    stops = replace(valid, y=transformer.transform(valid.y.reshape(-1, 1)).ravel())
    rounds = stopping.fit(estimator, scaled, stops, stopping.patience)
    # Frozen: this learns the way back from the same rows, and leaves the estimator as it is.
    return _on_scale(FrozenEstimator(estimator), transformer).fit(train.X, train.y), rounds


def _bare(
    key: str, params: Params, task: TaskSpec, rounds: int | None, categories: tuple[int, ...]
) -> Estimator:
    """Return an unfitted estimator that knows nothing of the scale of the target."""
    spec = model(key)
    settings: dict[str, Any] = dict(spec.of_task(task) if spec.of_task else {}) | dict(params)
    if spec.of_categories is not None and categories:
        settings |= spec.of_categories(categories)
    if spec.early_stopping is not None:
        # Where too few rows stop a fit, no rounds are found: then it has those of the base.
        param = spec.early_stopping.param
        fixed = settings.get(param, spec.base.get(param))
        settings[param] = fixed if rounds is None else rounds
    return spec.build(task.kind, settings, task.seed)


def _transformer(task: TaskSpec) -> Any:
    if task.scale is TargetScale.IDENTITY:
        return None
    from modelling.models.target_scale import transformer_of

    return transformer_of(task.scale, task.seed)


def _on_scale(estimator: Estimator, transformer: Any) -> Estimator:
    from modelling.models.target_scale import on_scale

    return on_scale(estimator, transformer)


def predict(estimator: Any, X: Any, task: TaskSpec) -> np.ndarray:
    """Return probabilities (n_rows, n_classes) in the order of the task, or values (n_rows,).

    A class that was missing in training gets probability 0.
    """
    if not task.kind.is_classification:
        return np.asarray(estimator.predict(X), dtype="float64")
    known = np.asarray(estimator.predict_proba(X), dtype="float64")
    classes = np.asarray(estimator.classes_, dtype=int)
    if len(classes) == len(task.classes):
        return known
    probabilities = np.zeros((len(known), len(task.classes)))
    probabilities[:, classes] = known
    return probabilities
