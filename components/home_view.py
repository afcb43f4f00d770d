"""What the home page shows: the three steps, the samples, and what was done before."""

from __future__ import annotations

import streamlit as st

from components import errors, navigation
from components.resources import workbench
from components.text import plain
from modelling.types import TaskKind
from modelling.workbench import Sample, Workbench

_COLUMNS = 3
_RECENT = 8
_TASKS = {
    TaskKind.BINARY: "two classes",
    TaskKind.MULTICLASS: "several classes",
    TaskKind.REGRESSION: "a number",
}
_STEPS = (
    (
        "1. Bring data",
        "Upload a table or take a sample, and say what to predict. Test rows are locked away at "
        "once, before any model sees them.",
    ),
    (
        "2. Benchmark and tune",
        "See what base models reach as they come, then spend a budget that you set on searching "
        "better configurations.",
    ),
    (
        "3. Compare",
        "Read what tuning bought on the locked rows, whether that gain is real, and what it cost.",
    ),
)


def steps() -> None:
    """Draw the three steps."""
    with st.grid(len(_STEPS), min_column_width=230):
        for title, text in _STEPS:
            st.markdown(f"**{title}**  \n{text}")


def samples(bench: Workbench) -> None:
    """Draw the samples as cards; the first one has the primary button."""
    found = bench.samples()
    with st.grid(_COLUMNS, min_column_width=240):
        for sample in found:
            _card(sample, is_first=sample is found[0])


def _card(sample: Sample, *, is_first: bool) -> None:
    key = f"home_sample_{sample.name}"
    with st.container(border=True, height="stretch", key=f"home_card_{sample.name}"):
        st.markdown(f"**{plain(sample.title)}**")
        st.markdown(plain(sample.summary, longest=300))
        st.caption(plain(sample.shows, longest=300))
        with st.container(height="stretch", vertical_alignment="bottom"):
            st.caption(
                f"{sample.rows:,} rows × {sample.columns} columns · predicts "
                f"{_TASKS[sample.task]} · licence {plain(sample.licence)}"
            )
            st.button(
                "Use this sample",
                key=key,
                type="primary" if is_first else "secondary",
                on_click=_use,
                args=(sample.name, key),
                width="stretch",
            )
        errors.pending(key)


def _use(name: str, key: str) -> None:
    with errors.kept(key):
        navigation.go("data", dataset=workbench().add_sample(name).id)


def recent(bench: Workbench) -> None:
    """List the newest experiments with links to their pages."""
    experiments = bench.experiments()[:_RECENT]
    if not experiments:
        st.caption("None yet. The first one begins with a sample above or a file of your own.")
        return
    for experiment in experiments:
        metric = next(
            spec.title
            for spec in bench.metrics(experiment.task.kind)
            if spec.name == experiment.task.metric
        )
        with st.container(
            horizontal=True, vertical_alignment="center", key=f"home_recent_{experiment.id}"
        ):
            st.markdown(
                f"**{plain(experiment.name)}**  \n{metric}, {experiment.n_train:,} training rows, "
                f"created {experiment.created_at[:16].replace('T', ' ')} UTC",
                width="stretch",
            )
            for key, label in (
                ("benchmark", "Benchmark"),
                ("tuning", "Tuning"),
                ("compare", "Compare"),
            ):
                navigation.link(key, label, experiment=experiment.id)
