from dataclasses import replace

import pytest

from modelling.charts.column_shapes import (
    MAX_COLUMNS,
    column_shapes_figure,
    column_shapes_numbers,
    sampling_notice,
)
from modelling.types import ColumnType
from tests.charts.made_up_profile import AGE, HOME, PRICE, SINCE, make_profile

NAMES = ("age", "home", "since", "order number")


def shape_of(name, profile=None):
    numbers = column_shapes_numbers(profile or make_profile(), NAMES, positive="bad")
    return next(shape for shape in numbers.shapes if shape.name == name)


def test_bins_have_shares_of_the_rows_with_a_value_and_the_target_in_them():
    """30, 50 and 10 of 90 rows."""
    bars = shape_of("age").bars
    assert [bar.share for bar in bars] == pytest.approx([30 / 90, 50 / 90, 10 / 90])
    assert [bar.target for bar in bars] == [0.1, 0.3, None]
    assert [(bar.low, bar.high) for bar in bars] == [(18.0, 38.0), (38.0, 58.0), (58.0, 78.0)]


def test_the_first_and_the_last_bin_name_the_ends_of_all_values():
    assert [bar.label for bar in shape_of("age").bars] == ["10 to 38", "38 to 58", "58 to 95"]


def test_a_bin_around_one_whole_number_has_its_name():
    histogram = replace(AGE.histogram, edges=(-0.5, 0.5, 1.5, 2.5))
    column = replace(AGE, histogram=histogram, minimum=0.0, maximum=2.0)
    bars = shape_of("age", make_profile(columns=(column, HOME, *make_profile().columns[2:]))).bars
    assert [bar.label for bar in bars] == ["0", "1", "2"]


def test_dates_are_named_with_their_hour_where_days_are_few():
    assert [bar.label for bar in shape_of("since").bars] == [
        "1970-01-01 00:00 to 1970-01-02 00:00",
        "1970-01-02 00:00 to 1970-01-04 00:00",
    ]


def test_six_values_are_listed_and_the_others_counted():
    """40 + 20 + 10 + 5 + 5 + 5 of 100 rows; 3 of 9 values are left with 15 %."""
    bars = shape_of("home").bars
    assert [bar.label for bar in bars[:3]] == ["own", "rent", "with parents"]
    assert [bar.share for bar in bars] == pytest.approx([0.4, 0.2, 0.1, 0.05, 0.05, 0.05, 0.15])
    assert bars[-1].label == "3 other values: 15 %"
    assert [bar.is_rest for bar in bars] == [False] * 6 + [True]


def test_a_seventh_value_is_listed_rather_than_counted():
    """A line that says "1 other value" takes the room of its name."""
    column = replace(HOME, n_distinct=7)
    bars = shape_of("home", make_profile(columns=(AGE, column, *make_profile().columns[2:]))).bars
    assert [bar.label for bar in bars][-2:] == ["c", "d"]


def test_the_target_is_the_share_of_the_positive_class_or_a_mean():
    binary = column_shapes_numbers(make_profile(), NAMES, positive="bad")
    assert (binary.target_text, binary.is_share) == ("share of “bad”", True)
    open_class = column_shapes_numbers(make_profile(), NAMES)
    assert open_class.target_text == "share of the positive class"
    regression = column_shapes_numbers(make_profile(PRICE), NAMES)
    assert (regression.target_text, regression.is_share) == ("mean of price", False)
    without = column_shapes_numbers(make_profile(), ("since",))
    assert without.target_text == ""


def test_all_panels_share_one_scale_for_the_target():
    """The largest share in any bar is 0.5; shares start at zero."""
    figure, _ = column_shapes_figure(column_shapes_numbers(make_profile(), NAMES))
    assert figure.layout.yaxis5.range == figure.layout.xaxis6.range == pytest.approx((0, 0.54))
    assert (figure.layout.yaxis5.side, figure.layout.xaxis6.side) == ("right", "top")


def test_a_line_breaks_where_too_few_rows_have_a_target():
    figure, _ = column_shapes_figure(column_shapes_numbers(make_profile(), ("age",)))
    line = next(trace for trace in figure.data if trace.type == "scatter")
    assert list(line.y) == [0.1, 0.3, None]
    assert not line.connectgaps


def test_dates_are_drawn_in_milliseconds():
    figure, _ = column_shapes_figure(column_shapes_numbers(make_profile(), ("since",)))
    assert figure.layout.xaxis.type == "date"
    assert list(figure.data[0].x) == [0.5 * 86_400_000, 1.5 * 86_400_000]


def test_the_rest_has_a_label_but_no_bar_beside_which_others_would_vanish():
    figure, _ = column_shapes_figure(column_shapes_numbers(make_profile(), ("home",)))
    bars, labels = figure.data[:2]
    assert list(bars.x)[-1] is None
    assert list(labels.text)[-1] == "3 other values: 15 %"


def test_a_column_without_bars_gets_a_word_and_no_axes():
    figure, _ = column_shapes_figure(column_shapes_numbers(make_profile(), ("order number",)))
    assert "no value is frequent" in [item.text for item in figure.layout.annotations]
    assert figure.layout.xaxis.visible is False


@pytest.mark.parametrize("n_columns", [1, 2, 3, 4, 12])
def test_panels_do_not_overlap(n_columns):
    columns = tuple(replace(AGE, name=f"age {i}") for i in range(n_columns))
    profile = make_profile(columns=(*columns, make_profile().columns[-1]))
    numbers = column_shapes_numbers(profile, [column.name for column in columns])
    figure, _ = column_shapes_figure(numbers)
    boxes = [
        (figure.layout[f"xaxis{i}"].domain, figure.layout[f"yaxis{i}"].domain)
        for i in ("", *range(2, n_columns + 1))
    ]
    assert all(0 <= low < high <= 1 for box in boxes for low, high in box)
    for i, (x, y) in enumerate(boxes):
        for other_x, other_y in boxes[:i]:
            beside = x[1] < other_x[0] or other_x[1] < x[0]
            below = y[1] < other_y[0] or other_y[1] < y[0]
            assert beside or below


def test_more_than_twelve_columns_are_a_page_too_much():
    with pytest.raises(ValueError, match="at most 12 columns, got 13"):
        column_shapes_numbers(make_profile(), ["age"] * (MAX_COLUMNS + 1))


def test_the_finding_names_the_strongest_relations():
    _, finding = column_shapes_figure(column_shapes_numbers(make_profile(), NAMES))
    assert finding == (
        "Distributions of 4 columns over 100 rows. Most related to status: age (0.42), "
        "home (0.20) and since (0.05)."
    )


class TestNotice:
    def test_there_is_none_where_all_rows_and_columns_are_drawn(self):
        assert sampling_notice(make_profile()) is None

    def test_a_sample_is_named_with_its_size(self):
        profile = make_profile(n_rows=1_000_000, n_sampled=100_000)
        assert sampling_notice(profile) == (
            "Distributions, medians and relations are of a random sample of 100,000 of 1,000,000 "
            "rows; all else is of all rows."
        )

    def test_columns_that_are_not_drawn_are_counted(self):
        """Not an id, whose values are never listed."""
        bare = replace(SINCE, name="bare", histogram=None)
        assert bare.type is ColumnType.DATE
        profile = make_profile(columns=(*make_profile().columns, bare))
        assert sampling_notice(profile) == (
            "Distributions are drawn of 4 of 6 columns: those most related to the target."
        )
