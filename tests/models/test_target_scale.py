"""The scales of a target: there, and back again."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.stats import norm, rankdata
from sklearn.base import clone
from sklearn.linear_model import LinearRegression

from modelling.models.target_scale import Logarithm, on_scale, transformer_of
from modelling.types import TargetScale

SCALES = [TargetScale.LOG, TargetScale.RANK]
AMOUNTS = st.lists(st.integers(0, 10**12), min_size=2, max_size=60, unique=True)


def column(values):
    return np.asarray(values, dtype="float64").reshape(-1, 1)


def test_a_target_that_stays_as_it_is_has_no_transformer():
    assert transformer_of(TargetScale.IDENTITY, seed=0) is None


def test_the_logarithm_is_that_of_one_more():
    there = Logarithm().fit_transform(column([0.0, np.e - 1, np.e**3 - 1]))
    assert there.ravel() == pytest.approx([0.0, 1.0, 3.0])


@settings(max_examples=200, deadline=None)
@given(values=AMOUNTS, scale=st.sampled_from(SCALES))
def test_the_way_back_gives_the_values(values, scale):
    transformer = transformer_of(scale, seed=0).fit(column(values))
    there = transformer.transform(column(values))
    assert there.shape == (len(values), 1)
    assert np.isfinite(there).all()
    back = transformer.inverse_transform(there)
    np.testing.assert_allclose(back, column(values), rtol=1e-6, atol=1e-6 * max(values))


def test_ranks_are_the_normal_quantiles_of_scipy():
    values = np.random.default_rng(0).lognormal(size=101)
    there = transformer_of(TargetScale.RANK, seed=0).fit_transform(column(values)).ravel()
    inner = np.argsort(values)[1:-1]
    expected = norm.ppf((rankdata(values) - 1) / 100)
    np.testing.assert_allclose(there[inner], expected[inner], atol=1e-7)


@pytest.mark.parametrize("answer", [-1e9, -7.0, 7.0, 1e9])
def test_ranks_never_go_beyond_the_rows_they_were_fitted_on(answer):
    ranks = transformer_of(TargetScale.RANK, seed=0).fit(column([3.0, 5.0, 9.0]))
    assert ranks.inverse_transform(column([answer])).item() == (9.0 if answer > 0 else 3.0)


@pytest.mark.parametrize(("answer", "value"), [(-3.0, 0.0), (0.0, 0.0), (np.log(6.0), 5.0)])
def test_the_logarithm_never_comes_back_below_zero(answer, value):
    assert Logarithm().inverse_transform(column([answer])).item() == pytest.approx(value)


def test_an_absurd_logarithm_comes_back_as_a_number_that_single_precision_holds():
    back = Logarithm().inverse_transform(column([1e6])).astype("float32")
    assert np.isfinite(back).all()


@pytest.mark.parametrize("n_rows", [2, 999, 1000, 25_000])
def test_ranks_take_any_number_of_rows_and_are_the_same_each_time(n_rows):
    values = column(np.random.default_rng(0).normal(size=n_rows))
    first, second = (transformer_of(TargetScale.RANK, seed=0).fit(values) for _ in range(2))
    np.testing.assert_array_equal(first.quantiles_, second.quantiles_)
    assert len(first.quantiles_) == min(1000, n_rows)


@pytest.mark.parametrize("scale", SCALES)
def test_a_regressor_on_a_scale_is_that_regressor_between_both_ways(scale):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(80, 2))
    y = np.exp(X @ [1.0, -0.5] + 2.0)
    fitted = clone(on_scale(LinearRegression(), transformer_of(scale, seed=0))).fit(X, y)
    transformer = transformer_of(scale, seed=0).fit(column(y))
    inner = LinearRegression().fit(X, transformer.transform(column(y)).ravel())
    expected = transformer.inverse_transform(column(inner.predict(X))).ravel()
    np.testing.assert_allclose(fitted.predict(X), expected, rtol=1e-12)
    assert fitted.predict(X[:1]).shape == (1,)
