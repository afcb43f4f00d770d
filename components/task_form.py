"""The form that says what is predicted, how it is judged, and how rows are divided."""

from __future__ import annotations

import streamlit as st

from components import errors, navigation, split_form, state
from components.resources import workbench
from modelling.types import DatasetRef, TaskKind
from modelling.workbench import MetricSpec, TaskChoices, Workbench

_KINDS = {
    TaskKind.BINARY: "One of two classes",
    TaskKind.MULTICLASS: "One of several classes",
    TaskKind.REGRESSION: "A number (regression)",
}
_BUTTON = "data_create"
# What is proposed anew for another target.
_DRAFTS = ("data_kind", "data_positive", "data_metric", "data_drop", "data_group", "data_time")


def show(bench: Workbench, ref: DatasetRef) -> None:
    """Draw the form, prefilled with what is proposed, and its button."""
    names = [column.name for column in ref.columns]
    halves = st.grid(2, min_column_width=280, gap=("small", "medium"))
    with halves.cell():
        st.subheader("What to predict")
        target = state.select(
            "Target column",
            names,
            key="data_target",
            default=bench.proposed_choices(ref.id).target or names[-1],
            help="The column that the models learn to predict.",
        )
        state.begin_draft("data_basis", (ref.id, target), _DRAFTS)
        proposed = bench.proposed_choices(ref.id, target)
        _task(bench, ref, target, proposed)
    with halves.cell():
        st.subheader("How rows are divided")
        split_form.show([name for name in names if name != target], proposed)
    st.button("Create experiment", key=_BUTTON, type="primary", on_click=_create, args=(ref.id,))
    errors.pending(_BUTTON)


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
    others = [column.name for column in ref.columns if column.name != target]
    state.multiselect(
        "Columns to leave out",
        others,
        key="data_drop",
        default=[name for name in proposed.drop if name in others],
        help="For columns that are not known when a prediction is made. Ids and constant columns "
        "are left out anyway.",
    )


def _explained(metric: MetricSpec) -> str:
    better = "Higher is better." if metric.sign > 0 else "Lower is better."
    return f"{metric.sentence} {better}"


def _create(dataset_id: str) -> None:
    draft = st.session_state
    with errors.kept(_BUTTON):
        bench = workbench()
        proposed = bench.proposed_choices(dataset_id, draft["data_target"])
        kind = draft["data_kind"]
        choices = TaskChoices(
            target=draft["data_target"],
            kind=kind,
            metric=draft["data_metric"],
            positive=draft.get("data_positive") if kind is TaskKind.BINARY else None,
            group=draft["data_group"],
            time=draft["data_time"],
            stake=proposed.stake,
            drop=tuple(draft["data_drop"]),
            split=draft["data_split_strategy"],
            test_share=draft["data_test_percent"] / 100,
            folds=draft["data_folds"],
            seed=draft["data_seed"],
        )
        experiment = bench.create_experiment(dataset_id, choices)
        navigation.go("benchmark", experiment=experiment.id)
