"""Greedy weights, and the weights that a fold's own rows have no part in."""

from itertools import combinations_with_replacement

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score, root_mean_squared_error

from modelling.errors import FitError
from modelling.metrics import metric, score
from modelling.tuning.ensemble import (
    cross_fitted_weights,
    greedy_weights,
    sample_rows,
    weighted_average,
)
from modelling.types import TaskKind
from tests.metrics.reference import CASES

RMSE, AUC = metric("neg_root_mean_squared_error"), metric("roc_auc")


def two_columns(positive):
    return np.stack([1 - positive, positive], axis=-1)


def made_up(kind, *, n_members=4, n_rows=120, seed=0):
    """Return the truth and members that know something of it, each with noise of its own."""
    rng = np.random.default_rng(seed)
    if kind is TaskKind.REGRESSION:
        truth = rng.normal(size=n_rows) + 5
        return truth, truth + rng.normal(size=(n_members, n_rows))
    n_classes = 2 if kind is TaskKind.BINARY else 3
    truth = rng.integers(0, n_classes, n_rows)
    logits = 1.5 * np.eye(n_classes)[truth] + rng.normal(size=(n_members, n_rows, n_classes))
    return truth, np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)


@pytest.mark.parametrize("seed", range(6))
def test_greedy_steps_find_the_best_of_all_averages_of_up_to_four_members(seed):
    """All 34 ways to take one to four of three members, with repetition, one by one."""
    truth, members = made_up(TaskKind.REGRESSION, n_members=3, n_rows=40, seed=seed)
    multisets = [
        chosen for size in range(1, 5) for chosen in combinations_with_replacement(range(3), size)
    ]
    assert len(multisets) == 3 + 6 + 10 + 15
    best = min(
        multisets,
        key=lambda chosen: root_mean_squared_error(truth, members[list(chosen)].mean(axis=0)),
    )
    expected = np.bincount(best, minlength=3) / len(best)
    assert greedy_weights(RMSE, truth, members, steps=4) == pytest.approx(expected)


def test_two_members_with_independent_errors_beat_both():
    """The error of the mean of two independent errors is smaller by the root of two."""
    rng = np.random.default_rng(0)
    truth = rng.normal(size=4000)
    members = truth + rng.normal(size=(2, 4000))
    weights = greedy_weights(RMSE, truth, members)
    assert weights == pytest.approx([0.5, 0.5], abs=0.03)
    error = root_mean_squared_error(truth, weights @ members)
    assert error == pytest.approx(1 / np.sqrt(2), abs=0.02)


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_weights_sum_to_one_and_lose_to_no_member_by_any_metric(kind, name):
    truth, members = made_up(kind)
    spec = metric(name)
    weights = greedy_weights(spec, truth, members)
    assert (weights >= 0).all()
    assert weights.sum() == pytest.approx(1.0, abs=1e-15)
    ensemble = spec.oriented(score(spec, truth, weighted_average(weights, members)))
    assert ensemble >= max(spec.oriented(score(spec, truth, one)) for one in members) - 1e-12


def test_a_useless_member_gets_no_weight():
    truth, members = made_up(TaskKind.BINARY, n_members=2, n_rows=2000)
    useless = two_columns(1.0 - truth)
    assert greedy_weights(metric("neg_log_loss"), truth, np.stack([*members, useless]))[2] == 0


def test_of_equal_members_the_first_is_taken():
    truth, (one, other) = made_up(TaskKind.REGRESSION, n_members=2)
    weights = greedy_weights(RMSE, truth, np.stack([one, one, other]))
    assert weights[0] > 0
    assert weights[1] == 0


def test_what_no_further_step_improves_stays_as_it_was():
    truth = np.array([1.0, 2.0, 4.0])
    assert list(greedy_weights(RMSE, truth, np.stack([truth + 1, truth]))) == [0.0, 1.0]
    tenths = np.full((1, 3), 0.1)  # a sum of tenths is not a multiple of 0.1 to the last digit
    assert list(greedy_weights(RMSE, truth, tenths)) == [1.0]


