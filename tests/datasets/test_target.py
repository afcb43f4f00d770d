"""Labels, kinds, merged classes, and targets that cannot be learned."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from modelling.datasets.problem import encode_target
from modelling.datasets.target import (
    check_values,
    class_labels,
    detect_kind,
    find_classes,
    labels_under,
    merge_threshold,
)
from modelling.errors import DataError, TaskError
from modelling.types import OTHER_CLASS, TargetScale, TaskKind
from tests.builders import make_spec


def column(values):
    return pd.Series(values, name="y")


def counted(**counts):
    """Return a target that holds each label so many times."""
    return column([label for label, count in counts.items() for _ in range(count)])


def classes_of(present, kind=None, **options):
    return find_classes(present, kind, **{"folds": 5, **options})


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
    _, classes, _ = classes_of(column([labels[0]] * 40 + [labels[1]] * 20))
    assert classes[1] == positive


def test_the_positive_class_can_be_chosen_and_comes_last():
    _, classes, _ = classes_of(counted(no=40, yes=20), positive="no")
    assert classes == ("yes", "no")
    task = make_spec(classes=classes)
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
        (pd.to_datetime(["2026-01-31", "2026-02-01"]), ["2026-01-31", "2026-02-01"]),
    ],
)
def test_labels_are_printed_the_same_whether_gaps_made_them_float_or_not(values, labels):
    assert class_labels(pd.Series(values)).tolist() == labels


@pytest.mark.parametrize("values", [[1.0, np.nan, 2.0], ["a", None, "b"], [np.nan, np.nan]])
def test_a_missing_value_has_no_label_and_rows_keep_their_places(values):
    labels = class_labels(pd.Series(values, index=range(7, 7 + len(values)), name="y"))
    assert labels.isna().tolist() == pd.Series(values).isna().tolist()
    assert (labels.name, labels.index[0], labels.dtype) == ("y", 7, "str")


def test_a_file_with_gaps_or_fewer_classes_has_the_labels_of_the_training_rows():
    task = make_spec(TaskKind.MULTICLASS, classes=("0.5", "1", "2"))
    assert encode_target(pd.Series([1.0, 2.0]), task).tolist() == [1, 2]
    assert encode_target(pd.Series([1, 2]), task).tolist() == [1, 2]
    assert encode_target(pd.Series([0.5]), task).tolist() == [0]


def test_a_class_that_the_training_rows_do_not_have_is_named():
    with pytest.raises(DataError, match="holds the class 'maybe', which the training rows do not"):
        encode_target(pd.Series(["no", "maybe"]), make_spec())
    with pytest.raises(DataError) as caught:
        encode_target(pd.Series(["no", "long " * 10_000]), make_spec())
    assert len(str(caught.value)) < 250


# Rare classes -------------------------------------------------------------------------------


def test_classes_of_fewer_rows_become_one():
    kind, classes, merged = classes_of(counted(a=40, b=30, c=9, d=3), merge_below=10)
    assert kind is TaskKind.MULTICLASS
    assert classes == (OTHER_CLASS, "a", "b")
    assert merged == ("c", "d")
    task = make_spec(TaskKind.MULTICLASS, classes=classes, merged=merged)
    assert encode_target(pd.Series(["a", "b", "c", "d"]), task).tolist() == [1, 2, 0, 0]


def test_where_classes_were_merged_one_that_nobody_knew_is_rare_too():
    task = make_spec(TaskKind.MULTICLASS, classes=(OTHER_CLASS, "a"), merged=("c", "d"))
    labels = labels_under(pd.Series(["a", "new", None]), task)
    assert labels[:2].tolist() == ["a", OTHER_CLASS]
    assert pd.isna(labels[2])


def test_merging_down_to_two_classes_makes_a_binary_task_unless_another_was_chosen():
    target = counted(a=40, b=9, c=9)
    assert classes_of(target, merge_below=10)[:2] == (TaskKind.BINARY, ("a", OTHER_CLASS))
    chosen = classes_of(target, TaskKind.MULTICLASS, merge_below=10)
    assert chosen[:2] == (TaskKind.MULTICLASS, (OTHER_CLASS, "a"))


def test_the_positive_class_is_never_merged():
    kind, classes, merged = classes_of(
        counted(no=60, maybe=11, unknown=12, yes=10),
        TaskKind.BINARY,
        positive="yes",
        merge_below=100,
    )
    assert classes == (OTHER_CLASS, "yes")
    assert merged == ("maybe", "no", "unknown")
    assert kind is TaskKind.BINARY


def test_a_class_that_is_called_other_already_takes_the_rare_ones_in():
    target = column(["a"] * 40 + [OTHER_CLASS] * 20 + ["c"] * 3)
    _, classes, merged = classes_of(target, merge_below=10)
    assert (classes, merged) == (("a", OTHER_CLASS), ("c",))
    codes = encode_target(target, make_spec(classes=classes, merged=merged))
    assert np.bincount(codes).tolist() == [40, 23]


@pytest.mark.parametrize("merge_below", [1, 9, 10])
def test_without_a_rare_class_nothing_is_merged(merge_below):
    assert classes_of(counted(a=30, b=20, c=10), merge_below=merge_below)[1:] == (
        ("a", "b", "c"),
        (),
    )


@pytest.mark.parametrize(
    ("counts", "options", "message"),
    [
        (
            {"a": 40, "b": 30, "c": 8, "d": 7},
            {},
            "Class 'c' of 'y' has 8 rows; each class needs at least 10 for 5 folds and a locked "
            "test. Merge the classes of fewer than 9 rows into one, remove them, or use fewer",
        ),
        (
            {"a": 40, "b": 30, "c": 8},
            {"merge_below": 10},
            "only 'c' has fewer than 10 rows, and merging takes two. Merge below a larger number",
        ),
        (
            {"a": 40, "b": 30, "c": 3, "d": 2},
            {"merge_below": 10},
            "Class '(other)' of 'y' has 5 rows; each class needs at least 10 for 5 folds and a "
            "locked test. Bring more of them, remove them, or use fewer folds",
        ),
        (
            {"a": 40, "b": 30, "c": 20},
            {"merge_below": 50},
            "All classes of 'y' have fewer than 50 rows; merged, there is nothing left to tell",
        ),
        ({"a": 40, "b": 4}, {}, "Class 'b' of 'y' has 4 rows; each class needs at least 10"),
        ({"a": 40, "b": 4}, {"merge_below": 10}, "a locked test. Bring more of them, remove them"),
    ],
)
def test_classes_that_stay_too_rare_are_refused_with_what_helps(counts, options, message):
    with pytest.raises(TaskError) as caught:
        classes_of(counted(**counts), **options)
    assert message in str(caught.value)


@settings(max_examples=200, deadline=None)
@given(
    counts=st.lists(st.integers(1, 40), min_size=3, max_size=6).filter(lambda c: min(c) < 10),
)
def test_the_number_that_is_advised_for_merging_works_and_no_smaller_one_does(counts):
    target = counted(**{f"c{number}": count for number, count in enumerate(counts)})

    def works(merge_below):
        try:
            classes_of(target, merge_below=merge_below)
        except TaskError:
            return False
        return True

    def keeps_the_others(merge_below):
        return all(count >= merge_below or count < 10 for count in counts)

    working = [n for n in range(1, 42) if works(n) and keeps_the_others(n)]
    assert merge_threshold(counts, 5) == (working[0] if working else None)


# Regression ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "scale", "message"),
    [
        (["high", "low"], "as it is", "holds text, but regression needs numbers"),
        (pd.date_range("2026-01-01", periods=3), "as it is", "holds dates, but regression needs"),
        ([1.5, 1.5], "as it is", "has one value only; there is nothing to learn"),
        ([1.0, 1e200], "as it is", "holds values as large as 1e+200; at most 1e+30 are handled"),
        ([1.0, -np.inf], "as it is", "holds values as large as inf; at most 1e+30"),
        ([-0.5, 3.0], "logarithm", "goes down to -0.5, but a logarithm needs values of zero or"),
    ],
)
def test_numbers_that_cannot_be_learned_are_explained(values, scale, message):
    with pytest.raises(TaskError) as caught:
        check_values(column(values), TargetScale(scale))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ([0, 1, 5], "logarithm"),
        ([-3.0, 1.0], "rank"),
        ([True, False], "logarithm"),
        ([-1e30, 1e30], "as it is"),
    ],
)
def test_numbers_that_suit_their_scale_pass(values, scale):
    check_values(column(values), TargetScale(scale))


def test_a_regression_target_may_be_boolean_but_not_text():
    task = make_spec(TaskKind.REGRESSION)
    assert encode_target(pd.Series([True, False]), task).tolist() == [1.0, 0.0]
    with pytest.raises(DataError, match="'y' of the test file holds text such as 'high', but the"):
        encode_target(pd.Series(["1.5", "high"]), task)


def test_numbers_that_one_bad_row_made_text_are_read_as_numbers():
    task = make_spec(TaskKind.REGRESSION)
    # The bad row may be one that has left since.
    assert encode_target(pd.Series(["1.5", " -2", "1e3"]), task).tolist() == [1.5, -2.0, 1000.0]
