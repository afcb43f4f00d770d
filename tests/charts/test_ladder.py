"""The ladder and the learning curve."""

import pytest

from modelling.charts import (
    ladder_figure,
    ladder_numbers,
    learning_curve_figure,
    learning_curve_numbers,
)
from modelling.metrics import metric
from modelling.types import CurvePoint, Rung, RungResult

AUC = metric("roc_auc")


def rung(kind, cpu_s, gain=0.01):
    return RungResult(
        rung=kind,
        model="tree",
        gain=gain,
        interval=(gain - 0.01, gain + 0.01),
        cpu_s=cpu_s,
        detail="d",
    )


def numbers(rungs, tuned=None):
    return ladder_numbers(rungs, metric=AUC, base_score=0.8, tuned=tuned)


def test_steps_come_cheapest_first_with_tuning_among_them():
    found = numbers(
        [rung(Rung.MORE_ROWS, 9.0), rung(Rung.KNOWN_GOOD, 2.0)], (0.03, (0.01, 0.05), 5.0)
    )
    assert [step.label for step in found.steps] == [
        "Known-good configuration",
        "Tuning",
        "Twice the rows",
    ]
    assert [step.is_tuning for step in found.steps] == [False, True, False]


def test_every_step_is_drawn_with_its_interval_above_the_margin():
    figure, finding = ladder_figure(numbers([rung(Rung.KNOWN_GOOD, 2.0, gain=0.02)]))
    (mark,) = figure.data
    assert mark.x == (0.02,)
    assert mark.error_x.array == pytest.approx([0.01])
    assert mark.error_x.arrayminus == pytest.approx([0.01])
    (band,) = figure.layout.shapes
    assert (band.x0, band.x1) == (-AUC.default_margin, AUC.default_margin)
    assert "Known-good configuration: gain +0.0200" in finding
    assert "2.0 CPU s" in finding or "2 CPU s" in finding


def test_nothing_measured_is_said():
    assert ladder_figure(numbers([]))[1] == "No rung of the ladder has been measured yet."
    empty = learning_curve_numbers((), metric=AUC, title="Tree")
    assert learning_curve_figure(empty)[1] == "The learning curve has not been measured yet."


def test_the_forecast_is_set_apart_and_joined_to_the_last_measured_point():
    points = [
        CurvePoint(n_rows=n, score=s, interval=(s - 0.02, s + 0.02), is_forecast=n == 400)
        for n, s in ((400, 0.83), (100, 0.7), (200, 0.8))
    ]
    figure, finding = learning_curve_figure(
        learning_curve_numbers(points, metric=AUC, title="Tree")
    )
    lines = [trace for trace in figure.data if trace.mode == "lines"]
    assert [(list(line.x), line.line.dash) for line in lines] == [
        ([100, 200], "solid"),
        ([200, 400], "dot"),
    ]
    marks = {trace.name: list(trace.x) for trace in figure.data if trace.mode == "markers"}
    assert marks == {
        "Forecast, with its 95 % interval": [400],
        "Measured, with its 95 % interval": [100, 200],
    }
    assert "forecast for 400 rows: 0.8300" in finding
