from dataclasses import replace

import pytest

from modelling.charts.leaderboard import leaderboard_figure, leaderboard_numbers
from modelling.comparison.leaderboard import corrected_interval, standings
from modelling.metrics import metric
from modelling.types import Variant
from tests.charts.made_up import BOOSTER, DUMMY, FAILED, LOGISTIC, make_row

AUC = metric("roc_auc")
CLOSE = replace(BOOSTER, cv_score=0.798, fold_scores=(0.80, 0.79, 0.804))
WORSE = make_row("tree", cv_score=0.7, fold_scores=(0.69, 0.70, 0.71))


def numbers_of(*rows, **options):
    return leaderboard_numbers(standings(rows), AUC, **options)


def test_dots_have_score_and_corrected_interval_and_the_dummy_is_a_line():
    numbers = numbers_of(LOGISTIC, BOOSTER, DUMMY, FAILED)
    assert [dot.label for dot in numbers.dots] == ["Logistic", "Lightgbm"]
    assert numbers.dots[0].score == 0.8
    assert numbers.dots[0].interval == corrected_interval((0.79, 0.80, 0.81))
    assert numbers.dummy == 0.5


def test_the_bars_are_the_corrected_interval_and_the_axis_says_so():
    """Three folds, SD 0.01: 4.302653 * sqrt((1/3 + 1/2) * 0.0001) = 0.039278."""
    figure, finding = leaderboard_figure(numbers_of(LOGISTIC))
    bar = figure.data[1].error_x
    assert (bar.array[0], bar.arrayminus[0]) == pytest.approx((0.039278, 0.039278), abs=1e-6)
    assert "corrected 95 % interval" in figure.layout.xaxis.title.text
    assert "0.8000 (0.7607 to 0.8393)" in finding


def test_models_that_tie_share_a_rank_and_a_band():
    figure, finding = leaderboard_figure(numbers_of(LOGISTIC, CLOSE, WORSE))
    assert list(figure.layout.yaxis.ticktext) == ["Logistic  1 =", "Lightgbm  1 =", "Tree  3"]
    (band,) = figure.layout.shapes
    assert (band.y0, band.y1) == (0.55, 2.45)
    assert "tied with 1 other" in finding


def test_only_the_families_asked_for_are_drawn_and_ranks_stay():
    numbers = numbers_of(LOGISTIC, WORSE, DUMMY, families=("tree",))
    assert [(dot.label, dot.rank) for dot in numbers.dots] == [("Tree", 2)]
    assert numbers.dummy == 0.5


def test_a_chart_that_fills_up_does_not_grow():
    few, _ = leaderboard_figure(numbers_of(LOGISTIC, n_places=3))
    many, _ = leaderboard_figure(numbers_of(LOGISTIC, CLOSE, WORSE, n_places=3))
    assert few.layout.height == many.layout.height
    assert few.layout.yaxis.range == many.layout.yaxis.range
    assert few.data[1].y == many.data[1].y


def test_it_shows_no_score_of_the_locked_test():
    row = replace(LOGISTIC, test_score=0.123456, test_interval=(0.1, 0.2))
    figure, finding = leaderboard_figure(numbers_of(row))
    assert "0.1234" not in figure.to_json() + finding


def test_a_near_dummy_is_drawn_and_a_far_one_is_named():
    near = numbers_of(LOGISTIC, replace(DUMMY, cv_score=0.78))
    assert len(leaderboard_figure(near)[0].layout.shapes) == 1
    far, finding = leaderboard_figure(numbers_of(LOGISTIC, DUMMY))
    assert len(far.layout.shapes) == 0
    assert "outside this range" in far.layout.annotations[0].text
    assert "Guessing scores 0.5000." in finding


def test_a_tuned_model_is_called_tuned():
    numbers = numbers_of(make_row("tree", Variant.TUNED))
    assert numbers.dots[0].label == "Tree (tuned)"


def test_no_model_yet_is_said():
    assert leaderboard_figure(numbers_of())[1] == "No model has a selection score yet."
