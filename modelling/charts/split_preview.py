"""The split before it is locked: class shares or values of both parts, their rows and dates."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go

from modelling.charts.panels import BAR_COLOUR, TARGET_COLOUR
from modelling.charts.quantities import number_text, share_text, shortened
from modelling.charts.style import escaped, faded, layout, rows_height
from modelling.charts.wording import counted
from modelling.types import PartPreview, SplitPreview

_COLOURS = (BAR_COLOUR, TARGET_COLOUR)


@dataclass(frozen=True, kw_only=True, slots=True)
class SplitPart:
    """One part: ``shares`` of the classes in their order, or the five ``quartiles``."""

    name: str
    n_rows: int
    shares: tuple[float, ...]
    quartiles: tuple[float, ...]
    n_groups: int | None
    first: str | None
    last: str | None

    @property
    def size(self) -> str:
        """Name, rows and groups in words."""
        groups = "" if self.n_groups is None else f", {counted(self.n_groups, 'group')}"
        return f"{self.name.capitalize()}: {counted(self.n_rows, 'row')}{groups}"

    @property
    def ends(self) -> str:
        """First and last moment in words; "" without a time column."""
        return f"{self.first} to {self.last}" if self.first and self.last else ""

    @property
    def legend(self) -> str:
        """Both, on one line each, as HTML."""
        return "<br>".join(escaped(line) for line in (self.size, self.ends) if line)


@dataclass(frozen=True, kw_only=True, slots=True)
class SplitPreviewNumbers:
    """Training and locked test; ``classes`` is empty for a regression."""

    classes: tuple[str, ...]
    parts: tuple[SplitPart, ...]
    n_left_out: int


def split_preview_numbers(preview: SplitPreview) -> SplitPreviewNumbers:
    """Return classes, the most frequent in training first, and both parts."""
    both = (preview.train, preview.test)
    classes = sorted(
        dict.fromkeys(label for part in both for label in part.classes),
        key=lambda label: -preview.train.classes.get(label, 0.0),
    )
    return SplitPreviewNumbers(
        classes=tuple(classes),
        parts=tuple(_part(part, classes) for part in both),
        n_left_out=preview.n_left_out,
    )


def split_preview_figure(numbers: SplitPreviewNumbers) -> tuple[go.Figure, str]:
    """Return the figure and the sentence that states its finding."""
    figure = go.Figure()
    if numbers.classes:
        _draw_classes(figure, numbers)
    else:
        _draw_quartiles(figure, numbers)
    return figure, _finding(numbers)


def _part(part: PartPreview, classes: list[str]) -> SplitPart:
    return SplitPart(
        name=part.name,
        n_rows=part.n_rows,
        shares=tuple(part.classes.get(label, 0.0) for label in classes),
        quartiles=part.quartiles,
        n_groups=part.n_groups,
        first=part.first,
        last=part.last,
    )


def _draw_classes(figure: go.Figure, numbers: SplitPreviewNumbers) -> None:
    places = [-float(i) for i in range(len(numbers.classes))]
    for part, colour, shift in zip(numbers.parts, _COLOURS, (0.19, -0.19), strict=True):
        figure.add_trace(
            go.Bar(
                x=part.shares,
                y=[place + shift for place in places],
                orientation="h",
                width=0.34,
                name=part.legend,
                marker={"color": faded(colour, 0.6), "line": {"color": colour, "width": 1}},
                text=[share_text(share) for share in part.shares],
                textposition="outside",
                cliponaxis=False,
                hovertext=[
                    f"<b>{escaped(label)}</b>, {escaped(part.name)}: {share_text(share)}"
                    for label, share in zip(numbers.classes, part.shares, strict=True)
                ],
                hoverinfo="text",
            )
        )
    largest = max(share for part in numbers.parts for share in part.shares)
    axis = {"tickformat": "~%", "range": [0, 1.15 * (largest or 1.0)], "nticks": 6}
    _lay_out(
        figure,
        rows_height(len(places), per_row=44 if len(places) <= 12 else 30, around=120),
        xaxis={"title": {"text": "Share of the part's rows"}, **axis},
        ticks=(places, [escaped(label) for label in numbers.classes]),
    )


def _draw_quartiles(figure: go.Figure, numbers: SplitPreviewNumbers) -> None:
    for place, part, colour in zip((0.0, -1.0), numbers.parts, _COLOURS, strict=True):
        if len(part.quartiles) != 5:
            continue
        low, first, middle, third, high = part.quartiles
        hover = (
            f"<b>{escaped(part.name)}</b><br>from {number_text(low)} to {number_text(high)}<br>"
            f"half between {number_text(first)} and {number_text(third)}<br>"
            f"median {number_text(middle)}"
        )
        for ends, width, opacity in (((low, high), 2, 0.8), ((first, third), 14, 0.55)):
            figure.add_trace(
                go.Scatter(
                    x=list(ends),
                    y=[place, place],
                    mode="lines",
                    line={"color": faded(colour, opacity), "width": width},
                    hoverinfo="skip",
                    showlegend=False,
                )
            )
        figure.add_trace(
            go.Scatter(
                x=[middle],
                y=[place],
                mode="markers",
                marker={"color": colour, "size": 12, "symbol": "diamond"},
                name=part.legend,
                hovertext=[hover],
                hoverinfo="text",
            )
        )
    _lay_out(
        figure,
        rows_height(len(numbers.parts), per_row=50, around=120),
        xaxis={
            "title": {"text": "Target: all values (line), middle half (bar), median"},
            "zeroline": False,
        },
        ticks=([0.0, -1.0], [escaped(part.name.capitalize()) for part in numbers.parts]),
    )


def _lay_out(
    figure: go.Figure,
    height: int,
    *,
    xaxis: dict[str, object],
    ticks: tuple[list[float], list[str]],
) -> None:
    places, labels = ticks
    figure.update_layout(
        **layout(
            height=height,
            showlegend=True,
            legend={
                "orientation": "h",
                "x": 0,
                "y": 1,
                "yanchor": "bottom",
                "itemclick": False,
                "itemdoubleclick": False,
            },
            xaxis=xaxis,
            yaxis={
                "tickmode": "array",
                "tickvals": places,
                "ticktext": labels,
                "range": [places[-1] - 0.6, 0.6],
                "automargin": True,
                "showgrid": False,
                "zeroline": False,
            },
        )
    )


def _finding(numbers: SplitPreviewNumbers) -> str:
    told = "; ".join(", ".join(filter(None, (part.size, part.ends))) for part in numbers.parts)
    left_out = f" {counted(numbers.n_left_out, 'row')} in neither." if numbers.n_left_out else ""
    return f"{told}.{left_out}{_largest_gap(numbers)}"


def _largest_gap(numbers: SplitPreviewNumbers) -> str:
    """Return the class whose share differs most between the parts, if it is worth a word."""
    train, test = numbers.parts
    gaps = {label: (train.shares[i], test.shares[i]) for i, label in enumerate(numbers.classes)}
    if not gaps:
        return ""
    label, (before, after) = max(gaps.items(), key=lambda item: abs(item[1][0] - item[1][1]))
    name = shortened(label, 30)
    return (
        f" Class {name} is {share_text(before)} of the training and {share_text(after)} of the "
        "test rows."
    )
