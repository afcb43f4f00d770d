"""The figures of a split before it is locked, and that the same split is locked then."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from modelling.codec import from_json, to_json
from modelling.datasets.choices import TaskChoices
from modelling.datasets.experiments import new_experiment, preview_split
from modelling.errors import ModellingError
from modelling.types import (
    OTHER_CLASS,
    Economics,
    PartPreview,
    Role,
    SplitPreview,
    SplitStrategy,
)
from tests.datasets.frames import stored

N = 120


def frame_of(n=N, **columns):
    values = {
        "x": np.arange(n) % 13 * 0.5,
        "g": np.arange(n) % 20,
        "t": pd.date_range("2026-01-01", periods=n),
        "y": ["no", "yes", "no"] * (n // 3),
    }
    return pd.DataFrame({**values, **columns})


@pytest.fixture
def preview(tmp_path):
    def of(frame, choices, own=None, **roles):
        ref, path = stored(tmp_path / "data", frame, **roles)
        test, test_path = (None, None) if own is None else stored(tmp_path / "own", own)
        return preview_split(ref, path, choices, test=test, test_path=test_path)

    return of


@pytest.fixture
def lock(tmp_path):
    """Return a function from tables and choices to (experiment, train rows, test rows)."""

    def of(frame, choices, own=None):
        ref, path = stored(tmp_path / "data", frame)
        test, test_path = (None, None) if own is None else stored(tmp_path / "own", own)
        scratch = tmp_path / "split.npz"
        experiment = new_experiment(
            ref,
            path,
            choices,
            test=test,
            test_path=test_path,
            adopt=lambda file: file.name,
            scratch=scratch,
            economics=Economics(),
            created_at="2026-01-01",
        )
        with np.load(scratch) as parts:
            return experiment, parts["train"], parts["test"]

    return of


CHOICES = TaskChoices(target="y")


def test_of_classes_the_shares_are_shown(preview):
    shown = preview(frame_of(), CHOICES)
    assert shown == SplitPreview(
        train=PartPreview(name="training", n_rows=90, classes={"no": 2 / 3, "yes": 1 / 3}),
        test=PartPreview(name="locked test", n_rows=30, classes={"no": 2 / 3, "yes": 1 / 3}),
    )


def test_merged_classes_are_shown_as_one_and_absent_ones_with_a_share_of_zero(preview):
    labels = ["a"] * 60 + ["b"] * 48 + ["c"] * 6 + ["d"] * 6
    part = np.where(np.arange(N) % 4 == 0, "test", "train")
    part[np.array(labels) == "b"] = "train"
    choices = replace(CHOICES, merge_below=10, test_column="part", test_value="test")
    shown = preview(frame_of(y=labels, part=part), choices)
    assert list(shown.train.classes) == [OTHER_CLASS, "a", "b"]
    assert shown.test.classes == {OTHER_CLASS: 3 / 18, "a": 15 / 18, "b": 0.0}


def test_of_numbers_the_quartiles_are_shown(preview):
    frame = frame_of(y=np.arange(N) * 1.5)
    shown = preview(frame, replace(CHOICES, split=SplitStrategy.TIME, time="t"))
    assert shown.train.classes == {}
    # 90 training values 0, 1.5, ..., 133.5; 30 test values 135, ..., 178.5.
    assert shown.train.quartiles == (0.0, 33.375, 66.75, 100.125, 133.5)
    assert shown.test.quartiles == (135.0, 145.875, 156.75, 167.625, 178.5)


def test_the_ends_of_the_time_are_shown_as_printed(preview):
    shown = preview(frame_of(), replace(CHOICES, time="t"))
    assert (shown.train.first, shown.train.last) == ("2026-01-01", "2026-03-31")
    assert (shown.test.first, shown.test.last) == ("2026-04-01", "2026-04-30")


@pytest.mark.parametrize(
    ("times", "first"),
    [
        (range(5, 5 + N), "5"),
        (np.arange(N) + 0.5, "0.5"),
        (pd.date_range("2026-01-01 08:30", periods=N, freq="h"), "2026-01-01 08:30:00"),
    ],
)
def test_times_may_be_numbers_or_hours(preview, times, first):
    assert preview(frame_of(t=times), replace(CHOICES, time="t")).train.first == first


def test_the_groups_of_each_part_are_counted_and_rows_without_one_are_one_each(preview):
    groups = np.where(np.arange(N) < 90, np.arange(N) % 30, np.nan)
    shown = preview(frame_of(g=groups), replace(CHOICES, group="g"))
    # Together 30 groups and 30 rows without one.
    assert shown.train.n_groups + shown.test.n_groups == 60
    assert shown.test.n_groups == 15
    assert preview(frame_of(), CHOICES).train.n_groups is None


def test_rows_in_neither_part_are_counted(preview):
    frame = frame_of()
    frame.loc[:9, "y"] = None
    assert preview(frame, CHOICES).n_left_out == 10
    marks = ["train"] * 80 + ["test"] * 20 + [None] * 20
    marked = replace(CHOICES, test_column="part", test_value="test")
    shown = preview(frame.assign(part=marks), marked)
    assert (shown.train.n_rows, shown.test.n_rows, shown.n_left_out) == (70, 20, 30)


def test_late_rows_of_groups_seen_earlier_are_in_neither_part(preview):
    groups = np.where(np.arange(N) < 100, np.arange(N) % 20, 100 + np.arange(N) % 5)
    choices = replace(CHOICES, group="g", time="t", split=SplitStrategy.TIME_AND_GROUP)
    shown = preview(frame_of(g=groups), choices)
    # Of the last 30 rows the first 10 are of groups that the training rows have.
    assert (shown.train.n_rows, shown.test.n_rows, shown.n_left_out) == (90, 20, 10)


def test_a_file_of_the_users_own_is_the_second_part(preview):
    own = frame_of(30)
    own.loc[:1, "y"] = None
    shown = preview(frame_of(), CHOICES, own)
    assert (shown.train.n_rows, shown.test.n_rows, shown.n_left_out) == (N, 28, 2)
    assert shown.test.classes == {"no": 19 / 28, "yes": 9 / 28}


def test_a_time_that_no_row_has_is_shown_as_none(preview):
    own = frame_of(30).assign(t=pd.Series([pd.NaT] * 30, dtype="datetime64[us]"))
    shown = preview(frame_of(), replace(CHOICES, time="t", split=SplitStrategy.RANDOM), own)
    assert (shown.test.first, shown.test.last) == (None, None)


def test_a_preview_goes_to_json_and_back(preview):
    shown = preview(frame_of(), replace(CHOICES, group="g", time="t"))
    assert from_json(SplitPreview, to_json(shown)) == shown


# What is previewed is what is locked ----------------------------------------------------------


def figures(frame, rows):
    """Return what a preview would show of these rows, counted anew."""
    part = frame.iloc[rows]
    return {
        "n_rows": len(part),
        "classes": part["y"].value_counts(normalize=True).to_dict(),
        "first": str(part["t"].min()),
        "last": str(part["t"].max()),
        "n_groups": part["g"].nunique(),
    }


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 999), split=st.sampled_from(list(SplitStrategy)))
def test_the_split_that_was_previewed_is_the_one_that_is_locked(tmp_path_factory, seed, split):
    rng = np.random.default_rng(seed)
    times = rng.integers(0, 500, 300)
    frame = pd.DataFrame(
        {
            "x": rng.normal(size=300),
            "y": rng.choice(["no", "yes"], 300),
            "g": times // 9 + rng.integers(0, 3, 300),
            "t": times,
        }
    )
    choices = replace(CHOICES, group="g", time="t", split=split, seed=seed)
    folder = tmp_path_factory.mktemp("split")
    ref, path = stored(folder, frame)
    shown = preview_split(ref, path, choices)
    again = preview_split(ref, path, choices)
    made = new_experiment(
        ref,
        path,
        choices,
        test=None,
        test_path=None,
        adopt=lambda file: file.name,
        scratch=folder / "split.npz",
        economics=Economics(),
        created_at="2026-01-01",
    )
    assert shown == again
    assert (made.n_train, made.n_test) == (shown.train.n_rows, shown.test.n_rows)
    assert shown.n_left_out == 300 - made.n_train - made.n_test
    with np.load(folder / "split.npz") as parts:
        for part, rows in ((shown.train, parts["train"]), (shown.test, parts["test"])):
            for name, value in figures(frame, rows).items():
                assert getattr(part, name) == value


def test_another_seed_shows_another_split(preview):
    frame = frame_of(y=np.arange(N) * 1.5)
    shown = [preview(frame, replace(CHOICES, seed=seed)).test.quartiles for seed in (0, 1)]
    assert shown[0] != shown[1]


OWN = {"g": [*range(19, 29)] * 3, "t": pd.date_range("2026-04-29", periods=30)}


@pytest.mark.parametrize(
    ("choices", "own", "message"),
    [
        ({"target": "nope"}, None, "There is no column 'nope' for the target"),
        ({"split": SplitStrategy.GROUP}, None, "A group split needs a group column"),
        (
            {"test_column": "g", "test_value": "3"},
            frame_of(30),
            "Both the file table.csv and the column 'g' are to be the locked test; choose one",
        ),
        (
            {"group": "g"},
            frame_of(30, **OWN),
            "3 of 30 test rows belong to groups of 'g' that training rows have, too, such as '19'",
        ),
        (
            {"time": "t"},
            frame_of(30, **OWN),
            "2 of 30 test rows are not later in 't' than all training rows, which the time split",
        ),
        (
            {"time": "t"},
            frame_of(30, t=["soon"] * 30),
            "The time column 't' holds category values in table.csv, but date values in the",
        ),
        ({}, frame_of(30, y=["no", "maybe", "yes"] * 10), "holds the class 'maybe', which the"),
        ({}, frame_of(30, y=["no"] * 30), "table.csv has no row of the class 'yes', without"),
    ],
)
def test_what_cannot_be_locked_cannot_be_previewed_either(preview, lock, choices, own, message):
    for ask in (preview, lock):
        with pytest.raises(ModellingError) as caught:
            ask(frame_of(), replace(CHOICES, **choices), own)
        assert message in str(caught.value)


def test_a_test_file_of_later_rows_and_new_groups_keeps_every_promise(lock):
    own = frame_of(30, g=np.arange(30) % 6 + 20, t=pd.date_range("2026-05-01", periods=30))
    for split in SplitStrategy:
        made, train, test = lock(
            frame_of(), replace(CHOICES, group="g", time="t", split=split), own
        )
        assert (made.n_train, made.n_test) == (N, 30)
        assert (train.tolist(), test.tolist()) == (list(range(N)), list(range(30)))


def test_groups_are_the_same_whether_a_file_holds_them_as_numbers_or_as_text(preview):
    own = frame_of(30, g=[f"c{number}" for number in range(29)] + ["7"])
    with pytest.raises(ModellingError, match="1 of 30 test rows belong to groups .* such as '7'"):
        preview(frame_of(), replace(CHOICES, group="g"), own)


def test_values_of_a_test_file_that_are_too_large_are_refused(preview):
    own = frame_of(30, y=[1e200, *np.arange(29.0)])
    with pytest.raises(ModellingError, match=r"as large as 1e\+200; at most 1e\+30 are handled"):
        preview(frame_of(y=np.arange(N) * 1.5), CHOICES, own)


def test_a_class_of_the_test_file_that_nobody_knew_is_rare_where_rare_ones_were_merged(preview):
    labels = ["a"] * 60 + ["b"] * 48 + ["c"] * 6 + ["d"] * 6
    own = frame_of(30, y=["a", "b", "new"] * 10)
    shown = preview(frame_of(y=labels), replace(CHOICES, merge_below=10), own)
    assert shown.test.classes == pytest.approx({OTHER_CLASS: 1 / 3, "a": 1 / 3, "b": 1 / 3})


def test_a_constant_column_and_an_id_are_not_needed_in_a_test_file(preview):
    frame = frame_of(same=[1] * N, code=[f"c{number}" for number in range(N)])
    shown = preview(frame, CHOICES, frame_of(30), code=Role.ID)
    assert shown.test.n_rows == 30
