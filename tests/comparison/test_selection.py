import math

import numpy as np
import pytest

from modelling.comparison import draw_weights, selection_gain
from modelling.metrics import metric, score

AUC, RMSE = metric("roc_auc"), metric("neg_root_mean_squared_error")


def two_columns(positive):
    return np.column_stack([1 - positive, positive])


def noise_problem(seed, *, n=200, n_configurations=150):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, n)
    oofs = [two_columns(rng.random(n)) for _ in range(n_configurations)]
    return truth, oofs, draw_weights(n_draws=100, seed=seed, n_rows=n, strata=truth)


def test_selection_among_noise_shows_a_gain_that_the_correction_removes():
    results = []
    for seed in range(30):
        truth, oofs, weights = noise_problem(seed)
        base = two_columns(np.random.default_rng(seed + 1000).random(len(truth)))
        results.append(selection_gain(truth, base, oofs, AUC, weights, 0))
    assert min(result.selection_gain for result in results) > 0
    assert np.mean([result.selection_gain for result in results]) > 0.05
    assert abs(np.mean([result.corrected_gain for result in results])) < 0.01


def test_the_corrected_gain_equals_a_plain_loop_over_draws():
    truth, oofs, weights = noise_problem(0, n=60, n_configurations=8)
    gains = []
    for row in weights:
        drawn, left = np.repeat(np.arange(60), row), np.flatnonzero(row == 0)
        winner = max(oofs, key=lambda oof, rows=drawn: score(AUC, truth[rows], oof[rows]))
        on_left = [score(AUC, truth[left], oof[left]) for oof in (winner, oofs[0])]
        gains.append(on_left[0] - on_left[1])
    result = selection_gain(truth, oofs[0], oofs, AUC, weights, 5)
    assert result.corrected_gain == pytest.approx(np.mean(gains), abs=1e-12)
    assert result.corrected_interval == pytest.approx(np.percentile(gains, [2.5, 97.5]))
    best = max(score(AUC, truth, oof) for oof in oofs)
    assert result.selection_gain == pytest.approx(best - score(AUC, truth, oofs[0]))
    assert (result.n_configurations, result.n_left_out) == (8, 5)


def test_a_truly_better_configuration_keeps_its_gain():
    rng = np.random.default_rng(0)
    truth = rng.normal(size=2000)
    base, better = truth + rng.normal(0, 1.0, 2000), truth + rng.normal(0, 0.5, 2000)
    weights = draw_weights(n_draws=100, seed=0, n_rows=2000)
    result = selection_gain(truth, base, [base, better], RMSE, weights, 0)
    assert result.corrected_gain == pytest.approx(0.5, abs=0.05)
    assert result.selection_gain == pytest.approx(0.5, abs=0.05)
    assert result.corrected_interval[0] > 0


def test_the_base_alone_gains_nothing():
    truth, oofs, weights = noise_problem(0, n_configurations=1)
    result = selection_gain(truth, oofs[0], oofs, AUC, weights, 0)
    assert (result.selection_gain, result.corrected_gain) == (0.0, 0.0)
    assert result.corrected_interval == (0.0, 0.0)


def test_draws_where_the_metric_is_undefined_are_left_out():
    truth = np.array([0, 0, 0, 1])
    base, other = two_columns(np.array([0.1, 0.2, 0.9, 0.5])), two_columns(np.full(4, 0.5))
    weights = np.array([[1, 1, 1, 1], [0, 2, 2, 0], [2, 0, 0, 2]])
    result = selection_gain(truth, base, [base, other], AUC, weights, 0)
    assert math.isnan(result.corrected_gain)


def test_a_search_without_configurations_is_refused():
    with pytest.raises(ValueError, match="at least one configuration"):
        selection_gain(np.zeros(3), np.zeros(3), [], RMSE, np.ones((2, 3)), 0)
