import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from modelling.datasets.splits import locked_test
from modelling.errors import TaskError
from modelling.types import SplitStrategy, TaskKind
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


def test_rows_without_a_group_stay_together_as_one_group():
    groups = np.repeat([*map(float, range(12)), np.nan], 10)
    frame = pd.DataFrame({"y": ["a", "b"] * 65, "g": groups})
    for seed in range(8):
        task = make_spec(classes=("a", "b"), split=SplitStrategy.GROUP, group="g", seed=seed)
        _, test = locked_test(frame, task)
        assert frame["g"].iloc[test].isna().sum() in (0, 10)


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
            "The locked test rows miss a class of 'y' under the time split",
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
