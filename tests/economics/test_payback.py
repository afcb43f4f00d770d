"""Break-even, the probability to pay back, and flip points, by hand and by simulation."""

import math
from dataclasses import replace

import numpy as np
import pytest

from modelling.economics.cost import model_cost
from modelling.economics.flips import flip_points
from modelling.economics.payback import break_even, extra_cost, payback
from modelling.types import CostBasis, Economics, OtherCost, Payoff, Variant, VerdictWord
from tests.charts.made_up import make_row

BASE = make_row("tree", fit_cpu_s=36.0, predict_cpu_ms_per_1k=100.0)
TUNED = make_row(
    "tree", Variant.TUNED, fit_cpu_s=72.0, search_cpu_s=3_528.0, predict_cpu_ms_per_1k=300.0
)
# 0.36 a vCPU hour is 0.0001 a CPU second.
PRICES = Economics(
    usd_per_vcpu_hour=0.36,
    usd_per_analyst_hour=50.0,
    data_preparation_hours=2.0,
    predictions_per_month=10_000.0,
    horizon_months=12.0,
)


def paid(economics: Economics = PRICES, *, gain: float = 0.0001, gains=None):
    drawn = np.full(100, gain) if gains is None else gains
    extra = extra_cost(model_cost(BASE, economics), model_cost(TUNED, economics))
    return payback(extra, economics, value_gain=gain, value_gains=drawn)


def test_a_candidate_pays_as_a_hand_computation_says():
    found = paid()
    # Fixed: 3,600 CPU s against 36 CPU s, at 0.0001 each; preparation is the same for both.
    assert found.extra_fixed == pytest.approx(0.3564)
    # Serving: 0.3 s against 0.1 s per 1,000.
    assert found.per_prediction == pytest.approx(0.0001 - 0.2 * 0.0001 / 1000)
    assert found.predictions == pytest.approx(0.3564 / 0.00009998)
    assert found.months == pytest.approx(found.predictions / 10_000)
    assert found.median_months == pytest.approx(found.months)
    assert found.net == pytest.approx(120_000 * 0.00009998 - 0.3564)
    assert found.p_pays == 1.0
    assert found.verdict is VerdictWord.TUNE


def test_making_a_model_again_costs_what_it_cost_at_first():
    assert [replace(PRICES, retune_every_months=m).n_tunings for m in (0, 3, 5, 12, 13, 0.5)] == [
        1,
        4,
        3,
        1,
        1,
        24,
    ]
    again = paid(replace(PRICES, retune_every_months=3))
    assert again.extra_fixed == pytest.approx(4 * 0.3564)


def test_other_bills_belong_to_all_models_or_to_one():
    bills = (
        OtherCost(label="licence", amount=10.0, basis=CostBasis.ONCE, model="tree:tuned"),
        OtherCost(label="server", amount=2.0, basis=CostBasis.PER_MONTH),
        OtherCost(label="tokens", amount=0.5, basis=CostBasis.PER_1K, model="tree:tuned"),
    )
    prices = replace(PRICES, other_costs=bills)
    cost = model_cost(TUNED, prices)
    assert cost.other_usd == 10.0
    assert cost.serving_usd_per_1k == pytest.approx(0.5 + 0.00003)
    assert cost.serving_usd_per_month == pytest.approx(10 * 0.50003 + 2.0)
    assert cost.fixed_usd == pytest.approx(0.36 + 100.0 + 10.0 + 24.0)
    assert cost.total_usd == pytest.approx(cost.fixed_usd + 120 * 0.50003)
    assert model_cost(BASE, prices).fixed_usd == pytest.approx(0.0036 + 100.0 + 24.0)
    assert paid(prices).extra_fixed == pytest.approx(0.3564 + 10.0)


@pytest.mark.parametrize(
    ("extra", "rate", "expected"),
    [
        (10.0, 0.1, 100.0),
        (10.0, 0.0, math.inf),
        (10.0, -1.0, math.inf),
        (0.0, 0.0, 0.0),
        (-5.0, -1.0, 0.0),
    ],
)
def test_nothing_to_earn_back_is_paid_at_once_and_no_gain_never(extra, rate, expected):
    assert break_even(extra, rate) == expected


