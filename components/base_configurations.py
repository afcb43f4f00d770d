"""What each base model is: its configuration, and how it differs from its library's."""

from __future__ import annotations

from itertools import groupby

import streamlit as st

from components.text import plain
from modelling.charts.wording import param_text
from modelling.types import Experiment
from modelling.workbench import ModelSpec, Workbench


def show(bench: Workbench, experiment: Experiment) -> None:
    """Draw the base models of the task, family by family."""
    families: dict[str, int] = {}
    specs = bench.base_models(experiment.id)
    for spec in specs:
        families.setdefault(spec.family, len(families))
    ordered = sorted(specs, key=lambda spec: families[spec.family])
    with st.expander("Base configurations", key="benchmark_configurations"):
        for family, members in groupby(ordered, key=lambda spec: spec.family):
            st.markdown(f"##### {plain(family).capitalize()}")
            for spec in members:
                _model(spec)


def _model(spec: ModelSpec) -> None:
    params = "  ".join(f"`{name} = {param_text(value)}`" for name, value in spec.base.items())
    note = plain(spec.base_note, longest=300) or "As the library has it."
    st.markdown(f"**{plain(spec.title)}**  {params}  \n{note}")
