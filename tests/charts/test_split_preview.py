from modelling.charts.split_preview import split_preview_figure, split_preview_numbers
from modelling.types import PartPreview, SplitPreview
from tests.charts.made_up_profile import make_split


def test_classes_come_by_their_share_in_training():
    numbers = split_preview_numbers(make_split())
    assert numbers.classes == ("good", "bad")
    assert [part.shares for part in numbers.parts] == [(0.75, 0.25), (0.6, 0.4)]


def test_a_class_that_one_part_misses_has_no_share_there():
    split = SplitPreview(
        train=PartPreview(name="training", n_rows=9, classes={"a": 1.0}),
        test=PartPreview(name="locked test", n_rows=4, classes={"b": 1.0}),
    )
    numbers = split_preview_numbers(split)
    assert [part.shares for part in numbers.parts] == [(1.0, 0.0), (0.0, 1.0)]


def test_the_finding_names_rows_groups_dates_and_the_largest_difference():
    """Both differ by 0.15; the more frequent class is named."""
    _, finding = split_preview_figure(split_preview_numbers(make_split(n_left_out=7)))
    assert finding == (
        "Training: 75 rows, 30 groups, 2026-01-01 to 2026-03-31; Locked test: 25 rows, 10 groups, "
        "2026-04-01 to 2026-05-01. 7 rows in neither. Class good is 75 % of the training and 60 % "
        "of the test rows."
    )


def test_the_legend_tells_rows_and_dates_on_two_lines():
    figure, _ = split_preview_figure(split_preview_numbers(make_split()))
    assert [trace.name for trace in figure.data] == [
        "Training: 75 rows, 30 groups<br>2026-01-01 to 2026-03-31",
        "Locked test: 25 rows, 10 groups<br>2026-04-01 to 2026-05-01",
    ]


def test_a_regression_shows_all_values_the_middle_half_and_the_median():
    split = SplitPreview(
        train=PartPreview(name="training", n_rows=75, quartiles=(1.0, 2.0, 3.0, 5.0, 9.0)),
        test=PartPreview(name="locked test", n_rows=25, quartiles=(0.0, 2.0, 4.0, 5.0, 8.0)),
    )
    figure, finding = split_preview_figure(split_preview_numbers(split))
    assert [list(trace.x) for trace in figure.data] == [
        [1.0, 9.0],
        [2.0, 5.0],
        [3.0],
        [0.0, 8.0],
        [2.0, 5.0],
        [4.0],
    ]
    assert finding == "Training: 75 rows; Locked test: 25 rows."
    assert "half between 2 and 5" in figure.data[2].hovertext[0]
