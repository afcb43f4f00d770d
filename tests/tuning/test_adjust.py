"""Thresholds and calibrations: learned from the other folds, applied to a fold's own answers."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.special import softmax
from sklearn.metrics import f1_score, log_loss

from modelling.metrics import metric
from modelling.tuning.adjust import (
    best_threshold,
    by_calibration,
    by_offsets,
    by_temperature,
    by_threshold,
    cross_fitted,
    with_offsets,
    with_threshold,
)

N = 600
RNG = np.random.default_rng(3)
SIGNAL = RNG.normal(size=N)
TRUTH = (SIGNAL + RNG.normal(size=N) > 1.2).astype(int)
FOLD_OF = np.arange(N) % 5


def answers(steepness):
    """Return probabilities of two classes; the steeper, the surer of themselves."""
    second = 1.0 / (1.0 + np.exp(-steepness * (SIGNAL - 1.2)))
    return np.column_stack([1.0 - second, second])


@pytest.mark.parametrize("threshold", [0.05, 0.3, 0.5, 0.8, 0.999])
def test_bent_probabilities_decide_at_the_threshold_and_stay_probabilities(threshold):
    bent = with_threshold(answers(1.0), threshold)
    assert (bent.argmax(axis=1) == (answers(1.0)[:, 1] > threshold)).all()
    assert bent.sum(axis=1) == pytest.approx(1.0)
    assert bent.min() >= 0.0
    assert bent.max() <= 1.0


def test_the_best_threshold_is_that_of_a_search_over_all():
    second = answers(1.0)[:, 1]
    found = best_threshold(metric("f1"), TRUTH, answers(1.0))
    best = max(f1_score(TRUTH, second > one) for one in second)
    assert f1_score(TRUTH, second > found) == pytest.approx(best, abs=0.005)
    assert found != 0.5


def test_of_equal_thresholds_that_nearest_to_one_half_counts():
    sure = np.column_stack([1.0 - TRUTH * 0.8 - 0.1, TRUTH * 0.8 + 0.1])
    assert best_threshold(metric("f1"), TRUTH, sure) == 0.5


@pytest.mark.parametrize("adjust", [by_threshold(metric("f1")), by_calibration])
def test_the_truth_of_a_fold_has_no_part_in_its_own_answers(adjust):
    changed = TRUTH.copy()
    own = FOLD_OF == 2
    changed[own] = 1 - changed[own]
    before = cross_fitted(adjust, TRUTH, answers(2.0), FOLD_OF)
    after = cross_fitted(adjust, changed, answers(2.0), FOLD_OF)
    assert (before[own] == after[own]).all()
    assert (before[~own] != after[~own]).any()


def test_calibration_mends_answers_that_are_too_sure():
    plain = log_loss(TRUTH, answers(6.0))
    calibrated = cross_fitted(by_calibration, TRUTH, answers(6.0), FOLD_OF)
    assert log_loss(TRUTH, calibrated) < 0.75 * plain
    assert calibrated.sum(axis=1) == pytest.approx(1.0)


def test_a_class_that_the_other_folds_lack_gets_no_probability():
    truth = np.where(FOLD_OF == 0, 2, TRUTH)
    three = np.column_stack([0.5 * answers(1.0), np.full(N, 0.5)])
    calibrated = cross_fitted(by_calibration, truth, three, FOLD_OF)
    assert (calibrated[FOLD_OF == 0, 2] == 0.0).all()
    assert calibrated.sum(axis=1) == pytest.approx(1.0)


def three_classes(lean=0.0):
    """Return classes and probabilities that know them, but lean to the first."""
    truth = RNG.integers(0, 3, N)
    logs = RNG.normal(size=(N, 3)) + 2.0 * np.eye(3)[truth]
    return truth, softmax(logs + np.array([lean, 0.0, 0.0]), axis=1)


def test_offsets_undo_a_lean_to_one_class():
    truth, leaning = three_classes(lean=4.0)
    before = f1_score(truth, leaning.argmax(axis=1), average="macro")
    mended = by_offsets(metric("f1_macro"))(truth, leaning, leaning)
    after = f1_score(truth, mended.argmax(axis=1), average="macro")
    straight = f1_score(
        truth, with_offsets(leaning, np.array([-4.0, 0.0, 0.0])).argmax(axis=1), average="macro"
    )
    assert before < 0.4
    # The grid has the exact cure in it: class by class it does at least as well.
    assert after >= straight - 1e-12
    assert mended.sum(axis=1) == pytest.approx(1.0)


def test_offsets_leave_answers_that_are_right_as_they_are():
    truth = np.arange(30) % 3
    right = np.eye(3)[truth] * 0.8 + 0.1
    right /= right.sum(axis=1, keepdims=True)
    assert by_offsets(metric("f1_macro"))(truth, right, right) == pytest.approx(right)


def test_a_temperature_is_near_the_one_that_scipy_finds_and_keeps_every_class():
    truth, sure = three_classes()
    logs = 3.0 * np.log(sure)
    too_sure = softmax(logs, axis=1)
    cooled = by_temperature(truth, too_sure, too_sure)
    best = minimize_scalar(
        lambda t: log_loss(truth, softmax(logs / t, axis=1)), bounds=(0.2, 9.0), method="bounded"
    )
    assert log_loss(truth, cooled) == pytest.approx(best.fun, abs=0.005)
    assert (cooled.argmax(axis=1) == too_sure.argmax(axis=1)).all()
