"""The leaderboard of a benchmark: table, files, failures, details of a model, and the chart."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from components import (
    benchmark_failures,
    chart_panel,
    leaderboard_table,
    model_details,
    row_selection,
    run_status,
    state,
    tables,
)
from components.header import metric_of
from components.resources import workbench
from modelling.types import Experiment, Run, Variant
from modelling.workbench import MetricSpec, Workbench

if TYPE_CHECKING:
    from modelling.workbench import Standing

_TABLE, _FAMILY = "benchmark_table", "benchmark_family"
_BASELINE, _ENSEMBLE = "baseline", "ensemble"
# The dummy and one model make no ensemble.
_FEWEST = 2


def show(experiment: Experiment, run: Run | None) -> None:
    """Draw the models found so far, best selection score first; drawn anew during a run."""
    bench = workbench()
    lines = bench.leaderboard(experiment.id)
    due = _families_due(bench, experiment, run, lines)
    if not due:
        return
    state.begin_draft("benchmark_basis", (experiment.id,), [_FAMILY, *row_selection.drafts(_TABLE)])
    metric = metric_of(bench, experiment)
    with st.container(key="benchmark_leaderboard"):
        st.subheader("Leaderboard")
        st.caption(_explanation(metric, experiment.task.folds))
        chosen = _family_filter(due)
        shown = [line for line in lines if line.row.family in chosen]
        due = [family for family in due if family in chosen]
        _table(experiment, shown, len(due))
        if not run_status.is_under_way(run):
            # Later than the table: during a run, nothing below it may move.
            benchmark_failures.show(experiment, shown)
        selected = row_selection.selected(_TABLE)
        if selected in _names(shown):
            model_details.show(bench, experiment, *selected)
        spec = chart_panel.chart("leaderboard")
        n_places = len(due) - due.count(_BASELINE)
        numbers = spec.numbers(lines, metric, families=chosen, n_places=n_places)
        chart_panel.show(spec, numbers, key="benchmark_chart")


def _families_due(
    bench: Workbench, experiment: Experiment, run: Run | None, lines: Sequence[Standing]
) -> list[str]:
    """Return the family of each row that is there or still to come, in an order that stays."""
    specs = bench.base_models(experiment.id)
    due = {line.row.key for line in lines}
    if run is not None and run_status.is_under_way(run):
        due |= {*run.spec.models, "dummy"}
    families = [spec.family for spec in specs if spec.key in due]
    # The run ends with an ensemble if two models are good enough for one.
    return [*families, _ENSEMBLE] if len(families) > _FEWEST or _ENSEMBLE in due else families


def _explanation(metric: MetricSpec, n_folds: int) -> str:
    return (
        f"Ranked by **selection score**: {metric.title}, the mean of {n_folds} folds of the "
        f"training rows. {metric.sentence} It chooses models, so it is a little optimistic; scores "
        "on the locked test are shown on Compare only. “1 =” is a display, not a test: the folds "
        "do not tell these models apart. Select a row for folds, metrics and log."
    )


def _family_filter(due: Sequence[str]) -> list[str]:
    """Draw the filter and return the families to show; none chosen means all."""
    families = list(dict.fromkeys(due))
    chosen = st.pills("Families", families, selection_mode="multi", key=_FAMILY)
    return [family for family in families if not chosen or family in chosen]


def _table(experiment: Experiment, lines: Sequence[Standing], n_rows: int) -> None:
    frame = leaderboard_table.whole(lines, experiment.economics)
    names = _names(lines)
    row_selection.keep(_TABLE, names)
    tables.show(
        leaderboard_table.shown(frame),
        key=_TABLE,
        alt="Leaderboard of base models",
        # As high as it will be at the end of the run.
        height=tables.height_of(n_rows),
        scores=leaderboard_table.SCORES,
        explained=leaderboard_table.WORDS,
        widths=leaderboard_table.WIDTHS,
        pinned=leaderboard_table.PINNED,
        on_select=partial(row_selection.changed, _TABLE, names),
    )
    with st.container(horizontal=True):
        for form, (name, write) in tables.FORMS.items():
            st.download_button(
                f"Leaderboard ({name})",
                partial(write, frame),
                file_name=f"tuneworth-leaderboard.{form}",
                key=f"benchmark_download_{form}",
                on_click="ignore",
                disabled=frame.empty,
            )


def _names(lines: Sequence[Standing]) -> list[tuple[str, Variant]]:
    return [(line.row.key, line.row.variant) for line in lines]
