"""The target: how often each class occurs, or how the values of a regression are spread."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go

from modelling.charts.panels import BAR_COLOUR
from modelling.charts.quantities import number_text, share_text, shortened
from modelling.charts.style import NEUTRAL, escaped, faded, layout, rows_height
from modelling.charts.wording import MISSING, counted
from modelling.types import ColumnProfile, Profile

_BAR = {"color": faded(BAR_COLOUR, 0.6), "line": {"color": BAR_COLOUR, "width": 1}}


@dataclass(frozen=True, kw_only=True, slots=True)
class TargetClass:
    """One class, its rows, and its share of the rows that have a class."""

    label: str
    count: int
    share: float


@dataclass(frozen=True, kw_only=True, slots=True)
class TargetNumbers:
    """Classes, the largest first, or bins between ``edges``; the other of the two is empty.

    ``shares`` are those of the sampled rows; bins at both ends hold all beyond them as well.
    """

    name: str
    n_rows: int
    missing_share: float
    n_classes: int = 0
    classes: tuple[TargetClass, ...] = ()
    edges: tuple[float, ...] = ()
    shares: tuple[float, ...] = ()
    minimum: float | None = None
    median: float | None = None
    maximum: float | None = None


def target_numbers(profile: Profile) -> TargetNumbers:
    """Return the distribution of the profile's target.

    Raises
    ------
    ValueError
        If the profile has no target.
    """
    target = next((item for item in profile.columns if item.name == profile.target), None)
    if target is None:
        raise ValueError(f"profile must have a target, got {profile.target!r}")
    histogram = target.histogram
    total = max(1, sum(histogram.counts)) if histogram else 1
    return TargetNumbers(
        name=target.name,
        n_rows=profile.n_rows,
        missing_share=target.missing_share,
        n_classes=0 if histogram else target.n_distinct,
        classes=_classes(target, profile.n_rows),
        edges=histogram.edges if histogram else (),
        shares=tuple(count / total for count in histogram.counts) if histogram else (),
        minimum=target.minimum,
        median=target.median,
        maximum=target.maximum,
    )


def target_figure(numbers: TargetNumbers) -> tuple[go.Figure, str]:
    """Return the figure and the sentence that states its finding."""
    figure = go.Figure()
    if numbers.edges:
        _draw_bins(figure, numbers)
    else:
        _draw_classes(figure, numbers)
    return figure, _finding(numbers)


def _classes(target: ColumnProfile, n_rows: int) -> tuple[TargetClass, ...]:
    present = max(1, round(n_rows * (1.0 - target.missing_share)))
    return tuple(
        TargetClass(label=value.value, count=value.count, share=value.count / present)
        for value in target.top
    )


def _draw_classes(figure: go.Figure, numbers: TargetNumbers) -> None:
    places = [-i for i in range(len(numbers.classes))]
    shares = [item.share for item in numbers.classes]
    figure.add_trace(
        go.Bar(
            x=shares,
            y=places,
            orientation="h",
            width=0.6,
            marker=_BAR,
            text=[f"{share_text(item.share)} ({item.count:,})" for item in numbers.classes],
            textposition="outside",
            cliponaxis=False,
            hovertext=[
                f"<b>{escaped(item.label)}</b>: {counted(item.count, 'row')}, "
                f"{share_text(item.share)}"
                for item in numbers.classes
            ],
            hoverinfo="text",
        )
    )
    figure.update_layout(
        **layout(
            height=rows_height(len(places), per_row=30 if len(places) <= 12 else 22, around=80),
            showlegend=False,
            xaxis={
                "title": {"text": f"Share of the rows with a value in {escaped(numbers.name)}"},
                "tickformat": "~%",
                # Room for the figures behind the longest bar.
                "range": [0, 1.22 * max(shares, default=1.0)],
                "nticks": 6,
            },
            yaxis={
                "tickmode": "array",
                "tickvals": places,
                "ticktext": [escaped(item.label) for item in numbers.classes],
                "automargin": True,
                "showgrid": False,
                "zeroline": False,
            },
        )
    )


def _draw_bins(figure: go.Figure, numbers: TargetNumbers) -> None:
    bins = list(zip(numbers.edges, numbers.edges[1:], numbers.shares, strict=False))
    figure.add_trace(
        go.Bar(
            x=[(low + high) / 2 for low, high, _ in bins],
            y=numbers.shares,
            width=[high - low for low, high, _ in bins],
            marker=_BAR,
            hovertext=[
                f"{_bin_text(numbers, place)}: {share_text(share)} of the rows"
                for place, share in enumerate(numbers.shares)
            ],
            hoverinfo="text",
        )
    )
    figure.update_layout(
        **layout(
            height=300,
            bargap=0.0,
            showlegend=False,
            xaxis={"title": {"text": escaped(numbers.name)}, "zeroline": False},
            yaxis={"title": {"text": "Share of rows"}, "tickformat": "~%", "nticks": 6},
        )
    )
    _add_median(figure, numbers)


def _bin_text(numbers: TargetNumbers, place: int) -> str:
    low, high = numbers.edges[place : place + 2]
    if place == 0:
        low = min(low, low if numbers.minimum is None else numbers.minimum)
    if place == len(numbers.shares) - 1:
        high = max(high, high if numbers.maximum is None else numbers.maximum)
    return f"{number_text(low)} to {number_text(high)}"


def _add_median(figure: go.Figure, numbers: TargetNumbers) -> None:
    if numbers.median is None:
        return
    figure.add_vline(x=numbers.median, line={"dash": "dash", "color": NEUTRAL, "width": 1.5})
    figure.add_annotation(
        text=f"median {number_text(numbers.median)}",
        x=numbers.median,
        y=1,
        yref="paper",
        xanchor="left",
        yanchor="bottom",
        xshift=4,
        showarrow=False,
        font={"size": 11},
    )
    figure.update_layout(margin={"t": 26})


def _finding(numbers: TargetNumbers) -> str:
    name = shortened(numbers.name, 40)
    missing = (
        f" {share_text(numbers.missing_share)} of the rows have none."
        if numbers.missing_share
        else ""
    )
    rows = counted(numbers.n_rows, "row")
    if numbers.edges:
        return (
            f"Target {name} in {rows}: from {number_text(numbers.minimum)} to "
            f"{number_text(numbers.maximum)}, half of the values below "
            f"{number_text(numbers.median)}.{missing}"
        )
    if not numbers.classes:
        return f"Target {name} in {rows}: no value occurs twice.{missing}"
    classes = f"{numbers.n_classes:,} {'class' if numbers.n_classes == 1 else 'classes'}"
    return f"Target {name} in {rows}: {classes}, {_spread(numbers)}.{missing}"


def _spread(numbers: TargetNumbers) -> str:
    largest, smallest = _class(numbers.classes[0]), _class(numbers.classes[-1])
    if numbers.n_classes > len(numbers.classes):
        return f"of which the {len(numbers.classes)} largest are drawn, first {largest}"
    return f"from {largest} to {smallest}"


def _class(item: TargetClass) -> str:
    return f"{shortened(item.label, 30) or MISSING} with {share_text(item.share)}"
