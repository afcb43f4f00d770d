"""Slices and parallel coordinates: every parameter against the score."""

import math

import pytest

from modelling.charts import parallel_figure, parallel_numbers, slices_figure, slices_numbers
from modelling.charts.studies import study_histories
from modelling.metrics import metric
from modelling.types import SearchParam, Trial, TrialState

AUC = metric("roc_auc")
SPACE = (
    SearchParam(name="depth", kind="int", low=2, high=10),
    SearchParam(name="rate", kind="float", low=0.01, high=1.0, log=True),
    SearchParam(name="mode", kind="choice", choices=("gini", None)),
)


def study(*rows, state=TrialState.COMPLETE):
    trials = [
        Trial(
            model="tree",
            number=number,
            origin="tpe",
            params={"depth": depth, "rate": rate, "mode": mode},
            state=state,
            value=-score,
        )
        for number, (depth, rate, mode, score) in enumerate(rows)
    ]
    (found,) = study_histories(trials, AUC, {"tree": ("Tree", "tree")})
    return found


ROWS = ((3, 0.1, "gini", 0.7), (9, 0.5, None, 0.8), (5, 0.02, "gini", 0.75))


def test_slices_come_in_the_order_of_importance():
    numbers = slices_numbers(
        study(*ROWS), space=SPACE, importance={"rate": 0.6, "mode": 0.1}, metric=AUC
    )
    assert [one.param.name for one in numbers.slices] == ["rate", "mode", "depth"]
    assert numbers.slices[0].values == (0.1, 0.5, 0.02)
    assert numbers.slices[0].scores == (0.7, 0.8, 0.75)


def test_a_slice_has_the_scale_of_its_parameter():
    figure, _ = slices_figure(slices_numbers(study(*ROWS), space=SPACE, importance={}, metric=AUC))
    axes = [figure.layout[name].type for name in ("xaxis", "xaxis2", "xaxis3")]
    assert axes == ["linear", "log", "category"]
    assert list(figure.data[2].x) == ["gini", "None", "gini"]


def test_lines_are_ordered_so_that_the_best_lies_on_top():
    numbers = parallel_numbers(study(*ROWS), space=SPACE, metric=AUC)
    assert numbers.scores == (0.7, 0.75, 0.8)
    figure, finding = parallel_figure(numbers)
    depth, rate, mode, score = figure.data[0].dimensions
    assert list(depth["values"]) == [3, 5, 9]
    assert list(rate["values"]) == pytest.approx([math.log10(v) for v in (0.1, 0.02, 0.5)])
    assert list(mode["values"]) == [0, 0, 1]
    assert list(mode["ticktext"]) == ["gini", "None"]
    assert list(score["values"]) == [0.7, 0.75, 0.8]
    assert finding == (
        "Of 3 trials of Tree the best, 0.8000, has depth = 9, rate = 0.5, mode = None."
    )


def test_trials_without_a_score_are_not_drawn():
    numbers = parallel_numbers(study((3, 0.1, "gini", math.inf)), space=SPACE, metric=AUC)
    assert parallel_figure(numbers)[1] == "No trial of Tree has ended with a score yet."
    assert not parallel_figure(numbers)[0].data
    sliced = slices_numbers(
        study((3, 0.1, "gini", math.inf)), space=SPACE, importance={}, metric=AUC
    )
    assert slices_figure(sliced)[1] == "No trial of Tree has ended with a score yet."
