"""Every metric of the product; adding one is an entry here and its two functions.

The functions are in ``scores`` (scikit-learn's own) and ``resampled`` (many draws at once).
"""

from __future__ import annotations

import math

from modelling.errors import SpecError
from modelling.metrics.spec import MetricSpec
from modelling.types import Direction, TaskKind

# Too low weighs PINBALL_ALPHA, too high the rest; 0.5 would be half of the mean absolute error.
PINBALL_ALPHA = 0.9

_BINARY = frozenset({TaskKind.BINARY})
_MULTICLASS = frozenset({TaskKind.MULTICLASS})
_CLASSES = _BINARY | _MULTICLASS
_REGRESSION = frozenset({TaskKind.REGRESSION})

# The first metric of a kind of task is its default.
METRICS: tuple[MetricSpec, ...] = (
    MetricSpec(
        name="roc_auc",
        title="ROC AUC",
        tasks=_BINARY,
        direction=Direction.MAXIMIZE,
        uses="probability",
        range=(0.0, 1.0),
        unit="",
        default_margin=0.005,
        needs_every_class=True,
        sentence=(
            "How often a positive row is ranked above a negative one: 0.5 is chance, 1 is perfect."
        ),
    ),
    MetricSpec(
        name="neg_log_loss",
        title="Log loss",
        tasks=_CLASSES,
        direction=Direction.MINIMIZE,
        uses="probability",
        range=(0.0, math.inf),
        unit="nats",
        default_margin=0.01,
        margin_relative=True,
        sentence="How far the probabilities are from what happened; sure and wrong costs most.",
    ),
    MetricSpec(
        name="roc_auc_ovr",
        title="ROC AUC (one vs rest)",
        tasks=_MULTICLASS,
        direction=Direction.MAXIMIZE,
        uses="probability",
        range=(0.0, 1.0),
        unit="",
        default_margin=0.005,
        needs_every_class=True,
        sentence="The ROC AUC of each class against all others, averaged over the classes.",
    ),
    MetricSpec(
        name="average_precision",
        title="Average precision",
        tasks=_CLASSES,
        direction=Direction.MAXIMIZE,
        uses="probability",
        range=(0.0, 1.0),
        unit="",
        default_margin=0.005,
        needs_every_class=True,
        sentence=(
            "Mean precision over all thresholds, of the positive class or of each of several "
            "classes in turn; chance equals a class's share of the rows, so it suits rare ones."
        ),
    ),
    MetricSpec(
        name="neg_brier_score",
        title="Brier score",
        tasks=_CLASSES,
        direction=Direction.MINIMIZE,
        uses="probability",
        range=(0.0, 2.0),
        unit="",
        default_margin=0.01,
        margin_relative=True,
        sentence=(
            "Mean squared distance between the probabilities and what happened (0 or 1): at worst "
            "1 with two classes and 2 with more."
        ),
    ),
    MetricSpec(
        name="accuracy",
        title="Accuracy",
        tasks=_CLASSES,
        direction=Direction.MAXIMIZE,
        uses="label",
        range=(0.0, 1.0),
        unit="",
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
        unit="",
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
        unit="",
        default_margin=0.005,
        sentence="The harmonic mean of precision and recall of the positive class.",
    ),
    MetricSpec(
        name="f1_macro",
        title="F1 (macro)",
        tasks=_CLASSES,
        direction=Direction.MAXIMIZE,
        uses="label",
        range=(0.0, 1.0),
        unit="",
        default_margin=0.005,
        sentence="The F1 of each class, averaged so that each class counts alike.",
    ),
    MetricSpec(
        name="f1_weighted",
        title="F1 (weighted)",
        tasks=_CLASSES,
        direction=Direction.MAXIMIZE,
        uses="label",
        range=(0.0, 1.0),
        unit="",
        default_margin=0.005,
        sentence="The F1 of each class, averaged so that each class counts by its rows.",
    ),
    MetricSpec(
        name="matthews_corrcoef",
        title="Matthews correlation",
        tasks=_CLASSES,
        direction=Direction.MAXIMIZE,
        uses="label",
        range=(-1.0, 1.0),
        unit="",
        default_margin=0.005,
        sentence="The correlation of predicted and true classes: 0 is chance, 1 is perfect.",
    ),
    MetricSpec(
        name="cohen_kappa_score",
        title="Cohen's kappa",
        tasks=_CLASSES,
        direction=Direction.MAXIMIZE,
        uses="label",
        range=(-1.0, 1.0),
        unit="",
        default_margin=0.005,
        sentence=(
            "The agreement of predicted and true classes beyond what chance alone would give: "
            "0 is chance, 1 is perfect."
        ),
    ),
    MetricSpec(
        name="neg_root_mean_squared_error",
        title="RMSE",
        tasks=_REGRESSION,
        direction=Direction.MINIMIZE,
        uses="value",
        range=(0.0, math.inf),
        unit="units of the target",
        default_margin=0.01,
        margin_relative=True,
        sentence="The typical error; large errors weigh more than small ones.",
    ),
    MetricSpec(
        name="neg_mean_absolute_error",
        title="Mean absolute error",
        tasks=_REGRESSION,
        direction=Direction.MINIMIZE,
        uses="value",
        range=(0.0, math.inf),
        unit="units of the target",
        default_margin=0.01,
        margin_relative=True,
        sentence="The average size of the error.",
    ),
    MetricSpec(
        name="neg_median_absolute_error",
        title="Median absolute error",
        tasks=_REGRESSION,
        direction=Direction.MINIMIZE,
        uses="value",
        range=(0.0, math.inf),
        unit="units of the target",
        default_margin=0.01,
        margin_relative=True,
        sentence="Half of the errors are smaller than this; a few large ones do not move it.",
    ),
    MetricSpec(
        name="neg_mean_absolute_percentage_error",
        title="MAPE",
        tasks=_REGRESSION,
        direction=Direction.MINIMIZE,
        uses="value",
        range=(0.0, math.inf),
        unit="of the true value",
        default_margin=0.01,
        margin_relative=True,
        sentence=(
            "The average error as a share of the true value (0.1 is 10 %); of no use where true "
            "values are zero or close to it, which make it explode."
        ),
    ),
    MetricSpec(
        name="neg_mean_pinball_loss",
        title="Pinball loss (90 % quantile)",
        tasks=_REGRESSION,
        direction=Direction.MINIMIZE,
        uses="value",
        range=(0.0, math.inf),
        unit="units of the target",
        default_margin=0.01,
        margin_relative=True,
        sentence=(
            "The average error where too low counts 0.9 and too high 0.1 of its size: for stock "
            "or capacity, where a shortage costs nine times as much as a surplus."
        ),
    ),
    MetricSpec(
        name="r2",
        title="R squared",
        tasks=_REGRESSION,
        direction=Direction.MAXIMIZE,
        uses="value",
        range=(-math.inf, 1.0),
        unit="",
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
