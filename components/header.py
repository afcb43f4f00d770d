"""Which experiment is open, in two lines, at the top of its pages."""

from __future__ import annotations

import streamlit as st

from components import navigation, state
from components.text import plain, sentences, times
from modelling.errors import NotFoundError
from modelling.types import ClassWeight, Experiment
from modelling.workbench import MetricSpec, Workbench


def open_experiment(bench: Workbench) -> Experiment:
    """Return the experiment that is open and show what it is; without one, say so and stop."""
    wanted = state.experiment_id()
    if wanted is None:
        navigation.missing(
            "No experiment is open: choose a recent one, or make one from a sample.",
            "home",
            "Choose an experiment",
        )
    try:
        experiment = bench.experiment(wanted or "")
    except NotFoundError as error:
        state.forget_experiment()
        navigation.missing(sentences(error), "home", "Choose an experiment")
        raise
    _show(experiment, metric_of(bench, experiment))
    return experiment


def experiment_or_none(bench: Workbench) -> Experiment | None:
    """Return the experiment that is open, for pages that do without one."""
    wanted = state.experiment_id()
    if wanted is None:
        return None
    try:
        return bench.experiment(wanted)
    except NotFoundError:
        state.forget_experiment()
        return None


def metric_of(bench: Workbench, experiment: Experiment) -> MetricSpec:
    """Return the metric that judges an experiment."""
    task = experiment.task
    return next(spec for spec in bench.metrics(task.kind) if spec.name == task.metric)


def _show(experiment: Experiment, metric: MetricSpec) -> None:
    task = experiment.task
    positive = f" (looks for {plain(task.positive)})" if task.positive else ""
    looks = experiment.test_batches
    weighted = task.class_weight is ClassWeight.BALANCED
    facts = (
        f"**{plain(experiment.name)}**",
        f"predicts {plain(task.target)}{positive}",
        f"judged by {metric.title}",
        *(("classes weighted equally",) if weighted else ()),
        f"{task.split} split",
        f"{experiment.n_train:,} training rows in {task.folds} folds",
        f"{experiment.n_test:,} locked test rows",
        f"test {f'scored {times(looks)}' if looks else 'not scored yet'}",
    )
    st.caption(" · ".join(facts))
