from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from modelling.datasets.splits import check_parts, group_codes, locked_test
from modelling.errors import TaskError
from modelling.metrics import metrics_for
from modelling.types import OTHER_CLASS, SplitStrategy, TaskKind
from tests.builders import make_spec

SHARES = st.sampled_from([0.1, 0.2, 0.25, 0.4])
SEEDS = st.integers(0, 1000)


@st.composite
def tables(draw):
    """A table with a target of two or three classes, some gaps, groups and moments."""
    n = draw(st.integers(80, 250))
    rng = np.random.default_rng(draw(SEEDS))
    n_classes = draw(st.integers(2, 3))
    target = np.array(["a", "b", "c"])[rng.integers(0, n_classes, n)].astype(object)
    target[rng.random(n) < draw(st.sampled_from([0.0, 0.1]))] = None
    return pd.DataFrame(
        {
            "y": target,
            "g": rng.integers(0, draw(st.integers(15, 60)), n),
            "t": rng.integers(0, draw(st.sampled_from([30, 1000])), n),
        }
    )


def spec(frame, split, **changes):
    classes = tuple(sorted(frame["y"].dropna().unique()))
    kind = TaskKind.BINARY if len(classes) == 2 else TaskKind.MULTICLASS
    roles = {"group": "g", "time": "t"}
    return make_spec(kind, classes=classes, split=SplitStrategy(split), **roles, **changes)


@settings(max_examples=40, deadline=None)
@given(frame=tables(), split=st.sampled_from(list(SplitStrategy)), share=SHARES, seed=SEEDS)
def test_parts_are_disjoint_sorted_and_hold_rows_with_a_target_only(frame, split, share, seed):
    try:
        train, test = locked_test(frame, spec(frame, split, test_share=share, seed=seed))
    except TaskError:
        return  # a part was too small; the message has its own tests
    assert set(train).isdisjoint(test)
    with_target = set(np.flatnonzero(frame["y"].notna()))
    used = {*train, *test}
    # Only time and group leaves rows out: those of groups that were seen earlier.
    assert used <= with_target if split == "time and group" else used == with_target
    assert (np.diff(train) > 0).all()
    assert (np.diff(test) > 0).all()
    assert len(test) >= 5


@settings(max_examples=30, deadline=None)
@given(frame=tables(), split=st.sampled_from(list(SplitStrategy)), seed=SEEDS)
def test_the_same_seed_gives_the_same_rows(frame, split, seed):
    try:
        first = locked_test(frame, spec(frame, split, seed=seed))
    except TaskError:
        return
    second = locked_test(frame.copy(), spec(frame, split, seed=seed))
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)


def test_another_seed_gives_other_rows():
    frame = pd.DataFrame({"y": ["a", "b"] * 100})
    _, first = locked_test(frame, make_spec(classes=("a", "b"), seed=0))
    _, second = locked_test(frame, make_spec(classes=("a", "b"), seed=1))
    assert set(first) != set(second)


@settings(max_examples=30, deadline=None)
@given(frame=tables(), share=SHARES, seed=SEEDS)
def test_a_stratified_test_holds_the_share_of_each_class(frame, share, seed):
    _, test = locked_test(frame, spec(frame, "stratified", test_share=share, seed=seed))
    for label, count in frame["y"].value_counts().items():
        assert (frame["y"].iloc[test] == label).sum() == max(1, round(share * count))


@settings(max_examples=30, deadline=None)
@given(n=st.integers(40, 300), share=SHARES)
def test_a_random_test_holds_the_share_of_all_rows(n, share):
    frame = pd.DataFrame({"y": np.arange(n) / 7})
    task = make_spec(TaskKind.REGRESSION, split=SplitStrategy.RANDOM, test_share=share)
    try:
        train, test = locked_test(frame, task)
    except TaskError:
        assert round(share * n) < 5
        return
    assert len(test) == round(share * n)
    assert len(train) == n - len(test)


@settings(max_examples=30, deadline=None)
@given(frame=tables(), share=SHARES, seed=SEEDS)
def test_no_group_is_on_both_sides(frame, share, seed):
    try:
        train, test = locked_test(frame, spec(frame, "group", test_share=share, seed=seed))
    except TaskError:
        return
    assert set(frame["g"].iloc[train]).isdisjoint(frame["g"].iloc[test])


