import numpy as np
import pytest
from scipy import stats

from modelling.comparison.student import t_cdf, t_quantile


@pytest.mark.parametrize("df", [1, 2, 3, 4, 5, 9, 10, 24, 49, 99])
def test_the_distribution_is_scipys(df):
    values = np.array([-40.0, -3.2, -1.0, -1e-9, 0.0, 0.4, 2.0, 12.0])
    found = [t_cdf(value, df) for value in values]
    np.testing.assert_allclose(found, stats.t.cdf(values, df), rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("df", [1, 2, 4, 9, 19, 49])
@pytest.mark.parametrize("probability", [0.025, 0.5, 0.6, 0.95, 0.975, 0.999])
def test_quantiles_are_scipys(df, probability):
    expected = stats.t.ppf(probability, df)
    assert t_quantile(probability, df) == pytest.approx(expected, rel=1e-10, abs=1e-12)


def test_infinite_values_are_certain():
    assert (t_cdf(float("inf"), 4), t_cdf(float("-inf"), 4)) == (1.0, 0.0)


@pytest.mark.parametrize("probability", [0.0, 1.0, -0.1])
def test_a_probability_lies_between_zero_and_one(probability):
    with pytest.raises(ValueError, match="between 0 and 1"):
        t_quantile(probability, 4)


def test_degrees_of_freedom_are_counted_from_one():
    with pytest.raises(ValueError, match="1 or more, got 0"):
        t_cdf(0.5, 0)
