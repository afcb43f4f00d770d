"""One model of the leaderboard in detail: parameters, folds, log, all metrics over the folds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components import model_tables, prediction_downloads, tables
from components.text import plain, sentences
from modelling.charts.wording import (
    cpu_text,
    direction_text,
    ms_text,
    params_text,
    score_text,
    seconds_text,
)
from modelling.types import Experiment, FoldResult, ModelResult, ResultStatus, Variant
from modelling.workbench import Workbench

if TYPE_CHECKING:
    from modelling.workbench import ModelDetails

_BYTES_PER_MB = 1e6


def show(bench: Workbench, experiment: Experiment, key: str, variant: Variant) -> None:
    """Draw what is known of a model beyond its line; nothing of the locked test."""
    details = bench.details(experiment.id, key, variant)
    row = details.row
    with st.container(key="benchmark_details", border=True):
        st.markdown(f"#### {plain(row.title)}")
        facts = (plain(row.family), sentences(model_tables.note(row)), *_timing(row))
        st.caption(" · ".join(filter(None, facts)))
        _parameters(bench, experiment, details)
        left, right = st.columns([3, 2], gap="medium")
        with left:
            _folds(details)
        with right:
            if details.folds:
                _log(details.folds, experiment.task.folds)
        if any(item.mean is not None for item in details.metrics):
            _metrics(details)
        if row.status is ResultStatus.OK:
            prediction_downloads.show(bench, experiment, row)


def _timing(row: ModelResult) -> list[str]:
    parts = []
    if row.fit_cpu_s is not None:
        clock = f"{seconds_text(row.fit_time_s)} on the clock"
        parts.append(f"fit on all training rows {cpu_text(row.fit_cpu_s)}, {clock}")
    if row.cv_cpu_s:
        parts.append(f"all folds {cpu_text(row.cv_cpu_s)}")
    if row.predict_cpu_ms_per_1k is not None:
        parts.append(f"1,000 rows {ms_text(row.predict_cpu_ms_per_1k)} CPU")
        parts.append(
            f"one row {ms_text(row.predict_ms_single_p50)} (p95 "
            f"{ms_text(row.predict_ms_single_p95)})"
        )
    return parts


def _parameters(bench: Workbench, experiment: Experiment, details: ModelDetails) -> None:
    row = details.row
    notes = {spec.key: spec.base_note for spec in bench.models(experiment.task.kind)}
    note = notes.get(row.key, "") if row.variant is Variant.BASE else ""
    params = plain(params_text(row.params), longest=2_000) or "none"
    st.markdown(f"**Parameters**: {params}  \n{plain(note, longest=300)}")


def _folds(details: ModelDetails) -> None:
    folds, metric = details.folds, details.metrics[0].metric
    st.markdown("**Folds**")
    if not folds:
        st.caption("Made of the predictions of other models: it has no fits of its own.")
        return
    frame = pd.DataFrame(
        {
            "fold": [fold.fold + 1 for fold in folds],
            "score": tables.numbers(fold.scores.get(metric.name) for fold in folds),
            "fit CPU s": tables.numbers(fold.fit_cpu_s for fold in folds),
            "fit wall s": tables.numbers(fold.fit_time_s for fold in folds),
            "rounds": pd.array([fold.rounds for fold in folds], dtype="Int64"),
            "memory MB": tables.numbers(
                # Zero is what a fit that was ended has.
                fold.peak_memory_bytes / _BYTES_PER_MB or None
                for fold in folds
            ),
        }
    )
    tables.show(
        frame.dropna(axis=1, how="all"),
        key="benchmark_folds",
        alt=f"Folds of {details.row.title}",
        explained={
            "score": metric.title,
            "rounds": "Rounds after which the score of held-out rows stopped rising",
            "memory MB": "How much the process of the fit grew, in megabytes",
        },
    )


def _log(folds: Sequence[FoldResult], n_folds: int) -> None:
    """Draw what came of each fold, equal messages together."""
    said: dict[str, list[int]] = defaultdict(list)
    for fold in folds:
        ok = fold.status is ResultStatus.OK
        said["finished" if ok else f"failed: {fold.error}"].append(fold.fold + 1)
        for line in fold.notes:
            said[f"the library warned: {line}"].append(fold.fold + 1)
    lines = [f"- {_named(where, n_folds)}: {sentences(text)}" for text, where in said.items()]
    if "finished" in said and not any(fold.notes for fold in folds):
        lines.append("- The library warned of nothing.")
    st.markdown("**Log**")
    st.markdown("\n".join(lines))


def _named(where: Sequence[int], n_folds: int) -> str:
    if len(where) == n_folds:
        return f"All {n_folds} folds"
    return f"Fold{'s' if len(where) > 1 else ''} {', '.join(map(str, where))}"


def _metrics(details: ModelDetails) -> None:
    items = details.metrics
    st.markdown("**All metrics over the folds**")
    st.table(
        pd.DataFrame(
            {
                "metric": [item.metric.title for item in items],
                "mean": [score_text(item.mean, item.metric) for item in items],
                "± folds": [score_text(item.sd, item.metric) for item in items],
                "unit": [item.metric.unit for item in items],
                "better": [direction_text(item.metric).partition(" ")[0] for item in items],
                "what it says": [item.metric.sentence for item in items],
            }
        ),
        border="horizontal",
        hide_index=True,
        alt=f"Metrics of {details.row.title} over the folds",
    )
    some = [item.metric.title for item in items if 0 < item.n_folds < len(details.folds)]
    if some:
        st.caption(f"Undefined on some folds, so taken over the others: {', '.join(some)}.")
