"""LazyPredict on our rows and models, one call per fold: it takes no folds but its own.

The calls follow one another, as its documentation has them, with estimators that use both cores;
or two at a time in processes of their own (``two_at_a_time``), which only its user can arrange.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from lazypredict.Supervised import LazyClassifier, LazyRegressor

from benchmarks.peers.estimators import class_of, params_of
from benchmarks.peers.hand_over import Fold, Question, Scores, serve

METRICS = {
    "ROC AUC": "roc_auc",
    "Accuracy": "accuracy",
    "Balanced Accuracy": "balanced_accuracy",
    "F1 Score": "f1_weighted",
    "RMSE": "neg_root_mean_squared_error",
    "R-Squared": "r2",
}


class Configured:
    """A class of estimators, as LazyPredict wants it, with parameters that are not its defaults."""

    def __init__(self, key: str, question: Question, threads: int) -> None:
        self.made = class_of(key, question)
        self.params = params_of(key, question, threads=threads)
        self.__name__, self.__module__ = key, self.made.__module__

    def __call__(self, **changes: Any) -> Any:
        return self.made(**{**self.params, **changes})


def prepare(question: Question, *, at_a_time: int) -> Callable[[], Scores]:
    """Return the loop over the folds."""
    # LazyPredict looks for columns of objects, and takes no other text (0.3.0 with pandas 3).
    words = question.features.select_dtypes(include=["object", "string"]).columns
    features = question.features.astype(dict.fromkeys(words, object))
    return lambda: compared(question, features, at_a_time)


def compared(question: Question, features: pd.DataFrame, at_a_time: int) -> Scores:
    """Return the mean over the folds of what LazyPredict computes."""
    threads = question.cores // at_a_time
    calls = (delayed(one_fold)(question, features, fold, threads) for fold in question.folds)
    tables = Parallel(n_jobs=at_a_time)(calls)
    known = [name for name in METRICS if name in tables[0]]
    return {
        key: {
            METRICS[name]: float(np.mean([table.loc[key, name] for table in tables]))
            for name in known
        }
        for key in question.models
    }


def one_fold(question: Question, features: pd.DataFrame, fold: Fold, threads: int) -> pd.DataFrame:
    """Return LazyPredict's table of one fold."""
    models: Any = [Configured(key, question, threads) for key in question.models]
    if question.is_classification:
        lazy = LazyClassifier(classifiers=models, random_state=question.seed)
    else:
        lazy = LazyRegressor(regressors=models, random_state=question.seed)
    train, valid = fold
    table, _ = lazy.fit(
        features.iloc[train], features.iloc[valid], question.truth[train], question.truth[valid]
    )
    if lazy.errors:
        # It only notes them, and its table is short of a model.
        raise RuntimeError(f"LazyPredict could not fit: {lazy.errors}")
    return table


if __name__ == "__main__":
    two = "two_at_a_time" in sys.argv
    serve(
        partial(prepare, at_a_time=2 if two else 1),
        setting="two folds at a time by joblib, estimators with one thread"
        if two
        else "one call per fold, estimators with two threads",
        libraries=("lazypredict", "scikit-learn", "lightgbm", "xgboost-cpu", "catboost"),
    )
