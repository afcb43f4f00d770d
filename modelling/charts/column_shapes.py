"""Columns as small multiples: how their values are spread, and the target along them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from modelling.charts import panels
from modelling.charts.quantities import date_text, number_text, share_text, shortened
from modelling.charts.style import escaped, layout
from modelling.charts.wording import counted, listed
from modelling.types import ColumnProfile, ColumnType, Histogram, Profile

MAX_COLUMNS = 12
_SHOWN_VALUES = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """Some values of a column; ``share`` is that of the rows that have a value.

    ``low`` and ``high`` are the ends of a bin (dates in seconds since 1970); ``target`` is the
    target's mean in these rows, None where there are too few; ``is_rest`` are all other values.
    """

    label: str
    share: float
    target: float | None = None
    low: float | None = None
    high: float | None = None
    is_rest: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnShape:
    """One column: bins from low to high, or values, the most frequent first."""

    name: str
    type: ColumnType
    missing_share: float
    relation: float | None
    bars: tuple[Bar, ...]

    @property
    def has_bins(self) -> bool:
        """Whether the bars are bins of a range."""
        return bool(self.bars) and self.bars[0].low is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnShapesNumbers:
    """What is drawn; ``target_text`` says what the mean of the target is, "" if there is none."""

    target: str | None
    target_text: str
    is_share: bool
    n_sampled: int
    shapes: tuple[ColumnShape, ...]

    @property
    def target_ends(self) -> tuple[float, float] | None:
        """The smallest and the largest mean of the target in any bar."""
        means = [bar.target for shape in self.shapes for bar in shape.bars]
        known = [mean for mean in means if mean is not None]
        return (min(known), max(known)) if known else None


def column_shapes_numbers(
    profile: Profile, names: Sequence[str], *, positive: str | None = None
) -> ColumnShapesNumbers:
    """Return the shapes of these columns.

    Parameters
    ----------
    names : sequence of str
        At most 12 columns: one page of them.
    positive : str, optional
        The positive class of a binary task, of which shares are shown.

    Raises
    ------
    ValueError
        If there are more.
    """
    if len(names) > MAX_COLUMNS:
        raise ValueError(f"names must hold at most {MAX_COLUMNS} columns, got {len(names)}")
    found = {column.name: column for column in profile.columns}
    target = found.get(profile.target or "")
    is_share = target is not None and target.histogram is None
    shapes = tuple(_shape(found[name], profile.n_rows) for name in names)
    has_means = any(bar.target is not None for shape in shapes for bar in shape.bars)
    what = "the positive class" if positive is None else f"“{shortened(positive, 30)}”"
    means = f"share of {what}" if is_share else f"mean of {shortened(profile.target, 30)}"
    return ColumnShapesNumbers(
        target=profile.target,
        target_text=means if has_means else "",
        is_share=is_share,
        n_sampled=profile.n_sampled,
        shapes=shapes,
    )


def column_shapes_figure(numbers: ColumnShapesNumbers) -> tuple[go.Figure, str]:
    """Return the figure and the sentence that states its finding."""
    figure = go.Figure()
    grid = panels.Grid(n_panels=len(numbers.shapes))
    figure.update_layout(**layout(height=grid.height_px, bargap=0.0))
    for place, shape in enumerate(numbers.shapes):
        panel = panels.Panel(grid=grid, place=place)
        panels.add_header(figure, panel, *_header(shape))
        if not shape.bars:
            panels.add_note(figure, panel, _note(shape))
        elif shape.has_bins:
            _draw_bins(figure, panel, shape, numbers)
        else:
            _draw_values(figure, panel, shape, numbers)
    panels.add_legend(figure, grid, "share of rows", numbers.target_text)
    return figure, _finding(numbers)


def sampling_notice(profile: Profile) -> str | None:
    """Return what the figures of a profile leave out, in words, or None if that is nothing."""
    told = []
    if profile.n_sampled < profile.n_rows:
        told.append(
            f"Distributions, medians and relations are of a random sample of "
            f"{profile.n_sampled:,} of {counted(profile.n_rows, 'row')}; all else is of all rows."
        )
    without = [column for column in profile.columns if not (column.histogram or column.top)]
    if any(column.minimum is not None for column in without):
        n_columns = len(profile.columns)
        told.append(
            f"Distributions are drawn of {n_columns - len(without):,} of {n_columns:,} columns: "
            "those most related to the target."
        )
    return " ".join(told) or None


def _shape(column: ColumnProfile, n_rows: int) -> ColumnShape:
    bars: tuple[Bar, ...] = ()
    if column.histogram is not None:
        bars = _bins(column, column.histogram)
    elif column.top:
        bars = _values(column, n_rows)
    return ColumnShape(
        name=column.name,
        type=column.type,
        missing_share=column.missing_share,
        relation=column.relation,
        bars=bars,
    )


def _bins(column: ColumnProfile, histogram: Histogram) -> tuple[Bar, ...]:
    edges, total = histogram.edges, sum(histogram.counts) or 1
    targets = histogram.target or (None,) * len(histogram.counts)
    return tuple(
        Bar(
            label=_bin_label(column, edges, place),
            share=count / total,
            target=target,
            low=edges[place],
            high=edges[place + 1],
        )
        for place, (count, target) in enumerate(zip(histogram.counts, targets, strict=True))
    )


def _bin_label(column: ColumnProfile, edges: Sequence[float], place: int) -> str:
    """Return "18 to 25"; the first and the last bin hold all beyond them as well."""
    low, high = edges[place], edges[place + 1]

    def text(value: float) -> str:
        is_date = column.type is ColumnType.DATE
        return date_text(value, span_s=edges[-1] - edges[0]) if is_date else number_text(value)

    if high - low == 1 and (low + 0.5).is_integer():
        return text(low + 0.5)
    if place == 0 and column.minimum is not None and column.minimum < low:
        low = column.minimum
    if place == len(edges) - 2 and column.maximum is not None and column.maximum > high:
        high = column.maximum
    return f"{text(low)} to {text(high)}"


def _values(column: ColumnProfile, n_rows: int) -> tuple[Bar, ...]:
    present = max(1, round(n_rows * (1.0 - column.missing_share)))
    shown = column.top[: _SHOWN_VALUES + (column.n_distinct == _SHOWN_VALUES + 1)]
    bars = tuple(
        Bar(label=value.value, share=value.count / present, target=value.target) for value in shown
    )
    n_others = column.n_distinct - len(shown)
    if n_others <= 0:
        return bars
    rest = max(0.0, 1.0 - sum(bar.share for bar in bars))
    label = f"{counted(n_others, 'other value')}: {share_text(rest)}"
    return (*bars, Bar(label=label, share=rest, is_rest=True))


def _header(shape: ColumnShape) -> tuple[str, str]:
    parts = []
    if shape.relation is not None:
        parts.append(f"relation {shape.relation:.2f}")
    if shape.missing_share:
        parts.append(f"{share_text(shape.missing_share)} missing")
    return shape.name, " · ".join(parts)


def _note(shape: ColumnShape) -> str:
    if shape.missing_share == 1.0:
        return "no values"
    if shape.type is ColumnType.TEXT:
        return "free text"
    return "no value is frequent" if shape.type is ColumnType.CATEGORY else "not drawn"


def _hover(shape: ColumnShape, bar: Bar, numbers: ColumnShapesNumbers) -> str:
    lines = [
        f"<b>{escaped(shape.name)}</b>: {escaped(bar.label)}",
        f"{share_text(bar.share)} of the rows with a value",
    ]
    if bar.target is not None:
        lines.append(f"{escaped(numbers.target_text)}: {_target_text(bar.target, numbers)}")
    return "<br>".join(lines)


def _target_text(mean: float, numbers: ColumnShapesNumbers) -> str:
    return share_text(mean) if numbers.is_share else number_text(mean)


def _draw_bins(
    figure: go.Figure, panel: panels.Panel, shape: ColumnShape, numbers: ColumnShapesNumbers
) -> None:
    # Plotly counts dates in milliseconds.
    is_date = shape.type is ColumnType.DATE
    scale = 1000.0 if is_date else 1.0
    bars = [(bar, scale * (bar.low or 0.0), scale * (bar.high or 0.0)) for bar in shape.bars]
    panels.add_bins(
        figure,
        panel,
        middles=[(low + high) / 2 for _, low, high in bars],
        widths=[high - low for _, low, high in bars],
        shares=[bar.share for bar in shape.bars],
        targets=[bar.target for bar in shape.bars],
        hovers=[_hover(shape, bar, numbers) for bar in shape.bars],
        target_axis=_target_axis(numbers),
        is_date=is_date,
    )


def _draw_values(
    figure: go.Figure, panel: panels.Panel, shape: ColumnShape, numbers: ColumnShapesNumbers
) -> None:
    panels.add_values(
        figure,
        panel,
        labels=[bar.label for bar in shape.bars],
        # Beside a bar for all the rest, those of the values would often be too short to see.
        shares=[None if bar.is_rest else bar.share for bar in shape.bars],
        targets=[bar.target for bar in shape.bars],
        hovers=[_hover(shape, bar, numbers) for bar in shape.bars],
        target_axis=_target_axis(numbers),
    )


def _target_axis(numbers: ColumnShapesNumbers) -> panels.TargetAxis | None:
    """Return one scale for all panels, so that they can be compared."""
    ends = numbers.target_ends
    if ends is None:
        return None
    if numbers.is_share:
        return panels.TargetAxis(low=0.0, high=1.08 * ends[1] or 1.0, tick_format="~%")
    pad = 0.08 * (ends[1] - ends[0]) or abs(ends[1]) * 0.1 or 1.0
    return panels.TargetAxis(low=ends[0] - pad, high=ends[1] + pad, tick_format="~s")


def _finding(numbers: ColumnShapesNumbers) -> str:
    related = sorted(
        (shape for shape in numbers.shapes if shape.relation is not None),
        key=lambda shape: -(shape.relation or 0.0),
    )
    strongest = [f"{shortened(shape.name, 40)} ({shape.relation:.2f})" for shape in related[:3]]
    most = (
        f" Most related to {shortened(numbers.target, 40)}: {listed(strongest)}."
        if strongest
        else ""
    )
    return (
        f"Distributions of {counted(len(numbers.shapes), 'column')} over "
        f"{counted(numbers.n_sampled, 'row')}.{most}"
    )
