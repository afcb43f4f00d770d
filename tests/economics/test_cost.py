import math
from dataclasses import replace

import pytest

from modelling.economics import model_cost
from modelling.economics.cost import cpu_usd
from modelling.types import ASSUMPTIONS, Economics, ModelResult, Variant

ROW = ModelResult(run_id="r", key="tree", title="Tree", family="tree", variant=Variant.TUNED)
PRICES = Economics(
    usd_per_vcpu_hour=3.6,  # a tenth of a cent per second
    usd_per_analyst_hour=100.0,
    data_preparation_hours=2.0,
    predictions_per_month=50_000.0,
    horizon_months=10.0,
)


def test_an_hour_costs_what_an_hour_costs():
    assert cpu_usd(3600.0, PRICES) == pytest.approx(3.6)
    assert cpu_usd(1.0, PRICES) == pytest.approx(0.001)


def test_every_figure_can_be_checked_by_hand():
    row = replace(ROW, fit_cpu_s=10.0, search_cpu_s=990.0, predict_cpu_ms_per_1k=200.0)
    cost = model_cost(row, PRICES)
    assert cost.training_usd == pytest.approx(1.0)  # 1,000 s x 0.001
    assert cost.preparation_usd == pytest.approx(200.0)  # 2 h x 100
    assert cost.serving_usd_per_1k == pytest.approx(0.0002)  # 0.2 s x 0.001
    assert cost.serving_usd_per_month == pytest.approx(0.01)  # 50 times that
    assert cost.total_usd == pytest.approx(201.1)  # and ten months of serving


def test_a_base_model_costs_its_one_fit():
    row = replace(ROW, variant=Variant.BASE, fit_cpu_s=10.0, cv_cpu_s=40.0)
    assert model_cost(row, PRICES).training_usd == pytest.approx(0.01)


def test_what_was_not_measured_has_no_cost():
    cost = model_cost(ROW, PRICES)
    assert (cost.training_usd, cost.serving_usd_per_1k) == (None, None)
    assert (cost.serving_usd_per_month, cost.total_usd) == (None, None)
    assert cost.preparation_usd == pytest.approx(200.0)
    only_fitted = model_cost(replace(ROW, fit_cpu_s=1.0), PRICES)
    assert only_fitted.training_usd == pytest.approx(0.001)
    assert only_fitted.total_usd is None


def test_nothing_costs_nothing_when_all_prices_are_zero():
    free = Economics(usd_per_vcpu_hour=0.0, usd_per_analyst_hour=0.0, predictions_per_month=0.0)
    row = replace(ROW, fit_cpu_s=10.0, predict_cpu_ms_per_1k=200.0)
    assert model_cost(row, free).total_usd == 0.0


@pytest.mark.parametrize("name", ASSUMPTIONS)
@pytest.mark.parametrize("value", [-0.01, math.nan, math.inf])
def test_an_assumption_that_is_no_amount_is_refused_by_name(name, value):
    with pytest.raises(ValueError, match=f"{name} must be a number of zero or more"):
        replace(PRICES, **{name: value})
