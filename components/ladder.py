"""The ladder of a study: what the same minutes could have bought, measured on a click."""

from __future__ import annotations

import streamlit as st

from components import chart_panel, errors, live, run_status, state
from components.header import metric_of
from components.resources import workbench
from components.text import sentences
from modelling.charts.wording import listed
from modelling.types import Experiment, ModelResult, Run, Rung, RungResult, TuningSpec, Variant

_BUTTON = "ladder_start"


def show(experiment: Experiment, run: Run | None) -> None:
    """Draw the ladder below a study that has ended."""
    if run is None or run_status.is_under_way(run) or not isinstance(run.spec, TuningSpec):
        return
    # Rungs are fits; those of a prompt are trials of its study, the free ones among them.
    if run.spec.ask is not None:
        return
    titles = {spec.key: spec.title for spec in workbench().models(experiment.task.kind)}
    with st.container(key="tuning_ladder"):
        st.subheader("What the same minutes could have bought")
        key = run.spec.models[0]
        if len(run.spec.models) > 1:
            key = state.select(
                "Ladder of",
                list(run.spec.models),
                key="ladder_model",
                default=key,
                format_func=titles.__getitem__,
            )
        active = _is_active(experiment.id, key)
        every = live.POLL_S if active else None
        st.fragment(_panel, run_every=every)(experiment, key, titles[key], is_live=active)


def _is_active(experiment_id: str, key: str) -> bool:
    runs = workbench().rung_runs(experiment_id, key).values()
    return any(run_status.is_under_way(run) for run in runs)


def _panel(experiment: Experiment, key: str, title: str, *, is_live: bool) -> None:
    bench = workbench()
    found = bench.rungs(experiment.id, key)
    obstacles = {rung: bench.rung_obstacle(experiment.id, rung, key) for rung in Rung}
    active = _is_active(experiment.id, key)
    _start_button(experiment.id, key, found, obstacles, active=active)
    _states(experiment.id, key, found)
    _charts(experiment, key, title, found)
    if is_live and not active:
        st.rerun()


def _start_button(
    experiment_id: str,
    key: str,
    found: tuple[RungResult, ...],
    obstacles: dict[Rung, str | None],
    *,
    active: bool,
) -> None:
    missing = [rung for rung in Rung if obstacles[rung] is None]
    missing = [rung for rung in missing if rung not in {one.rung for one in found}]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Measure the ladder",
            key=_BUTTON,
            disabled=active or not missing,
            on_click=_start,
            args=(experiment_id, key, missing),
        )
        note = f"Measures {listed([str(rung) for rung in missing], most=5)}" if missing else ""
        st.caption(f"{note}; the locked test has no part in it." if note else "All is measured.")
    errors.pending(_BUTTON)
    reasons = dict.fromkeys(text for text in obstacles.values() if text)
    if reasons:
        st.caption(sentences("Left out: " + " ".join(reasons)))


def _states(experiment_id: str, key: str, found: tuple[RungResult, ...]) -> None:
    """Say what is being measured, and what went wrong."""
    done = {one.rung for one in found}
    runs = workbench().rung_runs(experiment_id, key)
    missing = [(rung, runs[rung]) for rung in Rung if rung in runs and rung not in done]
    for rung, run in missing:
        if run.error:
            st.error(sentences(f"{rung.capitalize()}: {run.error}"))
    waiting = [f"{rung} {run.state}" for rung, run in missing if not run.error]
    if waiting:
        st.caption(f"{listed(waiting, most=5).capitalize()}.")


def _charts(experiment: Experiment, key: str, title: str, found: tuple[RungResult, ...]) -> None:
    bench = workbench()
    metric = metric_of(bench, experiment)
    base = _row(bench.results(experiment.id), key, Variant.BASE)
    if not found or base is None or base.cv_score is None:
        return
    spec = chart_panel.chart("ladder")
    numbers = spec.numbers(
        found, metric=metric, base_score=base.cv_score, tuned=_tuned(experiment.id, key)
    )
    chart_panel.show(spec, numbers, key="ladder_chart")
    st.caption(
        f"Each step starts from the base of {title} and is judged on rows that had no part in it: "
        "predictions of the folds, 95 % intervals of row noise only. Costs are CPU seconds beyond "
        "those of the base."
    )
    curve = next((one.curve for one in found if one.curve), ())
    if curve:
        spec = chart_panel.chart("learning_curve")
        st.markdown(f"**{spec.title}**")
        chart_panel.show(spec, spec.numbers(curve, metric=metric, title=title), key="ladder_curve")


def _tuned(experiment_id: str, key: str) -> tuple[float, tuple[float, float], float] | None:
    """Return gain, interval and CPU of tuning this model, as corrected for the search."""
    for pair in workbench().comparison(experiment_id).pairs:
        if pair.role == "same model" and pair.candidate.key == key and pair.selection is not None:
            seen = pair.selection
            return seen.corrected_gain, seen.corrected_interval, pair.candidate.search_cpu_s
    return None


def _row(rows: tuple[ModelResult, ...], key: str, variant: Variant) -> ModelResult | None:
    return next((row for row in rows if (row.key, row.variant) == (key, variant)), None)


def _start(experiment_id: str, key: str, rungs: list[Rung]) -> None:
    with errors.kept(_BUTTON):
        for rung in rungs:
            workbench().start_rung(experiment_id, rung, key)
    # The page as a whole: only that brings the timer.
    st.rerun()
