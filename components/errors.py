"""One place that turns what went wrong into words on the page; tracebacks go to the log."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from components.text import sentences
from modelling.errors import ModellingError

_LOG = logging.getLogger("tuneworth")
_PENDING = "pending_error"


@contextmanager
def shown() -> Iterator[None]:
    """Show what goes wrong inside as an error box where the page has got to."""
    try:
        yield
    except ModellingError as error:
        st.error(sentences(error))
    # The outermost frame of a page: whatever it was, the user gets an id and the log the rest.
    # Streamlit's own stop and rerun are no Exceptions, so they pass.
    except Exception as error:  # noqa: BLE001
        st.error(_incident(error))


@contextmanager
def kept(place: str) -> Iterator[None]:
    """Keep what goes wrong in a callback until `pending` draws it; `place` is the button's key."""
    st.session_state.pop(_PENDING, None)
    try:
        yield
    except ModellingError as error:
        st.session_state[_PENDING] = (place, sentences(error))
    except Exception as error:  # noqa: BLE001
        st.session_state[_PENDING] = (place, _incident(error))


def pending(place: str, *, live: bool = False) -> None:
    """Show the error of the last click on that button, once.

    Where the page draws itself again every second (``live``) it stays until the next click.
    """
    of, message = st.session_state.get(_PENDING, ("", ""))
    if of == place:
        st.error(message)
        if not live:
            del st.session_state[_PENDING]


def _incident(error: Exception) -> str:
    incident = secrets.token_hex(4)
    _LOG.error("incident %s", incident, exc_info=error)
    return (
        f"Something went wrong on our side (incident {incident}). Nothing that was stored is "
        "lost; try again, and quote this id if it happens again."
    )
