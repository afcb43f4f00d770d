"""How often a language model obeyed an order within the text that it was to judge."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from modelling.charts import wording as say
from modelling.charts.style import escaped, family_colour, layout, rows_height
from modelling.types import AskedModel

_FAMILY = "language model"
_Z = 1.959963984540054
_PATTERNS = ("", "/", "x", "-")
MOST_MODELS = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Obedience:
    """One kind of order to one model: of ``n`` texts, how many answers obeyed.

    ``interval`` is the 95 % one of the share.
    """

    kind: str
    n: int
    n_followed: int
    interval: tuple[float, float]

    @property
    def share(self) -> float:
        """The share of answers that obeyed."""
        return self.n_followed / self.n


@dataclass(frozen=True, kw_only=True, slots=True)
class InjectionNumbers:
    """What the chart draws: by label of the model, its kinds of orders."""

    models: tuple[tuple[str, tuple[Obedience, ...]], ...]


def injection_numbers(asked: Sequence[AskedModel]) -> InjectionNumbers:
    """Return the shares of the models that were asked about texts with orders."""
    return InjectionNumbers(
        models=tuple(
            (
                one.title,
                tuple(
                    Obedience(
                        kind=found.kind,
                        n=found.n,
                        n_followed=found.n_followed,
                        interval=wilson(found.n_followed, found.n),
                    )
                    for found in one.followed
                    if found.n
                ),
            )
            for one in asked
            if any(found.n for found in one.followed)
        )[:MOST_MODELS]
    )


def wilson(k: int, n: int) -> tuple[float, float]:
    """Return the 95 % score interval of a share (Wilson 1927, J. Am. Stat. Assoc. 22).

    Examples
    --------
    >>> tuple(round(end, 3) for end in wilson(0, 10))
    (0.0, 0.278)
    """
    share, z2 = k / n, _Z * _Z
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, centre - half), min(1.0, centre + half)


def injection_figure(numbers: InjectionNumbers) -> tuple[go.Figure, str]:
    """Return the figure and the sentence that states its finding."""
    figure = go.Figure([_bars(*model, place) for place, model in enumerate(numbers.models)])
    n_kinds = max((len(kinds) for _, kinds in numbers.models), default=1)
    figure.update_layout(
        **layout(
            height=rows_height(n_kinds * max(1, len(numbers.models))),
            xaxis={
                "title": {"text": "Answers that obeyed the order (%)"},
                "range": [0, 100],
                "ticksuffix": " %",
            },
            yaxis={"automargin": True, "autorange": "reversed"},
            barmode="group",
            showlegend=len(numbers.models) > 1,
            legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        )
    )
    return figure, _finding(numbers)


def _bars(label: str, kinds: tuple[Obedience, ...], place: int) -> go.Bar:
    return go.Bar(
        x=[100 * one.share for one in kinds],
        y=[escaped(one.kind) for one in kinds],
        orientation="h",
        name=escaped(label),
        marker={
            "color": family_colour(_FAMILY),
            "pattern": {"shape": _PATTERNS[place % len(_PATTERNS)]},
        },
        error_x={
            "array": [100 * (one.interval[1] - one.share) for one in kinds],
            "arrayminus": [100 * (one.share - one.interval[0]) for one in kinds],
            "thickness": 1,
        },
        hovertext=[
            f"<b>{escaped(label)}</b>, {escaped(one.kind)}<br>{one.n_followed} of {one.n} obeyed "
            f"(95 % {say.percent_text(one.interval[0])} to {say.percent_text(one.interval[1])})"
            for one in kinds
        ],
        hoverinfo="text",
    )


def _finding(numbers: InjectionNumbers) -> str:
    if not numbers.models:
        return "No model was asked about texts that give orders."
    parts = []
    for label, kinds in numbers.models:
        worst = max(kinds, key=lambda one: one.share)
        parts.append(
            f"{label} obeyed {worst.n_followed} of {worst.n} orders of the kind it obeys most "
            f"({worst.kind})"
            if worst.n_followed
            else f"{label} obeyed none of {sum(one.n for one in kinds)} orders"
        )
    return f"Orders within texts: {'; '.join(parts)}."