def test_each_row_without_a_group_is_a_group_of_its_own():
    codes = group_codes(pd.Series(["b", None, "a", "b", None]))
    assert codes.tolist() == [0, 2, 1, 0, 3]
    assert group_codes(pd.Series([1.5, np.nan, 1.5])).tolist() == [0, 1, 0]


def test_rows_without_a_group_are_divided_like_groups_of_one_row():
    groups = np.r_[np.repeat(np.arange(12.0), 10), np.full(40, np.nan)]
    frame = pd.DataFrame({"y": ["a", "b"] * 80, "g": groups})
    task = make_spec(classes=("a", "b"), split=SplitStrategy.GROUP, group="g")
    train, test = locked_test(frame, task)
    assert 0 < frame["g"].iloc[test].isna().sum() < 40
    assert set(frame["g"].iloc[test].dropna()).isdisjoint(frame["g"].iloc[train].dropna())


def test_late_rows_without_a_group_stay_in_a_test_by_time_and_group():
    # The last ten rows: five of a group seen earlier, five of no group.
    groups = [*["old"] * 30, *["new"] * 5, *["old", None] * 5]
    frame = pd.DataFrame({"y": np.arange(45.0) % 7, "g": groups, "t": range(45)})
    task = make_spec(
        TaskKind.REGRESSION,
        split=SplitStrategy.TIME_AND_GROUP,
        group="g",
        time="t",
        test_share=10 / 45,
        folds=2,
    )
    train, test = locked_test(frame, task)
    assert train.tolist() == list(range(35))
    assert test.tolist() == [36, 38, 40, 42, 44]


def test_of_the_draws_of_groups_one_that_misses_a_class_comes_last():
    # Class b fills two of twenty groups, so that most draws of five miss it on one side.
    frame = pd.DataFrame({"g": np.repeat(np.arange(20), 20)})
    frame["y"] = np.where(frame["g"].isin([3, 11]), "b", np.where(frame.index % 2, "a", "c"))
    for seed in range(10):
        task = make_spec(
            TaskKind.MULTICLASS, split=SplitStrategy.GROUP, group="g", seed=seed, folds=2
        )
        train, test = locked_test(frame, task)
        assert (frame["y"].iloc[test] == "b").sum() == 20
        assert (frame["y"].iloc[train] == "b").sum() == 20


def test_the_groups_drawn_keep_share_and_mix_near_to_what_was_asked():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"g": rng.integers(0, 80, 1000)})
    frame["y"] = np.where(rng.random(1000) < 0.02 + 0.6 * (frame["g"] % 4 == 0), "b", "a")
    for seed in range(5):
        task = make_spec(classes=("a", "b"), split=SplitStrategy.GROUP, group="g", seed=seed)
        train, test = locked_test(frame, task)
        assert len(test) / 1000 == pytest.approx(0.25, abs=0.06)
        shares = [(frame["y"].iloc[part] == "b").mean() for part in (train, test)]
        assert shares[0] == pytest.approx(shares[1], abs=0.05)


@settings(max_examples=30, deadline=None)
@given(frame=tables(), share=SHARES)
def test_every_test_row_is_later_than_every_training_row(frame, share):
    try:
        train, test = locked_test(frame, spec(frame, "time", test_share=share))
    except TaskError:
        return
    assert frame["t"].iloc[test].min() > frame["t"].iloc[train].max()
    assert len(test) <= np.ceil(share * frame["y"].notna().sum())


def test_by_time_the_last_quarter_is_locked():
    frame = pd.DataFrame({"y": ["a", "b"] * 50, "t": np.arange(100)[::-1]})
    task = make_spec(classes=("a", "b"), split=SplitStrategy.TIME, time="t")
    train, test = locked_test(frame, task)
    assert test.tolist() == list(range(25))
    assert train.tolist() == list(range(25, 100))


