from dataclasses import replace

import pytest

from modelling.charts.target import target_figure, target_numbers
from tests.charts.made_up_profile import PRICE, STATUS, make_profile


def test_classes_have_their_rows_and_their_share_of_the_rows_with_a_class():
    """100 rows, of which 20 have no status: 60 and 20 of 80."""
    numbers = target_numbers(make_profile())
    assert [(item.label, item.count, item.share) for item in numbers.classes] == [
        ("good", 60, 0.75),
        ("bad", 20, 0.25),
    ]
    assert (numbers.n_classes, numbers.edges) == (2, ())
    _, finding = target_figure(numbers)
    assert finding == (
        "Target status in 100 rows: 2 classes, from good with 75 % to bad with 25 %. "
        "20 % of the rows have none."
    )


def test_of_many_classes_the_drawn_ones_are_counted():
    many = replace(STATUS, n_distinct=90)
    _, finding = target_figure(target_numbers(make_profile(many)))
    assert "90 classes, of which the 2 largest are drawn, first good with 75 %." in finding


def test_a_target_without_a_repeated_value_says_so():
    _, finding = target_figure(target_numbers(make_profile(replace(STATUS, top=()))))
    assert (
        finding == "Target status in 100 rows: no value occurs twice. 20 % of the rows have none."
    )


def test_a_regression_has_bins_and_a_median():
    numbers = target_numbers(make_profile(PRICE))
    assert numbers.shares == (0.2, 0.7, 0.1)
    assert numbers.classes == ()
    figure, finding = target_figure(numbers)
    assert finding == ("Target price in 100 rows: from −50 to 9,000, half of the values below 120.")
    assert list(figure.data[0].x) == [50.0, 150.0, 250.0]
    assert figure.layout.shapes[0].x0 == 120.0
    assert figure.layout.xaxis.title.text == "price"


def test_bins_at_the_ends_say_that_they_hold_all_beyond():
    figure, _ = target_figure(target_numbers(make_profile(PRICE)))
    assert [text.split(":")[0] for text in figure.data[0].hovertext] == [
        "−50 to 100",
        "100 to 200",
        "200 to 9,000",
    ]


def test_a_profile_without_target_is_refused():
    with pytest.raises(ValueError, match="must have a target, got None"):
        target_numbers(replace(make_profile(), target=None))
