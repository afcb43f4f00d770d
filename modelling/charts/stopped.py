"""Where the fold race stopped trials: how many after each fold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from modelling.charts.style import escaped, faded, family_colour, layout
from modelling.charts.wording import counted
from modelling.types import Trial, TrialState

_HEIGHT_PX = 190


@dataclass(frozen=True, kw_only=True, slots=True)
class StoppedNumbers:
    """What the chart draws: trials stopped after fold 1, 2, ... of ``n_folds``."""

    title: str
    family: str
    n_folds: int
    counts: tuple[int, ...]


def stopped_numbers(
    trials: Sequence[Trial], *, n_folds: int, title: str, family: str
) -> StoppedNumbers:
    """Return how many trials of one study were stopped after each fold but the last."""
    at = Counter(trial.folds_done for trial in trials if trial.state is TrialState.PRUNED)
    counts = tuple(at[fold] for fold in range(1, n_folds))
    return StoppedNumbers(title=title, family=family, n_folds=n_folds, counts=counts)


def stopped_figure(numbers: StoppedNumbers) -> tuple[go.Figure, str]:
    """Return the figure and the sentence that states its finding."""
    colour = family_colour(numbers.family)
    folds = list(range(1, numbers.n_folds))
    title = escaped(numbers.title)
    bars = go.Bar(
        x=folds,
        y=list(numbers.counts),
        marker={"color": faded(colour, 0.6), "line": {"color": colour, "width": 1}},
        hovertext=[
            f"{title}: {counted(count, 'trial')} stopped after {counted(fold, 'fold')}"
            for fold, count in zip(folds, numbers.counts, strict=True)
        ],
        hoverinfo="text",
        showlegend=False,
    )
    figure = go.Figure(bars)
    figure.update_layout(
        **layout(
            height=_HEIGHT_PX,
            xaxis={
                "title": {"text": f"Stopped after this many of {numbers.n_folds} folds"},
                "tickvals": folds,
                "showgrid": False,
            },
            yaxis={
                "title": {"text": "Trials (count)"},
                "range": [0, max(4, *numbers.counts, 0) * 1.08],
                "nticks": 5,
                "tickformat": ",d",
            },
        )
    )
    return figure, _finding(numbers)


def _finding(numbers: StoppedNumbers) -> str:
    total = sum(numbers.counts)
    parts = [
        f"{count:,} after fold {fold}"
        for fold, count in enumerate(numbers.counts, start=1)
        if count
    ]
    told = f": {', '.join(parts)}" if parts else ""
    return f"Of {numbers.title}, the fold race stopped {counted(total, 'trial')}{told}."