@settings(max_examples=30, deadline=None)
@given(frame=tables(), share=SHARES)
def test_by_time_and_group_the_test_is_later_and_of_groups_never_seen(frame, share):
    try:
        train, test = locked_test(frame, spec(frame, "time and group", test_share=share))
    except TaskError:
        return
    assert frame["t"].iloc[test].min() > frame["t"].iloc[train].max()
    assert set(frame["g"].iloc[train]).isdisjoint(frame["g"].iloc[test])


@pytest.mark.parametrize(
    ("changes", "columns", "message"),
    [
        ({"split": "group", "group": "g"}, {"g": [1, 2, 3, 4] * 25}, "has 4 groups; at least 10"),
        ({"split": "time", "time": "t"}, {"t": [*range(99), None]}, "'t' is missing in 1 rows"),
        ({"split": "time", "time": "t"}, {"t": [1] * 100}, "leaves 100 training and 0 test rows"),
        (
            {"split": "time", "time": "t"},
            {"t": range(100), "y": ["a"] * 60 + ["b"] * 40},
            "The locked test rows miss the class 'a' of 'y' under the time split",
        ),
        (
            {"test_share": 0.8},
            {"y": ["a"] * 85 + ["b"] * 15},
            "Of the class 'b' of 'y' only 3 rows are for training; at least 5 are needed for 5",
        ),
        ({"test_share": 0.02}, {}, "leaves 98 training and 2 test rows; at least 20 and 5"),
        ({"test_share": 0.85}, {}, "leaves 16 training and 84 test rows"),
    ],
)
def test_a_split_that_cannot_be_is_explained(changes, columns, message):
    frame = pd.DataFrame({"y": ["a", "b"] * 50, **columns})
    if "split" in changes:
        changes = {**changes, "split": SplitStrategy(changes["split"])}
    with pytest.raises(TaskError, match=message):
        locked_test(frame, make_spec(classes=("a", "b"), **changes))


# Classes that were merged -------------------------------------------------------------------


def test_merged_classes_are_one_stratum():
    frame = pd.DataFrame({"y": ["a"] * 60 + [f"rare {number}" for number in range(40)]})
    merged = tuple(f"rare {number}" for number in range(40))
    task = make_spec(classes=("a", OTHER_CLASS), merged=merged)
    _, test = locked_test(frame, task)
    assert (frame["y"].iloc[test] == "a").sum() == 15
    assert len(test) == 25


# A test that a column marks ------------------------------------------------------------------


