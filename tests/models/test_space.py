"""Search spaces that the analyst edits."""

import math
from dataclasses import replace

import pytest

from modelling.errors import SpecError
from modelling.models import model
from modelling.models.space import (
    as_point,
    contains,
    grid_size,
    grid_values,
    holds,
    n_points,
    n_values,
    nearest_point,
    with_space,
)
from modelling.types import SearchParam

SPACE = (
    SearchParam(name="rate", kind="float", low=0.01, high=1.0, log=True),
    SearchParam(name="leaves", kind="int", low=4, high=127, log=True),
    SearchParam(name="kind", kind="choice", choices=("a", None, True)),
)
TREE = model("tree")


def test_values_outside_the_range_do_not_fit():
    rate, leaves, kind = SPACE
    assert contains(rate, 0.01)
    assert not contains(rate, 1.5)
    assert contains(leaves, 4)
    assert not contains(leaves, 4.5)
    assert not contains(leaves, True)
    assert not contains(rate, None)
    assert contains(kind, None)
    assert not contains(kind, "b")


def test_a_point_names_every_parameter():
    assert holds(SPACE, {"rate": 0.5, "leaves": 4, "kind": None})
    assert not holds(SPACE, {"rate": 0.5, "leaves": 4})


def test_the_size_of_a_space_is_the_product_of_its_values():
    _, leaves, kind = SPACE
    assert [n_values(param) for param in SPACE] == [math.inf, 124, 3]
    assert n_points((leaves, kind)) == 372
    assert n_points(SPACE) == math.inf
    assert n_points((kind, replace(kind, choices=(1,)))) == 3


def test_what_lies_outside_goes_to_the_end_of_its_range():
    inside = {"rate": 0.5, "leaves": 4, "kind": None}
    assert nearest_point(SPACE, inside | {"rounds": 300}, {}) == inside
    outside = {"rate": 3, "leaves": 12.6, "kind": "b"}
    assert nearest_point(SPACE, outside, {}) == {"rate": 1.0, "leaves": 13, "kind": "a"}


def test_what_is_missing_or_no_number_is_the_default():
    params, defaults = {"rate": 0.001, "leaves": None}, {"rate": 0.5, "leaves": 31, "kind": None}
    expected = {"rate": 0.01, "leaves": 31, "kind": None}
    assert nearest_point(SPACE, params, defaults) == expected
    assert nearest_point(SPACE, {}, {}) == {"rate": 0.01, "leaves": 4, "kind": "a"}


def test_a_model_without_an_edited_space_is_as_registered():
    assert with_space(TREE, None) is TREE


def test_a_fixed_value_leaves_out_the_known_points_that_differ():
    first, *others = TREE.space
    fixed = SearchParam(name=first.name, kind="choice", choices=(-7,))
    edited = with_space(TREE, (fixed, *others))
    assert edited.space == (fixed, *others)
    assert (edited.base_point, edited.known_good) == (None, ())


def test_a_wider_space_keeps_every_known_point():
    wider = tuple(replace(p, high=2 * p.high) if p.kind != "choice" else p for p in TREE.space)
    edited = with_space(TREE, wider)
    assert (edited.base_point, edited.known_good) == (TREE.base_point, TREE.known_good)


def test_a_space_of_other_parameters_is_refused():
    with pytest.raises(SpecError, match="tree needs each of"):
        with_space(TREE, TREE.space[1:])
    with pytest.raises(SpecError, match="needs each of"):
        with_space(TREE, (*TREE.space, TREE.space[0]))


def test_a_logarithmic_range_from_zero_is_refused():
    params = tuple(
        SearchParam(name=p.name, kind="float", low=0.0, high=1.0, log=True) for p in TREE.space
    )
    with pytest.raises(SpecError, match="starts above zero, got 0"):
        with_space(TREE, params)


def test_a_point_has_whole_numbers_where_the_space_has_them():
    point = as_point(SPACE, {"rate": 1, "leaves": 8.0, "kind": True})
    assert point == {"rate": 1, "leaves": 8, "kind": True}
    assert isinstance(point["leaves"], int)


@pytest.mark.parametrize("change", [{"leaves": 3}, {"leaves": 4.5}, {"depth": 3}])
def test_a_point_outside_the_space_is_refused(change):
    inside = {"rate": 0.5, "leaves": 8, "kind": None}
    with pytest.raises(SpecError, match=f"{next(iter(change))} is outside the search space"):
        as_point(SPACE, {**inside, **change})


def test_a_grid_tries_four_values_of_a_range_and_every_choice():
    """Logarithmic steps of 4 to 127 are 4, 12.7, 40.1, 127."""
    rate, leaves, kind = SPACE
    assert grid_values(rate) == pytest.approx([0.01, 0.046416, 0.215443, 1.0], abs=1e-6)
    assert grid_values(leaves) == [4, 13, 40, 127]
    assert grid_values(kind) == ["a", None, True]
    assert grid_size(SPACE) == 4 * 4 * 3
