"""Which row of a table is selected, by its name: places change when rows come in."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import streamlit as st

# How long a browser may still report a mark that was moved meanwhile.
_ECHO_S = 3.0


def selected(table: str) -> Any:
    """Return the name of the selected row, None without one."""
    return st.session_state.get(_name(table))


def drafts(table: str) -> list[str]:
    """Return the keys of the session state that a selection lives in."""
    return [table, _name(table), _moved(table)]


def keep(table: str, names: Sequence[Any]) -> None:
    """Mark the selected row at the place that it has now; before the table is drawn."""
    wanted = (names.index(selected(table)),) if selected(table) in names else ()
    if _marked(table) != wanted:
        moved = st.session_state.setdefault(_moved(table), {})
        moved[_marked(table)] = moved[wanted] = time.monotonic()
        mark = {"rows": list(wanted), "columns": [], "cells": []}
        st.session_state[table] = {"selection": mark}


def changed(table: str, names: Sequence[Any]) -> None:
    """Take in a click; ``names`` are the rows as they were drawn."""
    rows = _marked(table)
    # A poll that was on its way when the mark moved brings the place before, or after: no click.
    moved = st.session_state.get(_moved(table), {})
    if time.monotonic() - moved.get(rows, -_ECHO_S) >= _ECHO_S:
        st.session_state[_name(table)] = names[rows[0]] if rows else None


def _marked(table: str) -> tuple[int, ...]:
    return tuple(st.session_state.get(table, {}).get("selection", {}).get("rows", ()))


def _name(table: str) -> str:
    return f"{table}_selected"


def _moved(table: str) -> str:
    return f"{table}_moved"
