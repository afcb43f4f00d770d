from dataclasses import replace

from modelling.charts.leaderboard import leaderboard_figure, leaderboard_numbers
from modelling.metrics import metric
from tests.charts.made_up import BOOSTER, DUMMY, FAILED, LOGISTIC, make_row

AUC = metric("roc_auc")


def test_dots_have_score_and_spread_and_the_dummy_is_a_line():
    numbers = leaderboard_numbers([LOGISTIC, BOOSTER, DUMMY, FAILED], AUC)
    assert [dot.label for dot in numbers.dots] == ["Logistic", "Lightgbm"]
    assert (numbers.dots[0].score, numbers.dots[0].spread) == (0.8, 0.01)
    assert numbers.dummy == 0.5


def test_it_shows_no_score_of_the_locked_test():
    row = replace(LOGISTIC, test_score=0.123456, test_interval=(0.1, 0.2))
    figure, finding = leaderboard_figure(leaderboard_numbers([row], AUC))
    assert "0.1234" not in figure.to_json() + finding


def test_a_near_dummy_is_drawn_and_a_far_one_is_named():
    near = leaderboard_numbers([LOGISTIC, replace(DUMMY, cv_score=0.78)], AUC)
    assert len(leaderboard_figure(near)[0].layout.shapes) == 1
    far, finding = leaderboard_figure(leaderboard_numbers([LOGISTIC, DUMMY], AUC))
    assert len(far.layout.shapes) == 0
    assert "outside this range" in far.layout.annotations[0].text
    assert "Guessing scores 0.5000." in finding


def test_a_tuned_model_is_called_tuned():
    from modelling.types import Variant

    numbers = leaderboard_numbers([make_row("tree", Variant.TUNED)], AUC)
    assert numbers.dots[0].label == "Tree (tuned)"


def test_no_model_yet_is_said():
    assert leaderboard_figure(leaderboard_numbers([], AUC))[1] == (
        "No model has a selection score yet."
    )
