"""The models that the product and all peers have, with the product's base configuration.

Left out is what a peer's catalogue lacks or what is another model there: histogram gradient
boosting, the network and the linear SVM.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from benchmarks.peers.hand_over import Question

# Key of the product -> (module, classifier, regressor).
_CLASSES = {
    "naive_bayes": ("sklearn.naive_bayes", "GaussianNB", ""),
    "logistic": ("sklearn.linear_model", "LogisticRegression", ""),
    "ridge": ("sklearn.linear_model", "", "Ridge"),
    "knn": ("sklearn.neighbors", "KNeighborsClassifier", "KNeighborsRegressor"),
    "tree": ("sklearn.tree", "DecisionTreeClassifier", "DecisionTreeRegressor"),
    "random_forest": ("sklearn.ensemble", "RandomForestClassifier", "RandomForestRegressor"),
    "extra_trees": ("sklearn.ensemble", "ExtraTreesClassifier", "ExtraTreesRegressor"),
    "lightgbm": ("lightgbm", "LGBMClassifier", "LGBMRegressor"),
    "xgboost": ("xgboost", "XGBClassifier", "XGBRegressor"),
    "catboost": ("catboost", "CatBoostClassifier", "CatBoostRegressor"),
}
_THREADED = ("knn", "random_forest", "extra_trees", "lightgbm", "xgboost", "catboost")
_QUIET = {
    "lightgbm": {"verbosity": -1},
    "xgboost": {"verbosity": 0},
    "catboost": {"verbose": False, "allow_writing_files": False},
}


def shared_models(kind: str) -> tuple[str, ...]:
    """Return the keys of the models that learn a task of that kind, wherever they run."""
    place = 2 if kind == "regression" else 1
    return tuple(key for key, names in _CLASSES.items() if names[place])


def class_of(key: str, question: Question) -> Any:
    """Return the library's class."""
    module, classifier, regressor = _CLASSES[key]
    return getattr(import_module(module), classifier if question.is_classification else regressor)


def params_of(key: str, question: Question, *, threads: int = 1) -> dict[str, Any]:
    """Return the product's base configuration, without a seed."""
    params = {**question.models[key], **_QUIET.get(key, {})}
    if key in _THREADED:
        params["thread_count" if key == "catboost" else "n_jobs"] = threads
    return params
