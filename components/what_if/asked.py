"""What models were asked last: prices that move change no answer, so nothing is asked again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from modelling.charts.figures import row_label
from modelling.types import Experiment, ModelResult
from modelling.workbench import Workbench

if TYPE_CHECKING:
    import numpy as np

    from modelling.workbench import Along

_KEPT = "what_if_asked"
Two = tuple[ModelResult, ModelResult]


def locked_rows(bench: Workbench, experiment: Experiment, places: tuple[int, ...]) -> pd.DataFrame:
    """Return locked rows, read once."""
    return _rows(bench.settings.database_url, experiment.id, places, bench)


def before_and_after(
    bench: Workbench,
    experiment: Experiment,
    rows: Two,
    known: pd.DataFrame,
    changed: pd.DataFrame,
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return what each model answers to the row as it stands, and as it is changed."""

    def ask() -> dict[str, tuple[np.ndarray, np.ndarray]]:
        return {
            row_label(row): (
                bench.ask(experiment.id, row, known),
                bench.ask(experiment.id, row, changed),
            )
            for row in rows
        }

    found: dict[str, tuple[np.ndarray, np.ndarray]] = _kept(
        "answers", (experiment.id, _names(rows), _values(known), _values(changed)), ask
    )
    return found


def along(
    bench: Workbench, experiment: Experiment, rows: Two, changed: pd.DataFrame, column: str
) -> dict[str, Along]:
    """Return what each model answers along the values of a column."""

    def ask() -> dict[str, Along]:
        return {
            row_label(row): bench.ask_along(experiment.id, row, changed, column) for row in rows
        }

    found: dict[str, Along] = _kept(
        "along", (experiment.id, _names(rows), _values(changed), column), ask
    )
    return found


@st.cache_data(show_spinner=False, max_entries=8)
def _rows(
    database_url: str,  # noqa: ARG001
    experiment_id: str,
    places: tuple[int, ...],
    _bench: Workbench,
) -> pd.DataFrame:
    return _bench.locked_rows(experiment_id, places).reset_index(drop=True)


def _kept(name: str, key: tuple[object, ...], ask: Callable[[], Any]) -> Any:
    """Return what was asked last if it is the same question, else ask."""
    kept = st.session_state.setdefault(_KEPT, {})
    if kept.get(name, (None, None))[0] != key:
        with st.spinner("Loading the models, once"):
            kept[name] = (key, ask())
    return kept[name][1]


def _names(rows: Two) -> tuple[tuple[str, str, str], ...]:
    return tuple((row.run_id, row.key, str(row.variant)) for row in rows)


def _values(row: pd.DataFrame) -> tuple[str, ...]:
    return tuple(map(str, row.iloc[0]))
