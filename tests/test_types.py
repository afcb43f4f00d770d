import math
from dataclasses import replace

import pytest

from modelling.types import (
    Budget,
    ClassWeight,
    Economics,
    Experiment,
    ModelResult,
    RunState,
    TaskKind,
    TuningSpec,
    Variant,
)
from tests.builders import make_spec


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"test_share": 0.0}, "test_share must lie between 0 and 0.9, got 0.0"),
        ({"test_share": 0.9}, "test_share must lie between 0 and 0.9, got 0.9"),
        ({"folds": 1}, "folds must lie between 2 and 20, got 1"),
        ({"folds": 21}, "folds must lie between 2 and 20, got 21"),
        ({"classes": ("a",)}, "classes must hold at least two labels, got"),
        ({"features": ()}, "features must name at least one column, got none"),
        ({"margin": -0.1}, "margin must be a number of zero or more, got -0.1"),
        ({"margin": math.nan}, "margin must be a number of zero or more, got nan"),
    ],
)
def test_a_task_that_makes_no_sense_is_refused_with_what_came(changes, message):
    with pytest.raises(ValueError, match=message):
        make_spec(**changes)


def test_only_classes_can_be_weighted():
    for kind in (TaskKind.BINARY, TaskKind.MULTICLASS):
        assert make_spec(kind, class_weight=ClassWeight.BALANCED).class_weight == "balanced"
    with pytest.raises(ValueError, match="must be none for regression, got balanced"):
        make_spec(TaskKind.REGRESSION, class_weight=ClassWeight.BALANCED)


def test_only_a_binary_task_has_a_positive_class():
    assert make_spec(TaskKind.BINARY).positive == "yes"
    assert make_spec(TaskKind.MULTICLASS).positive is None
    assert make_spec(TaskKind.REGRESSION).positive is None


@pytest.mark.parametrize("name", ["trials", "cpu_s", "wall_s", "usd"])
@pytest.mark.parametrize("value", [0, -1, math.nan, math.inf])
def test_a_limit_that_is_none_is_refused(name, value):
    with pytest.raises(ValueError, match="must be finite and above zero"):
        Budget(**{name: value})


def test_a_budget_without_a_limit_is_refused():
    with pytest.raises(ValueError, match="a budget needs a limit"):
        Budget()


def test_a_study_needs_a_model_and_a_window():
    budget = Budget(trials=1)
    with pytest.raises(ValueError, match="models must name at least one model"):
        TuningSpec(models=(), budget=budget)
    with pytest.raises(ValueError, match="window must be at least 1, got 0"):
        TuningSpec(models=("tree",), budget=budget, window=0)


def test_looks_at_the_locked_test_are_counted_after_the_first_batch():
    experiment = Experiment(
        id="e",
        name="e",
        dataset_id="d",
        task=make_spec(),
        economics=Economics(),
        n_train=1,
        n_test=1,
        split_blob="s",
        created_at="2026-01-01",
    )
    peeks = [replace(experiment, test_batches=number).peeks for number in (0, 1, 2, 5)]
    assert peeks == [0, 0, 1, 4]


def test_training_costs_the_search_and_the_last_fit():
    row = ModelResult(run_id="r", key="k", title="t", family="f", variant=Variant.TUNED)
    assert row.training_cpu_s is None
    assert replace(row, fit_cpu_s=2.0, search_cpu_s=40.0, cv_cpu_s=9.0).training_cpu_s == 42.0


def test_every_state_of_a_run_is_active_or_over_and_some_can_go_on():
    active = {state for state in RunState if state.is_active}
    assert active == {RunState.QUEUED, RunState.RUNNING, RunState.STOPPING}
    assert {state for state in RunState if state.can_resume} == {
        RunState.STOPPED,
        RunState.FAILED,
        RunState.INTERRUPTED,
    }
