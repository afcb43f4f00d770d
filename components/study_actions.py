"""What can be done with a study that has ended: go on, try another seed, take it to Optuna."""

from __future__ import annotations

from functools import partial

import streamlit as st

from components import budgets, errors, run_status
from components.llm import keys
from components.resources import workbench
from components.text import plain
from modelling.types import Experiment, Run, TuningSpec

_EXTEND, _RESEED, _AMOUNT = "tuning_extend", "tuning_reseed", "tuning_extend_by"


def show(experiment: Experiment, run: Run | None) -> None:
    """Draw the ways on from a study that has ended."""
    if run is None or run_status.is_under_way(run) or not isinstance(run.spec, TuningSpec):
        return
    titles = {spec.key: spec.title for spec in workbench().models(experiment.task.kind)}
    with st.container(key="tuning_actions"):
        st.subheader("Go on with this study")
        _go_on(run, run.spec)
        _downloads(run, run.spec, titles)


def _go_on(run: Run, spec: TuningSpec) -> None:
    kind = budgets.unit_of(spec.budget)
    unit = budgets.UNITS[kind]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input(
            f"Extend by: {unit.title}",
            min_value=0.0,
            value=unit.default,
            step=unit.step,
            format=unit.form,
            key=_AMOUNT,
            width=220,
            help="The trials are those that the larger budget would have had from the start.",
        )
        st.button("Extend the study", key=_EXTEND, on_click=_extend, args=(run.id, kind))
        if spec.ask is None:
            _again(run, spec)
    errors.pending(_EXTEND)
    errors.pending(_RESEED)


def _again(run: Run, spec: TuningSpec) -> None:
    st.button(
        "Run again with another seed",
        key=_RESEED,
        on_click=_reseed,
        args=(run,),
        help=f"The same study with seed {spec.seed + 1} instead of {spec.seed}.",
    )


def _downloads(run: Run, spec: TuningSpec, titles: dict[str, str]) -> None:
    with st.expander("Open in optuna-dashboard", key="tuning_optuna"):
        for key in spec.models:
            name = f"{key}-{run.id[:8]}.log"
            # Written on the click only: a study of thousands of trials takes a moment.
            st.download_button(
                f"Optuna journal of {plain(titles.get(key, key))}",
                data=partial(workbench().optuna_journal, run.id, key),
                file_name=name,
                mime="application/x-ndjson",
                on_click="ignore",
                key=f"tuning_optuna_{key}",
            )
            st.code(f"optuna-dashboard {name}", language="sh")


def _extend(run_id: str, kind: budgets.Kind) -> None:
    with errors.kept(_EXTEND):
        amount = st.session_state[_AMOUNT]
        bench = workbench()
        asked = getattr(bench.run(run_id).spec, "ask", None)
        # The last run used its key up.
        provider = None if asked is None else bench.llm(asked.llm).provider
        key = "" if provider is None else keys.known(provider.id, provider.key)
        further = budgets.budget_of(kind, amount)
        _open(bench.extend_tuning(run_id, further, provider_key=key))


def _reseed(run: Run) -> None:
    with errors.kept(_RESEED):
        spec = run.spec
        if isinstance(spec, TuningSpec):
            again = workbench().start_tuning(
                run.experiment_id,
                spec.models,
                spec.opening or spec.budget,
                sampler=spec.sampler,
                seed=spec.seed + 1,
                window=spec.window,
                spaces=spec.spaces,
                given=spec.given,
                limits=spec.limits,
            )
            _open(again)


def _open(run: Run) -> None:
    """Put the new run into the URL and draw the page as a whole, timer included."""
    st.query_params["run"] = run.id
    st.rerun()
