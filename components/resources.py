"""What all sessions of the server share: one workbench per workspace."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from modelling.errors import ModellingError
from modelling.settings import Settings, give_memory_back
from modelling.workbench import WhenOwnerEnds, Workbench


def workbench() -> Workbench:
    """Return the workbench of the workspace that the environment names."""
    settings = Settings.from_env()
    return _workbench(settings.database_url, str(settings.home))


# The address is an argument so that another workspace in the same process gets its own.
@st.cache_resource(show_spinner=False)
def _workbench(database_url: str, home: str) -> Workbench:  # noqa: ARG001
    give_memory_back()
    opened = Workbench.open(when_owner_ends=WhenOwnerEnds.FINISH)
    # A few milliseconds: the runner loads its libraries in its own process, so that it is warm
    # when the first button is clicked.
    with suppress(ModellingError):
        # A runner that cannot start is said where a run is shown; the rest works without.
        opened.ensure_runner()
    return opened