def test_one_class_alone_has_no_auc_and_no_ensemble():
    with pytest.raises(FitError, match="ROC AUC is undefined on the rows that choose"):
        greedy_weights(AUC, np.zeros(3, dtype=int), np.full((2, 3, 2), 0.5))


def test_the_weights_of_a_fold_are_those_that_all_other_rows_choose():
    truth, members = made_up(TaskKind.BINARY, n_rows=150)
    fold_of = np.arange(150) % 3
    weights = cross_fitted_weights(AUC, truth, members, fold_of)
    assert weights.shape == (3, 4)
    for fold in range(3):
        rows = np.flatnonzero(fold_of != fold)
        assert list(weights[fold]) == list(greedy_weights(AUC, truth[rows], members[:, rows]))


def test_the_rows_of_a_fold_have_no_say_in_its_weights():
    truth, members = made_up(TaskKind.BINARY, n_rows=150)
    fold_of = np.arange(150) % 3
    first = fold_of == 0
    flipped = np.where(first, 1 - truth, truth)
    before = cross_fitted_weights(AUC, truth, members, fold_of)
    after = cross_fitted_weights(AUC, flipped, members, fold_of)
    assert list(after[0]) == list(before[0])
    assert list(after[1]) != list(before[1])


def test_cross_fitted_scores_among_noise_show_no_gain_where_those_of_the_same_rows_do():
    own, honest = [], []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        truth, fold_of = rng.integers(0, 2, 300), np.arange(300) % 5
        members = two_columns(rng.random((20, 300)))
        everywhere = weighted_average(greedy_weights(AUC, truth, members, steps=20), members)
        by_fold = cross_fitted_weights(AUC, truth, members, fold_of, steps=20)
        for fold, weights in enumerate(by_fold):
            rows = fold_of == fold
            part = weighted_average(weights, members[:, rows])
            own.append(roc_auc_score(truth[rows], everywhere[rows, 1]))
            honest.append(roc_auc_score(truth[rows], part[:, 1]))
    assert np.mean(own) > 0.55
    assert np.mean(honest) == pytest.approx(0.5, abs=0.02)


def test_the_average_of_one_member_is_that_member_to_the_last_digit():
    one = np.random.default_rng(0).random(50)
    assert (weighted_average([1.0], [one]) == one).all()
    assert weighted_average([0.25, 0.75], [one, one]) == pytest.approx(one, abs=1e-15)


class TestSample:
    def test_a_small_table_is_taken_whole_but_for_rows_that_no_fold_validates(self):
        fold_of = np.array([-1, 0, 1, -1, 0])
        assert list(sample_rows(np.zeros(5, dtype=int), fold_of, 0)) == [1, 2, 4]

    def test_a_large_table_is_sampled_in_proportion_with_every_rare_class_of_every_fold(self):
        fold_of = np.arange(40_000) % 5 - 1  # a fifth is validated by no fold
        truth = (np.arange(40_000) % 10 == 3).astype(int)  # half of fold 2, nothing elsewhere
        truth[[1, 2, 4]] = 2  # one row of a third class in folds 0, 1 and 3
        rows = sample_rows(truth, fold_of, 0, most=1000)
        assert len(rows) == 1000
        assert (np.diff(rows) > 0).all()
        assert {1, 2, 4} <= set(rows)
        assert fold_of[rows].min() == 0
        assert np.bincount(fold_of[rows]) == pytest.approx([250] * 4, abs=3)
        assert (truth[rows] == 1).sum() == pytest.approx(125, abs=3)

    def test_values_of_a_regression_are_sampled_by_fold_alone(self):
        rows = sample_rows(np.random.default_rng(0).normal(size=900), np.arange(900) % 3, 0, most=9)
        assert list(np.bincount(rows % 3)) == [3, 3, 3]

    def test_the_seed_decides(self):
        truth, fold_of = np.zeros(500, dtype=int), np.arange(500) % 5
        first, again, other = (sample_rows(truth, fold_of, seed, most=50) for seed in (1, 1, 2))
        assert list(first) == list(again)
        assert list(first) != list(other)
