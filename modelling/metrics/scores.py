"""One score from one set of predictions, by scikit-learn's public functions.

scikit-learn is imported inside the functions: the web process reads the registry and must not
pay for that import.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelling.metrics.predictions import (
    bounded,
    check_shapes,
    clean_probabilities,
    labels_of,
)
from modelling.metrics.registry import metrics_for
from modelling.metrics.spec import MetricSpec
from modelling.types import TaskKind

Values = NDArray[Any]


def score(metric: MetricSpec, truth: Values, prediction: Values) -> float:
    """Return the published score of a prediction.

    Parameters
    ----------
    metric : MetricSpec
        What to compute.
    truth : array of shape (n,)
        Class codes 0 .. K-1, or values of a regression.
    prediction : array of shape (n, K) or (n,)
        Probabilities of the classes (column 1 is the positive class of a binary task), or values.

    Returns
    -------
    float
        The score; NaN where it is undefined: no rows, a prediction that is not finite, an AUC
        of rows of one class, R squared of one row.

    Raises
    ------
    ValueError
        If the shapes do not belong together or a probability lies outside [0, 1].
    """
    truth, prediction = np.asarray(truth), np.asarray(prediction)
    check_shapes(metric.uses, truth, prediction)
    if len(truth) == 0 or not np.all(np.isfinite(prediction)):
        return math.nan
    return float(_FUNCTIONS[metric.name](truth, prediction))


def all_scores(kind: TaskKind, truth: Values, prediction: Values) -> dict[str, float | None]:
    """Return each metric of that kind of task by name; None where it is undefined."""
    scores = {spec.name: score(spec, truth, prediction) for spec in metrics_for(kind)}
    return {name: value if math.isfinite(value) else None for name, value in scores.items()}


def _roc_auc(truth: Values, prediction: Values) -> float:
    return _ranking_auc(truth == 1, prediction[:, 1])


def _ranking_auc(positive: Values, values: Values) -> float:
    from sklearn.metrics import roc_auc_score

    if positive.all() or not positive.any():
        return math.nan
    return float(roc_auc_score(positive, values))


def _roc_auc_ovr(truth: Values, prediction: Values) -> float:
    # Class by class, as scikit-learn's one-vs-rest macro average does it: that function itself
    # refuses single-precision rows, and dividing rows by their sum could break ties.
    classes = range(prediction.shape[1])
    return float(np.mean([_ranking_auc(truth == k, prediction[:, k]) for k in classes]))


def _average_precision(truth: Values, prediction: Values) -> float:
    from sklearn.metrics import average_precision_score

    if not np.any(truth == 1):
        return math.nan
    return float(average_precision_score(truth == 1, prediction[:, 1]))


def _log_loss(truth: Values, prediction: Values) -> float:
    from sklearn.metrics import log_loss

    labels = list(range(prediction.shape[1]))
    return float(log_loss(truth, clean_probabilities(prediction), labels=labels))


def _brier(truth: Values, prediction: Values) -> float:
    from sklearn.metrics import brier_score_loss

    return float(brier_score_loss(truth, bounded(prediction)[:, 1], labels=[0, 1], pos_label=1))


def _accuracy(truth: Values, prediction: Values) -> float:
    from sklearn.metrics import accuracy_score

    return float(accuracy_score(truth, labels_of(prediction)))


def _balanced_accuracy(truth: Values, prediction: Values) -> float:
    # Macro recall over the classes of the truth is balanced accuracy; balanced_accuracy_score
    # itself warns (1.9) when a class is predicted that the rows do not hold.
    from sklearn.metrics import recall_score

    return float(
        recall_score(
            truth, labels_of(prediction), labels=np.unique(truth), average="macro", zero_division=0
        )
    )


def _f1(truth: Values, prediction: Values) -> float:
    from sklearn.metrics import f1_score

    return float(f1_score(truth == 1, labels_of(prediction) == 1, zero_division=0))


def _f1_macro(truth: Values, prediction: Values) -> float:
    # Without `labels`: a class that is neither there nor predicted has no F1, as in the scorer.
    from sklearn.metrics import f1_score

    return float(f1_score(truth, labels_of(prediction), average="macro", zero_division=0))


def _matthews(truth: Values, prediction: Values) -> float:
    from sklearn.metrics import matthews_corrcoef

    labels = labels_of(prediction)
    if np.all(truth == truth[0]) or np.all(labels == labels[0]):
        return 0.0  # scikit-learn's value, which it gives with a warning (1.9)
    return float(matthews_corrcoef(truth, labels))


def _rmse(truth: Values, prediction: Values) -> float:
    from sklearn.metrics import root_mean_squared_error

    return float(root_mean_squared_error(truth, prediction))


def _mean_absolute_error(truth: Values, prediction: Values) -> float:
    from sklearn.metrics import mean_absolute_error

    return float(mean_absolute_error(truth, prediction))


def _median_absolute_error(truth: Values, prediction: Values) -> float:
    from sklearn.metrics import median_absolute_error

    return float(median_absolute_error(truth, prediction))


def _r2(truth: Values, prediction: Values) -> float:
    from sklearn.metrics import r2_score

    return float(r2_score(truth, prediction)) if len(truth) > 1 else math.nan


_FUNCTIONS: dict[str, Callable[[Values, Values], float]] = {
    "roc_auc": _roc_auc,
    "roc_auc_ovr": _roc_auc_ovr,
    "average_precision": _average_precision,
    "neg_log_loss": _log_loss,
    "neg_brier_score": _brier,
    "accuracy": _accuracy,
    "balanced_accuracy": _balanced_accuracy,
    "f1": _f1,
    "f1_macro": _f1_macro,
    "matthews_corrcoef": _matthews,
    "neg_root_mean_squared_error": _rmse,
    "neg_mean_absolute_error": _mean_absolute_error,
    "neg_median_absolute_error": _median_absolute_error,
    "r2": _r2,
}
