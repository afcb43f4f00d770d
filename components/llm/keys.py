"""Keys of providers: from Streamlit's secrets, or typed once and kept while the tab is open."""

from __future__ import annotations

import streamlit as st

from components.text import plain

_KEPT = "llm_keys"


def known(provider_id: str, variable: str) -> str:
    """Return a provider's key that is not in the environment; empty without one."""
    kept: dict[str, str] = st.session_state.get(_KEPT, {})
    return kept.get(provider_id) or _secret(variable)


def ask(provider_id: str, title: str, variable: str, *, place: str) -> str:
    """Draw the input of a key, or how to forget the one that was typed; return the key.

    A typed key leaves the input at once: the page never holds it.
    """
    found = known(provider_id, variable)
    if found and found != _secret(variable):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"The key of {plain(title)} is kept until this tab is closed.")
            st.button(
                "Forget it",
                key=f"{place}_forget_{provider_id}",
                type="tertiary",
                on_click=_forget,
                args=(provider_id,),
            )
    elif not found:
        widget = f"{place}_key_{provider_id}"
        st.text_input(
            f"Key of {plain(title)}",
            type="password",
            key=widget,
            on_change=_keep,
            args=(provider_id, widget),
            help=f"Or set {variable} before the app starts. It is handed to a run once and kept in "
            "no file, log or export.",
        )
    return found


def _keep(provider_id: str, widget: str) -> None:
    typed = str(st.session_state.get(widget) or "").strip()
    st.session_state[widget] = ""
    if typed:
        st.session_state.setdefault(_KEPT, {})[provider_id] = typed


def _forget(provider_id: str) -> None:
    st.session_state.get(_KEPT, {}).pop(provider_id, None)


def _secret(variable: str) -> str:
    """Return a key from Streamlit's secrets, which need not exist."""
    try:
        return str(st.secrets.get(variable, "")) if variable else ""
    except FileNotFoundError:
        return ""
