"""The paper view of a page: no controls, larger type, for a meeting or a slide."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

_KEY = "compare_paper"
_FORMAT = "compare_picture"
# Of axes and keys, and of names beside points.
_AXIS_PX, _NAME_PX = 15, 14
_FORMATS = {"png": "PNG", "svg": "SVG"}


def controls() -> None:
    """Draw the switch of the paper view and the choice of how pictures are saved."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.toggle(
            "Paper view",
            key=_KEY,
            help="For a meeting or a slide: verdict and chart side by side, larger type, no "
            "controls.",
        )
        if not is_on():
            st.segmented_control(
                "Pictures are saved as",
                list(_FORMATS),
                default="png",
                required=True,
                key=_FORMAT,
                format_func=_FORMATS.__getitem__,
                help="The camera above each chart saves it so.",
            )


def places() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Return where the verdict and the chart stand: side by side on paper, else one below."""
    if is_on():
        left, right = st.columns([2, 3], gap="medium")
        return left, right
    return st.container(), st.container()


def is_on() -> bool:
    """Whether the paper view is on."""
    return bool(st.session_state.get(_KEY, False))


def picture_format() -> str:
    """Return how the camera of a chart saves it: "png" or "svg"."""
    return str(st.session_state.get(_FORMAT) or "png")


def enlarge(figure: Any) -> None:
    """Make the type of a figure larger."""
    # One by one: what Streamlit's theme sets for an axis counts more than the layout's own font.
    axis = {"tickfont": {"size": _AXIS_PX}, "title": {"font": {"size": _AXIS_PX}}}
    figure.update_xaxes(axis)
    figure.update_yaxes(axis)
    figure.update_layout(legend={"font": {"size": _AXIS_PX}})
    figure.for_each_trace(
        lambda trace: trace.update(textfont={"size": _NAME_PX}), selector={"type": "scatter"}
    )
