"""A chart with its key, its description for screen readers, a short tool bar, and its file."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from components import paper
from modelling.charts import CHARTS, ChartSpec

_BUTTONS = ["toImage", "resetScale2d"]
_TO_SELECT = ["lasso2d", "select2d"]
_CONFIG: dict[str, Any] = {"displaylogo": False, "responsive": True}


def chart(key: str) -> ChartSpec:
    """Return the chart of that key."""
    return next(spec for spec in CHARTS if spec.key == key)


def show(
    spec: ChartSpec,
    numbers: Any,
    *,
    key: str,
    can_select: bool = False,
    as_file: bool = False,
) -> None:
    """Draw a chart from its numbers.

    Parameters
    ----------
    key : str
        The page's name for it.
    can_select : bool
        Whether points can be clicked or drawn around; `selected` says which.
    as_file : bool
        Whether a button offers the chart as a page that opens without a server.
    """
    figure, finding = spec.draw(numbers)
    if paper.is_on():
        paper.enlarge(figure)
    picture = {"format": paper.picture_format(), "scale": 2, "filename": f"tuneworth-{spec.key}"}
    buttons = [*_BUTTONS, *(_TO_SELECT if can_select else ())]
    more: dict[str, Any] = {}
    if can_select:
        more = {"on_select": "rerun", "selection_mode": ("points", "box", "lasso")}
    st.plotly_chart(
        figure,
        key=key,
        alt=finding,
        config={**_CONFIG, "modeBarButtons": [buttons], "toImageButtonOptions": picture},
        **more,
    )
    if as_file and not paper.is_on():
        with st.container(horizontal=True, horizontal_alignment="right"):
            st.download_button(
                "Save as a page (HTML)",
                partial(_page, figure),
                file_name=f"tuneworth-{spec.key}.html",
                mime="text/html",
                key=f"{key}_html",
                type="tertiary",
                on_click="ignore",
            )


def selected(key: str) -> tuple[str, ...]:
    """Return the names of the points that are selected in a chart; none means all."""
    state = st.session_state.get(key) or {}
    points = state.get("selection", {}).get("points", ())
    names = (point.get("customdata") for point in points)
    return tuple(dict.fromkeys(_first(name) for name in names if name))


def _first(name: Any) -> str:
    # Plotly hands a single value over as it is, or as a list of one.
    return str(name[0]) if isinstance(name, (list, tuple)) else str(name)


def _page(figure: Any) -> bytes:
    """Return a page that holds the figure and the library that draws it."""
    # Transparent charts are made for the page behind them; a file has none.
    figure.update_layout(paper_bgcolor="white", plot_bgcolor="white")
    text: str = figure.to_html(include_plotlyjs=True, full_html=True)
    return text.encode("utf-8")
