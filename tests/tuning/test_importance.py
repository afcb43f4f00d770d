"""What a parameter explains of the loss, against scipy's analysis of variance."""

import numpy as np
import pytest
from scipy.stats import f_oneway, rankdata

from modelling.models.spec import SearchParam
from modelling.tuning.importance import importances
from modelling.types import Trial, TrialState

DEPTH = SearchParam(name="depth", kind="int", low=1, high=50)
RATE = SearchParam(name="rate", kind="float", low=0.01, high=1.0, log=True)
KIND = SearchParam(name="kind", kind="choice", choices=("a", "b", None))


def trial(number, value, state=TrialState.COMPLETE, **params):
    return Trial(model="tree", number=number, origin="tpe", params=params, state=state, value=value)


def test_it_is_the_epsilon_squared_of_ranks_over_bins():
    rng = np.random.default_rng(0)
    kinds = rng.choice(["a", "b"], 40)
    losses = rng.normal(size=40) + (kinds == "a")
    trials = [trial(n, float(losses[n]), kind=str(kinds[n])) for n in range(40)]
    ranks = rankdata(losses)
    f = f_oneway(ranks[kinds == "a"], ranks[kinds == "b"]).statistic
    expected = (f - 1) / (f + 38)
    assert importances(trials, [KIND])["kind"] == pytest.approx(expected)


def test_what_decides_the_loss_comes_first_and_what_does_not_is_near_zero():
    rng = np.random.default_rng(1)
    trials = [
        trial(n, float(rate), rate=float(rate), depth=int(depth))
        for n, (rate, depth) in enumerate(
            zip(rng.uniform(0.01, 1, 200), rng.integers(1, 50, 200), strict=True)
        )
    ]
    found = importances(trials, [DEPTH, RATE])
    assert list(found) == ["rate", "depth"]
    assert found["rate"] > 0.9
    assert found["depth"] < 0.1


def test_stopped_trials_count_and_failed_ones_and_strangers_to_the_space_do_not():
    trials = [trial(n, float(n % 2), kind="ab"[n % 2]) for n in range(20)]
    odd = [
        trial(20, 9.0, TrialState.FAILED, kind="a"),
        trial(21, float("nan"), kind="a"),
        trial(22, 5.0, max_depth=3),
        trial(23, 0.0, TrialState.PRUNED, kind="a"),
    ]
    assert importances([*trials, *odd[:3]], [KIND])["kind"] == pytest.approx(1.0)
    assert importances([*trials, *odd], [KIND])["kind"] == pytest.approx(1.0)


def test_few_trials_say_nothing():
    assert importances([trial(n, float(n), depth=n) for n in range(9)], [DEPTH]) == {}


def test_a_parameter_with_one_value_explains_nothing():
    assert importances([trial(n, float(n), depth=7) for n in range(12)], [DEPTH]) == {"depth": 0.0}
