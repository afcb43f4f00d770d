"""Enough now, almost as good, the health of a search space: on made-up trials."""

import math

import pytest

from modelling.models.spec import SearchParam
from modelling.tuning.report import search_report
from modelling.types import FoldResult, ResultStatus, Trial, TrialState

RATE = SearchParam(name="rate", kind="float", low=0.01, high=1.0, log=True)
NOISE = (0.02, -0.01, -0.01)


def study(means, *, rates=None, predict=None, wiggle=None):
    """Return trials and folds of three with these mean losses; one CPU second a trial."""
    trials, folds = [], []
    for number, mean in enumerate(means):
        # Each trial meets the folds a little differently, or all paired differences were equal.
        turn = NOISE[number % 3 :] + NOISE[: number % 3] if wiggle is None else wiggle[number]
        losses = [mean + part for part in turn]
        folds += [
            FoldResult(
                model="tree",
                trial=number,
                fold=fold,
                status=ResultStatus.OK,
                fit_cpu_s=0.3,
                fit_time_s=0.3,
                cpu_s=1 / 3,
                loss=loss,
                predict_cpu_s=1.0 if predict is None else predict[number],
            )
            for fold, loss in enumerate(losses)
        ]
        trials.append(
            Trial(
                model="tree",
                number=number,
                origin="tpe",
                params={"rate": 0.1 if rates is None else rates[number]},
                state=TrialState.COMPLETE,
                value=math.fsum(losses) / 3,
                folds_done=3,
                cpu_s=1.0,
            )
        )
    return trials, folds


def report(*args, space=(RATE,), **kwargs):
    return search_report(*study(*args, **kwargs), space)


def test_the_best_is_the_complete_trial_with_the_smallest_loss():
    assert report([0.5, 0.3, 0.4]).best.number == 1


def test_enough_when_the_last_third_gained_less_than_the_noise():
    flat = report([0.5] + [0.3] * 9)
    assert flat.enough.gained == pytest.approx(0.0)
    assert flat.enough.noise == pytest.approx(flat.noise / math.sqrt(3))


def test_not_enough_while_the_last_third_still_gains():
    assert report([0.5] + [0.3] * 8 + [0.1]).enough is None


def test_not_enough_before_eight_trials_are_complete():
    assert report([0.3] * 7).enough is None


def test_the_quickest_within_one_standard_error_is_almost_as_good():
    # Against the best: trial 1 differs by 0.01 with a standard error of 0.017, trial 2 by 0.1.
    wiggle = [(0.0, 0.0, 0.0), (0.03, -0.03, 0.0), (0.0, 0.0, 0.01)]
    found = report([0.30, 0.31, 0.40], predict=[1.0, 0.5, 0.1], wiggle=wiggle)
    assert found.best.number == 0
    assert found.nearly_as_good.trial.number == 1
    assert found.nearly_as_good.cost_ratio == pytest.approx(0.5)


def test_a_cost_that_is_about_the_same_is_no_alternative():
    found = report([0.30, 0.30], predict=[1.0, 0.9], wiggle=[(0.0, 0.0, 0.0)] * 2)
    assert found.nearly_as_good is None


def test_a_cost_too_short_for_the_clock_is_no_alternative():
    found = report([0.30, 0.30], predict=[1.0, 0.0], wiggle=[(0.0, 0.0, 0.0)] * 2)
    assert found.nearly_as_good is None


@pytest.mark.parametrize(("rate", "side"), [(0.01, "lower"), (0.99, "upper")])
def test_a_best_value_on_the_edge_of_its_range_is_told(rate, side):
    found = report([0.5, 0.3], rates=[0.1, rate])
    assert found.health == (
        f"The best rate lies at the {side} end of its range (0.01 to 1): widen it there.",
    )


def test_a_best_value_inside_its_range_is_healthy():
    assert report([0.5, 0.3], rates=[0.5, 0.1]).health == ()


def test_a_search_that_found_nothing_for_long_is_told():
    (sentence,) = report([0.5, 0.3] + [0.4] * 18).health
    assert sentence == "Nothing was better than trial 1 in the 18 trials after it."


def test_a_parameter_that_matters_and_was_hardly_varied_is_told():
    means = [0.3 + 0.01 * (n % 2) for n in range(12)]
    wiggle = [(0.0, 0.0, 0.0)] * 12
    found = report(means, rates=[0.1 + 0.3 * (n % 2) for n in range(12)], wiggle=wiggle)
    assert "rate matters and only 2 of its values were tried." in found.health


def test_a_choice_of_which_every_value_was_tried_lacks_none():
    both = SearchParam(name="rate", kind="choice", choices=(0.1, 0.4))
    means = [0.3 + 0.01 * (n % 2) for n in range(12)]
    rates = [0.1 + 0.3 * (n % 2) for n in range(12)]
    found = report(means, rates=rates, wiggle=[(0.0, 0.0, 0.0)] * 12, space=(both,))
    assert not [sentence for sentence in found.health if "matters" in sentence]


def test_a_study_without_a_complete_trial_has_an_empty_report():
    found = search_report([], [], [RATE])
    assert (found.best, found.noise, found.enough, found.health) == (None, None, None, ())


@pytest.mark.parametrize(
    ("param", "at", "is_told"),
    [
        (SearchParam(name="p", kind="float", low=0.5, high=1.0), 1.0, False),
        (SearchParam(name="p", kind="float", low=0.5, high=1.0), 0.5, True),
        (SearchParam(name="p", kind="float", low=1e-9, high=1.0, log=True), 1.0, True),
        (SearchParam(name="p", kind="int", low=1, high=50, log=True), 1, False),
        (SearchParam(name="p", kind="int", low=1, high=50, log=True), 50, True),
        (SearchParam(name="p", kind="int", low=2, high=50), 2, True),
    ],
)
def test_an_end_with_nothing_beyond_is_no_weakness_of_the_space(param, at, is_told):
    trials = [
        Trial(
            model="tree",
            number=0,
            origin="base",
            params={"p": at},
            state=TrialState.COMPLETE,
            value=0.3,
        )
    ]
    health = search_report(trials, [], (param,)).health
    assert bool(health) == is_told
