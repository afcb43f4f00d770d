"""Configurations of a study of Optuna's, tried before the search begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from components import errors, state
from components.resources import workbench
from modelling.charts.wording import counted
from modelling.types import Params, SearchParam
from modelling.workbench import ModelSpec

_FILE, _MODEL = "tuning_import", "tuning_import_model"
Spaces = Mapping[str, tuple[SearchParam, ...]]


def show(specs: Sequence[ModelSpec], spaces: Spaces) -> None:
    """Draw the upload of a journal file for one of the chosen models."""
    titles = {spec.key: spec.title for spec in specs}
    with st.expander("Begin with the trials of an Optuna study", key="tuning_import_panel"):
        state.select(
            "Model it tuned",
            list(titles),
            key=_MODEL,
            default=next(iter(titles)),
            format_func=titles.__getitem__,
        )
        st.file_uploader(
            "Optuna journal file",
            key=_FILE,
            help="As JournalFileBackend writes it: lines of JSON.",
        )
        with errors.shown():
            for configurations in drafted(specs, spaces).values():
                n_given = counted(len(configurations), "configuration")
                st.caption(f"{n_given} will be tried after the base.")


def drafted(specs: Sequence[ModelSpec], spaces: Spaces) -> dict[str, tuple[Params, ...]]:
    """Return what an uploaded file gives, by model; for callbacks as well.

    Raises
    ------
    DataError
        If the file is no Optuna journal or holds nothing that fits the search space.
    """
    file, model = st.session_state.get(_FILE), st.session_state.get(_MODEL)
    if file is None or model not in {spec.key for spec in specs}:
        return {}
    space = spaces.get(model)
    return {model: _read(file.getvalue(), model, repr(space), space)}


# The space is told apart by its text: Streamlit hashes no classes of ours.
@st.cache_data(show_spinner="Reading the study", max_entries=4)
def _read(
    journal: bytes,
    model: str,
    space_text: str,  # noqa: ARG001
    _space: tuple[SearchParam, ...] | None,
) -> tuple[Params, ...]:
    return workbench().configurations_of(journal, model, _space)
