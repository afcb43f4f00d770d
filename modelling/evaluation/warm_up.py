"""One tiny fit of every estimator, so that first-use costs are in no figure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from modelling.evaluation.estimators import fit, predict
from modelling.metrics.scores import all_scores
from modelling.models import models_for
from modelling.types import TaskKind, TaskSpec


def warm_up() -> None:
    """Import all libraries and fit every model once on a few rows of each task."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 3))
    base = TaskSpec(
        target="y", kind=TaskKind.BINARY, metric="roc_auc", features=("x",), classes=("a", "b")
    )
    tasks = [
        (base, np.arange(60) % 2),
        (replace(base, kind=TaskKind.REGRESSION, metric="r2", classes=()), X[:, 0]),
    ]
    for task, y in tasks:
        # Models for text bring libraries that few experiments need: the first fit loads them.
        for spec in models_for(task.kind, text=False):
            estimator, _ = fit(spec.key, spec.base, task, X, y)
            all_scores(task.kind, y, predict(estimator, X, task))
