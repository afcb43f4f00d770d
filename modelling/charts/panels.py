"""Small multiples on Plotly axes: a grid of panels, each with bars and the target along them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from modelling.charts.quantities import shortened
from modelling.charts.style import FAMILY_COLOURS, escaped, faded

N_COLUMNS = 3
BAR_COLOUR = FAMILY_COLOURS["linear"]
TARGET_COLOUR = FAMILY_COLOURS["boosting"]
_BAR = {"color": faded(BAR_COLOUR, 0.45), "line": {"color": BAR_COLOUR, "width": 1}}
_PLOT_PX, _HEADER_PX, _BELOW_PX, _LEGEND_PX = 150, 62, 48, 34
_ROW_PX = _PLOT_PX + _HEADER_PX + _BELOW_PX
_GAP = 0.085
_EDGE = 0.05
# What fits into a panel when the chart is 900 pixels wide.
_NAME_LENGTH, _LABEL_LENGTH = 30, 34
_SMALL = {"size": 11}


@dataclass(frozen=True, kw_only=True, slots=True)
class TargetAxis:
    """The scale for the target's mean, the same in all panels; ``tick_format`` is d3's."""

    low: float
    high: float
    tick_format: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Grid:
    """Panels in three columns, from the top left."""

    n_panels: int

    @property
    def n_rows(self) -> int:
        """How many rows of panels there are."""
        return max(1, math.ceil(self.n_panels / N_COLUMNS))

    @property
    def height_px(self) -> int:
        """Height of the whole figure."""
        return _LEGEND_PX + self.n_rows * _ROW_PX


@dataclass(frozen=True, kw_only=True, slots=True)
class Panel:
    """One panel: where it lies (in shares of the figure), and the names of its axes."""

    grid: Grid
    place: int

    @property
    def x_domain(self) -> tuple[float, float]:
        """From left to right."""
        width = (1.0 - 2 * _EDGE - (N_COLUMNS - 1) * _GAP) / N_COLUMNS
        left = _EDGE + (self.place % N_COLUMNS) * (width + _GAP)
        return left, left + width

    @property
    def y_domain(self) -> tuple[float, float]:
        """From the bottom up."""
        top_px = _LEGEND_PX + (self.place // N_COLUMNS) * _ROW_PX + _HEADER_PX
        height = self.grid.height_px
        return 1.0 - (top_px + _PLOT_PX) / height, 1.0 - top_px / height

    def axis(self, letter: str, *, target: bool = False) -> str:
        """Return the name that a trace calls an axis by: "x", "x2", ..."""
        number = self.place + 1 + (self.grid.n_panels if target else 0)
        return letter if number == 1 else f"{letter}{number}"

    def key(self, letter: str, *, target: bool = False) -> str:
        """Return the name that the layout calls an axis by: "xaxis", "xaxis2", ..."""
        return f"{letter}axis{self.axis(letter, target=target)[1:]}"


def add_header(figure: go.Figure, panel: Panel, name: str, note: str) -> None:
    """Write the column's name above its panel, and a note below the name."""
    figure.add_annotation(
        text=f"<b>{escaped(shortened(name, _NAME_LENGTH))}</b><br>{escaped(note)}",
        x=panel.x_domain[0],
        y=panel.y_domain[1],
        xref="paper",
        yref="paper",
        xanchor="left",
        yanchor="bottom",
        yshift=18,
        align="left",
        showarrow=False,
        font={"size": 12},
    )


def add_note(figure: go.Figure, panel: Panel, text: str) -> None:
    """Write some words where nothing can be drawn."""
    figure.add_annotation(
        text=text,
        x=sum(panel.x_domain) / 2,
        y=sum(panel.y_domain) / 2,
        xref="paper",
        yref="paper",
        showarrow=False,
        font=_SMALL,
    )
    figure.layout[panel.key("x")] = {
        **_axis(panel.x_domain, panel.axis("y"), "value"),
        "visible": False,
    }
    figure.layout[panel.key("y")] = {**_axis(panel.y_domain, panel.axis("x"), ""), "visible": False}


def add_bins(
    figure: go.Figure,
    panel: Panel,
    *,
    middles: Sequence[float],
    widths: Sequence[float],
    shares: Sequence[float],
    targets: Sequence[float | None],
    hovers: Sequence[str],
    target_axis: TargetAxis | None,
    is_date: bool,
) -> None:
    """Draw upright bars over a range, and the target as a line on a scale at the right."""
    x, y = panel.axis("x"), panel.axis("y")
    shown = {"hovertext": hovers, "hoverinfo": "text", "showlegend": False}
    figure.add_trace(
        go.Bar(x=middles, y=shares, width=widths, marker=_BAR, xaxis=x, yaxis=y, **shown)
    )
    figure.layout[panel.key("x")] = {
        **_axis(panel.x_domain, y, "date (UTC)" if is_date else "value"),
        **({"type": "date", "nticks": 3, "tickangle": 0} if is_date else {"type": "linear"}),
    }
    figure.layout[panel.key("y")] = {
        **_share_axis(panel.y_domain, x),
        "title": _title("share of rows" if panel.place % N_COLUMNS == 0 else ""),
    }
    if target_axis is None:
        return
    right = panel.axis("y", target=True)
    figure.add_trace(
        _target_trace(middles, targets, mode="lines+markers", xaxis=x, yaxis=right, **shown)
    )
    figure.layout[panel.key("y", target=True)] = {
        **_target_axis(target_axis, y),
        "anchor": x,
        "side": "right",
    }


