"""Every metric of the product; adding one is an entry here and its two functions.

The functions are in ``scores`` (scikit-learn's own) and ``resampled`` (many draws at once).
"""

from __future__ import annotations

import math

from modelling.errors import SpecError
from modelling.metrics.spec import MetricSpec
from modelling.types import Direction, TaskKind

_BINARY = frozenset({TaskKind.BINARY})
_MULTICLASS = frozenset({TaskKind.MULTICLASS})
_CLASSES = _BINARY | _MULTICLASS
_REGRESSION = frozenset({TaskKind.REGRESSION})

METRICS: tuple[MetricSpec, ...] = (
    MetricSpec(
        name="roc_auc",
        title="ROC AUC",
        tasks=_BINARY,
        direction=Direction.MAXIMIZE,
        uses="probability",
        range=(0.0, 1.0),
        default_margin=0.005,
        sentence=(
            "How often a positive row is ranked above a negative one: 0.5 is chance, 1 is perfect."
        ),
    ),
    MetricSpec(
        name="average_precision",
        title="Average precision",
        tasks=_BINARY,
        direction=Direction.MAXIMIZE,
        uses="probability",
        range=(0.0, 1.0),
        default_margin=0.005,
        sentence=(
            "Mean precision over all thresholds; chance equals the share of positives, "
            "so it suits rare positives."
        ),
    ),
    MetricSpec(
        name="neg_log_loss",
        title="Log loss",
        tasks=_CLASSES,
        direction=Direction.MINIMIZE,
        uses="probability",
        range=(0.0, math.inf),
        default_margin=0.01,
        margin_relative=True,
        sentence="How far the probabilities are from what happened; sure and wrong costs most.",
    ),
    MetricSpec(
        name="neg_brier_score",
        title="Brier score",
        tasks=_BINARY,
        direction=Direction.MINIMIZE,
        uses="probability",
        range=(0.0, 1.0),
        default_margin=0.01,
        margin_relative=True,
        sentence="Mean squared distance between the probability and what happened (0 or 1).",
    ),
    MetricSpec(
        name="accuracy",
        title="Accuracy",
        tasks=_CLASSES,
        direction=Direction.MAXIMIZE,
        uses="label",
        range=(0.0, 1.0),
        default_margin=0.005,
        sentence="The share of rows whose most probable class is the right one.",
    ),
    MetricSpec(
        name="balanced_accuracy",
        title="Balanced accuracy",
        tasks=_CLASSES,
        direction=Direction.MAXIMIZE,
        uses="label",
        range=(0.0, 1.0),
        default_margin=0.005,
        sentence="The share of right answers in each class, averaged so that each counts alike.",
    ),
    MetricSpec(
        name="f1",
        title="F1",
        tasks=_BINARY,
        direction=Direction.MAXIMIZE,
        uses="label",
        range=(0.0, 1.0),
        default_margin=0.005,
        sentence="The harmonic mean of precision and recall of the positive class.",
    ),
    MetricSpec(
        name="f1_macro",
        title="F1 (macro)",
        tasks=_MULTICLASS,
        direction=Direction.MAXIMIZE,
        uses="label",
        range=(0.0, 1.0),
        default_margin=0.005,
        sentence="The F1 of each class, averaged so that each class counts alike.",
    ),
    MetricSpec(
        name="roc_auc_ovr",
        title="ROC AUC (one vs rest)",
        tasks=_MULTICLASS,
        direction=Direction.MAXIMIZE,
        uses="probability",
        range=(0.0, 1.0),
        default_margin=0.005,
        sentence="The ROC AUC of each class against all others, averaged over the classes.",
    ),
    MetricSpec(
        name="matthews_corrcoef",
        title="Matthews correlation",
        tasks=_CLASSES,
        direction=Direction.MAXIMIZE,
        uses="label",
        range=(-1.0, 1.0),
        default_margin=0.005,
        sentence="The correlation of predicted and true classes: 0 is chance, 1 is perfect.",
    ),
    MetricSpec(
        name="neg_root_mean_squared_error",
        title="RMSE",
        tasks=_REGRESSION,
        direction=Direction.MINIMIZE,
        uses="value",
        range=(0.0, math.inf),
        default_margin=0.01,
        margin_relative=True,
        unit="units of the target",
        sentence="The typical error; large errors weigh more than small ones.",
    ),
    MetricSpec(
        name="neg_mean_absolute_error",
        title="Mean absolute error",
        tasks=_REGRESSION,
        direction=Direction.MINIMIZE,
        uses="value",
        range=(0.0, math.inf),
        default_margin=0.01,
        margin_relative=True,
        unit="units of the target",
        sentence="The average size of the error.",
    ),
    MetricSpec(
        name="neg_median_absolute_error",
        title="Median absolute error",
        tasks=_REGRESSION,
        direction=Direction.MINIMIZE,
        uses="value",
        range=(0.0, math.inf),
        default_margin=0.01,
        margin_relative=True,
        unit="units of the target",
        sentence="Half of the errors are smaller than this; a few large ones do not move it.",
    ),
    MetricSpec(
        name="r2",
        title="R squared",
        tasks=_REGRESSION,
        direction=Direction.MAXIMIZE,
        uses="value",
        range=(-math.inf, 1.0),
        default_margin=0.005,
        sentence="The share of the target's variance that is explained: 0 is the mean's own score.",
    ),
)

_BY_NAME = {spec.name: spec for spec in METRICS}
_DEFAULTS = {
    TaskKind.BINARY: "roc_auc",
    TaskKind.MULTICLASS: "neg_log_loss",
    TaskKind.REGRESSION: "neg_root_mean_squared_error",
}


def metric(name: str) -> MetricSpec:
    """Return the metric of that name.

    Raises
    ------
    SpecError
        If there is no such metric.

    Examples
    --------
    >>> metric("roc_auc").title
    'ROC AUC'
    """
    if name not in _BY_NAME:
        allowed = ", ".join(_BY_NAME)
        raise SpecError(f"There is no metric '{name}'. Choose one of: {allowed}.")
    return _BY_NAME[name]


def metrics_for(kind: TaskKind) -> tuple[MetricSpec, ...]:
    """Return the metrics that suit that kind of task, in the order of the registry."""
    return tuple(spec for spec in METRICS if kind in spec.tasks)


def default_metric(kind: TaskKind) -> MetricSpec:
    """Return the metric that judges that kind of task unless the analyst chooses another."""
    return _BY_NAME[_DEFAULTS[kind]]
