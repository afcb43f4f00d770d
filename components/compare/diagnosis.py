"""How two models differ: classes, thresholds, errors, and how alike all models answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from components import chart_panel, paper, state, tables
from modelling.charts.thresholds import VIEWS
from modelling.types import Experiment, ModelResult, TaskKind
from modelling.workbench import Workbench

if TYPE_CHECKING:
    from modelling.workbench import Answers, Comparison

_CLASSES, _THRESHOLDS, _ERRORS, _ALIKE = "Classes", "Thresholds", "Errors", "Agreement"


def show(
    bench: Workbench,
    experiment: Experiment,
    comparison: Comparison,
    two: tuple[ModelResult, ModelResult],
) -> None:
    """Draw one view of how the two models answer the locked rows, of the analyst's choice."""
    classifies = experiment.task.kind.is_classification
    views = [_CLASSES, _THRESHOLDS, _ALIKE] if classifies else [_ERRORS, _ALIKE]
    chosen = views[0]
    if not paper.is_on():
        chosen = st.segmented_control(
            "Look at", views, default=views[0], required=True, key="compare_look"
        )
    if chosen == _ALIKE:
        rows = [row for row in comparison.models if row.test_prediction_blob]
        spec = chart_panel.chart("agreement")
        _draw("agreement", spec.numbers(bench.answers(experiment.id, rows)))
        return
    answers = bench.answers(experiment.id, two)
    if chosen == _THRESHOLDS:
        _thresholds(experiment, answers)
    elif chosen == _ERRORS:
        spec = chart_panel.chart("residuals")
        _draw("residuals", spec.numbers(answers, target=experiment.task.target))
    else:
        _draw("confusion", chart_panel.chart("confusion").numbers(answers))
        _class_table(bench, answers)


def _draw(key: str, numbers: Any) -> None:
    spec = chart_panel.chart(key)
    chart_panel.show(spec, numbers, key=f"compare_{key}", as_file=True)


def _thresholds(experiment: Experiment, answers: Answers) -> None:
    classes = list(answers.classes)
    view, positive = next(iter(VIEWS)), len(classes) - 1
    if not paper.is_on():
        with st.container(horizontal=True, vertical_alignment="bottom"):
            view = st.segmented_control(
                "Curve",
                list(VIEWS),
                default=view,
                required=True,
                key="compare_curve",
                format_func=VIEWS.__getitem__,
            )
            if experiment.task.kind is TaskKind.MULTICLASS:
                label = state.select("Class", classes, key="compare_class", default=classes[0])
                positive = classes.index(label)
    spec = chart_panel.chart("thresholds")
    _draw("thresholds", spec.numbers(answers, view, positive=positive))


def _class_table(bench: Workbench, answers: Answers) -> None:
    """Show precision, recall and F1 of every class, the two models beside each other."""
    scores = {model: bench.class_scores(answers, model) for model in answers.predicted}
    first = next(iter(scores.values()))
    columns: dict[str, list[Any]] = {
        "class": [item.label for item in first],
        "rows": [item.n_rows for item in first],
    }
    for name in ("precision", "recall", "f1"):
        for model, items in scores.items():
            title = "F1" if name == "f1" else name
            columns[f"{title}: {model}"] = [getattr(item, name) for item in items]
    tables.show(
        pd.DataFrame(columns),
        key="compare_class_table",
        alt="Precision, recall and F1 of every class",
        height=tables.height_of(min(10, len(first))),
        pinned=("class",),
    )
