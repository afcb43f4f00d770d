"""PyCaret's ``compare_models`` on our rows, folds and models."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from pycaret.classification import ClassificationExperiment
from pycaret.regression import RegressionExperiment

from benchmarks.peers.estimators import class_of, params_of
from benchmarks.peers.hand_over import Fold, Question, Scores, serve

METRICS = {
    "AUC": "roc_auc",
    "Accuracy": "accuracy",
    "RMSE": "neg_root_mean_squared_error",
    "R2": "r2",
}
TARGET = "tuneworth_target"
# PyCaret wants a test set of its own; it plays no part in comparing.
HELD_ROWS = 20


class GivenFolds:
    """Folds as they were given, if the rows are the ones they were given for."""

    def __init__(self, folds: tuple[Fold, ...], truth: np.ndarray) -> None:
        self.folds, self.truth = folds, truth
        self.n_splits = len(folds)

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:  # noqa: ARG002
        return self.n_splits

    def split(self, X: Any, y: Any = None, groups: Any = None) -> Iterator[Fold]:  # noqa: ARG002
        if not np.allclose(np.asarray(y, dtype=float), self.truth):
            raise ValueError("PyCaret reordered the rows; the folds no longer fit them.")
        yield from self.folds


def prepare(question: Question) -> Callable[[], Scores]:
    """Set the experiment up, and return the comparison."""
    experiment = (
        ClassificationExperiment() if question.is_classification else RegressionExperiment()
    )
    rows = question.features.assign(**{TARGET: question.truth})
    experiment.setup(
        data=rows,
        target=TARGET,
        test_data=rows.iloc[:HELD_ROWS],
        index=False,
        fold_strategy=GivenFolds(question.folds, question.truth),
        session_id=question.seed,
        n_jobs=question.cores,
        # Encodings are kept here between models; the default folder would keep them between runs.
        memory=tempfile.mkdtemp(dir=Path.cwd()),
        html=False,
        verbose=False,
        system_log=False,
    )
    return lambda: compared(experiment, question)


def compared(experiment: Any, question: Question) -> Scores:
    """Compare; no model is fitted again on all rows."""
    keys = list(question.models)
    models = [estimator(key, question) for key in keys]
    experiment.compare_models(include=models, n_select=0, errors="raise", verbose=False, round=12)
    table = experiment.pull()
    known = [name for name in METRICS if name in table]
    return {
        keys[int(row)]: {METRICS[name]: float(table.loc[row, name]) for name in known}
        for row in table.index
    }


def estimator(key: str, question: Question) -> Any:
    """Return the unfitted estimator, seeded where it draws."""
    made = class_of(key, question)(**params_of(key, question))
    seeded = "random_state" in made.get_params()
    return made.set_params(random_state=question.seed) if seeded else made


if __name__ == "__main__":
    serve(
        prepare,
        setting="setup(n_jobs=2), compare_models(n_select=0), estimators with one thread",
        libraries=("pycaret", "scikit-learn", "lightgbm", "xgboost-cpu", "catboost"),
    )
