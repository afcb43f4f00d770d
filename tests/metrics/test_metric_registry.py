import subprocess
import sys
from dataclasses import MISSING, fields

import pytest
import sklearn.metrics
from sklearn.metrics import get_scorer_names

from modelling.errors import SpecError
from modelling.metrics import METRICS, MetricSpec, default_metric, metric, metrics_for
from modelling.metrics.resampled import _SCORERS
from modelling.metrics.scores import _FUNCTIONS
from modelling.types import Direction, TaskKind

# Not among scikit-learn's scorers: named after its functions.
NO_SCORER = {"cohen_kappa_score", "neg_mean_pinball_loss"}


def test_names_are_unique_scorer_names_of_scikit_learn_else_names_of_its_functions():
    names = [spec.name for spec in METRICS]
    assert len(set(names)) == len(names)
    assert set(names) - set(get_scorer_names()) == NO_SCORER
    assert all(callable(getattr(sklearn.metrics, name.removeprefix("neg_"))) for name in NO_SCORER)


def test_titles_are_unique_and_each_metric_has_one_sentence_for_an_analyst():
    assert len({spec.title for spec in METRICS}) == len(METRICS)
    for spec in METRICS:
        assert spec.sentence.endswith(".")
        assert ". " not in spec.sentence


def test_a_metric_must_say_its_unit_and_its_range():
    told = {
        field.name: getattr(metric("r2"), field.name)
        for field in fields(MetricSpec)
        if field.default is MISSING
    }
    assert MetricSpec(**told) == metric("r2")
    for name in ("unit", "range"):
        with pytest.raises(TypeError, match=name):
            MetricSpec(**{key: value for key, value in told.items() if key != name})


def test_units_are_those_that_a_sentence_can_carry():
    units = {spec.name: spec.unit for spec in METRICS if spec.unit}
    assert units == {
        "neg_log_loss": "nats",
        "neg_root_mean_squared_error": "units of the target",
        "neg_mean_absolute_error": "units of the target",
        "neg_median_absolute_error": "units of the target",
        "neg_mean_absolute_percentage_error": "of the true value",
        "neg_mean_pinball_loss": "units of the target",
    }


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
        (TaskKind.BINARY, "roc_auc", 11),
        (TaskKind.MULTICLASS, "neg_log_loss", 10),
        (TaskKind.REGRESSION, "neg_root_mean_squared_error", 6),
    ],
)
def test_each_task_lists_its_default_first(kind, name, count):
    assert default_metric(kind).name == name
    assert metrics_for(kind)[0] == default_metric(kind)
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
