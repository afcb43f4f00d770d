import math

import numpy as np
import pytest

from modelling.metrics import METRICS, all_scores, metric, metrics_for, score
from modelling.types import TaskKind
from tests.metrics.reference import CASES, PROBLEMS, absent, by_scikit_learn, perfect, random


def probabilities(n, k, seed=0):
    return np.random.default_rng(seed).dirichlet(np.ones(k), n)


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.__name__)
@pytest.mark.parametrize(("kind", "name"), CASES)
def test_each_score_is_scikit_learns_and_lies_in_the_range(kind, name, problem):
    for seed in range(3):
        truth, prediction = problem(kind, 300, seed)
        value = score(metric(name), truth, prediction)
        expected = by_scikit_learn(name, truth, prediction)
        assert value == pytest.approx(expected, rel=1e-12, abs=1e-12, nan_ok=True)
        low, high = metric(name).range
        assert math.isnan(value) or low - 1e-12 <= value <= high + 1e-12


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_a_perfect_prediction_reaches_the_good_end_of_the_range(kind, name):
    spec = metric(name)
    best = spec.range[1] if spec.sign > 0 else spec.range[0]
    assert score(spec, *perfect(kind, 50)) == pytest.approx(best, abs=1e-12)


@pytest.mark.parametrize("kind", [TaskKind.BINARY, TaskKind.MULTICLASS])
def test_only_metrics_marked_so_are_undefined_on_rows_without_a_class(kind):
    scores = all_scores(kind, *absent(kind, 60))
    undefined = {name for name, value in scores.items() if value is None}
    assert undefined == {spec.name for spec in metrics_for(kind) if spec.needs_every_class}


def test_cohens_kappa_of_one_class_that_is_always_predicted_is_undefined():
    kappa = metric("cohen_kappa_score")
    certain = np.tile([1.0, 0.0], (6, 1))
    assert math.isnan(score(kappa, np.zeros(6, dtype=int), certain))
    assert score(kappa, np.array([0, 1, 0, 1, 0, 1]), certain) == 0.0
    # 4 of 6 right; by chance (4 x 4 + 2 x 2) / 36 = 5/9: kappa = (2/3 - 5/9) / (1 - 5/9).
    labels = np.array([0, 0, 0, 1, 0, 1])
    assert score(kappa, np.array([0, 0, 0, 0, 1, 1]), np.eye(2)[labels]) == pytest.approx(0.25)


def test_the_brier_score_of_several_classes_sums_the_squares_of_all_of_them():
    brier = metric("neg_brier_score")
    assert score(brier, np.array([0]), np.array([[0.5, 0.3, 0.2]])) == pytest.approx(0.38)
    assert score(brier, np.array([0]), np.array([[0.5, 0.5]])) == pytest.approx(0.25)
    assert score(brier, np.array([0]), np.array([[0.0, 1.0, 0.0]])) == 2.0


def test_the_average_precision_of_several_classes_is_the_mean_of_each_against_the_rest():
    truth, prediction = random(TaskKind.MULTICLASS, 200)
    each = []
    for k in range(4):
        against_the_rest = np.column_stack([1 - prediction[:, k], prediction[:, k]])
        each.append(score(metric("average_precision"), truth == k, against_the_rest))
    whole = score(metric("average_precision"), truth, prediction)
    assert whole == pytest.approx(sum(each) / 4, abs=1e-12)


def test_the_pinball_loss_weighs_too_low_nine_times_as_much_as_too_high():
    pinball = metric("neg_mean_pinball_loss")
    assert score(pinball, np.array([10.0, 10.0]), np.array([8.0, 8.0])) == pytest.approx(1.8)
    assert score(pinball, np.array([10.0, 10.0]), np.array([12.0, 12.0])) == pytest.approx(0.2)


def test_the_percentage_error_divides_by_the_truth_and_explodes_at_zero():
    mape = metric("neg_mean_absolute_percentage_error")
    assert score(mape, np.array([10.0, -20.0]), np.array([11.0, -16.0])) == pytest.approx(0.15)
    assert score(mape, np.array([0.0, 10.0]), np.array([1.0, 10.0])) == pytest.approx(2.0**51)


def test_log_loss_is_measured_in_nats():
    chances = np.array([[1 - 1 / math.e, 1 / math.e]])
    assert score(metric("neg_log_loss"), np.array([1]), chances) == pytest.approx(1.0)


@pytest.mark.parametrize("spec", metrics_for(TaskKind.REGRESSION), ids=lambda spec: spec.name)
def test_errors_in_units_of_the_target_and_no_others_grow_with_its_scale(spec):
    truth, prediction = random(TaskKind.REGRESSION, 80)
    growth = score(spec, 10 * truth, 10 * prediction) / score(spec, truth, prediction)
    assert growth == pytest.approx(10.0 if spec.unit == "units of the target" else 1.0)


def test_scores_of_one_prediction_do_not_leak_into_those_of_another():
    spec, truth = metric("f1_macro"), np.array([0, 1, 2, 2])
    right, wrong = np.eye(3)[truth], np.eye(3)[(truth + 1) % 3]
    assert [score(spec, truth, one) for one in (right, wrong, right)] == [1.0, 0.0, 1.0]


def test_regression_scores_are_positive_errors_that_a_hand_can_check():
    scores = all_scores(TaskKind.REGRESSION, np.array([1.0, 2.0, 6.0]), np.array([1.0, 3.0, 2.0]))
    assert scores == pytest.approx(
        {
            "neg_root_mean_squared_error": math.sqrt(17 / 3),
            "neg_mean_absolute_error": 5 / 3,
            "neg_median_absolute_error": 1.0,
            "neg_mean_absolute_percentage_error": (0 + 1 / 2 + 4 / 6) / 3,
            "neg_mean_pinball_loss": (0.1 * 1 + 0.9 * 4) / 3,
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
    assert undefined == {"roc_auc" if k == 2 else "roc_auc_ovr", "average_precision"}


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
