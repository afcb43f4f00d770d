"""What surrounds every page."""

from __future__ import annotations

import streamlit as st

# Streamlit's own margins take a third of a small laptop's width and a tenth of its height.
_STYLE = """
<style>
.stMainBlockContainer { padding: 3.5rem 2.5rem 4rem; max-width: 80rem; }
</style>
"""


def narrow_margins() -> None:
    """Leave the width to the page, up to a line length that still reads well."""
    st.html(_STYLE)
