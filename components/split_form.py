"""The half of the task form that says how rows are divided."""

from __future__ import annotations

import streamlit as st

from components import state
from modelling.types import SplitStrategy, TaskKind
from modelling.workbench import TaskChoices

_SPLITS = {
    SplitStrategy.STRATIFIED: "Stratified: each class in its share",
    SplitStrategy.RANDOM: "Random rows",
    SplitStrategy.GROUP: "By group: a group is never on both sides",
    SplitStrategy.TIME: "By time: the latest rows are the test",
    SplitStrategy.TIME_AND_GROUP: "By time, and no group on both sides",
}


def show(others: list[str], proposed: TaskChoices) -> None:
    """Draw roles, split, test share, folds and seed."""
    group = state.optional_select(
        "Group column",
        others,
        key="data_group",
        default=proposed.group,
        help="Rows of one customer, card or patient belong together.",
    )
    time = state.optional_select(
        "Time column", others, key="data_time", default=proposed.time, help="When the row happened."
    )
    # A new group or time column asks for another split.
    state.begin_draft("data_split_basis", (proposed.target, group, time), ["data_split_strategy"])
    kind = st.session_state["data_kind"]
    options = _split_options(kind, group, time)
    as_proposed = (group, time) == (proposed.group, proposed.time) and proposed.split in options
    state.select(
        "Split",
        options,
        key="data_split_strategy",
        default=proposed.split if as_proposed and proposed.split else options[0],
        format_func=_SPLITS.__getitem__,
        help="How the locked test rows, and the folds, are drawn.",
    )
    numbers = st.grid(3, min_column_width=110)
    numbers.number_input(
        "Test rows, %",
        min_value=5,
        max_value=60,
        value=25,
        step=5,
        key="data_test_percent",
        help="The share of rows that is locked away now; no model sees them before Compare.",
    )
    numbers.number_input(
        "Folds",
        min_value=2,
        max_value=10,
        value=5,
        key="data_folds",
        help="Parts of the cross-validation that gives the selection score.",
    )
    numbers.number_input(
        "Seed",
        min_value=0,
        max_value=2**31 - 1,
        value=0,
        key="data_seed",
        help="Same seed, same split.",
    )


def _split_options(kind: TaskKind, group: str | None, time: str | None) -> list[SplitStrategy]:
    """Return the splits that the roles allow, the one to prefer first."""
    plain_split = SplitStrategy.STRATIFIED if kind.is_classification else SplitStrategy.RANDOM
    options = [SplitStrategy.GROUP] if group else []
    options += [SplitStrategy.TIME] if time else []
    options += [SplitStrategy.TIME_AND_GROUP] if group and time else []
    return [*options, plain_split]
