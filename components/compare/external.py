"""Add an external model: rows to answer, the answers that come back, and what they cost."""

from __future__ import annotations

from functools import partial

import streamlit as st

from components import errors, live, run_status, tables
from components.resources import workbench
from components.text import sentences
from modelling.charts.wording import money_unit
from modelling.types import Experiment, ExternalCosts, Run, RunKind
from modelling.workbench import Workbench

_ADD = "compare_external_add"
_FILE, _TITLE = "compare_external_upload", "compare_external_title"
# Key of the widget -> (label, step, format, help).
_PRICES: dict[str, tuple[str, float, str, str]] = {
    "compare_external_fixed": (
        "Once",
        10.0,
        "%.2f",
        "What it took until it could answer: licence, prompt writing, fine-tuning.",
    ),
    "compare_external_per_1k": (
        "1,000 predictions",
        0.1,
        "%.4f",
        "What a thousand answers cost, whoever is paid for them.",
    ),
    "compare_external_tokens": (
        "A million tokens",
        0.1,
        "%.4f",
        "Only if the file has a column tokens: their mean per row times this price is added.",
    ),
}


def show(bench: Workbench, experiment: Experiment, runs: tuple[Run, ...]) -> None:
    """Draw the way of a model that runs elsewhere into every comparison of this page."""
    run = next((run for run in runs if run.kind is RunKind.EXTERNAL), None)
    with st.expander("Add an external model", key="compare_external", expanded=_is_open(run)):
        st.markdown(
            "Answers of an LLM behind your gateway, a vendor's score or today's business rule "
            "stand beside the models above, on the same locked rows. Scoring them is a further "
            "look at the locked test, and is counted."
        )
        _download(bench, experiment)
        _form(bench, experiment)
        errors.pending(_ADD)
        if run is not None and run_status.is_under_way(run):
            live.show(run)
        elif run is not None and run.error:
            st.error(sentences(run.error))


def _is_open(run: Run | None) -> bool:
    return run_status.is_under_way(run) or st.session_state.get(_FILE) is not None


def _download(bench: Workbench, experiment: Experiment) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        for form, (name, _) in tables.FORMS.items():
            st.download_button(
                f"1. Locked rows to answer ({name})",
                partial(_rows, bench, experiment.id, form),
                file_name=f"tuneworth-rows-to-answer.{form}",
                key=f"compare_external_rows_{form}",
                on_click="ignore",
            )
        st.caption("Without the target. Keep the column row; the order is free.")


def _rows(bench: Workbench, experiment_id: str, form: str) -> bytes:
    return tables.FORMS[form][1](bench.rows_to_answer(experiment_id))


def _form(bench: Workbench, experiment: Experiment) -> None:
    answers = (
        "`prediction`, or `probability_<class>` for each class"
        if experiment.task.kind.is_classification
        else "`prediction`"
    )
    st.file_uploader(
        f"2. The answers: a table with `row` and {answers}; `tokens` and `latency_ms` if known",
        key=_FILE,
        max_upload_size=bench.settings.max_upload_mb,
    )
    unit = money_unit(experiment.economics.currency)
    with st.grid(4, min_column_width=170):
        st.text_input("3. Name of the model", key=_TITLE, placeholder="GPT-4, zero-shot")
        for key, (label, step, form, words) in _PRICES.items():
            st.number_input(
                f"{label}, {unit}", min_value=0.0, step=step, format=form, key=key, help=words
            )
    ready = st.session_state.get(_FILE) is not None and st.session_state.get(_TITLE, "").strip()
    st.button("Add this model", key=_ADD, disabled=not ready, on_click=_add, args=(experiment.id,))


def _add(experiment_id: str) -> None:
    state = st.session_state
    fixed, per_1k, tokens = (float(state.get(key) or 0.0) for key in _PRICES)
    with errors.kept(_ADD):
        file = state[_FILE]
        try:
            workbench().add_external(
                experiment_id,
                file,
                title=state[_TITLE],
                costs=ExternalCosts(fixed_usd=fixed, usd_per_1k=per_1k),
                usd_per_million_tokens=tokens or None,
            )
        finally:
            file.seek(0)
