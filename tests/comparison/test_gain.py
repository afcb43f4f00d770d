import math
import subprocess
import sys

import numpy as np
import pytest
from scipy import stats

from modelling.comparison import draw_weights, interval, paired_gain
from modelling.comparison.gain import Z_95
from modelling.metrics import metric, weighted_scores

AUC, RMSE = metric("roc_auc"), metric("neg_root_mean_squared_error")


def gain_of(differences, *, spec=AUC, margin=0.005, n_test=1000, gain=None):
    base = np.full(len(differences), 0.8)
    change = float(np.nanmean(differences)) if gain is None else gain
    return paired_gain(
        base,
        base + spec.sign * np.asarray(differences),
        base_score=0.8,
        candidate_score=0.8 + spec.sign * change,
        metric=spec,
        margin=margin,
        n_test=n_test,
    )


def test_probabilities_count_the_draws_beyond_the_margin():
    gain = gain_of([-0.02, -0.004, 0.0, 0.004, 0.006, 0.01, 0.02, 0.03])
    assert (gain.p_worse, gain.p_equal, gain.p_better) == (1 / 8, 3 / 8, 4 / 8)


def test_a_difference_of_exactly_the_margin_is_practically_equal():
    gain = paired_gain(
        np.array([0.9]),
        np.array([0.905]),
        base_score=0.9,
        candidate_score=0.905,
        metric=AUC,
        margin=0.005,
        n_test=200,
    )
    assert gain.p_equal == 1.0


def test_a_smaller_error_is_a_positive_gain():
    gain = paired_gain(
        np.array([10.0, 11.0]),
        np.array([8.0, 9.0]),
        base_score=10.5,
        candidate_score=8.5,
        metric=RMSE,
        margin=0.1,
        n_test=50,
    )
    assert gain.gain == 2.0
    assert gain.interval == (2.0, 2.0)
    assert gain.p_better == 1.0


def test_swapping_the_models_mirrors_the_gain():
    rng = np.random.default_rng(0)
    one, two = rng.normal(0.8, 0.01, 500), rng.normal(0.81, 0.01, 500)
    options = {"metric": AUC, "margin": 0.005, "n_test": 100}
    forth = paired_gain(one, two, base_score=0.8, candidate_score=0.81, **options)
    back = paired_gain(two, one, base_score=0.81, candidate_score=0.8, **options)
    assert back.gain == pytest.approx(-forth.gain)
    assert back.interval == pytest.approx((-forth.interval[1], -forth.interval[0]))
    assert (back.p_worse, back.p_better) == (forth.p_better, forth.p_worse)


def test_draws_that_are_undefined_for_either_model_are_left_out_of_both():
    gain = gain_of([0.01, math.nan, 0.03])
    assert gain.p_better == 1.0
    assert gain.interval[1] == pytest.approx(np.percentile([0.01, 0.03], 97.5))


def test_no_common_draw_gives_nan_and_no_number_of_rows():
    gain = gain_of([math.nan, math.nan], gain=math.nan)
    assert math.isnan(gain.p_better)
    assert math.isnan(gain.interval[0])
    assert gain.rows_to_decide is None


def test_rows_to_decide_follow_one_over_root_n():
    differences = np.random.default_rng(0).normal(0.008, 0.004, 100_000)
    gain = gain_of(differences, gain=0.008)
    expected = 1000 * (stats.norm.ppf(0.95) * gain.sd / (0.008 - 0.005)) ** 2
    assert gain.rows_to_decide == math.ceil(expected)
    shrunk = gain.sd * math.sqrt(1000 / gain.rows_to_decide)
    assert stats.norm.sf(0.005, 0.008, shrunk) == pytest.approx(0.95, abs=1e-3)


def test_the_smallest_detectable_gain_is_seen_in_95_percent_of_its_draws():
    noise = np.random.default_rng(0).normal(0.0, 0.004, 100_000)
    smallest = gain_of(noise).smallest_detectable
    assert smallest == pytest.approx(0.005 + Z_95 * 0.004, rel=0.01)
    assert gain_of(noise - noise.mean() + smallest).p_better == pytest.approx(0.95, abs=0.005)


def test_no_number_of_rows_decides_between_models_without_noise_or_at_the_margin():
    assert gain_of(np.zeros(10)).rows_to_decide is None
    assert gain_of([0.004, 0.006], gain=0.005).rows_to_decide is None


def test_interval_is_the_middle_95_percent_of_finite_draws():
    assert interval(np.r_[np.arange(1001.0), math.nan]) == (25.0, 975.0)
    assert math.isnan(interval(np.array([]))[0])


def test_vectors_of_other_lengths_are_refused():
    with pytest.raises(ValueError, match=r"\(3,\) and \(2,\)"):
        paired_gain(
            np.zeros(3),
            np.zeros(2),
            base_score=0,
            candidate_score=0,
            metric=AUC,
            margin=0,
            n_test=3,
        )


def test_the_interval_of_an_accuracy_gain_covers_the_true_gain():
    # Right answers of two fixed models: 0.80 and 0.84, correlated through shared rows.
    rng = np.random.default_rng(0)
    weights = draw_weights(n_draws=400, seed=0, n_rows=400)
    spec, covered = metric("accuracy"), 0
    for _ in range(300):
        kind = rng.choice(3, size=400, p=[0.75, 0.05, 0.20])  # both right, base right, neither
        candidate = (kind == 0) | ((kind == 2) & (rng.random(400) < 0.45))
        vectors = [
            weighted_scores(spec, right.astype(int), np.tile([0.0, 1.0], (400, 1)), weights)
            for right in (kind < 2, candidate)
        ]
        low, high = interval(vectors[1] - vectors[0])
        covered += low <= 0.04 <= high
    assert 0.92 <= covered / 300 <= 0.98


def test_the_comparison_package_imports_no_scikit_learn():
    code = "import sys, modelling.comparison; print('sklearn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
