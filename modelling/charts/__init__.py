"""The charts: plain numbers first, a Plotly figure second.

A chart is one file with a function that returns its numbers and one that draws them and returns
(figure, sentence that states its finding); adding a chart is a file and its line in `CHARTS`.
Importing this package does not import scikit-learn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from modelling.charts.agreement import agreement_figure, agreement_numbers
from modelling.charts.association import association_figure, association_numbers
from modelling.charts.bill import bill_figure, bill_numbers
from modelling.charts.column_shapes import (
    column_shapes_figure,
    column_shapes_numbers,
    sampling_notice,
)
from modelling.charts.confusion import confusion_figure, confusion_numbers
from modelling.charts.dumbbell import dumbbell_figure, dumbbell_numbers
from modelling.charts.effect import effect_figure, effect_numbers
from modelling.charts.hinges import hinges_figure, hinges_numbers
from modelling.charts.history import history_figure, history_numbers
from modelling.charts.impact import impact_figure, impact_numbers
from modelling.charts.importance import importance_figure, importance_numbers
from modelling.charts.injection import injection_figure, injection_numbers
from modelling.charts.ladder import ladder_figure, ladder_numbers
from modelling.charts.leaderboard import leaderboard_figure, leaderboard_numbers
from modelling.charts.learning_curve import learning_curve_figure, learning_curve_numbers
from modelling.charts.one_row import one_row_figure, one_row_numbers
from modelling.charts.optimism import optimism_figure, optimism_numbers
from modelling.charts.ownership import ownership_figure, ownership_numbers
from modelling.charts.parallel import parallel_figure, parallel_numbers
from modelling.charts.payback import payback_figure, payback_numbers
from modelling.charts.profit import profit_figure, profit_numbers
from modelling.charts.reliance import reliance_figure, reliance_numbers
from modelling.charts.residuals import residual_figure, residual_numbers
from modelling.charts.row_slices import row_slices_figure, row_slices_numbers
from modelling.charts.slices import slices_figure, slices_numbers
from modelling.charts.split_preview import split_preview_figure, split_preview_numbers
from modelling.charts.stopped import stopped_figure, stopped_numbers
from modelling.charts.target import target_figure, target_numbers
from modelling.charts.thresholds import threshold_figure, threshold_numbers
from modelling.charts.tradeoff import tradeoff_figure, tradeoff_numbers
from modelling.charts.trajectory import trajectory_figure, trajectory_numbers


@dataclass(frozen=True, kw_only=True, slots=True)
class ChartSpec:
    """One chart: ``numbers`` takes results, ``draw`` takes what ``numbers`` returned."""

    key: str
    title: str
    numbers: Callable[..., Any]
    draw: Callable[[Any], tuple[Any, str]]


CHARTS: tuple[ChartSpec, ...] = (
    ChartSpec(
        key="tradeoff",
        title="Accuracy against cost",
        numbers=tradeoff_numbers,
        draw=tradeoff_figure,
    ),
    ChartSpec(
        key="dumbbell",
        title="Gain of tuning, model by model",
        numbers=dumbbell_numbers,
        draw=dumbbell_figure,
    ),
    ChartSpec(
        key="optimism",
        title="How optimistic was the search?",
        numbers=optimism_numbers,
        draw=optimism_figure,
    ),
    ChartSpec(
        key="impact",
        title="What each search bought, and its bill",
        numbers=impact_numbers,
        draw=impact_figure,
    ),
    ChartSpec(
        key="trajectory",
        title="The search in hindsight",
        numbers=trajectory_numbers,
        draw=trajectory_figure,
    ),
    ChartSpec(
        key="row_slices",
        title="Where it gains and where it loses",
        numbers=row_slices_numbers,
        draw=row_slices_figure,
    ),
    ChartSpec(
        key="confusion",
        title="Which classes are taken for which",
        numbers=confusion_numbers,
        draw=confusion_figure,
    ),
    ChartSpec(
        key="thresholds",
        title="Over all thresholds",
        numbers=threshold_numbers,
        draw=threshold_figure,
    ),
    ChartSpec(
        key="residuals",
        title="Errors along the truth",
        numbers=residual_numbers,
        draw=residual_figure,
    ),
    ChartSpec(
        key="reliance",
        title="What the models go by",
        numbers=reliance_numbers,
        draw=reliance_figure,
    ),
    ChartSpec(
        key="effect",
        title="How answers go with a column",
        numbers=effect_numbers,
        draw=effect_figure,
    ),
    ChartSpec(
        key="agreement",
        title="How alike the models answer",
        numbers=agreement_numbers,
        draw=agreement_figure,
    ),
    ChartSpec(
        key="payback",
        title="When tuning has paid for itself",
        numbers=payback_numbers,
        draw=payback_figure,
    ),
    ChartSpec(
        key="profit",
        title="What calling more rows is worth",
        numbers=profit_numbers,
        draw=profit_figure,
    ),
    ChartSpec(
        key="ownership",
        title="Which model at which volume",
        numbers=ownership_numbers,
        draw=ownership_figure,
    ),
    ChartSpec(
        key="bill",
        title="The whole bill",
        numbers=bill_numbers,
        draw=bill_figure,
    ),
    ChartSpec(
        key="hinges",
        title="What the verdict hangs on",
        numbers=hinges_numbers,
        draw=hinges_figure,
    ),
    ChartSpec(
        key="one_row",
        title="One row along a column",
        numbers=one_row_numbers,
        draw=one_row_figure,
    ),
    ChartSpec(
        key="history",
        title="Course of the study",
        numbers=history_numbers,
        draw=history_figure,
    ),
    ChartSpec(
        key="importance",
        title="Which parameters mattered",
        numbers=importance_numbers,
        draw=importance_figure,
    ),
    ChartSpec(
        key="slices",
        title="Scores along each parameter",
        numbers=slices_numbers,
        draw=slices_figure,
    ),
    ChartSpec(
        key="parallel",
        title="Trials through their parameters",
        numbers=parallel_numbers,
        draw=parallel_figure,
    ),
    ChartSpec(
        key="stopped",
        title="Where trials were stopped",
        numbers=stopped_numbers,
        draw=stopped_figure,
    ),
    ChartSpec(
        key="ladder",
        title="What the same minutes could have bought",
        numbers=ladder_numbers,
        draw=ladder_figure,
    ),
    ChartSpec(
        key="learning_curve",
        title="What more rows would bring",
        numbers=learning_curve_numbers,
        draw=learning_curve_figure,
    ),
    ChartSpec(
        key="leaderboard",
        title="Selection scores",
        numbers=leaderboard_numbers,
        draw=leaderboard_figure,
    ),
    ChartSpec(
        key="target",
        title="The target",
        numbers=target_numbers,
        draw=target_figure,
    ),
    ChartSpec(
        key="column_shapes",
        title="Columns, and the target along them",
        numbers=column_shapes_numbers,
        draw=column_shapes_figure,
    ),
    ChartSpec(
        key="association",
        title="Which columns go together",
        numbers=association_numbers,
        draw=association_figure,
    ),
    ChartSpec(
        key="injection",
        title="Does it obey the texts that it judges?",
        numbers=injection_numbers,
        draw=injection_figure,
    ),
    ChartSpec(
        key="split_preview",
        title="Training and locked test rows",
        numbers=split_preview_numbers,
        draw=split_preview_figure,
    ),
)

__all__ = [
    "CHARTS",
    "ChartSpec",
    "agreement_figure",
    "agreement_numbers",
    "association_figure",
    "association_numbers",
    "bill_figure",
    "bill_numbers",
    "column_shapes_figure",
    "column_shapes_numbers",
    "confusion_figure",
    "confusion_numbers",
    "dumbbell_figure",
    "dumbbell_numbers",
    "effect_figure",
    "effect_numbers",
    "hinges_figure",
    "hinges_numbers",
    "history_figure",
    "history_numbers",
    "impact_figure",
    "impact_numbers",
    "importance_figure",
    "importance_numbers",
    "ladder_figure",
    "ladder_numbers",
    "leaderboard_figure",
    "leaderboard_numbers",
    "learning_curve_figure",
    "learning_curve_numbers",
    "one_row_figure",
    "one_row_numbers",
    "optimism_figure",
    "optimism_numbers",
    "ownership_figure",
    "ownership_numbers",
    "parallel_figure",
    "parallel_numbers",
    "payback_figure",
    "payback_numbers",
    "profit_figure",
    "profit_numbers",
    "reliance_figure",
    "reliance_numbers",
    "residual_figure",
    "residual_numbers",
    "row_slices_figure",
    "row_slices_numbers",
    "sampling_notice",
    "slices_figure",
    "slices_numbers",
    "split_preview_figure",
    "split_preview_numbers",
    "stopped_figure",
    "stopped_numbers",
    "target_figure",
    "target_numbers",
    "threshold_figure",
    "threshold_numbers",
    "tradeoff_figure",
    "tradeoff_numbers",
    "trajectory_figure",
    "trajectory_numbers",
]
