import numpy as np
import pytest
from hypothesis import given, strategies as st
from statsmodels.stats.multitest import multipletests

from modelling.comparison import holm_adjusted

P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=8)


def rejected_step_by_step(p_values, level):
    """Holm's procedure as written: test the smallest at level / m, the next at level / (m - 1)."""
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    rejected = set()
    for step, index in enumerate(order):
        if p_values[index] * (len(p_values) - step) > level:
            break
        rejected.add(index)
    return rejected


def test_a_hand_worked_example():
    # Sorted 0.005, 0.01, 0.03, 0.04 times 4, 3, 2, 1 is 0.02, 0.03, 0.06, 0.04; then monotone.
    adjusted = holm_adjusted([0.01, 0.04, 0.03, 0.005])
    np.testing.assert_allclose(adjusted, [0.03, 0.06, 0.06, 0.02])


def test_one_claim_is_not_adjusted_and_none_is_no_error():
    assert holm_adjusted([0.03]).tolist() == [0.03]
    assert holm_adjusted([]).tolist() == []


@given(P_VALUES, st.sampled_from([0.01, 0.05, 0.2, 0.5]))
def test_adjusted_values_reject_what_the_stepwise_procedure_rejects(p_values, level):
    adjusted = holm_adjusted(p_values)
    assert set(np.flatnonzero(adjusted <= level)) == rejected_step_by_step(p_values, level)


@given(P_VALUES)
def test_adjusting_keeps_the_order_and_never_lowers_a_value(p_values):
    adjusted = holm_adjusted(p_values)
    assert (adjusted >= p_values).all()
    assert (np.diff(adjusted[np.argsort(p_values, kind="stable")]) >= 0).all()
    assert adjusted.max() <= 1


@pytest.mark.parametrize("bad", [[-0.1], [1.2], [float("nan")]])
def test_numbers_that_are_no_probabilities_are_refused(bad):
    with pytest.raises(ValueError, match="from 0 to 1"):
        holm_adjusted(bad)


@given(P_VALUES)
def test_statsmodels_adjusts_alike(p_values):
    expected = multipletests(p_values, method="holm")[1]
    np.testing.assert_allclose(holm_adjusted(p_values), expected, atol=1e-12)
