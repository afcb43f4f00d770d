"""Why two models answer as they do: the columns they go by, asked on demand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from components import chart_panel, errors, live, paper, run_status, state
from components.resources import workbench
from components.text import plain, sentences
from modelling.charts.figures import row_label
from modelling.charts.reliance import MEASURES
from modelling.charts.wording import cpu_text
from modelling.types import Experiment, Explanation, ModelResult, Run, RunKind
from modelling.workbench import Workbench

if TYPE_CHECKING:
    from modelling.workbench import Comparison

_START = "compare_explain"


def show(
    bench: Workbench,
    experiment: Experiment,
    comparison: Comparison,
    two: tuple[ModelResult, ModelResult],
    runs: tuple[Run, ...],
) -> None:
    """Draw what two models go by, or the way to find out."""
    known = [(row, bench.explanation(experiment.id, row)) for row in two]
    found = {row_label(row): item for row, item in known if item is not None}
    missing = [row for row, item in known if item is None]
    if not found and paper.is_on():
        return
    st.subheader(chart_panel.chart("reliance").title)
    if missing and not paper.is_on():
        _ask(bench, experiment, missing, runs)
    if found:
        _explain(experiment, comparison, found)


def _ask(
    bench: Workbench, experiment: Experiment, rows: list[ModelResult], runs: tuple[Run, ...]
) -> None:
    run = next((run for run in runs if run.kind is RunKind.EXPLANATION), None)
    if run is not None and run_status.is_under_way(run):
        live.show(run)
        return
    if run is not None and run.error:
        st.error(sentences(run.error))
    obstacles = [bench.explanation_obstacle(experiment.id, row) for row in rows]
    for obstacle in filter(None, obstacles):
        st.caption(plain(obstacle))
    able = [row for row, obstacle in zip(rows, obstacles, strict=True) if obstacle is None]
    if not able:
        return
    names = " and ".join(plain(row_label(row)) for row in able)
    price = cpu_text(bench.explanation_price(experiment.id, able))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Ask the models", key=_START, on_click=_start, args=(experiment.id, able))
        st.caption(
            f"Which columns do {names} need, and which way do they push? Stored models are asked "
            f"about locked rows, nothing is fitted: about {price}."
        )
    errors.pending(_START)


def _explain(
    experiment: Experiment, comparison: Comparison, found: Mapping[str, Explanation]
) -> None:
    outputs = next(iter(found.values())).outputs
    measure, output = next(iter(MEASURES)), 0
    if not paper.is_on():
        with st.container(horizontal=True, vertical_alignment="bottom"):
            measure = st.segmented_control(
                "Measured by",
                list(MEASURES),
                default=measure,
                required=True,
                key="compare_reliance_by",
                format_func=MEASURES.__getitem__,
            )
            if len(outputs) > 1:
                chosen = state.select(
                    "Answer", list(outputs), key="compare_reliance_output", default=outputs[0]
                )
                output = outputs.index(chosen)
    spec = chart_panel.chart("reliance")
    numbers = spec.numbers(found, measure, metric=comparison.metric, output=output)
    chart_panel.show(spec, numbers, key="compare_reliance", as_file=True)
    st.caption(
        "Columns that tell the same stand in for each other, so each seems to matter less. What "
        "matters to a model need not cause anything. Columns that are dropped for what is seen "
        "here are chosen by the locked test: judge such a model on fresh rows."
    )
    _effect(experiment, found, outputs[output], output)


def _effect(
    experiment: Experiment, found: Mapping[str, Explanation], answer: str, output: int
) -> None:
    columns = list(
        dict.fromkeys(
            effect.column for item in found.values() for effect in item.effects if effect.means
        )
    )
    if not columns:
        return
    spec = chart_panel.chart("effect")
    column = columns[0]
    if not paper.is_on():
        with st.container(width=480):
            column = state.select(
                "Follow a column", columns, key="compare_effect_column", default=columns[0]
            )
    what = "Probability of" if experiment.task.kind.is_classification else "Predicted"
    numbers = spec.numbers(found, column, answer=f"{what} {answer}", output=output)
    chart_panel.show(spec, numbers, key="compare_effect", as_file=True)


def _start(experiment_id: str, rows: list[ModelResult]) -> None:
    with errors.kept(_START):
        workbench().start_explanation(experiment_id, rows)
