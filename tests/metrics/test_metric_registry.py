import subprocess
import sys

import pytest
from sklearn.metrics import get_scorer_names

from modelling.errors import SpecError
from modelling.metrics import METRICS, default_metric, metric, metrics_for
from modelling.metrics.resampled import _SCORERS
from modelling.metrics.scores import _FUNCTIONS
from modelling.types import Direction, TaskKind


def test_names_are_unique_scorer_names_of_scikit_learn():
    names = [spec.name for spec in METRICS]
    assert len(set(names)) == len(names)
    assert set(names) <= set(get_scorer_names())


def test_each_metric_has_its_score_and_its_resampled_score():
    names = {spec.name for spec in METRICS}
    assert set(_FUNCTIONS) == names
    assert set(_SCORERS) == names


def test_error_metrics_are_minimised_and_all_others_maximised():
    for spec in METRICS:
        is_error = spec.name.startswith("neg_")
        assert (spec.direction is Direction.MINIMIZE) == is_error
        assert spec.margin_relative == is_error


@pytest.mark.parametrize(
    ("kind", "name", "count"),
    [
        (TaskKind.BINARY, "roc_auc", 8),
        (TaskKind.MULTICLASS, "neg_log_loss", 6),
        (TaskKind.REGRESSION, "neg_root_mean_squared_error", 4),
    ],
)
def test_each_task_has_its_default_among_its_metrics(kind, name, count):
    assert default_metric(kind).name == name
    assert default_metric(kind) in metrics_for(kind)
    assert len(metrics_for(kind)) == count


def test_unknown_metric_names_the_allowed_ones():
    with pytest.raises(SpecError, match=r"'gini'.*roc_auc"):
        metric("gini")


def test_margin_is_absolute_for_auc_and_one_percent_of_the_base_for_errors():
    assert metric("roc_auc").margin_for(0.9) == 0.005
    assert metric("neg_root_mean_squared_error").margin_for(250.0) == pytest.approx(2.5)
    assert metric("neg_log_loss").margin_for(0.4) == pytest.approx(0.004)


def test_orientation_makes_larger_better_and_loss_makes_smaller_better():
    assert metric("roc_auc").oriented(0.9) == 0.9
    assert metric("roc_auc").loss(0.9) == -0.9
    assert metric("neg_log_loss").oriented(0.4) == -0.4
    assert metric("neg_log_loss").loss(0.4) == 0.4


def test_reading_the_registry_imports_no_scikit_learn():
    code = "import sys, modelling.metrics; print('sklearn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
