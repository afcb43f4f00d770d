"""LazyPredict on our rows and models, once per fold: it takes no folds but its own."""

from __future__ import annotations

from collections.abc import Callable
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

    def __init__(self, key: str, question: Question) -> None:
        self.made, self.params = class_of(key, question), params_of(key, question)
        self.__name__, self.__module__ = key, self.made.__module__

    def __call__(self, **changes: Any) -> Any:
        return self.made(**{**self.params, **changes})


def prepare(question: Question) -> Callable[[], Scores]:
    """Return the loop over the folds."""
    # LazyPredict looks for columns of objects, and takes no other text (0.3.0 with pandas 3).
    words = question.features.select_dtypes(include=["object", "string"]).columns
    features = question.features.astype(dict.fromkeys(words, object))
    return lambda: compared(question, features)


def compared(question: Question, features: pd.DataFrame) -> Scores:
    """Return the mean over the folds of what LazyPredict computes."""
    loop = Parallel(n_jobs=question.cores)
    tables = loop(delayed(one_fold)(question, features, fold) for fold in question.folds)
    known = [name for name in METRICS if name in tables[0]]
    return {
        key: {
            METRICS[name]: float(np.mean([table.loc[key, name] for table in tables]))
            for name in known
        }
        for key in question.models
    }


def one_fold(question: Question, features: pd.DataFrame, fold: Fold) -> pd.DataFrame:
    """Return LazyPredict's table of one fold."""
    models: Any = [Configured(key, question) for key in question.models]
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
    serve(
        prepare,
        setting="two folds at a time by joblib, estimators with one thread",
        libraries=("lazypredict", "scikit-learn", "lightgbm", "xgboost-cpu", "catboost"),
    )
