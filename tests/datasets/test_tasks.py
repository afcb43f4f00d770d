from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from modelling.codec import from_json
from modelling.datasets.choices import TaskChoices
from modelling.datasets.tasks import make_task, propose_target
from modelling.errors import ModellingError, SpecError, TaskError
from modelling.types import (
    OTHER_CLASS,
    ClassWeight,
    Role,
    SplitStrategy,
    TargetScale,
    TaskKind,
    TaskSpec,
)
from tests.builders import make_spec
from tests.datasets.frames import ref_of

N = 60


def table(roles=None, **columns):
    """Return (what is known of a table, the table); `x`, `z` and `when` are always there."""
    frame = pd.DataFrame(
        {
            "x": np.arange(N) * 0.5,
            "z": ["p", "q", "r"] * (N // 3),
            "when": pd.date_range("2026-01-01", periods=N),
            **columns,
        }
    )
    return ref_of(frame, name="t.csv", **(roles or {})), frame


def task_of(choices=None, roles=None, **columns):
    ref, frame = table(roles, **columns)
    return make_task(ref, frame["y"], choices or TaskChoices(target="y"))


YES_NO = ["yes", "no", "no"] * (N // 3)
THREE = ["a", "b", "c"] * (N // 3)


# What the values suggest --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"Target": YES_NO, "last": range(N)}, "Target"),
        ({"label": YES_NO, "class": YES_NO}, "label"),
        ({"last": range(N)}, "last"),
        ({"middle": YES_NO, "constant": [1] * N}, "middle"),
        ({"middle": YES_NO, "number": range(N), "story": YES_NO}, "middle"),
    ],
)
def test_the_target_is_proposed_by_name_else_the_last_usable_column(columns, expected):
    roles = {"constant": Role.IGNORE, "number": Role.ID, "story": Role.TEXT}
    known = {name: role for name, role in roles.items() if name in columns}
    assert propose_target(table(known, **columns)[0]) == expected


def test_the_rest_is_filled_in():
    task = task_of(y=YES_NO)
    assert task.kind is TaskKind.BINARY
    assert task.metric == "roc_auc"
    assert task.classes == ("no", "yes")
    assert task.positive == "yes"
    assert task.features == ("x", "z", "when")
    assert task.split is SplitStrategy.STRATIFIED


@pytest.mark.parametrize(
    ("values", "kind", "metric", "split"),
    [
        (YES_NO, "binary", "roc_auc", "stratified"),
        (["a", "b", "c"] * 20, "multiclass", "neg_log_loss", "stratified"),
        (np.arange(N) / 7, "regression", "neg_root_mean_squared_error", "random"),
    ],
)
def test_each_kind_has_its_default_metric_and_split(values, kind, metric, split):
    task = task_of(y=values)
    assert (task.kind, task.metric, task.split) == (kind, metric, split)


def test_a_role_decides_the_split_and_group_comes_before_time():
    def split(**roles):
        return task_of(TaskChoices(target="y", **roles), y=YES_NO).split

    assert split(group="z") is SplitStrategy.GROUP
    assert split(time="when") is SplitStrategy.TIME
    assert split(group="z", time="when") is SplitStrategy.GROUP
    assert split(group="z", time="when", split=SplitStrategy.TIME) is SplitStrategy.TIME


def test_rare_classes_are_merged_in_the_task():
    values = ["a"] * 30 + ["b"] * 20 + ["c", "d"] * 5
    task = task_of(TaskChoices(target="y", merge_below=6), y=values)
    assert task.classes == (OTHER_CLASS, "a", "b")
    assert task.merged == ("c", "d")


def test_the_scale_of_a_regression_and_the_mark_of_the_test_are_kept_in_the_task():
    choices = TaskChoices(
        target="y", scale=TargetScale.LOG, test_column="z", test_value="p", folds=3
    )
    task = task_of(choices, y=np.arange(N) / 7)
    assert task.scale is TargetScale.LOG
    assert (task.test_column, task.test_value) == ("z", "p")
    assert "z" not in task.features


@pytest.mark.parametrize("values", [YES_NO, THREE])
def test_class_weights_are_kept_in_the_task_and_change_nothing_else(values):
    plain = task_of(y=values)
    weighted = task_of(TaskChoices(target="y", class_weight=ClassWeight.BALANCED), y=values)
    assert weighted == replace(plain, class_weight=ClassWeight.BALANCED) != plain


def test_class_weights_are_no_matter_of_what_is_found_in_the_data():
    weighted = TaskChoices(target="y", class_weight=ClassWeight.BALANCED)
    assert weighted.about_data() == TaskChoices(target="y")


def test_a_task_that_was_stored_before_the_newer_choices_is_read_with_their_defaults():
    stored = """{"target": "y", "kind": "binary", "metric": "roc_auc", "features": ["x"],
        "classes": ["no", "yes"], "group": null, "time": null, "stake": null, "dropped": [],
        "split": "stratified", "test_share": 0.25, "folds": 5, "seed": 0, "margin": null}"""
    task = from_json(TaskSpec, stored)
    assert task == make_spec()
    assert (task.text, task.merged, task.scale) == (None, (), TargetScale.IDENTITY)
    assert (task.test_column, task.test_value) == (None, None)
    assert task.class_weight is ClassWeight.NONE


# What does not hold together ----------------------------------------------------------------

NUMBERS = np.arange(N) / 7


@pytest.mark.parametrize(
    ("values", "choices", "message"),
    [
        ([1] * N, {}, "has one class only ('1'); expected at least two"),
        ([1.5] * N, {"kind": "regression"}, "has one value only; there is nothing to learn"),
        (YES_NO, {"kind": "regression"}, "holds text, but regression needs numbers"),
        (THREE, {"kind": "binary"}, "A binary task needs two classes; 'y' has 3."),
        ([f"c{i % 51}" for i in range(N)], {}, "has 51 classes; at most 50 are handled"),
        (
            ["rare"] * 9 + ["common"] * 51,
            {},
            "Class 'rare' of 'y' has 9 rows; each class needs at least 10 for 5 folds",
        ),
        (YES_NO, {"positive": "maybe"}, "'maybe' is no class of 'y'; choose 'no' or 'yes'"),
        ([*YES_NO[:29], *[None] * 31], {}, "t.csv has 29 rows with a value in 'y'; at least 30"),
        (YES_NO, {"group": "nope"}, "There is no column 'nope' for the group; the columns of"),
        (YES_NO, {"time": "nope"}, "There is no column 'nope' for the time"),
        (YES_NO, {"stake": "nope"}, "There is no column 'nope' for the stake"),
        (YES_NO, {"drop": ("x", "nope")}, "There is no column 'nope' for leaving out"),
        (YES_NO, {"time": "z"}, "The time column 'z' holds category values; expected dates"),
        (YES_NO, {"stake": "z"}, "The stake column 'z' holds category values; expected numbers"),
        (YES_NO, {"split": "group"}, "A group split needs a group column"),
        (YES_NO, {"split": "time"}, "A time split needs a time column"),
        (YES_NO, {"split": "time and group", "time": "when"}, "split needs a group column"),
        (YES_NO, {"split": "time and group", "group": "z"}, "split needs a time column"),
        (YES_NO, {"drop": ("x", "z", "when")}, "No column of t.csv is left to learn 'y' from"),
        (YES_NO, {"scale": "logarithm"}, "The scale 'logarithm' suits numbers, but 'y' is to be"),
        (NUMBERS, {"merge_below": 9}, "Only classes can be merged, but 'y' is to be learned as a"),
        (NUMBERS, {"class_weight": "balanced"}, "Only classes can be weighted, but 'y' is to be"),
        (NUMBERS - 1, {"scale": "logarithm"}, "goes down to -1, but a logarithm needs values of"),
    ],
)
def test_what_does_not_fit_the_data_is_explained(values, choices, message):
    enums = {
        "kind": TaskKind,
        "split": SplitStrategy,
        "scale": TargetScale,
        "class_weight": ClassWeight,
    }
    typed = {name: enums.get(name, lambda v: v)(value) for name, value in choices.items()}
    with pytest.raises(TaskError) as caught:
        task_of(TaskChoices(target="y", **typed), y=values)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("metric", "message"),
    [
        ("r2", "r2 is no metric for a binary task; choose one of roc_auc"),
        ("accuracy_of_all", "accuracy_of_all"),
    ],
)
def test_a_metric_that_does_not_fit_is_refused_with_those_that_do(metric, message):
    with pytest.raises(SpecError, match=message) as caught:
        task_of(TaskChoices(target="y", metric=metric), y=YES_NO)
    assert "roc_auc" in str(caught.value)


def test_of_many_columns_a_message_names_twelve():
    ref, frame = table(y=YES_NO, **{f"c{number}": range(N) for number in range(20)})
    with pytest.raises(ModellingError, match=r"c7 and 12 more\.$"):
        make_task(ref, frame["y"], TaskChoices(target="y", group="nope"))


def test_only_what_differs_from_the_defaults_overrides_a_proposal():
    choices = TaskChoices(target="y", folds=3, positive="no")
    assert choices.overrides() == {"target": "y", "folds": 3, "positive": "no"}
    assert TaskChoices().overrides() == {}
