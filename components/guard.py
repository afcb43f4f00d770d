"""The first call of every page: no page runs without the router."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st

from components import navigation


def guard() -> None:
    """Go through app.py first if this page was opened by its address on a fresh server.

    Until some session has called ``st.navigation``, Streamlit runs the files of ``pages/`` by
    itself, without app.py; the router then returns here with the query that was asked for.
    """
    if navigation.has_routed():
        navigation.follow()
        return
    page = Path(sys._getframe(1).f_code.co_filename).stem
    navigation.go(page, **st.query_params.to_dict())
    st.switch_page("app.py")
