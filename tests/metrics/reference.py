"""Made-up predictions of every kind of difficulty, and scikit-learn's own answer to each."""

import math
import warnings

import numpy as np
from sklearn import metrics as sk
from sklearn.exceptions import UndefinedMetricWarning

from modelling.metrics import metrics_for
from modelling.types import TaskKind

CASES = [(kind, spec.name) for kind in TaskKind for spec in metrics_for(kind)]
N_CLASSES = {TaskKind.BINARY: 2, TaskKind.MULTICLASS: 4}

_OF_VALUES = {
    "neg_root_mean_squared_error": sk.root_mean_squared_error,
    "neg_mean_absolute_error": sk.mean_absolute_error,
    "neg_median_absolute_error": sk.median_absolute_error,
    "neg_mean_absolute_percentage_error": sk.mean_absolute_percentage_error,
    "neg_mean_pinball_loss": lambda truth, values: sk.mean_pinball_loss(truth, values, alpha=0.9),
    "r2": sk.r2_score,
}
_OF_LABELS = {
    "accuracy": (sk.accuracy_score, {}),
    "balanced_accuracy": (sk.balanced_accuracy_score, {}),
    "f1": (sk.f1_score, {"zero_division": 0}),
    "f1_macro": (sk.f1_score, {"average": "macro", "zero_division": 0}),
    "f1_weighted": (sk.f1_score, {"average": "weighted", "zero_division": 0}),
    "matthews_corrcoef": (sk.matthews_corrcoef, {}),
    "cohen_kappa_score": (sk.cohen_kappa_score, {}),
}
_OF_PROBABILITIES = {
    "roc_auc": lambda truth, chances: sk.roc_auc_score(truth, chances[:, 1]),
    "roc_auc_ovr": lambda truth, chances: sk.roc_auc_score(truth, chances, multi_class="ovr"),
    "average_precision": lambda truth, chances: sk.average_precision_score(
        truth, chances[:, 1] if chances.shape[1] == 2 else chances
    ),
    "neg_log_loss": lambda truth, chances: sk.log_loss(truth, chances, labels=_codes(chances)),
    "neg_brier_score": lambda truth, chances: sk.brier_score_loss(
        truth, chances, labels=_codes(chances)
    ),
}


def by_scikit_learn(name, truth, prediction):
    """Return scikit-learn's figure; NaN where the product says that there is none."""
    if len(truth) == 0 or lacks_needed_class(name, truth, prediction):
        return math.nan
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UndefinedMetricWarning)
        warnings.filterwarnings("ignore", message="y_pred contains classes not in y_true")
        warnings.filterwarnings("ignore", message="A single label was found")
        if name in _OF_VALUES:
            return float(_OF_VALUES[name](truth, prediction))
        if name in _OF_LABELS:
            function, options = _OF_LABELS[name]
            return float(function(truth, prediction.argmax(axis=1), **options))
        return float(_OF_PROBABILITIES[name](truth, prediction))


def lacks_needed_class(name, truth, prediction):
    """Return whether a ranking has nothing to rank: scikit-learn warns, refuses or answers 0."""
    if name not in ("roc_auc", "roc_auc_ovr", "average_precision"):
        return False
    needed = {1} if (name, prediction.shape[1]) == ("average_precision", 2) else _codes(prediction)
    return not set(needed) <= set(truth)


def _codes(prediction):
    return list(range(prediction.shape[1]))


def random(kind, n, seed=0):
    """Return a truth and a prediction without ties."""
    rng = np.random.default_rng(seed)
    if kind is TaskKind.REGRESSION:
        truth = rng.normal(1000.0, 3.0, n)
        return truth, truth + rng.normal(0.0, 2.0, n)
    k = N_CLASSES[kind]
    return rng.integers(0, k, n), rng.dirichlet(np.ones(k), n)


def ties(kind, n, seed=0):
    """Return a prediction of few distinct values."""
    truth, prediction = random(kind, n, seed)
    if kind is TaskKind.REGRESSION:
        return truth.round(), prediction.round()
    prediction = np.round(prediction * 5) + 0.01
    prediction /= prediction.sum(axis=1, keepdims=True)
    if kind is TaskKind.BINARY:
        prediction[:, 1] = prediction[:, 1].round(2)
        prediction[:, 0] = 1 - prediction[:, 1]
    return truth, prediction


def perfect(kind, n, seed=0):
    """Return the truth itself as a prediction."""
    truth, _ = random(kind, n, seed)
    return (truth, truth) if kind is TaskKind.REGRESSION else (truth, _certain(truth, kind))


def worst(kind, n, seed=0):
    """Return a prediction that is sure and always wrong."""
    truth, _ = random(kind, n, seed)
    if kind is TaskKind.REGRESSION:
        return truth, -1e6 * truth
    return truth, _certain((truth + 1) % N_CLASSES[kind], kind)


def constant(kind, n, seed=0):
    """Return one prediction for all rows."""
    truth, prediction = random(kind, n, seed)
    return truth, np.repeat(prediction[:1], n, axis=0)


def absent(kind, n, seed=0):
    """Return rows without the last class, which is predicted; zeros in a regression's truth."""
    truth, prediction = random(kind, n, seed)
    if kind is TaskKind.REGRESSION:
        return np.where(np.arange(n) % 3 == 0, 0.0, truth), prediction
    return truth % (N_CLASSES[kind] - 1), prediction


def one_class(kind, n, seed=0):
    """Return rows of one class that is always predicted; a constant truth in a regression."""
    truth, _ = random(kind, n, seed)
    if kind is TaskKind.REGRESSION:
        return np.full(n, truth[0].round()), truth
    return np.zeros(n, dtype=np.int64), _certain(np.zeros(n, dtype=np.int64), kind)


def _certain(codes, kind):
    return np.eye(N_CLASSES[kind])[codes]


PROBLEMS = (random, ties, perfect, worst, constant, absent, one_class)
