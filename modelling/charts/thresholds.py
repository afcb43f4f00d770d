"""Answers over all thresholds: ROC, precision and recall, gains, and calibration of two models."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go

from modelling.charts import wording as say
from modelling.charts.style import NEUTRAL, escaped, faded, layout
from modelling.charts.two_models import COLOURS, DASHES, SYMBOLS
from modelling.comparison.answers import Answers
from modelling.comparison.curves import CalibrationBin, Ranked, calibration, ranked, thinned_curve

View = Literal["roc", "precision_recall", "gains", "calibration"]
VIEWS: dict[View, str] = {
    "roc": "ROC",
    "precision_recall": "Precision and recall",
    "gains": "Gains and lift",
    "calibration": "Calibration",
}
# (horizontal, vertical) axis of each view.
_AXES: dict[View, tuple[str, str]] = {
    "roc": (
        "False positive rate (share of other rows called it)",
        "True positive rate (share found)",
    ),
    "precision_recall": (
        "Recall (share of its rows found)",
        "Precision (share of calls that are right)",
    ),
    "gains": ("Share of rows looked at, most likely first", "Share of its rows found"),
    "calibration": ("Predicted probability", "Share that came true"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ThresholdCurve:
    """One model's curve; ``bins`` of calibration, ``lift`` at a tenth of the rows of gains."""

    model: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    bins: tuple[CalibrationBin, ...] = ()
    lift: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ThresholdNumbers:
    """What the chart draws of the class ``label``, of which there are ``n_positive`` rows."""

    view: View
    label: str
    n_positive: int
    n_rows: int
    curves: tuple[ThresholdCurve, ...]


def threshold_numbers(
    answers: Answers, view: View = "roc", *, positive: int = 1
) -> ThresholdNumbers:
    """Return the curves of the first two models that ``answers`` holds.

    Parameters
    ----------
    positive : int
        The class that is looked for, by its place among the classes.
    """
    is_positive = answers.truth == positive
    return ThresholdNumbers(
        view=view,
        label=answers.classes[positive],
        n_positive=int(is_positive.sum()),
        n_rows=len(is_positive),
        curves=tuple(
            _curve(model, is_positive, answers.predicted[model][:, positive], view)
            for model in tuple(answers.predicted)[:2]
        ),
    )


def _curve(model: str, is_positive: Any, scores: Any, view: View) -> ThresholdCurve:
    if view == "calibration":
        bins = calibration(is_positive, scores)
        return ThresholdCurve(
            model=model,
            x=tuple(item.predicted for item in bins),
            y=tuple(item.observed for item in bins),
            bins=bins,
        )
    rows: Ranked = ranked(is_positive, scores)
    x, y = {"roc": rows.roc, "precision_recall": rows.precision_recall, "gains": rows.gains}[view]()
    lift = float(np.interp(0.1, x, y) / 0.1) if view == "gains" else None
    drawn_x, drawn_y = thinned_curve(x, y)
    return ThresholdCurve(model=model, x=tuple(drawn_x), y=tuple(drawn_y), lift=lift)


def threshold_figure(numbers: ThresholdNumbers) -> tuple[go.Figure, str]:
    """Return the figure and the sentence that states its finding."""
    figure = go.Figure()
    figure.add_trace(_reference(numbers))
    for place, curve in enumerate(numbers.curves):
        figure.add_trace(_trace(curve, place, numbers.view))
    x_title, y_title = _AXES[numbers.view]
    share = {"range": [-0.02, 1.02], "tickformat": ".0%", "zeroline": False}
    figure.update_layout(
        **layout(
            height=430,
            xaxis={**share, "title": {"text": x_title}},
            yaxis={**share, "title": {"text": y_title}},
            legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        )
    )
    return figure, _finding(numbers)


def _reference(numbers: ThresholdNumbers) -> go.Scatter:
    """Return what guessing, or perfect calibration, would look like."""
    share = numbers.n_positive / max(1, numbers.n_rows)
    flat = numbers.view == "precision_recall"
    return go.Scatter(
        x=[0, 1],
        y=[share, share] if flat else [0, 1],
        mode="lines",
        line={"color": NEUTRAL, "width": 1, "dash": "dot"},
        name="perfect" if numbers.view == "calibration" else "guessing",
        hoverinfo="skip",
    )


def _trace(curve: ThresholdCurve, place: int, view: View) -> go.Scatter:
    colour = COLOURS[place % len(COLOURS)]
    more: dict[str, Any] = {}
    if view == "calibration":
        more["error_y"] = {
            "type": "data",
            "symmetric": False,
            "array": [item.interval[1] - item.observed for item in curve.bins],
            "arrayminus": [item.observed - item.interval[0] for item in curve.bins],
            "color": faded(colour, 0.7),
            "thickness": 1.5,
            "width": 3,
        }
    return go.Scatter(
        x=curve.x,
        y=curve.y,
        mode="lines+markers" if view == "calibration" else "lines",
        line={"color": colour, "width": 2, "dash": DASHES[place % len(DASHES)]},
        marker={"size": 8, "symbol": SYMBOLS[place % len(SYMBOLS)]},
        name=escaped(curve.model),
        hovertext=[_hover(curve, i) for i in range(len(curve.x))],
        hoverinfo="text",
        **more,
    )


def _hover(curve: ThresholdCurve, place: int) -> str:
    text = f"<b>{escaped(curve.model)}</b><br>{curve.x[place]:.1%}, {curve.y[place]:.1%}"
    if curve.bins:
        text += f"<br>{say.counted(curve.bins[place].n_rows, 'row')}"
    return text


def _finding(numbers: ThresholdNumbers) -> str:
    about = (
        f"{VIEWS[numbers.view]} for {numbers.label!r}, {numbers.n_positive:,} of "
        f"{numbers.n_rows:,} locked rows"
    )
    if not 0 < numbers.n_positive < numbers.n_rows:
        return f"{about}: without rows of both kinds there is no curve."
    return f"{about}: {'; '.join(_summary(curve, numbers.view) for curve in numbers.curves)}."


def _summary(curve: ThresholdCurve, view: View) -> str:
    if view == "calibration":
        total = sum(item.n_rows for item in curve.bins)
        off = sum(item.n_rows * abs(item.predicted - item.observed) for item in curve.bins) / total
        return f"{curve.model} is off by {off:.1%} on average"
    if view == "gains":
        times = curve.lift or math.nan
        return f"a tenth of the rows by {curve.model} finds {times:.2g} times chance"
    x, y = np.asarray(curve.x), np.asarray(curve.y)
    if view == "precision_recall":
        best = float(y[x >= 0.5][0]) if np.any(x >= 0.5) else math.nan
        return f"{curve.model} is right in {best:.0%} of its calls when half are found"
    found = float(np.interp(0.1, x, y))
    return f"{curve.model} finds {found:.0%} at a false positive rate of 10 %"
