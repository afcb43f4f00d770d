"""How the target goes into a fit: its scale, merged classes, what each class counts."""

from __future__ import annotations

import streamlit as st

from components import state
from modelling.types import ClassWeight, TargetScale, TaskKind

# What is proposed anew for another target.
DRAFTS = ("data_scale", "data_merge_below", "data_class_weight")
_SCALES = {
    TargetScale.IDENTITY: "The target as it is",
    TargetScale.LOG: "Its logarithm",
    TargetScale.RANK: "Its rank",
}
_WEIGHTS = {
    ClassWeight.NONE: "None: rows count alike",
    ClassWeight.BALANCED: "Balanced: classes count alike",
}


def show(kind: TaskKind) -> None:
    """Draw what the kind of task lets one choose."""
    if kind is TaskKind.REGRESSION:
        _scale()
        return
    if kind is TaskKind.MULTICLASS:
        _merging()
    _weights()


def _scale() -> None:
    state.select(
        "Models are fitted on",
        list(TargetScale),
        key="data_scale",
        default=TargetScale.IDENTITY,
        format_func=_SCALES.__getitem__,
        help="For targets with a long tail. Predictions and scores stay in the target's units.",
    )


def _merging() -> None:
    st.number_input(
        "Merge classes with fewer rows than",
        min_value=0,
        key="data_merge_below",
        help="They become one class, “(other)”. 0 merges none.",
    )


def _weights() -> None:
    state.select(
        "Class weights",
        list(ClassWeight),
        key="data_class_weight",
        default=ClassWeight.NONE,
        format_func=_WEIGHTS.__getitem__,
        help="Balanced weights make every class weigh the same in each fit, so that rare classes "
        "are found more often; probabilities are then no longer those of the data, and metrics of "
        "ranking change little.",
    )
