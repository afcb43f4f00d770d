from dataclasses import replace

import pytest

from modelling.charts.association import association_figure, association_numbers
from modelling.types import Associations
from tests.charts.made_up_profile import make_profile


def test_each_pair_is_told_once():
    pairs = list(association_numbers(make_profile()).pairs())
    assert pairs == [(1, 0, 0.42), (2, 0, 0.2), (2, 1, 0.6), (3, 0, 0.05), (3, 2, 0.3)]


def test_the_finding_names_what_is_closest_to_the_target_and_to_each_other():
    _, finding = association_figure(association_numbers(make_profile()))
    assert finding == (
        "Associations of 4 of 5 columns. Closest to status: age (0.42), home (0.20) and since "
        "(0.05). Closest to each other: age and home (0.60)."
    )


def test_cells_form_a_triangle_below_the_diagonal():
    figure, _ = association_figure(association_numbers(make_profile()))
    cells = figure.data[0]
    assert [list(row) for row in cells.z] == [
        [0.42, None, None],
        [0.2, 0.6, None],
        [0.05, None, 0.3],
    ]
    assert list(figure.layout.xaxis.ticktext) == ["status", "age", "home"]
    assert list(figure.layout.yaxis.ticktext) == ["age", "home", "since"]
    assert (cells.zmin, cells.zmax) == (0.0, 1.0)


@pytest.mark.parametrize(("size", "n_traces"), [(16, 2), (17, 1)])
def test_figures_are_written_into_cells_that_have_room_for_them(size, n_traces):
    names = tuple(f"c{i}" for i in range(size))
    matrix = tuple((0.5,) * size for _ in names)
    profile = replace(make_profile(), associations=Associations(names=names, matrix=matrix))
    figure, _ = association_figure(association_numbers(profile))
    assert len(figure.data) == n_traces


def test_a_table_without_a_pair_says_so():
    alone = Associations(names=("status",), matrix=((1.0,),))
    figure, finding = association_figure(
        association_numbers(replace(make_profile(), associations=alone))
    )
    assert finding == "Associations of 5 columns: no pair can be measured."
    assert figure.layout.annotations[0].text == "There is no pair of columns to measure."
