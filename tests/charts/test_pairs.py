"""The charts of pairs: gains and optimism."""

import math
from dataclasses import replace

import pytest

from modelling.charts.dumbbell import dumbbell_figure, dumbbell_numbers
from modelling.charts.optimism import optimism_figure, optimism_numbers
from modelling.types import SelectionGain
from tests.charts.made_up import (
    BOOSTER,
    ENSEMBLE,
    LOGISTIC,
    TUNED,
    make_comparison,
    make_gain,
    make_pair,
    make_tuned_comparison,
)


def test_the_experiments_own_pair_comes_first():
    rows = dumbbell_numbers(make_tuned_comparison()).rows
    assert [row.label for row in rows] == ["Best base to best tuned", "Lightgbm"]
    assert (rows[0].base_label, rows[0].candidate_label) == ("Logistic (base)", "Lightgbm (tuned)")


def test_an_ensemble_that_is_the_candidate_has_its_own_name_and_mark():
    pairs = (make_pair(BOOSTER, TUNED, "same model"), make_pair(LOGISTIC, ENSEMBLE, "experiment"))
    numbers = dumbbell_numbers(make_comparison(pairs=pairs))
    assert [row.label for row in numbers.rows] == ["Best base to ensemble", "Lightgbm"]
    assert numbers.rows[0].candidate_label == "Ensemble"
    figure, _ = dumbbell_figure(numbers)
    key = {trace.name: trace.marker.symbol for trace in figure.data if trace.name}
    assert key["tuned, with its 95 % interval"] == "square"
    assert key["ensemble, with its 95 % interval"] == "diamond"


def test_the_key_explains_no_mark_that_is_not_there():
    figure, _ = dumbbell_figure(dumbbell_numbers(make_tuned_comparison()))
    assert "ensemble, with its 95 % interval" not in {trace.name for trace in figure.data}


def test_a_pair_that_is_both_is_drawn_once():
    pairs = (make_pair(BOOSTER, TUNED, "same model"), make_pair(BOOSTER, TUNED, "experiment"))
    assert len(dumbbell_numbers(make_comparison(pairs=pairs)).rows) == 1


def test_a_dumbbell_goes_from_zero_to_the_gain_with_its_interval_and_margin():
    pair = make_pair(BOOSTER, TUNED, "same model", gain=make_gain(0.04, (0.01, 0.07)))
    figure, finding = dumbbell_figure(dumbbell_numbers(make_comparison(pairs=(pair,))))
    line, base, tuned = figure.data[:3]
    assert list(line.x) == [0, 0.04]
    assert list(base.x) == [0]
    assert tuned.error_x.array[0] == pytest.approx(0.03)
    assert tuned.error_x.arrayminus[0] == pytest.approx(0.03)
    band = figure.layout.shapes[0]
    assert (band.x0, band.x1) == (-0.005, 0.005)
    assert "gain +0.0400 (95 % interval +0.0100 to +0.0700), tune" in finding


def test_the_three_gains_of_a_winner_stand_side_by_side():
    (row, _) = optimism_numbers(make_tuned_comparison()).rows
    assert [estimate.gain for estimate in row.estimates] == [0.06, 0.03, 0.04]
    assert [estimate.interval for estimate in row.estimates] == [None, (0.0, 0.05), (0.01, 0.07)]


def test_optimism_in_words():
    _, finding = optimism_figure(optimism_numbers(make_tuned_comparison()))
    assert "the search saw +0.0600, corrected +0.0300, locked test +0.0400" in finding


@pytest.mark.parametrize("gain", [None, math.nan])
def test_a_pair_without_a_selection_gain_is_absent(gain):
    selection = None
    if gain is not None:
        selection = SelectionGain(
            selection_gain=gain,
            corrected_gain=gain,
            corrected_interval=(gain, gain),
            n_configurations=0,
            n_left_out=0,
        )
    pair = replace(make_pair(LOGISTIC, TUNED, "experiment"), selection=selection)
    numbers = optimism_numbers(make_comparison(pairs=(pair,)))
    assert numbers.rows == ()
    assert "cannot be shown" in optimism_figure(numbers)[1]


def test_no_pair_at_all_is_said():
    assert "Nothing has been tuned" in dumbbell_figure(dumbbell_numbers(make_comparison()))[1]
