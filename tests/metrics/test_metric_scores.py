import math

import numpy as np
import pytest
from sklearn import metrics as sk

from modelling.metrics import METRICS, all_scores, metric, score
from modelling.types import TaskKind


def probabilities(n, k, seed=0):
    return np.random.default_rng(seed).dirichlet(np.ones(k), n)


def test_binary_scores_equal_scikit_learns_on_the_same_predictions():
    truth = np.random.default_rng(1).integers(0, 2, 400)
    prediction = probabilities(400, 2)
    positive, labels = prediction[:, 1], prediction.argmax(axis=1)
    expected = {
        "roc_auc": sk.roc_auc_score(truth, positive),
        "average_precision": sk.average_precision_score(truth, positive),
        "neg_log_loss": sk.log_loss(truth, prediction),
        "neg_brier_score": sk.brier_score_loss(truth, positive),
        "accuracy": sk.accuracy_score(truth, labels),
        "balanced_accuracy": sk.balanced_accuracy_score(truth, labels),
        "f1": sk.f1_score(truth, labels),
        "matthews_corrcoef": sk.matthews_corrcoef(truth, labels),
    }
    assert all_scores(TaskKind.BINARY, truth, prediction) == pytest.approx(expected, abs=1e-12)


def test_multiclass_scores_equal_scikit_learns_on_the_same_predictions():
    truth = np.random.default_rng(1).integers(0, 4, 400)
    prediction = probabilities(400, 4)
    labels = prediction.argmax(axis=1)
    expected = {
        "neg_log_loss": sk.log_loss(truth, prediction),
        "accuracy": sk.accuracy_score(truth, labels),
        "balanced_accuracy": sk.balanced_accuracy_score(truth, labels),
        "f1_macro": sk.f1_score(truth, labels, average="macro"),
        "roc_auc_ovr": sk.roc_auc_score(truth, prediction, multi_class="ovr"),
        "matthews_corrcoef": sk.matthews_corrcoef(truth, labels),
    }
    assert all_scores(TaskKind.MULTICLASS, truth, prediction) == pytest.approx(expected, abs=1e-12)


def test_regression_scores_are_positive_errors_that_a_hand_can_check():
    scores = all_scores(TaskKind.REGRESSION, np.array([1.0, 2.0, 6.0]), np.array([1.0, 3.0, 2.0]))
    assert scores == pytest.approx(
        {
            "neg_root_mean_squared_error": math.sqrt(17 / 3),
            "neg_mean_absolute_error": 5 / 3,
            "neg_median_absolute_error": 1.0,
            "r2": 1 - 17 / 14,
        }
    )


def test_single_precision_rows_are_renormalised_without_a_warning():
    truth = np.random.default_rng(2).integers(0, 7, 5000)
    exact = probabilities(5000, 7)
    rounded = exact.astype(np.float32)
    assert rounded.sum(axis=1).astype(np.float64).std() > 0
    for name, value in all_scores(TaskKind.MULTICLASS, truth, exact).items():
        assert score(metric(name), truth, rounded) == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize("kind", [TaskKind.BINARY, TaskKind.MULTICLASS])
def test_rows_of_one_class_give_no_auc_and_no_warning(kind):
    k = 2 if kind is TaskKind.BINARY else 3
    scores = all_scores(kind, np.zeros(20, dtype=np.int64), probabilities(20, k))
    undefined = {name for name, value in scores.items() if value is None}
    assert undefined == ({"roc_auc", "average_precision"} if k == 2 else {"roc_auc_ovr"})


def test_a_class_missing_from_the_rows_leaves_the_log_loss_defined():
    truth = np.array([0, 1, 0, 1])
    prediction = np.full((4, 3), 1 / 3)
    assert score(metric("neg_log_loss"), truth, prediction) == pytest.approx(math.log(3))


def test_certain_and_wrong_predictions_have_a_finite_log_loss():
    prediction = np.array([[1.0, 0.0], [0.0, 1.0]], dtype=np.float32)
    assert math.isfinite(score(metric("neg_log_loss"), np.array([1, 0]), prediction))


def test_constant_labels_give_zero_correlation():
    prediction = np.tile([0.9, 0.1], (6, 1))
    assert score(metric("matthews_corrcoef"), np.array([0, 1, 0, 1, 0, 1]), prediction) == 0.0
    assert score(metric("matthews_corrcoef"), np.zeros(6, dtype=int), prediction) == 0.0


@pytest.mark.parametrize("spec", METRICS, ids=lambda spec: spec.name)
def test_no_rows_and_predictions_that_are_not_finite_give_nan(spec):
    shape = (2,) if spec.uses == "value" else (2, 2)
    assert math.isnan(score(spec, np.array([]), np.empty((0, *shape[1:]))))
    assert math.isnan(score(spec, np.array([0, 1]), np.full(shape, np.nan)))


def test_values_that_are_no_probabilities_are_refused():
    with pytest.raises(ValueError, match=r"\[0, 1\], got -3 to 4"):
        score(metric("neg_log_loss"), np.array([0]), np.array([[-3.0, 4.0]]))
    with pytest.raises(ValueError, match="row of zeros"):
        score(metric("neg_log_loss"), np.array([0]), np.zeros((1, 2)))


def test_predictions_of_another_shape_are_refused():
    with pytest.raises(ValueError, match="n_classes"):
        score(metric("roc_auc"), np.array([0, 1]), np.array([0.2, 0.8]))
