"""The fold race, by numbers that fit on an envelope."""

from statistics import median, stdev

import pytest

from modelling.tuning.race import MAD_TO_SD, Incumbent, Race, RaceRule

FIRST = (0.30, 0.40, 0.50)


def race_rule(full: list[tuple[tuple[float, ...], Incumbent | None]]) -> RaceRule | None:
    race = Race()
    for losses, reference in full:
        race.add(losses, reference)
    return race.rule()


def test_before_the_first_full_trial_nobody_races():
    assert race_rule([]) is None


def test_the_incumbent_is_the_full_trial_of_least_mean_loss():
    rule = race_rule([(FIRST, None), ((0.2, 0.4, 0.3), None), ((0.9, 0.9, 0.9), None)])
    assert rule.incumbent.losses == (0.2, 0.4, 0.3)
    assert rule.incumbent.mean == pytest.approx(0.3)


def test_with_few_residuals_the_noise_is_half_the_spread_of_the_incumbent():
    rule = race_rule([(FIRST, None)])
    assert rule.noise == pytest.approx(0.5 * stdev(FIRST)) == pytest.approx(0.05)
    assert rule.tau == 2.0
    # Two standard errors of 0.05: 0.1 after one fold, 0.0707 after two.
    assert rule.bound(1) == pytest.approx(0.1)
    assert rule.bound(2) == pytest.approx(0.0707, abs=1e-4)


@pytest.mark.parametrize(
    ("losses", "stops"),
    [
        ((0.39,), False),  # 0.09 behind
        ((0.41,), True),  # 0.11 behind
        ((0.39, 0.44), False),  # 0.065 behind on average
        ((0.39, 0.46), True),  # 0.075 behind on average
        ((0.10,), False),
    ],
)
def test_a_trial_stops_when_its_mean_difference_passes_the_bound(losses, stops):
    assert race_rule([(FIRST, None)]).stops(losses) is stops


def test_a_stopped_trial_is_told_as_the_incumbent_plus_its_mean_difference():
    rule = race_rule([(FIRST, None)])
    # 0.4 + mean(0.41 - 0.30, 0.49 - 0.40) = 0.4 + 0.10
    assert rule.told_value((0.41, 0.49)) == pytest.approx(0.5)


def test_from_fifteen_residuals_on_the_noise_is_their_median_deviation():
    incumbent = Incumbent(losses=FIRST)
    # Differences 0.00, 0.01, 0.05 minus their mean 0.02: -0.02, -0.01, 0.03.
    trial = ((0.30, 0.41, 0.55), incumbent)
    four = race_rule([(FIRST, None), *[trial] * 4])
    assert four.noise == pytest.approx(0.05)
    five = race_rule([(FIRST, None), *[trial] * 5])
    assert (
        five.noise == pytest.approx(MAD_TO_SD * median([0.02, 0.01, 0.03])) == pytest.approx(0.0296)
    )


def test_a_trial_that_equals_its_incumbent_says_nothing_about_noise():
    incumbent = Incumbent(losses=FIRST)
    assert race_rule([(FIRST, None), *[(FIRST, incumbent)] * 20]).noise == pytest.approx(0.05)


def test_after_ten_full_trials_the_rule_is_strict():
    full = [(FIRST, None)]
    assert race_rule(full * 9).tau == 2.0
    assert race_rule(full * 10).tau == 1.0