def marked(values, **columns):
    frame = pd.DataFrame({"y": ["a", "b"] * (len(values) // 2), "part": values, **columns})
    return frame, make_spec(classes=("a", "b"), test_column="part", test_value="test")


MARKS = ["train"] * 60 + ["test"] * 20 + [None] * 10 + ["valid"] * 10


def test_the_marked_rows_are_the_test_and_rows_without_a_mark_are_in_neither_part():
    frame, task = marked(MARKS)
    train, test = locked_test(frame, task)
    assert train.tolist() == [*range(60), *range(90, 100)]
    assert test.tolist() == list(range(60, 80))


def test_marked_rows_without_a_target_are_in_neither_part():
    frame, task = marked(MARKS)
    frame.loc[[0, 60], "y"] = None
    train, test = locked_test(frame, task)
    assert (train[0], test[0]) == (1, 61)


@pytest.mark.parametrize(
    ("values", "value"),
    [
        ([0, 1], "1"),
        ([0.0, 1.0], "1"),
        ([False, True], "True"),
        ([0.5, 1.5], "1.5"),
        (pd.to_datetime(["2026-01-01", "2026-02-01"]), "2026-02-01"),
    ],
)
def test_a_mark_is_compared_as_it_is_printed(values, value):
    frame, task = marked([values[0]] * 40 + [values[1]] * 20)
    _, test = locked_test(frame, replace(task, test_value=value))
    assert test.tolist() == list(range(40, 60))


def test_the_seed_changes_nothing_about_marked_rows():
    frame, task = marked(MARKS)
    for one, other in zip(
        locked_test(frame, task), locked_test(frame, replace(task, seed=9)), strict=True
    ):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("marks", "changes", "columns", "message"),
    [
        (
            ["a", "b"] * 50,
            {},
            {},
            "No row with a target holds 'test' in 'part', which is to mark the locked test; it "
            "holds 'a', 'b'. Choose one of them.",
        ),
        (["test"] * 100, {}, {}, "The split leaves 0 training and 100 test rows"),
        (["train"] * 97 + ["test"] * 3, {}, {}, "leaves 97 training and 3 test rows"),
        (
            ["train", "test"] * 50,
            {},
            {},
            "The training rows miss the class 'b' of 'y' under the stratified split",
        ),
        (
            ["train"] * 60 + ["test"] * 40,
            {"split": "group", "group": "g"},
            {"g": [*range(60), *range(57, 97)]},
            "3 of 40 test rows belong to groups of 'g' that training rows have, too, such as '57'; "
            "the group split promises that none does. Take them out of one part, or choose another",
        ),
        (
            ["train"] * 60 + ["test"] * 40,
            {"split": "group", "group": "g"},
            {"g": [*[1, 2, 3, 4] * 15, *range(10, 50)]},
            "The training rows hold 4 groups of 'g'; at least 5 are needed for 5 folds",
        ),
        (
            ["train"] * 60 + ["test"] * 40,
            {"split": "time", "time": "t"},
            {"t": [*range(60), *range(58, 98)]},
            "2 of 40 test rows are not later in 't' than all training rows, which the time split",
        ),
        (
            ["train"] * 60 + ["test"] * 40,
            {"split": "time and group", "time": "t", "group": "g"},
            {"t": range(100), "g": [*range(60), *range(59, 99)]},
            "1 of 40 test rows belong to groups of 'g' that training rows have, too, such as '59'",
        ),
        (
            ["train"] * 60 + ["test"] * 40,
            {"split": "time", "time": "t"},
            {"t": [*range(99), None]},
            "The time column 't' is missing in 1 rows",
        ),
    ],
)
def test_a_mark_that_serves_no_test_is_explained(marks, changes, columns, message):
    frame, task = marked(marks, **columns)
    if "split" in changes:
        changes = {**changes, "split": SplitStrategy(changes["split"])}
    with pytest.raises(TaskError) as caught:
        locked_test(frame, replace(task, **changes))
    assert message in str(caught.value)


def test_a_test_of_the_analysts_own_may_lack_a_class_unless_the_metric_needs_it():
    train = pd.DataFrame({"y": ["a", "b", "c"] * 20})
    test = pd.DataFrame({"y": ["a", "b"] * 10})
    check_parts(train, test, make_spec(TaskKind.MULTICLASS))
    needing = [
        make_spec(TaskKind.MULTICLASS, metric=spec.name)
        for spec in metrics_for(TaskKind.MULTICLASS)
        if spec.needs_every_class
    ]
    for task in (*needing, make_spec()):
        needed = replace(task, classes=("a", "b", "c")[: len(task.classes)])
        lacking = test if len(needed.classes) == 3 else test[test["y"] == "a"]
        with pytest.raises(TaskError, match="The locked test has no row of the class"):
            check_parts(train[train["y"].isin(needed.classes)], lacking, needed)


@settings(max_examples=60, deadline=None)
@given(frame=tables(), split=st.sampled_from(["group", "time"]), seed=SEEDS)
def test_a_mark_keeps_the_promise_of_the_split_or_is_refused(frame, split, seed):
    """What we would have drawn is taken as a mark; one row on the wrong side is refused."""
    task = spec(frame, split, seed=seed)
    try:
        train, test = locked_test(frame, task)
    except TaskError:
        return
    by_mark = replace(task, test_column="part", test_value="test")
    frame["part"] = np.where(np.isin(frame.index, test), "test", "train")
    for one, other in zip(locked_test(frame, by_mark), (train, test), strict=True):
        np.testing.assert_array_equal(one, other)
    groups, times = frame["g"].iloc[train], frame["t"].iloc[train]
    wrong = groups.duplicated().idxmax() if split == "group" else times.idxmin()
    frame.loc[wrong, "part"] = "test"
    with pytest.raises(TaskError):
        locked_test(frame, by_mark)
