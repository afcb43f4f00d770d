"""What a metric is: its name, direction, range and the smallest change that matters."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from modelling.types import Direction, TaskKind

Uses = Literal["probability", "label", "value"]


@dataclass(frozen=True, kw_only=True, slots=True)
class MetricSpec:
    """One metric as it is published.

    ``name`` is scikit-learn's scorer name or, where it has no scorer, the name of its function,
    with ``neg_`` before an error. Error metrics are published as positive numbers, so one called
    ``neg_...`` has the direction ``minimize`` here. ``uses`` says what is judged: probabilities,
    the most probable label, or values. ``range`` is the least and the largest score that can be.
    ``default_margin`` is the smallest gain that matters: in units of the metric, or, with
    ``margin_relative``, as a share of the base's score. ``unit`` is what may follow a score in a
    text, empty for a pure number. ``sentence`` explains the metric to an analyst.
    ``needs_every_class`` marks a metric that is undefined on rows without some class.
    """

    name: str
    title: str
    tasks: frozenset[TaskKind]
    direction: Direction
    uses: Uses
    range: tuple[float, float]
    unit: str
    default_margin: float
    sentence: str
    margin_relative: bool = False
    needs_every_class: bool = False

    def __post_init__(self) -> None:
        if not self.tasks:
            raise ValueError(f"tasks of {self.name} must name at least one kind, got none")
        if not self.range[0] < self.range[1]:
            raise ValueError(f"range of {self.name} must be (low, high), got {self.range}")
        if not (math.isfinite(self.default_margin) and self.default_margin >= 0):
            raise ValueError(
                f"default_margin of {self.name} must be zero or more, got {self.default_margin}"
            )

    def margin_for(self, base_score: float) -> float:
        """Return the smallest gain that matters over a base of that score, in metric units."""
        if self.margin_relative:
            return self.default_margin * abs(base_score)
        return self.default_margin

    def oriented(self, score: float) -> float:
        """Return the score with the sign that makes larger better."""
        return score * self.sign

    def loss(self, score: float) -> float:
        """Return the score with the sign that makes smaller better."""
        return -score * self.sign

    @property
    def sign(self) -> int:
        """1 where a larger published score is better, else -1."""
        return 1 if self.direction is Direction.MAXIMIZE else -1
