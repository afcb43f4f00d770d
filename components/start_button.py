"""The one primary button of a page that starts a run, with what it will take beside it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components import errors


def show(
    label: str,
    note: str,
    *,
    key: str,
    disabled: bool,
    on_click: Callable[[str], None],
    experiment_id: str,
) -> None:
    """Draw the button and ``note``; what went wrong with the last click stands below."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            label,
            key=key,
            type="primary",
            disabled=disabled,
            on_click=on_click,
            args=(experiment_id,),
        )
        st.caption(note)
    errors.pending(key)
