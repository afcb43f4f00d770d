"""Language models beside all others: the same sampled rows, one chart, one currency."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components import chart_panel, model_tables, navigation, state, tables
from components.compare import tradeoff
from components.llm import answers
from components.resources import workbench
from components.text import plain, sentences
from modelling.charts.axes import AXES
from modelling.charts.figures import row_label
from modelling.charts.wording import gain_text, interval_text
from modelling.types import AskedModel, Experiment
from modelling.workbench import Workbench

if TYPE_CHECKING:
    from modelling.workbench import Comparison

_AXIS = "serving_usd"


def show(bench: Workbench, experiment: Experiment) -> None:
    """Draw the section; where nobody was asked, only the way to asking, if there is text."""
    if bench.asking_obstacle(experiment.id) is not None:
        return
    asked = bench.asked(experiment.id)
    if not asked:
        navigation.link("benchmark", "Ask a language model, too", experiment=experiment.id)
        return
    sampled = bench.sampled(experiment.id)
    if sampled is None:
        return
    with st.container(key="compare_sampled"):
        st.subheader("With language models, all on the same rows")
        st.caption(
            f"Every model here is scored on the same {sampled.n_test:,} of "
            f"{experiment.n_test:,} locked rows, so scores differ from those above and their "
            "intervals are wider. Money: tokens with none cached, CPU time at the assumed price."
        )
        _chart(experiment, sampled)
        _verdicts(sampled)
        for sentence in bench.leanings(experiment.id):
            st.info(sentences(sentence), icon="⚖️")
        _table(experiment, sampled)
        _orders(asked)
        for one in asked:
            note = answers.ended(one)
            if note:
                st.caption(sentences(note))


def _chart(experiment: Experiment, sampled: Comparison) -> None:
    spec = chart_panel.chart("tradeoff")
    titles = {axis.key: axis.priced_in(experiment.economics.currency).title for axis in AXES}
    metrics = {item.name: item for item in workbench().metrics(experiment.task.kind)}
    with st.grid(2, min_column_width=280, width=780):
        name = state.select(
            "Accuracy (up)",
            list(metrics),
            key="compare_sampled_score",
            default=sampled.metric.name,
            format_func=lambda name: metrics[name].title,
        )
        axis = state.select(
            "Cost (across)",
            list(titles),
            key="compare_sampled_axis",
            default=_AXIS,
            format_func=titles.__getitem__,
        )
    numbers = spec.numbers(sampled, experiment.economics, axis, score=metrics[name])
    chart_panel.show(spec, numbers, key="compare_sampled_chart", as_file=True)
    st.caption(tradeoff.notes(numbers, sampled.metric))


def _verdicts(sampled: Comparison) -> None:
    """Draw a line for each base and its tuned partner, on these rows."""
    own = [pair for pair in sampled.pairs if pair.role == "same model"]
    lines = [
        f"- **{plain(row_label(pair.candidate))}** over its base: "
        f"{gain_text(pair.gain.gain, sampled.metric)} {sampled.metric.title} "
        f"({interval_text(pair.gain.interval, sampled.metric)}): *{pair.verdict.verdict}*"
        for pair in own
    ]
    st.markdown("\n".join(lines))


def _table(experiment: Experiment, sampled: Comparison) -> None:
    frame = model_tables.all_models(
        sampled, experiment.economics, workbench().metrics(experiment.task.kind)
    )
    frame = frame.rename(columns=lambda name: name.replace("locked test", "sampled rows"))
    with st.expander("All models on these rows", key="compare_sampled_models"):
        tables.show(
            frame,
            key="compare_sampled_table",
            alt="All models with their scores on the sampled rows and their costs",
        )
        st.download_button(
            "Download the table (CSV)",
            tables.csv_bytes(frame),
            file_name="tuneworth-sampled-models.csv",
            mime="text/csv",
            key="compare_sampled_download",
            on_click="ignore",
        )


def _orders(asked: tuple[AskedModel, ...]) -> None:
    spec = chart_panel.chart("injection")
    numbers = spec.numbers(asked)
    if not numbers.models:
        return
    st.markdown(f"**{spec.title}**")
    chart_panel.show(spec, numbers, key="compare_injection")
    st.caption(
        "Training texts that end with an order to answer another class. Whoever writes texts for "
        "your model can write such orders; bars are 95 % intervals."
    )
