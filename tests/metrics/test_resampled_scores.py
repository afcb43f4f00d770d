import warnings

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from modelling.metrics import METRICS, metric, score, weighted_scores
from modelling.types import TaskKind
from tests.metrics.reference import CASES, PROBLEMS, by_scikit_learn, random, ties


def draws(n_draws, n, seed=0):
    return np.random.default_rng(seed).poisson(1.0, (n_draws, n)).astype(np.uint8)


def repeated(truth, prediction, row):
    return np.repeat(truth, row), np.repeat(prediction, row, axis=0)


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.__name__)
@pytest.mark.parametrize(("kind", "name"), CASES)
def test_each_draw_equals_scikit_learn_on_the_repeated_rows(kind, name, problem):
    truth, prediction = problem(kind, 300)
    weights = draws(10, 300)
    expected = [by_scikit_learn(name, *repeated(truth, prediction, row)) for row in weights]
    actual = weighted_scores(metric(name), truth, prediction, weights)
    np.testing.assert_allclose(actual, expected, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.__name__)
@pytest.mark.parametrize(("kind", "name"), CASES)
def test_draws_of_a_few_rows_that_miss_classes_equal_the_score_of_those_rows(kind, name, problem):
    truth, prediction = problem(kind, 7, seed=3)
    weights = draws(60, 7, seed=4)
    held = [repeated(truth, prediction, row) for row in weights]
    if problem is random and kind is not TaskKind.REGRESSION:
        assert len({len(np.unique(rows)) for rows, _ in held}) > 1
    expected = [score(metric(name), *rows) for rows in held]
    actual = weighted_scores(metric(name), truth, prediction, weights)
    np.testing.assert_allclose(actual, expected, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_weights_of_one_give_the_score_itself(kind, name):
    truth, prediction = random(kind, 150, seed=5)
    actual = weighted_scores(metric(name), truth, prediction, np.ones((1, 150)))
    assert actual[0] == pytest.approx(score(metric(name), truth, prediction), abs=1e-12)


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_draws_beyond_one_block_give_the_same_scores(kind, name):
    truth, prediction = random(kind, 50)
    weights = np.tile(draws(40, 50), (600, 1))
    scores = weighted_scores(metric(name), truth, prediction, weights)
    first = weighted_scores(metric(name), truth, prediction, weights[:40])
    np.testing.assert_allclose(scores.reshape(600, 40), np.tile(first, (600, 1)), rtol=1e-12)


@pytest.mark.parametrize("spec", METRICS, ids=lambda spec: spec.name)
def test_a_draw_without_rows_is_nan_and_leaves_the_others_alone(spec):
    truth, prediction = random(next(iter(spec.tasks)), 60)
    weights = draws(3, 60)
    weights[1] = 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scores = weighted_scores(spec, truth, prediction, weights)
    assert np.isnan(scores).tolist() == [False, True, False]


@pytest.mark.parametrize("name", ["roc_auc", "average_precision"])
def test_a_draw_without_positives_has_no_ranking_score(name):
    truth, prediction = np.array([0, 0, 1]), np.array([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8]])
    scores = weighted_scores(metric(name), truth, prediction, np.array([[1, 2, 0], [1, 1, 1]]))
    assert np.isnan(scores[0])
    assert scores[1] == 1.0


def test_constant_values_give_an_r_squared_of_zero_or_one():
    truth, prediction = np.array([3.0, 3.0, 8.0]), np.array([3.0, 4.0, 8.0])
    weights = np.array([[2, 0, 0], [1, 1, 0], [1, 0, 1]])
    assert weighted_scores(metric("r2"), truth, prediction, weights).tolist() == [1.0, 0.0, 1.0]


def test_weights_of_another_length_are_refused():
    with pytest.raises(ValueError, match=r"\(n_draws, 3\), got \(2, 4\)"):
        weighted_scores(metric("r2"), np.zeros(3), np.zeros(3), np.ones((2, 4)))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), case=st.sampled_from(CASES))
def test_the_order_of_rows_does_not_matter(seed, case):
    kind, name = case
    truth, prediction = (ties if seed % 2 == 0 else random)(kind, 60, seed)
    weights = draws(5, 60, seed)
    order = np.random.default_rng(seed + 1).permutation(60)
    shuffled = weighted_scores(metric(name), truth[order], prediction[order], weights[:, order])
    plain = weighted_scores(metric(name), truth, prediction, weights)
    np.testing.assert_allclose(shuffled, plain, rtol=1e-9, atol=1e-12)