def add_values(
    figure: go.Figure,
    panel: Panel,
    *,
    labels: Sequence[str],
    shares: Sequence[float | None],
    targets: Sequence[float | None],
    hovers: Sequence[str],
    target_axis: TargetAxis | None,
) -> None:
    """Draw lying bars below their labels, and the target as dots on a scale at the top.

    A label whose share is None gets no bar.
    """
    x, y = panel.axis("x"), panel.axis("y")
    places = [float(-i) for i in range(len(labels))]
    shown = {"hovertext": hovers, "hoverinfo": "text", "showlegend": False}
    figure.add_trace(
        go.Bar(
            x=shares, y=places, width=0.34, orientation="h", marker=_BAR, xaxis=x, yaxis=y, **shown
        )
    )
    figure.add_trace(_label_trace(labels, places, xaxis=x, yaxis=y))
    figure.layout[panel.key("x")] = {
        **_share_axis(panel.x_domain, y),
        "title": _title("share of rows"),
    }
    figure.layout[panel.key("y")] = {
        **_axis(panel.y_domain, x, ""),
        "range": [places[-1] - 0.4, 0.9],
        "showticklabels": False,
        "showgrid": False,
    }
    if target_axis is None:
        return
    top = panel.axis("x", target=True)
    figure.add_trace(_target_trace(targets, places, mode="markers", xaxis=top, yaxis=y, **shown))
    figure.layout[panel.key("x", target=True)] = {
        **_target_axis(target_axis, x),
        "anchor": y,
        "side": "top",
    }


def add_legend(figure: go.Figure, grid: Grid, bars: str, target: str) -> None:
    """Say once what bars and line are."""
    if not grid.n_panels:
        return
    # On the axes of the first panel, else Plotly would draw a pair of its own.
    figure.add_trace(go.Bar(x=[None], y=[None], marker=_BAR, name=escaped(bars)))
    if target:
        figure.add_trace(_target_trace([None], [None], mode="lines+markers", name=escaped(target)))
    figure.update_layout(
        showlegend=True,
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1,
            "yanchor": "top",
            "itemclick": False,
            "itemdoubleclick": False,
        },
    )


def _target_trace(
    x: Sequence[float | None],
    y: Sequence[float | None],
    *,
    mode: str = "lines+markers",
    **more: Any,
) -> go.Scatter:
    return go.Scatter(
        x=x,
        y=y,
        mode=mode,
        line={"color": TARGET_COLOUR, "width": 2},
        marker={"color": TARGET_COLOUR, "size": 6},
        **more,
    )


def _label_trace(labels: Sequence[str], places: Sequence[float], **axes: str) -> go.Scatter:
    return go.Scatter(
        x=[0.0] * len(labels),
        y=[place + 0.44 for place in places],
        text=[escaped(shortened(label, _LABEL_LENGTH)) for label in labels],
        mode="text",
        textposition="middle right",
        textfont=_SMALL,
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
        **axes,
    )


def _title(text: str) -> dict[str, Any]:
    return {"text": text, "font": _SMALL, "standoff": 4}


def _axis(domain: tuple[float, float], anchor: str, title: str) -> dict[str, Any]:
    return {
        "domain": list(domain),
        "anchor": anchor,
        "title": _title(title),
        "tickfont": _SMALL,
        "nticks": 4,
        "zeroline": False,
        "showgrid": False,
        "automargin": False,
    }


def _share_axis(domain: tuple[float, float], anchor: str) -> dict[str, Any]:
    return {**_axis(domain, anchor, ""), "tickformat": "~%", "rangemode": "tozero", "nticks": 3}


def _target_axis(ends: TargetAxis, overlaying: str) -> dict[str, Any]:
    return {
        "overlaying": overlaying,
        "range": [ends.low, ends.high],
        # Plotly would put the ticks where those of the axis below are.
        "tickmode": "auto",
        "tickformat": ends.tick_format,
        "tickfont": {**_SMALL, "color": TARGET_COLOUR},
        "nticks": 3,
        "showgrid": False,
        "zeroline": False,
        "automargin": False,
    }
