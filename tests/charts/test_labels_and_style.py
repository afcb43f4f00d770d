"""Ranges, ticks, thinning, and where names go."""

import doctest

import pytest
from hypothesis import given, strategies as st

from modelling.charts import style, wording
from modelling.charts.labels import label_sides
from modelling.charts.style import focus_range, log_ticks, thinned


@pytest.mark.parametrize("module", [wording, style])
def test_examples_in_docstrings_hold(module):
    assert doctest.testmod(module).failed == 0


@given(st.floats(1e-9, 1e6), st.floats(1.0, 1e9))
def test_ticks_lie_in_the_range_and_stay_few(low, factor):
    ticks = log_ticks(low, low * factor)
    assert all(0.99 * low <= tick <= 1.01 * low * factor for tick in ticks)
    assert ticks == sorted(ticks)
    assert len(ticks) <= 12


def test_a_reference_in_reach_is_shown_and_one_far_away_is_not():
    assert focus_range([1.0, 2.0], 0.0) == ((-0.12, 2.12), True)
    (low, high), shown = focus_range([1.0, 2.0], -9.0)
    assert (low, high, shown) == (0.94, 2.06, False)


def test_equal_values_still_make_a_range():
    (low, high), _ = focus_range([5.0, 5.0], None)
    assert low < 5.0 < high


def test_thinning_keeps_both_ends():
    kept = thinned(range(10_000), 7)
    assert (len(kept), kept[0], kept[-1]) == (7, 0, 9_999)
    assert thinned([3, 4], 7) == [3, 4]


def test_a_name_that_finds_no_room_is_left_out():
    """Two points at one place: four sides, of which the second name takes another."""
    sides = label_sides(
        [(0.5, 0.5), (0.5, 0.5)], ["first", "second"], [0, 1], width_px=600, height_px=300
    )
    assert sides[0] == "top right"
    crowd = label_sides([(0.5, 0.5)] * 9, ["name"] * 9, range(9), width_px=600, height_px=300)
    assert len(crowd) < 9


def test_a_name_at_the_right_edge_goes_to_the_left():
    sides = label_sides([(0.98, 0.5)], ["a long name"], [0], width_px=600, height_px=300)
    assert sides == {0: "top left"}
