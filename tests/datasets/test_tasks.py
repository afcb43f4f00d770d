import numpy as np
import pandas as pd
import pytest

from modelling.datasets.columns import describe, uniform
from modelling.datasets.problem import encode_target
from modelling.datasets.tasks import (
    TaskChoices,
    class_labels,
    detect_kind,
    make_task,
    propose_target,
    text_columns,
)
from modelling.errors import DataError, ModellingError, SpecError, TaskError
from modelling.types import DatasetRef, ReadInfo, SplitStrategy, TaskKind
from tests.builders import make_spec

N = 60


def table(**columns):
    """Return (what is known of a table, the table); `x`, `z` and `when` are always there."""
    frame = pd.DataFrame(
        {
            "x": np.arange(N) * 0.5,
            "z": ["p", "q", "r"] * (N // 3),
            "when": pd.date_range("2026-01-01", periods=N),
            **columns,
        }
    )
    frame, _ = uniform(frame)
    described = tuple(describe(frame[name]) for name in frame)
    ref = DatasetRef(
        id="0" * 64, name="t.csv", n_rows=N, columns=described, read=ReadInfo(format="csv")
    )
    return ref, frame


def task_of(choices=None, **columns):
    ref, frame = table(**columns)
    return make_task(ref, frame["y"], choices or TaskChoices(target="y"))


YES_NO = ["yes", "no", "no"] * (N // 3)


# What the values suggest --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([0, 1, 1], TaskKind.BINARY),
        ([True, False], TaskKind.BINARY),
        (["a", "b", None], TaskKind.BINARY),
        ([1.5, 2.5, 1.5], TaskKind.BINARY),
        (["a", "b", "c"], TaskKind.MULTICLASS),
        (list(range(20)), TaskKind.MULTICLASS),
        ([1.0, 2.0, 3.0, np.nan], TaskKind.MULTICLASS),
        (list(range(21)), TaskKind.REGRESSION),
        ([0.5, 1.0, 2.0], TaskKind.REGRESSION),
        ([7, 7], TaskKind.MULTICLASS),
    ],
)
def test_the_kind_follows_from_the_values(values, kind):
    assert detect_kind(pd.Series(values)) is kind


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"Target": YES_NO, "last": range(N)}, "Target"),
        ({"label": YES_NO, "class": YES_NO}, "label"),
        ({"last": range(N)}, "last"),
        ({"middle": YES_NO, "constant": [1] * N}, "middle"),
    ],
)
def test_the_target_is_proposed_by_name_else_the_last_usable_column(columns, expected):
    assert propose_target(table(**columns)[0]) == expected


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


def test_groups_ids_constants_and_dropped_columns_are_no_features():
    task = task_of(
        TaskChoices(target="y", group="z", drop=("when",)),
        y=YES_NO,
        code=[f"c{number}" for number in range(N)],
        same=[1] * N,
    )
    assert task.features == ("x",)


def test_a_time_or_stake_column_still_is_a_feature():
    task = task_of(TaskChoices(target="y", time="when", stake="x"), y=YES_NO)
    assert {"when", "x"} <= set(task.features)


def test_text_columns_are_those_features_that_hold_text():
    sentences = [f"a sentence of more than thirty letters, number {i}" for i in range(N)]
    ref, frame = table(y=YES_NO, story=sentences, other=sentences[::-1])
    task = make_task(ref, frame["y"], TaskChoices(target="y", drop=("other",)))
    assert text_columns(ref, task) == ("story",)


# The positive class -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("labels", "positive"),
    [
        (("good", "bad"), "bad"),
        (("No", "Yes"), "Yes"),
        ((0, 1), "1"),
        ((False, True), "True"),
        (("left", "stayed"), "stayed"),  # no word we know: the rarer one
        (("yes", "true"), "true"),  # two words we know: the rarer one
    ],
)
def test_the_positive_class_is_a_word_we_know_else_the_rarer_one(labels, positive):
    values = [labels[0]] * 40 + [labels[1]] * 20
    assert task_of(y=values).positive == positive


def test_the_positive_class_can_be_chosen_and_comes_last():
    task = task_of(TaskChoices(target="y", positive="no"), y=YES_NO)
    assert task.classes == ("yes", "no")
    assert encode_target(pd.Series(["no", "yes"]), task).tolist() == [1, 0]


# Labels -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ([0, 1], ["0", "1"]),
        ([0.0, 1.0], ["0", "1"]),
        ([0.5, 1.0], ["0.5", "1"]),
        ([True, False], ["True", "False"]),
        (["1.0", "x"], ["1.0", "x"]),
        ([2**53 + 1, 2**53 + 3], ["9007199254740993", "9007199254740995"]),
    ],
)
def test_labels_are_printed_the_same_whether_gaps_made_them_float_or_not(values, labels):
    assert class_labels(pd.Series(values)).tolist() == labels


def test_a_file_with_gaps_or_fewer_classes_has_the_labels_of_the_training_rows():
    task = make_spec(TaskKind.MULTICLASS, classes=("0.5", "1", "2"))
    assert encode_target(pd.Series([1.0, 2.0]), task).tolist() == [1, 2]
    assert encode_target(pd.Series([1, 2]), task).tolist() == [1, 2]
    assert encode_target(pd.Series([0.5]), task).tolist() == [0]


def test_a_class_that_the_training_rows_do_not_have_is_named():
    with pytest.raises(DataError, match="holds the class 'maybe', which the training rows do not"):
        encode_target(pd.Series(["no", "maybe"]), make_spec())


def test_a_regression_target_may_be_boolean_but_not_text():
    task = make_spec(TaskKind.REGRESSION)
    assert encode_target(pd.Series([True, False]), task).tolist() == [1.0, 0.0]
    with pytest.raises(DataError, match="target 'y' of the test file holds text"):
        encode_target(pd.Series(["high"]), task)


# What does not hold together ----------------------------------------------------------------

THREE = ["a", "b", "c"] * (N // 3)


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
    ],
)
def test_what_does_not_fit_the_data_is_explained(values, choices, message):
    enums = {"kind": TaskKind, "split": SplitStrategy}
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