def test_no_volume_and_no_gain_are_no_numbers_that_break():
    for economics in (
        replace(PRICES, predictions_per_month=0.0),
        replace(PRICES, horizon_months=0.0),
    ):
        found = paid(economics)
        assert found.p_pays == 0.0
        assert found.verdict is VerdictWord.KEEP_BASE
        assert not math.isnan(found.median_months)
    none = paid(gain=0.0)
    assert none.months == math.inf
    assert none.verdict is VerdictWord.KEEP_BASE
    unknown = replace(TUNED, predict_cpu_ms_per_1k=None)
    assert extra_cost(model_cost(BASE, PRICES), model_cost(unknown, PRICES)) is None


@pytest.mark.parametrize("seed", range(5))
def test_the_probability_to_pay_back_is_that_of_a_long_simulation(seed):
    rng = np.random.default_rng(seed)
    mean, spread = float(rng.normal(3e-6, 2e-6)), 2e-6
    found = paid(gain=mean, gains=rng.normal(mean, spread, 2_000))
    gains = rng.normal(mean, spread, 100_000)
    nets = 120_000 * (gains - 0.2 * 0.0001 / 1000) - 0.3564
    assert found.p_pays == pytest.approx(np.mean(nets > 0), abs=0.02)


NAMES = (
    "usd_per_vcpu_hour",
    "usd_per_analyst_hour",
    "predictions_per_month",
    "horizon_months",
    "retune_every_months",
)


@pytest.mark.parametrize("seed", range(200))
def test_flip_points_hold_on_both_sides(seed):
    rng = np.random.default_rng(seed)
    gains = rng.normal(float(rng.normal(3e-6, 4e-6)), 2e-6, 500)
    economics = replace(
        PRICES,
        usd_per_vcpu_hour=float(rng.choice([0.0, 0.05, 0.5, 5.0])),
        predictions_per_month=float(10 ** rng.uniform(2, 7)),
        horizon_months=float(rng.integers(1, 36)),
    )
    name = NAMES[seed % len(NAMES)]

    def judge(value: float) -> VerdictWord:
        changed = replace(economics, **{name: value})
        return paid(changed, gain=float(gains.mean()), gains=gains).verdict

    # Never again is again after the horizon: zero is no neighbour of a small number of months.
    current = getattr(economics, name) or (
        economics.horizon_months if name == "retune_every_months" else 0.0
    )
    found = flip_points(judge, current)
    here = judge(current)
    for flip, towards in ((found.below, current), (found.above, -1.0)):
        if flip is not None:
            assert judge(flip.value) is flip.verdict
            assert flip.verdict is not here
            assert judge(flip.value + 1e-9 * (towards if towards > 0 else -flip.value)) is here
    if found.above is None and current > 0:
        assert all(judge(current * 10**step) is here for step in (0.5, 1.5, 2.5))
    if found.below is None and current > 0:
        assert all(judge(current * share) is here for share in (0.01, 0.3))


def test_no_payoff_is_worth_nothing():
    assert not Payoff().is_set
    assert Payoff(under=-1.0).is_set
    assert Payoff(outcomes=((0.0, -5.0), (0.0, -5.0)), stakes=((0.0, 0.0), (-1.0, 0.0))).uses_stakes


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"outcomes": ((1.0, 2.0),)}, "must be square"),
        ({"outcomes": ((1.0,),), "stakes": ((1.0, 0.0), (0.0, 0.0))}, "as many classes"),
        ({"over": math.nan}, "finite numbers"),
        ({"outcomes": ((math.inf,),)}, "finite numbers"),
    ],
)
def test_a_payoff_that_cannot_be_is_refused_in_words(changes, words):
    with pytest.raises(ValueError, match=words):
        Payoff(**changes)
