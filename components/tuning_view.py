"""Choosing what to tune and for how much, and the course of the study."""

from __future__ import annotations

import streamlit as st

from components import (
    benchmark_view,
    budgets,
    errors,
    navigation,
    run_status,
    search_space,
    start_button,
    state,
    study_import,
)
from components.resources import workbench
from modelling.types import Experiment, ResultStatus, Run
from modelling.workbench import ModelSpec, Workbench

_BUTTON = "tuning_start"
_SAMPLERS = {
    "tpe": "TPE: learns from earlier trials",
    "random": "Random: every trial on its own",
    "grid": "Grid: a few values per parameter",
}


def start(bench: Workbench, experiment: Experiment, run: Run | None) -> None:
    """Draw the choice of models, budget and sampler, and the button."""
    specs = {spec.key: spec for spec in bench.base_models(experiment.id) if spec.can_be_tuned}
    chosen = state.multiselect(
        "Models to tune",
        list(specs),
        key="tuning_models",
        default=_best_base(bench, experiment, specs),
        format_func=lambda key: f"{specs[key].title} · {specs[key].family}",
        help="Default: the best base model by selection score. Several models share the budget "
        "equally; what one leaves of its share goes to those after it.",
    )
    sampler = _budget()
    searched = [specs[key] for key in chosen]
    can_search = search_space.show(searched, sampler)
    if searched and can_search:
        study_import.show(searched, search_space.drafted(searched))
    start_button.show(
        "Start tuning",
        "Trial 0 is the base model itself, so the selection score can only rise. Trials that "
        "fall behind after a few folds are stopped early; their time is counted."
        if chosen
        else "Choose at least one model.",
        key=_BUTTON,
        disabled=not chosen or not can_search or run_status.is_under_way(run),
        on_click=_start,
        experiment_id=experiment.id,
    )


def _budget() -> str:
    """Draw the inputs of the budget and return the sampler."""
    inputs = st.grid(3, min_column_width=180)
    with inputs.cell():
        kind = state.select(
            "Budget in",
            list(budgets.UNITS),
            key="tuning_budget_kind",
            default="cpu_s",
            format_func=lambda name: budgets.UNITS[name].title,
            help="The study ends when the budget is used up; finishing the last trials is in it.",
        )
    unit = budgets.UNITS[kind]
    # Another kind starts from its own default.
    state.begin_draft("tuning_budget_basis", (kind,), ["tuning_budget"])
    if "tuning_budget" not in st.session_state:
        st.session_state["tuning_budget"] = unit.default
    with inputs.cell():
        st.number_input(
            unit.title,
            min_value=0.0,
            step=unit.step,
            format=unit.form,
            key="tuning_budget",
            help="In all.",
        )
    with inputs.cell():
        return state.select(
            "Sampler",
            list(_SAMPLERS),
            key="tuning_sampler",
            default="tpe",
            format_func=_SAMPLERS.__getitem__,
            help="Who proposes the next configuration.",
        )


def _best_base(bench: Workbench, experiment: Experiment, specs: dict[str, ModelSpec]) -> list[str]:
    """Return the best base model that can be tuned, by selection score."""
    ranked = [
        row.key
        for row in benchmark_view.base_rows(bench, experiment)
        if row.status is ResultStatus.OK and row.key in specs
    ]
    return ranked[:1] or list(specs)[:1]


def _start(experiment_id: str) -> None:
    draft = st.session_state
    with errors.kept(_BUTTON):
        bench, models = workbench(), draft["tuning_models"]
        kind = bench.experiment(experiment_id).task.kind
        specs = [spec for spec in bench.models(kind) if spec.key in models]
        spaces = search_space.drafted(specs)
        run = bench.start_tuning(
            experiment_id,
            models,
            budgets.budget_of(draft["tuning_budget_kind"], draft["tuning_budget"]),
            sampler=draft["tuning_sampler"],
            spaces=spaces,
            given=study_import.drafted(specs, spaces),
        )
        st.query_params["run"] = run.id


def next_step(experiment: Experiment) -> None:
    """Draw the way to the comparison."""
    navigation.link("compare", "Next: is it worth it?", experiment=experiment.id)
