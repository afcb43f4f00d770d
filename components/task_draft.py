"""The choices of the Data page as they stand in its widgets, for the page and for its callbacks."""

from __future__ import annotations

import streamlit as st

from components import label_texts, roles_table
from modelling.errors import TaskError
from modelling.types import ClassWeight, DatasetRef, TargetScale, TaskKind
from modelling.workbench import TaskChoices, Workbench

SHARE, FILE, MARKED = "share", "file", "marked"


def drafted(bench: Workbench, ref: DatasetRef) -> TaskChoices:
    """Return the choices that the widgets hold; what no widget holds is as proposed.

    Raises
    ------
    TaskError
        If two columns have a use that only one can have, or a test file is still to come.
    """
    draft = st.session_state
    if draft.get("data_test_source") == FILE and test_dataset() is None:
        raise TaskError("Upload the test file, or lock a share of these rows instead.")
    target = draft["data_target"]
    roles = roles_table.drafted(bench, ref, bench.proposed_choices(ref.id, target))
    kind = draft["data_kind"]
    marked = draft.get("data_test_source") == MARKED
    choices = TaskChoices(
        target=target,
        kind=kind,
        metric=draft["data_metric"],
        positive=draft.get("data_positive") if kind is TaskKind.BINARY else None,
        split=draft["data_split_strategy"],
        test_share=draft.get("data_test_percent", 25) / 100,
        folds=draft["data_folds"],
        seed=draft["data_seed"],
        merge_below=_merge_below(kind),
        scale=_scale(kind),
        test_column=draft.get("data_test_column") if marked else None,
        test_value=draft.get("data_test_value") if marked else None,
        class_weight=_class_weight(kind),
        label_texts=label_texts.drafted(bench, ref, target, kind),
    )
    return bench.with_roles(ref.id, choices, roles)


def test_dataset() -> str | None:
    """Return the data set of the analyst's own test file, which stands in the URL."""
    own = st.session_state.get("data_test_source") == FILE
    return st.query_params.get("test") if own else None


def _merge_below(kind: TaskKind) -> int | None:
    if kind is not TaskKind.MULTICLASS:
        return None
    return st.session_state.get("data_merge_below") or None


def _scale(kind: TaskKind) -> TargetScale:
    chosen = st.session_state.get("data_scale") if kind is TaskKind.REGRESSION else None
    return chosen or TargetScale.IDENTITY


def _class_weight(kind: TaskKind) -> ClassWeight:
    chosen = st.session_state.get("data_class_weight") if kind.is_classification else None
    return chosen or ClassWeight.NONE
