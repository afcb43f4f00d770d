"""The charts of money, on numbers that can be read off."""

from dataclasses import replace

import numpy as np
import pytest

from modelling.charts import (
    hinges_figure,
    hinges_numbers,
    ownership_figure,
    ownership_numbers,
    payback_figure,
    payback_numbers,
    profit_figure,
    profit_numbers,
)
from modelling.types import Economics, Payoff, TaskKind, TaskSpec
from tests.charts.made_up import BOOSTER, LOGISTIC
from tests.charts.made_up_money import (
    PRICES,
    make_curve,
    make_payback,
    make_priced,
    make_sensitivities,
)

TASK = TaskSpec(
    target="fraud",
    kind=TaskKind.BINARY,
    metric="roc_auc",
    features=("amount",),
    classes=("no", "yes"),
)


def test_the_course_starts_below_by_the_cost_and_ends_at_the_net():
    found = make_payback()
    numbers = payback_numbers(found, PRICES, base="Tree (base)", candidate="Tree (tuned)")
    # Two makings of five each: at the start, and after six months.
    assert [point[0] for point in numbers.points] == [0.0, 6.0, 6.0, 12.0]
    assert numbers.points[0][1:] == (-5.0, -5.0, -5.0)
    assert numbers.points[1][1] - numbers.points[2][1] == pytest.approx(5.0)
    assert numbers.points[-1][1:] == pytest.approx((found.net, *found.net_interval))
    _, finding = payback_figure(numbers)
    assert "the probability that it pays within the horizon is" in finding


@pytest.mark.parametrize(
    ("gain", "words"), [(0.01, "paid back after 33 days"), (-0.01, "paid back never")]
)
def test_a_payback_is_told_in_words(gain, words):
    numbers = payback_numbers(make_payback(gain), PRICES, base="a", candidate="b")
    assert words in payback_figure(numbers)[1]


def test_no_horizon_is_a_point():
    none = replace(PRICES, horizon_months=0.0, retune_every_months=0.0)
    numbers = payback_numbers(make_payback(economics=none), none, base="a", candidate="b")
    assert all(np.isfinite(point).all() for point in numbers.points)


def test_a_profit_curve_marks_where_the_model_is_used():
    curve = make_curve(500)
    prices = np.array([0.0, -5.0, -50.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    numbers = profit_numbers({"a": (curve, 0.5)}, prices, positive="yes", currency="USD")
    share, value = numbers.lines[0].used
    assert value == pytest.approx(1000 * curve.at(0.5, prices))
    assert 0.4 < share < 0.6
    assert len(numbers.lines[0].shares) <= 400
    nobody = profit_numbers({"a": (curve, np.inf)}, prices, positive="yes", currency="USD")
    assert nobody.lines[0].used == (0.0, pytest.approx(1000 * curve.at(np.inf, prices)))
    assert "nobody is called" in profit_figure(nobody)[0].data[1].hovertext[0]


def test_lines_of_ownership_end_at_the_nets():
    priced = make_priced((LOGISTIC, BOOSTER))
    numbers = ownership_numbers(priced, PRICES)
    lines = {line.label: line for line in numbers.lines}
    one = priced[1]
    expected = 12_000 * one.value - one.cost.total_usd
    assert lines["Lightgbm (base)"].net(12_000) == pytest.approx(expected)
    figure, finding = ownership_figure(numbers)
    assert len(figure.data) == 2
    assert finding.startswith("At 1,000 predictions a month, Lightgbm (base) ends 12 months best")
    unpriced = ownership_numbers(priced, replace(PRICES, payoff=Payoff()))
    assert max(line.per_prediction for line in unpriced.lines) <= 0
    figure, _ = ownership_figure(unpriced)
    assert figure.layout.yaxis.title.text == "All costs, per 1,000 (USD)"
    assert all(height > 0 for trace in figure.data for height in trace.y)


def test_without_a_horizon_there_is_no_line_of_ownership():
    priced = make_priced((LOGISTIC, BOOSTER))
    figure, _ = ownership_figure(ownership_numbers(priced, replace(PRICES, horizon_months=0.0)))
    assert all(height is None for trace in figure.data for height in trace.y)


def test_hinges_are_named_as_the_analyst_calls_them():
    numbers = hinges_numbers(make_sensitivities(), task=TASK, net=15.0, currency="EUR")
    assert numbers.hinges[0].label == "vCPU hour"
    assert numbers.hinges[1].flips == "keep base below 3"
    assert "EUR 10.00 with half of it" in hinges_figure(numbers)[1]
    assert "0 assumptions" in hinges_figure(replace(numbers, hinges=()))[1]


def test_economics_of_the_default_price_nothing():
    assert not Economics().payoff.is_set
