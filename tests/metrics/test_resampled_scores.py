import warnings

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from sklearn import metrics as sk

from modelling.metrics import METRICS, metric, metrics_for, score, weighted_scores
from modelling.types import TaskKind


def draws(n_draws, n, seed=0):
    return np.random.default_rng(seed).poisson(1.0, (n_draws, n)).astype(np.uint8)


def problem(kind, n, *, ties, seed=0):
    rng = np.random.default_rng(seed)
    if kind is TaskKind.REGRESSION:
        truth = rng.normal(1000.0, 3.0, n)
        prediction = truth + rng.normal(0.0, 2.0, n)
        return (truth.round(), prediction.round()) if ties else (truth, prediction)
    k = 2 if kind is TaskKind.BINARY else 4
    truth = rng.integers(0, k, n)
    prediction = rng.dirichlet(np.ones(k), n)
    if ties:
        prediction = np.round(prediction * 5) + 0.01
        prediction /= prediction.sum(axis=1, keepdims=True)
        if kind is TaskKind.BINARY:
            prediction[:, 1] = prediction[:, 1].round(2)
            prediction[:, 0] = 1 - prediction[:, 1]
    return truth, prediction


def by_scikit_learn(name, truth, prediction, weights):
    if prediction.ndim == 1:
        functions = {
            "neg_root_mean_squared_error": sk.root_mean_squared_error,
            "neg_mean_absolute_error": sk.mean_absolute_error,
            "neg_median_absolute_error": sk.median_absolute_error,
            "r2": sk.r2_score,
        }
        return functions[name](truth, prediction, sample_weight=weights)
    positive, labels = prediction[:, 1], prediction.argmax(axis=1)
    calls = {
        "roc_auc": (sk.roc_auc_score, positive, {}),
        "average_precision": (sk.average_precision_score, positive, {}),
        "neg_brier_score": (sk.brier_score_loss, positive, {}),
        "neg_log_loss": (sk.log_loss, prediction, {}),
        "roc_auc_ovr": (sk.roc_auc_score, prediction, {"multi_class": "ovr"}),
        "accuracy": (sk.accuracy_score, labels, {}),
        "balanced_accuracy": (sk.balanced_accuracy_score, labels, {}),
        "f1": (sk.f1_score, labels, {}),
        "f1_macro": (sk.f1_score, labels, {"average": "macro"}),
        "matthews_corrcoef": (sk.matthews_corrcoef, labels, {}),
    }
    function, argument, options = calls[name]
    return function(truth, argument, sample_weight=weights, **options)


CASES = [(kind, spec.name) for kind in TaskKind for spec in metrics_for(kind)]


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize(("kind", "name"), CASES)
def test_each_draw_equals_scikit_learn_with_sample_weight(kind, name, ties):
    truth, prediction = problem(kind, 300, ties=ties)
    weights = draws(25, 300)
    expected = [by_scikit_learn(name, truth, prediction, row) for row in weights]
    actual = weighted_scores(metric(name), truth, prediction, weights)
    np.testing.assert_allclose(actual, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_each_draw_equals_the_score_of_repeated_rows(kind, name):
    truth, prediction = problem(kind, 200, ties=True, seed=3)
    weights = draws(10, 200, seed=4)
    expected = [
        score(metric(name), np.repeat(truth, row), np.repeat(prediction, row, axis=0))
        for row in weights
    ]
    actual = weighted_scores(metric(name), truth, prediction, weights)
    np.testing.assert_allclose(actual, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_weights_of_one_give_the_score_itself(kind, name):
    truth, prediction = problem(kind, 150, ties=False, seed=5)
    actual = weighted_scores(metric(name), truth, prediction, np.ones((1, 150)))
    assert actual[0] == pytest.approx(score(metric(name), truth, prediction), abs=1e-12)


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_draws_beyond_one_block_give_the_same_scores(kind, name):
    truth, prediction = problem(kind, 50, ties=False)
    weights = np.tile(draws(40, 50), (600, 1))
    scores = weighted_scores(metric(name), truth, prediction, weights)
    first = weighted_scores(metric(name), truth, prediction, weights[:40])
    np.testing.assert_allclose(scores.reshape(600, 40), np.tile(first, (600, 1)), rtol=1e-12)


@pytest.mark.parametrize("spec", METRICS, ids=lambda spec: spec.name)
def test_a_draw_without_rows_is_nan_and_leaves_the_others_alone(spec):
    truth, prediction = problem(next(iter(spec.tasks)), 60, ties=False)
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
    truth, prediction = problem(kind, 60, ties=seed % 2 == 0, seed=seed)
    weights = draws(5, 60, seed)
    order = np.random.default_rng(seed + 1).permutation(60)
    shuffled = weighted_scores(metric(name), truth[order], prediction[order], weights[:, order])
    plain = weighted_scores(metric(name), truth, prediction, weights)
    np.testing.assert_allclose(shuffled, plain, rtol=1e-9, atol=1e-12)
