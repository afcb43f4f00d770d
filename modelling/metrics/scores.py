"""One score from one set of predictions, by scikit-learn's public functions.

scikit-learn is imported inside the functions: the web process reads the registry and must not
pay for that import.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelling.metrics.predictions import (
    bounded,
    check_shapes,
    clean_probabilities,
    counted_cells,
)
from modelling.metrics.registry import PINBALL_ALPHA, metrics_for
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
        The score; NaN where it is undefined: no rows, a prediction that is not finite, a
        ranking of rows that lack a class, Cohen's kappa of rows that all are and are predicted
        as one class, R squared of one row.

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
    # What roc_auc_score does for two classes; its checks of the truth take as long again.
    from sklearn.metrics import auc, roc_curve

    if positive.all() or not positive.any():
        return math.nan
    false_rate, true_rate, _ = roc_curve(positive, values)
    return float(auc(false_rate, true_rate))


def _roc_auc_ovr(truth: Values, prediction: Values) -> float:
    # Class by class, as scikit-learn's one-vs-rest macro average does it: that function itself
    # refuses single-precision rows, and dividing rows by their sum could break ties.
    classes = range(prediction.shape[1])
    return float(np.mean([_ranking_auc(truth == k, prediction[:, k]) for k in classes]))


def _average_precision(truth: Values, prediction: Values) -> float:
    # Two classes: of the positive one. More: the mean over the classes, as scikit-learn has it.
    n_classes = prediction.shape[1]
    classes = (1,) if n_classes == 2 else range(n_classes)
    return float(np.mean([_ranking_precision(truth == k, prediction[:, k]) for k in classes]))


def _ranking_precision(positive: Values, values: Values) -> float:
    from sklearn.metrics import average_precision_score

    if not positive.any():
        return math.nan  # scikit-learn warns and answers 0
    return float(average_precision_score(positive, values))


def _log_loss(truth: Values, prediction: Values) -> float:
    from sklearn.metrics import log_loss

    labels = list(range(prediction.shape[1]))
    return float(log_loss(truth, clean_probabilities(prediction), labels=labels))


def _brier(truth: Values, prediction: Values) -> float:
    from sklearn.metrics import brier_score_loss

    labels = list(range(prediction.shape[1]))
    if len(labels) == 2:
        positive = bounded(prediction)[:, 1]
        return float(brier_score_loss(truth, positive, labels=labels, pos_label=1))
    return float(brier_score_loss(truth, clean_probabilities(prediction), labels=labels))


def _accuracy(truth: Values, prediction: Values) -> float:
    from sklearn.metrics import accuracy_score

    true, chosen, rows = counted_cells(truth, prediction)
    return float(accuracy_score(true, chosen, sample_weight=rows))


class _ClassScores(NamedTuple):
    """Recall, F1 and true rows of each class that is there or predicted, (n_classes,) each."""

    classes: Values
    recall: Values
    f1: Values
    rows: Values


def _class_scores(truth: Values, prediction: Values) -> _ClassScores:
    true, chosen, rows = counted_cells(truth, prediction)
    return _scores_of_cells(tuple(true.tolist()), tuple(chosen.tolist()), tuple(rows.tolist()))


# Four metrics of one prediction ask in turn, and scikit-learn takes a millisecond each time.
@lru_cache(maxsize=4)
def _scores_of_cells(
    true: tuple[int, ...], chosen: tuple[int, ...], rows: tuple[float, ...]
) -> _ClassScores:
    from sklearn.metrics import precision_recall_fscore_support

    _, recall, f1, support = precision_recall_fscore_support(
        true, chosen, sample_weight=rows, zero_division=0
    )
    return _ClassScores(np.union1d(true, chosen), recall, f1, support)


def _balanced_accuracy(truth: Values, prediction: Values) -> float:
    # Macro recall over the classes of the truth is balanced accuracy; balanced_accuracy_score
    # itself warns (1.9) when a class is predicted that the rows do not hold.
    scores = _class_scores(truth, prediction)
    return float(scores.recall[scores.rows > 0].mean())


def _f1(truth: Values, prediction: Values) -> float:
    scores = _class_scores(truth, prediction)
    return float(scores.f1[scores.classes == 1].sum())  # 0 where there is no positive at all


def _f1_macro(truth: Values, prediction: Values) -> float:
    # As in the scorer: a class that is neither there nor predicted has no F1.
    return float(_class_scores(truth, prediction).f1.mean())


def _f1_weighted(truth: Values, prediction: Values) -> float:
    scores = _class_scores(truth, prediction)
    return float(np.average(scores.f1, weights=scores.rows))


def _matthews(truth: Values, prediction: Values) -> float:
    from sklearn.metrics import matthews_corrcoef

    true, chosen, rows = counted_cells(truth, prediction)
    if np.all(true == true[0]) or np.all(chosen == chosen[0]):
        return 0.0  # scikit-learn's value, which it gives with a warning (1.9)
    return float(matthews_corrcoef(true, chosen, sample_weight=rows))


def _kappa(truth: Values, prediction: Values) -> float:
    from sklearn.metrics import cohen_kappa_score

    true, chosen, rows = counted_cells(truth, prediction)
    if len(rows) == 1 and true[0] == chosen[0]:
        return math.nan  # scikit-learn's value, which it gives with a warning (1.9)
    return float(cohen_kappa_score(true, chosen, sample_weight=rows))


def _rmse(truth: Values, prediction: Values) -> float:
    from sklearn.metrics import root_mean_squared_error

    return float(root_mean_squared_error(truth, prediction))


def _mean_absolute_error(truth: Values, prediction: Values) -> float:
    from sklearn.metrics import mean_absolute_error

    return float(mean_absolute_error(truth, prediction))


def _median_absolute_error(truth: Values, prediction: Values) -> float:
    from sklearn.metrics import median_absolute_error

    return float(median_absolute_error(truth, prediction))


def _mean_absolute_percentage_error(truth: Values, prediction: Values) -> float:
    from sklearn.metrics import mean_absolute_percentage_error

    return float(mean_absolute_percentage_error(truth, prediction))


def _pinball(truth: Values, prediction: Values) -> float:
    from sklearn.metrics import mean_pinball_loss

    return float(mean_pinball_loss(truth, prediction, alpha=PINBALL_ALPHA))


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
    "f1_weighted": _f1_weighted,
    "matthews_corrcoef": _matthews,
    "cohen_kappa_score": _kappa,
    "neg_root_mean_squared_error": _rmse,
    "neg_mean_absolute_error": _mean_absolute_error,
    "neg_median_absolute_error": _median_absolute_error,
    "neg_mean_absolute_percentage_error": _mean_absolute_percentage_error,
    "neg_mean_pinball_loss": _pinball,
    "r2": _r2,
}
