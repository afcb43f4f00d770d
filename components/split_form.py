"""The half of the task form that says how rows are divided."""

from __future__ import annotations

import streamlit as st

from components import own_test, state, task_draft
from modelling.types import DatasetRef, SplitStrategy, TaskKind
from modelling.workbench import TaskChoices, Workbench

_SPLITS = {
    SplitStrategy.STRATIFIED: "Stratified: each class in its share",
    SplitStrategy.RANDOM: "Random rows",
    SplitStrategy.GROUP: "By group: a group is never on both sides",
    SplitStrategy.TIME: "By time: latest rows are the test",
    SplitStrategy.TIME_AND_GROUP: "By time, and no group on both sides",
}
_SOURCES = {
    task_draft.SHARE: "A share of these rows",
    task_draft.FILE: "A file of my own",
    task_draft.MARKED: "Rows that a column marks",
}


def show(bench: Workbench, ref: DatasetRef, choices: TaskChoices, proposed: TaskChoices) -> None:
    """Draw split, test rows, folds and seed.

    ``choices`` has the roles as they stand, ``proposed`` those that we would give.
    """
    _strategy(choices, proposed)
    source = state.select(
        "Locked test rows",
        list(_SOURCES),
        key="data_test_source",
        default=task_draft.FILE if st.query_params.get("test") else task_draft.SHARE,
        format_func=_SOURCES.__getitem__,
        help="The rows that are locked away now; no model sees them before Compare.",
    )
    _numbers(with_share=source == task_draft.SHARE)
    if source == task_draft.FILE:
        own_test.own_file(bench, ref)
    elif source == task_draft.MARKED:
        own_test.marker(bench, ref, choices.target)


def _strategy(choices: TaskChoices, proposed: TaskChoices) -> None:
    # A new group or time column asks for another split.
    basis = (choices.target, choices.group, choices.time)
    state.begin_draft("data_split_basis", basis, ["data_split_strategy"])
    options = _split_options(st.session_state["data_kind"], choices.group, choices.time)
    as_proposed = (proposed.group, proposed.time) == (choices.group, choices.time)
    wanted = choices.split if as_proposed and choices.split in options else None
    state.select(
        "Split",
        options,
        key="data_split_strategy",
        default=wanted or options[0],
        format_func=_SPLITS.__getitem__,
        help="How the locked test rows, and the folds, are drawn. Give a column the use group or "
        "time below to split by it.",
    )


def _numbers(*, with_share: bool) -> None:
    numbers = st.grid(3, min_column_width=110)
    numbers.number_input(
        "Test rows, %",
        min_value=5,
        max_value=60,
        value=25,
        step=5,
        key="data_test_percent",
        disabled=not with_share,
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
