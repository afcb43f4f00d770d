"""The share of the gap that is left: every expected value here was worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.strategies.gap import (
    Gap,
    gaps,
    left_by_each,
    left_of,
    outside_share,
    resampled_means,
    share_left,
    shares_left,
)

STRATEGIES = ("ours", "plain TPE")


def line(name, strategy, seed, gain, gain_se=0.001):
    return {"set": name, "strategy": strategy, "seed": seed, "gain": gain, "gain_se": gain_se}


@pytest.mark.parametrize(
    ("gain", "expected"), [(0.0, 1.0), (0.04, 0.0), (0.01, 0.75), (0.05, -0.25), (-0.02, 1.5)]
)
def test_nothing_gained_leaves_all_and_the_best_leaves_nothing(gain, expected):
    assert share_left(gain, gap=0.04) == pytest.approx(expected)


def test_the_gap_is_the_largest_gain_of_any_strategy_with_its_own_standard_error():
    lines = pd.DataFrame(
        [
            line("a", "ours", 0, 0.02, gain_se=0.004),
            line("a", "plain TPE", 0, 0.03, gain_se=0.005),
            line("b", "ours", 0, 0.5, gain_se=0.1),
            line("b", "plain TPE", 0, -0.1, gain_se=0.2),
            line("half done", "ours", 0, 0.5),
        ]
    )
    assert gaps(lines, STRATEGIES) == {
        "a": Gap(gap=0.03, sd=0.005, found_by="plain TPE"),
        "b": Gap(gap=0.5, sd=0.1, found_by="ours"),
    }


@pytest.mark.parametrize(
    ("gap", "sd", "counts"),
    [(0.02, 0.01, True), (0.0199, 0.01, False), (0.0, 0.0, False), (-0.05, 0.01, False)],
)
def test_a_gap_counts_from_two_standard_errors_on(gap, sd, counts):
    assert Gap(gap=gap, sd=sd, found_by="ours").counts is counts


def test_shares_pair_the_seeds_and_leave_out_sets_whose_gap_is_noise():
    lines = pd.DataFrame(
        [
            line("wide", "ours", 0, 0.08),
            line("wide", "ours", 1, 0.10),
            line("wide", "ours", 2, 0.02),  # plain TPE has no seed 2
            line("wide", "plain TPE", 1, 0.05),
            line("wide", "plain TPE", 0, 0.02),
            line("noise", "ours", 0, 0.01),
            line("noise", "plain TPE", 0, 0.01),
        ]
    )
    known = {
        "wide": Gap(gap=0.10, sd=0.01, found_by="ours"),
        "noise": Gap(gap=0.01, sd=0.02, found_by="ours"),
    }
    found = shares_left(lines, known, STRATEGIES)
    assert list(found) == ["wide"]
    np.testing.assert_allclose(found["wide"], [[0.2, 0.0], [0.8, 0.5]])


def test_a_data_set_counts_the_same_however_many_seeds_it_has():
    shares = {"a": np.array([[0.0, 0.2, 0.4, 0.6], [1.0] * 4]), "b": np.array([[0.5], [0.2]])}
    mine, theirs = left_by_each(shares)
    assert (mine.value, theirs.value) == pytest.approx((0.4, 0.6))
    assert left_of(shares, 0, 1).value == pytest.approx(2 / 3)


def test_the_ratio_is_of_the_same_draws():
    """Leaving exactly half of what the other leaves is half in every draw."""
    theirs = np.random.default_rng(0).uniform(0.1, 1.0, size=(4, 5))
    shares = {str(number): np.array([row / 2, row]) for number, row in enumerate(theirs)}
    ratio = left_of(shares, 0, 1)
    assert (ratio.value, ratio.low, ratio.high) == pytest.approx((0.5, 0.5, 0.5))


def test_draws_vary_as_sets_and_seeds_do():
    """With k data sets of m seeds the variance is (var of set means + mean var / m) / k."""
    rng = np.random.default_rng(1)
    tables = rng.normal(size=(6, 1)) + rng.normal(size=(6, 5))
    shares = {str(number): row[np.newaxis] for number, row in enumerate(tables)}
    between, within = tables.mean(axis=1).var(), tables.var(axis=1).mean()
    draws = resampled_means(shares, n_draws=20_000)
    assert draws.shape == (20_000, 1)
    assert draws.mean() == pytest.approx(tables.mean(), abs=0.02)
    assert draws.var() == pytest.approx((between + within / 5) / 6, rel=0.05)


def test_the_interval_holds_the_middle_95_percent_of_the_draws():
    """One data set of two seeds, 0 and 1: the draws are 0, 1/2 and 1 with 1/4, 1/2 and 1/4."""
    (figure,) = left_by_each({"a": np.array([[0.0, 1.0]])})
    assert (figure.value, figure.low, figure.high) == (0.5, 0.0, 1.0)
    assert str(figure) == "0.50 [0.00, 1.00]"


def test_outside_share_is_of_all_the_cpu():
    assert outside_share(9.0, 1.0) == pytest.approx(0.1)
    assert np.isnan(outside_share(0.0, 0.0))
