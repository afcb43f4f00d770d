"""The corrected resampled t-test, by hand and against its Bayesian reading."""

import math

import baycomp
import numpy as np
import pytest
from scipy import stats

from modelling.comparison.nested import nested_gain
from modelling.metrics import metric

AUC, RMSE = metric("roc_auc"), metric("neg_root_mean_squared_error")
BASE = [0.80, 0.78, 0.82, 0.79, 0.81]
TUNED = [0.82, 0.79, 0.85, 0.80, 0.83]


def gain(base=BASE, tuned=TUNED, *, spec=AUC, margin=0.005, n_parts=5):
    return nested_gain(base, tuned, metric=spec, margin=margin, n_rows=500, n_parts=n_parts)


def test_by_hand():
    """d = .02 .01 .03 .01 .02: mean .018, variance 7e-5; (1/5 + 1/4) 7e-5 = 3.15e-5."""
    found = gain()
    error = math.sqrt(3.15e-5)
    assert found.gain == pytest.approx(0.018)
    assert found.sd == pytest.approx(error)
    assert found.interval == pytest.approx((0.018 - 2.776445 * error, 0.018 + 2.776445 * error))
    assert (found.n_parts, found.n_test, found.rows_to_decide) == (5, 500, None)


def test_probabilities_are_those_of_the_t_posterior():
    found = gain(margin=0.01)
    posterior = stats.t(df=4, loc=found.gain, scale=found.sd)
    assert found.p_worse == pytest.approx(posterior.cdf(-0.01))
    assert found.p_better == pytest.approx(posterior.sf(0.01))
    assert found.p_worse + found.p_equal + found.p_better == pytest.approx(1.0)


def test_ten_repetitions_of_ten_parts():
    rng = np.random.default_rng(0)
    base = rng.normal(0.8, 0.02, 100)
    tuned = base + rng.normal(0.004, 0.01, 100)
    found = gain(base.tolist(), tuned.tolist(), n_parts=10)
    differences = tuned - base
    error = math.sqrt((1 / 100 + 1 / 9) * differences.var(ddof=1))
    reach = stats.t.ppf(0.975, 99) * error
    assert found.interval == pytest.approx((differences.mean() - reach, differences.mean() + reach))
    naive = stats.t.ppf(0.975, 99) * differences.std(ddof=1) / 10
    assert reach / naive == pytest.approx(3.48, abs=0.01)


def test_errors_gain_by_falling():
    found = gain([2.0, 2.2, 2.1], [1.9, 2.0, 2.0], spec=RMSE, n_parts=3)
    assert found.gain == pytest.approx(0.4 / 3)


@pytest.mark.parametrize(("shift", "expected"), [(0.0, (0.0, 1.0, 0.0)), (0.5, (0.0, 0.0, 1.0))])
def test_equal_differences_leave_no_doubt(shift, expected):
    found = gain([0.0, 0.25], [shift, 0.25 + shift], n_parts=2)
    assert (found.p_worse, found.p_equal, found.p_better) == expected
    assert found.interval == (shift, shift)


@pytest.mark.parametrize(("base", "tuned"), [([0.8], [0.9]), ([0.8, 0.7], [0.9])])
def test_parts_must_match(base, tuned):
    with pytest.raises(ValueError, match="same two or more parts"):
        gain(base, tuned)


def test_without_a_difference_the_interval_misses_zero_about_as_often_as_it_says():
    """Ten parts of the same rows, overlapping training sets: at most 5 % of 400, give or take."""
    rng = np.random.default_rng(1)
    misses = 0
    for _ in range(400):
        shared = rng.normal(0, 1, 1)  # what all training sets have in common
        differences = rng.normal(0, 1, 10) + 0.3 * shared
        found = gain([0.0] * 10, differences.tolist(), n_parts=10)
        misses += not found.interval[0] <= 0 <= found.interval[1]
    assert misses <= 30


@pytest.mark.parametrize(("n_parts", "runs"), [(5, 1), (10, 1), (10, 10)])
def test_probabilities_are_baycomps(n_parts, runs):
    rng = np.random.default_rng(2)
    base = rng.normal(0.8, 0.02, n_parts * runs)
    tuned = base + rng.normal(0.006, 0.01, n_parts * runs)
    found = gain(base.tolist(), tuned.tolist(), n_parts=n_parts)
    left, middle, right = baycomp.two_on_single(base, tuned, rope=0.005, runs=runs)
    assert (found.p_worse, found.p_equal, found.p_better) == pytest.approx((left, middle, right))
