"""What the analyst chose for a task, before it is checked against the data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from modelling.types import ClassWeight, SplitStrategy, TargetScale, TaskKind


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskChoices:
    """What the analyst chose; None stands for "as proposed".

    ``keep`` are columns that we would leave out and the analyst wants as features; ``text`` are
    the features that hold free text. Classes of fewer than ``merge_below`` rows become one.
    ``label_texts`` are (label, description) of classes, for models that go by words.
    """

    target: str | None = None
    kind: TaskKind | None = None
    metric: str | None = None
    positive: str | None = None
    group: str | None = None
    time: str | None = None
    stake: str | None = None
    drop: tuple[str, ...] = ()
    split: SplitStrategy | None = None
    test_share: float = 0.25
    folds: int = 5
    seed: int = 0
    margin: float | None = None
    keep: tuple[str, ...] = ()
    text: tuple[str, ...] | None = None
    merge_below: int | None = None
    scale: TargetScale = TargetScale.IDENTITY
    test_column: str | None = None
    test_value: str | None = None
    class_weight: ClassWeight = ClassWeight.NONE
    label_texts: tuple[tuple[str, str], ...] = ()

    def about_data(self) -> TaskChoices:
        """Return the choices that decide what is found in the data.

        Left open is how models are fitted and judged.
        """
        return replace(
            self, metric=None, margin=None, class_weight=ClassWeight.NONE, label_texts=()
        )

    def overrides(self) -> dict[str, Any]:
        """Return what differs from the defaults, by name."""
        default = TaskChoices()
        chosen = ((name, getattr(self, name)) for name in self.__slots__)
        return {name: value for name, value in chosen if value != getattr(default, name)}
