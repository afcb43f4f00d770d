"""A chart with its key, its description for screen readers, and a short tool bar."""

from __future__ import annotations

from typing import Any

import streamlit as st

from modelling.charts import CHARTS, ChartSpec

_CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "responsive": True,
    "modeBarButtons": [["toImage", "resetScale2d"]],
    "toImageButtonOptions": {"format": "png", "scale": 2},
}


def chart(key: str) -> ChartSpec:
    """Return the chart of that key."""
    return next(spec for spec in CHARTS if spec.key == key)


def show(spec: ChartSpec, numbers: Any, *, key: str) -> None:
    """Draw a chart from its numbers; ``key`` is the page's name for it."""
    figure, finding = spec.draw(numbers)
    name = {**_CONFIG["toImageButtonOptions"], "filename": f"tuneworth-{spec.key}"}
    st.plotly_chart(figure, key=key, alt=finding, config={**_CONFIG, "toImageButtonOptions": name})
