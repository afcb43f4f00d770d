"""What a little more of the same would bring, against simulation and hand computation."""

import math

import numpy as np
import pytest

from modelling.economics.next_step import (
    NextStep,
    expected_best,
    gain_of_rows,
    gain_of_trials,
)


def test_the_expected_best_of_all_is_the_best_and_of_one_the_mean():
    losses = [3.0, 1.0, 2.0]
    assert expected_best(losses, 3) == pytest.approx(1.0)
    assert expected_best(losses, 1) == pytest.approx(2.0)
    # Pairs: (3, 1), (3, 2), (1, 2).
    assert expected_best(losses, 2) == pytest.approx((1 + 2 + 1) / 3)


def test_the_expected_best_is_that_of_shuffling():
    rng = np.random.default_rng(0)
    losses = rng.normal(size=60)
    drawn = [rng.permutation(losses)[:50].min() for _ in range(20_000)]
    assert expected_best(losses, 50) == pytest.approx(np.mean(drawn), abs=0.01)


def test_ten_of_thousands_of_trials_gain_little_and_break_nothing():
    losses = np.random.default_rng(1).normal(size=5_000)
    found = gain_of_trials(losses)
    assert 0 < found < 0.1
    assert gain_of_trials(losses[:10]) is None


@pytest.mark.parametrize("n", [0, 4])
def test_more_than_there_are_cannot_be_drawn(n):
    with pytest.raises(ValueError, match="between 1 and 3"):
        expected_best([1.0, 2.0, 3.0], n)


def test_a_tenth_more_rows_is_its_part_of_a_doubling():
    assert gain_of_rows(0.02) == pytest.approx(0.02 * math.log(1.1) / math.log(2))
    assert gain_of_rows(0.02, share=1.0) == pytest.approx(0.02)


def test_a_step_without_a_price_has_no_net():
    assert NextStep(gain=0.1, value=5.0, cost=2.0).net == 3.0
    assert NextStep(gain=0.1, value=None, cost=2.0).net is None
