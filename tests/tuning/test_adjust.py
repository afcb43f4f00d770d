"""Thresholds and calibrations: learned from the other folds, applied to a fold's own answers."""

import numpy as np
import pytest
from sklearn.metrics import f1_score, log_loss

from modelling.metrics import metric
from modelling.tuning.adjust import (
    best_threshold,
    by_calibration,
    by_threshold,
    cross_fitted,
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
