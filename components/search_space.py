"""The search space of each chosen model, edited before the start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from components import space_table
from components.resources import workbench
from components.text import plain, sentences
from modelling.errors import SpecError
from modelling.types import SearchParam
from modelling.workbench import ModelSpec

_HELP = (
    "Values instead of a range: one value fixes the parameter, several with commas between them "
    "are its choices. Log: small values are searched as closely as large ones."
)


def show(specs: Sequence[ModelSpec], sampler: str) -> bool:
    """Draw the spaces of the chosen models; return whether a study can start in them."""
    valid = True
    with st.expander("Search space", key="tuning_space"):
        st.caption(_HELP)
        for spec in specs:
            valid = _one(spec, sampler) and valid
    if not valid:
        st.caption("The search space has a mistake in it; correct it above or reset it.")
    return valid


def drafted(specs: Sequence[ModelSpec]) -> dict[str, tuple[SearchParam, ...]]:
    """Return the spaces that were edited, by model; for callbacks as well.

    Raises
    ------
    SpecError
        If an edit makes no range and no choice.
    """
    spaces = {spec.key: _space(spec) for spec in specs}
    return {spec.key: spaces[spec.key] for spec in specs if spaces[spec.key] != spec.space}


def _space(spec: ModelSpec) -> tuple[SearchParam, ...]:
    edits = st.session_state.get(_key(spec.key), {}).get("edited_rows", {})
    return space_table.edited(spec.space, {int(row): change for row, change in edits.items()})


def _one(spec: ModelSpec, sampler: str) -> bool:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(spec.title)}**", width="stretch")
        st.button("Reset", key=f"tuning_space_reset_{spec.key}", on_click=_reset, args=(spec.key,))
    st.data_editor(
        space_table.frame(spec.space),
        key=_key(spec.key),
        hide_index=True,
        num_rows="fixed",
        disabled=["parameter", "kind"],
        column_config=_columns(),
    )
    try:
        space = _space(spec)
        size = workbench().space_size(spec.key, space, sampler)
    except SpecError as error:
        st.error(sentences(error))
        return False
    st.caption(f"Size: {space_table.size_text(space, size, grid=sampler == 'grid')}.")
    return True


def _key(model: str) -> str:
    return f"tuning_space_{model}_{st.session_state.setdefault(_version(model), 0)}"


def _version(model: str) -> str:
    return f"tuning_space_version_{model}"


def _reset(model: str) -> None:
    # Another key is another widget, one without edits.
    st.session_state[_version(model)] += 1


def _columns() -> dict[str, Any]:
    config = st.column_config
    return {
        "parameter": config.TextColumn(pinned=True),
        "from": config.NumberColumn(format="%.6g"),
        "to": config.NumberColumn(format="%.6g"),
        "log": config.CheckboxColumn(),
        "values": config.TextColumn(help=_HELP),
    }
