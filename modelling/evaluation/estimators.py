"""Fitting and predicting with any registered model, the same way everywhere."""

from __future__ import annotations

from typing import Any

import numpy as np

from modelling.evaluation.folds import carve_validation
from modelling.models import model
from modelling.models.spec import Estimator
from modelling.types import Params, TaskSpec


def build(key: str, params: Params, task: TaskSpec, *, rounds: int | None = None) -> Estimator:
    """Return an unfitted estimator; ``rounds`` replaces the number of boosting rounds."""
    spec = model(key)
    settings = dict(params)
    if rounds is not None and spec.early_stopping is not None:
        settings[spec.early_stopping.param] = rounds
    return spec.build(task.kind, settings, task.seed)


def fit(
    key: str,
    params: Params,
    task: TaskSpec,
    X: np.ndarray,
    y: np.ndarray,
    *,
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
        return build(key, params, task).fit(X, y), None
    train, valid = carved
    estimator = build(key, params, task, rounds=stopping.maximum)
    rounds = stopping.fit(estimator, X[train], y[train], X[valid], y[valid], stopping.patience)
    return estimator, rounds


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
