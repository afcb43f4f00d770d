"""The form that says what is predicted, how it is judged, and how rows are divided."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from components import (
    errors,
    label_texts,
    navigation,
    roles_table,
    split_form,
    state,
    target_form,
    task_draft,
)
from components.resources import workbench
from components.text import sentences
from modelling.errors import ModellingError, TaskError
from modelling.types import DatasetRef, TaskKind
from modelling.workbench import MetricSpec, TaskChoices, Workbench

_KINDS = {
    TaskKind.BINARY: "One of two classes",
    TaskKind.MULTICLASS: "One of several classes",
    TaskKind.REGRESSION: "A number (regression)",
}
_BUTTON = "data_create"
# What is proposed anew for another target.
_DRAFTS = ("data_kind", "data_positive", "data_metric", *target_form.DRAFTS, *label_texts.DRAFTS)


def show(bench: Workbench, ref: DatasetRef) -> TaskChoices | None:
    """Draw the form, prefilled with what is proposed; return the choices if they fit together."""
    halves = st.grid(2, min_column_width=280, gap=("small", "medium"))
    left, right = halves.cell(), halves.cell()
    with left:
        st.subheader("What to predict")
        target = _target(bench, ref)
        proposed = bench.proposed_choices(ref.id, target)
        _task(bench, ref, target, proposed)
    roles_table.show(bench, ref, proposed)
    with_roles = proposed
    with suppress(TaskError):
        roles = roles_table.drafted(bench, ref, proposed)
        with_roles = bench.with_roles(ref.id, proposed, roles)
    kind = st.session_state["data_kind"]
    label_texts.show(bench, ref, target, kind, has_text=bool(with_roles.text))
    with right:
        # Drawn in any case: Streamlit forgets the values of widgets that are not.
        st.subheader("How rows are divided")
        split_form.show(bench, ref, with_roles, proposed)
    try:
        return task_draft.drafted(bench, ref)
    except ModellingError as error:
        st.error(sentences(error))
        return None


def create(ref: DatasetRef, *, ready: bool) -> None:
    """Draw the button that locks the test rows."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Create experiment",
            key=_BUTTON,
            type="primary",
            disabled=not ready,
            on_click=_create,
            args=(ref,),
        )
        st.caption("Locks the test rows: no model sees them before Compare.")
    errors.pending(_BUTTON)


def _target(bench: Workbench, ref: DatasetRef) -> str:
    """Draw the choice of the target; another one starts all that follows from it anew."""
    names = [column.name for column in ref.columns]
    target = state.select(
        "Target column",
        names,
        key="data_target",
        default=bench.proposed_choices(ref.id).target or names[-1],
        help="The column that the models learn to predict.",
    )
    # The same columns under another id are the same file with a cure applied.
    basis = (ref.name, target, tuple(names))
    if state.begin_draft("data_basis", basis, _DRAFTS):
        roles_table.reset()
    return target


def _task(bench: Workbench, ref: DatasetRef, target: str, proposed: TaskChoices) -> None:
    kind = state.select(
        "Task",
        list(TaskKind),
        key="data_kind",
        default=proposed.kind or TaskKind.BINARY,
        format_func=_KINDS.__getitem__,
        help="Proposed from the values of the target; change it if it is not what you mean.",
    )
    if kind is TaskKind.BINARY:
        labels = bench.class_labels(ref.id, target)
        state.select(
            "Positive class",
            labels,
            key="data_positive",
            default=proposed.positive if proposed.positive in labels else labels[-1],
            help="The class that is looked for: fraud, churn, default.",
        )
    metrics = {spec.name: spec for spec in bench.metrics(kind)}
    first = next(iter(metrics))
    chosen = state.select(
        "Metric",
        list(metrics),
        key="data_metric",
        default=proposed.metric if proposed.metric in metrics else first,
        format_func=lambda name: metrics[name].title,
    )
    st.caption(_explained(metrics[chosen]))
    target_form.show(kind)


def _explained(metric: MetricSpec) -> str:
    better = "Higher is better." if metric.sign > 0 else "Lower is better."
    return f"{metric.sentence} {better}"


def _create(ref: DatasetRef) -> None:
    with errors.kept(_BUTTON):
        bench = workbench()
        choices = task_draft.drafted(bench, ref)
        test = task_draft.test_dataset()
        experiment = bench.create_experiment(ref.id, choices, test_dataset_id=test)
        navigation.go("benchmark", experiment=experiment.id)
