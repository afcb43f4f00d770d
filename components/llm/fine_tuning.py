"""Fine-tuning elsewhere: the training rows as a provider takes them, and about what it costs."""

from __future__ import annotations

from functools import partial

import streamlit as st

from components import state
from modelling.charts.wording import money_text
from modelling.types import Experiment
from modelling.workbench import FINE_TUNING_FORMS, Workbench

_FORMS = {"openai": "OpenAI, Together and others", "gemini": "Google Gemini"}


def show(bench: Workbench, experiment: Experiment) -> None:
    """Draw the download and its estimate, once it is opened."""
    with st.expander("Fine-tune a model elsewhere", key="tuning_fine", on_change="rerun") as opened:
        if not opened.open:
            return
        st.caption(
            "The training rows with the prompt and the right answer, a line each; no locked row is "
            "among them. Fine-tune a model at its provider with the file, then ask it on Benchmark "
            "by its id. Enter the provider's price of a million training tokens."
        )
        with st.grid(3, min_column_width=200):
            form = state.select(
                "Format",
                FINE_TUNING_FORMS,
                key="tuning_fine_form",
                default=FINE_TUNING_FORMS[0],
                format_func=_FORMS.__getitem__,
            )
            price = st.number_input(
                "A million training tokens, USD",
                min_value=0.0,
                value=5.0,
                step=0.5,
                key="tuning_fine_price",
            )
            epochs = st.number_input(
                "Epochs", min_value=1, max_value=20, value=3, key="tuning_fine_epochs"
            )
        prompt = bench.proposed_prompt(experiment.id)
        found = bench.fine_tuning_estimate(
            experiment.id, prompt, usd_per_million=float(price), epochs=int(epochs)
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            st.download_button(
                "Training rows (JSONL)",
                partial(bench.fine_tuning_file, experiment.id, prompt, form),
                file_name=f"tuneworth-{form}.jsonl",
                mime="application/jsonl",
                key="tuning_fine_file",
                on_click="ignore",
            )
            st.caption(
                f"{found.n_rows:,} rows, about {found.tokens:,} tokens an epoch: "
                f"{money_text(found.usd)} for {int(epochs)} epochs."
            )
