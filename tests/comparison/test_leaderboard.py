"""Intervals and ranks of the leaderboard: a display of ties, checked against scipy."""

import math
import subprocess
import sys

import numpy as np
import pytest
from scipy import stats

from modelling.comparison.leaderboard import corrected_interval, standings
from modelling.types import ResultStatus
from tests.charts.made_up import make_row

FOLDS = np.array([0.02, -0.01, 0.00, 0.01, -0.02])


def row(key, scores, **changes):
    scores = tuple(map(float, scores))
    return make_row(key, cv_score=float(np.mean(scores)), fold_scores=scores, **changes)


def ranks(rows):
    return [(line.rank, line.tied) for line in standings(rows)]


@pytest.mark.parametrize("k", [2, 3, 5, 10, 20])
def test_the_interval_has_nadeau_and_bengios_variance(k):
    scores = np.random.default_rng(k).normal(0.8, 0.03, k)
    variance = (1 / k + 1 / (k - 1)) * scores.var(ddof=1)
    expected = stats.t.interval(0.95, k - 1, loc=scores.mean(), scale=math.sqrt(variance))
    assert corrected_interval(scores.tolist()) == pytest.approx(expected, rel=1e-12)


def test_the_interval_of_five_folds_by_hand():
    """Mean 3, variance 2.5, t(4) 2.776445: 3 ± 2.776445 * sqrt(0.45 * 2.5)."""
    low, high = corrected_interval([1.0, 2.0, 3.0, 4.0, 5.0])
    assert (low, high) == pytest.approx((0.055135, 5.944865), abs=1e-6)


def test_it_is_half_as_wide_again_as_the_interval_that_takes_folds_for_independent():
    low, high = corrected_interval((0.8 + FOLDS).tolist())
    naive = stats.t.interval(0.95, 4, loc=0.8, scale=stats.sem(FOLDS))
    assert (high - low) / (naive[1] - naive[0]) == pytest.approx(1.5)


def test_scores_that_are_all_equal_have_an_interval_without_width():
    assert corrected_interval([0.5] * 5) == (0.5, 0.5)


@pytest.mark.parametrize("scores", [[], [0.8]])
def test_one_fold_has_no_interval(scores):
    assert corrected_interval(scores) is None


def test_models_whose_folds_differ_by_noise_share_a_rank_and_the_next_takes_its_own_place():
    noise = np.array([0.01, -0.01, 0.01, -0.01, 0.0])
    rows = [
        row("a", 0.80 + FOLDS),
        row("b", 0.80 + FOLDS + noise - 0.001),
        row("c", 0.80 + FOLDS - noise - 0.002),
        row("d", 0.70 + FOLDS),
    ]
    assert ranks(rows) == [(1, True), (1, True), (1, True), (4, False)]


def test_the_same_distance_on_every_fold_is_no_tie_however_far_the_folds_spread():
    spread = 10 * FOLDS
    assert ranks([row("a", 0.8 + spread), row("b", 0.799 + spread)]) == [(1, False), (2, False)]


def test_equal_folds_are_a_tie():
    assert ranks([row("a", 0.8 + FOLDS), row("b", 0.8 + FOLDS)]) == [(1, True), (1, True)]


def test_a_model_is_compared_with_the_first_of_its_group_not_with_its_neighbour():
    """Each step down is within the noise, two steps are not: the third begins a group."""
    step = np.array([0.01, -0.004, 0.01, -0.004, 0.003])
    rows = [row("a", 0.8 + FOLDS), row("b", 0.8 + FOLDS - step), row("c", 0.77 + FOLDS - step)]
    rows.append(row("d", 0.77 + FOLDS - 2 * step))
    assert ranks(rows) == [(1, True), (1, True), (3, True), (3, True)]


def test_a_tie_is_a_tie_by_an_error_that_is_better_when_smaller_too():
    noise = np.array([1.0, -1.0, 1.0, -1.0, 0.0])
    rows = [row("a", 30 + FOLDS), row("b", 30.1 + FOLDS + noise), row("c", 90 + FOLDS)]
    assert ranks(rows) == [(1, True), (1, True), (3, False)]


def test_ties_agree_with_a_corrected_paired_test_by_scipy():
    rng = np.random.default_rng(3)
    found = []
    for _ in range(200):
        first, second = rng.normal(0.8, 0.02, 5), rng.normal(0.77, 0.02, 5)
        difference = first - second
        t = difference.mean() / math.sqrt((1 / 5 + 1 / 4) * difference.var(ddof=1))
        tied = 2 * stats.t.sf(abs(t), 4) > 0.05
        (_, rank) = standings([row("a", first), row("b", second)])
        found.append((rank.tied, tied))
    assert all(ours == theirs for ours, theirs in found)
    assert {ours for ours, _ in found} == {True, False}


def test_a_failed_model_has_no_rank_and_no_interval():
    failed = make_row("knn", status=ResultStatus.FAILED, cv_score=None, fold_scores=())
    (_, line) = standings([row("a", 0.8 + FOLDS), failed])
    assert (line.rank, line.tied, line.interval) == (None, False, None)


def test_models_of_different_folds_are_not_compared():
    assert ranks([row("a", [0.8, 0.7]), row("b", [0.8, 0.7, 0.6])]) == [(1, False), (2, False)]


def test_no_rows_make_no_lines():
    assert standings([]) == ()


def test_it_needs_no_scipy():
    code = "import sys, modelling.comparison.leaderboard; print('scipy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
