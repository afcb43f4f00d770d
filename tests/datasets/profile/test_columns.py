"""Columns in figures: bins, frequent values, means of the target, and what is not shown."""

import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from modelling.codec import from_json, to_json
from modelling.datasets.profile.columns import (
    MAX_ASSOCIATED,
    MAX_DETAILED,
    MAX_VALUES,
    Look,
    profile_columns,
    profiled_rows,
)
from modelling.datasets.profile.shapes import DAY_S, MIN_ROWS_FOR_MEAN, N_BINS, histogram
from modelling.datasets.sampling import MAX_ROWS
from modelling.types import ColumnProfile, Role, TaskKind, ValueCount
from tests.datasets.frames import ref_of

FLOATS = st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=200)


def profiles(
    frame: pd.DataFrame,
    *,
    kind: TaskKind = TaskKind.BINARY,
    positive: str | None = "yes",
    rows=None,
    **roles: Role,
) -> dict[str, ColumnProfile]:
    return {item.name: item for item in looked_at(frame, kind, positive, rows, **roles)[0]}


def looked_at(frame, kind=TaskKind.BINARY, positive="yes", rows=None, **roles):
    ref = ref_of(frame, **roles)
    look = Look(
        frame=frame,
        columns=ref.columns,
        roles={column.name: column.role for column in ref.columns},
        target="y",
        kind=kind,
        positive=positive,
        rows=profiled_rows(*frame.shape) if rows is None else rows,
    )
    return profile_columns(look)


def yes_no(n_rows: int) -> np.ndarray:
    return np.where(np.arange(n_rows) % 4 == 0, "yes", "no")


class TestHistogram:
    def test_whole_numbers_that_follow_each_other_get_one_bin_each(self):
        found = histogram(np.repeat([1.0, 2.0, 4.0], [3, 2, 5]))
        assert found.edges == (0.5, 1.5, 2.5, 3.5, 4.5)
        assert found.counts == (3, 2, 0, 5)

    def test_more_whole_numbers_share_bins_of_whole_width(self):
        """0 to 99 in twenty bins of five, so that none holds more numbers than the next."""
        found = histogram(np.arange(100.0))
        assert found.counts == (5,) * 20
        assert found.edges[:3] == (-0.5, 4.5, 9.5)

    def test_bins_of_other_numbers_cover_the_middle_98_percent_and_a_quarter_more(self):
        """The percentiles of 0, 0.1, ..., 100 and one outlier are about 1 and 99."""
        values = np.append(np.arange(0, 100.05, 0.1), 1e6)
        found = histogram(values)
        low, high = np.percentile(values, [1, 99])
        assert found.edges[0] == 0.0  # the smallest value is nearer than the quarter
        assert found.edges[-1] == pytest.approx(high + (high - low) / 4)
        assert len(found.counts) == N_BINS
        assert sum(found.counts) == len(values)
        assert found.counts[-1] == 1  # the outlier

    def test_dates_are_counted_in_whole_days(self):
        days = np.repeat([10.0, 11.0, 12.0], [4, 1, 2]) * DAY_S
        found = histogram(days, dates=True)
        assert found.edges == tuple(day * DAY_S for day in (10, 11, 12, 13))
        assert found.counts == (4, 1, 2)

    def test_moments_of_a_day_are_not(self):
        assert len(histogram(np.linspace(0.0, 7_200.5, 99), dates=True).counts) == N_BINS

    def test_the_target_is_averaged_where_five_rows_have_one(self):
        values = np.repeat([0.0, 1.0, 2.0], [6, 5, 4])
        target = np.array([1, 1, 1, 0, 0, 0, 1, 1, 1, 1, np.nan, 1, 1, 1, 1])
        assert MIN_ROWS_FOR_MEAN == 5
        assert histogram(values, target).target == (0.5, None, None)

    def test_a_single_value_is_one_bin_around_it(self):
        found = histogram(np.full(9, 0.25))
        assert (found.edges, found.counts) == ((-0.25, 0.75), (9,))

    @pytest.mark.parametrize("value", [2.0**60, -(2.0**70), 1e200])
    def test_numbers_too_large_for_bins_of_one_still_get_one(self, value):
        found = histogram(np.full(9, value))
        assert found.edges[0] < value < found.edges[-1]
        assert found.counts == (9,)

    def test_there_is_none_of_nothing_or_of_an_infinite_range(self):
        assert histogram(np.array([])) is None
        assert histogram(np.array([-1.7e308, 1.7e308])) is None

    @settings(max_examples=80)
    @given(FLOATS)
    def test_every_value_is_counted_once_between_rising_edges(self, values):
        found = histogram(np.array(values))
        assert sum(found.counts) == len(values)
        assert len(found.edges) == len(found.counts) + 1 <= N_BINS + 1
        assert all(low < high for low, high in zip(found.edges, found.edges[1:], strict=False))


class TestFigures:
    def test_of_numbers_are_those_of_numpy_without_gaps(self):
        values = np.array([1.0, 2.0, 4.0, 9.0, np.nan] * 20)
        found = profiles(pd.DataFrame({"x": values, "y": yes_no(100)}))["x"]
        assert (found.missing_share, found.n_distinct) == (0.2, 4)
        assert (found.minimum, found.median, found.maximum) == (1.0, 3.0, 9.0)
        assert found.mean == pytest.approx(4.0)
        assert found.std == pytest.approx(math.sqrt((9 + 4 + 0 + 25) / 4))

    def test_of_dates_are_in_seconds_without_a_mean(self):
        dates = pd.date_range("1970-01-01", periods=41, freq="D").astype("datetime64[us]")
        found = profiles(pd.DataFrame({"d": dates, "y": yes_no(41)}))["d"]
        assert (found.minimum, found.median, found.maximum) == (0.0, 20 * DAY_S, 40 * DAY_S)
        assert (found.mean, found.std) == (None, None)
        assert sum(found.histogram.counts) == 41

    def test_of_a_column_without_values_are_none(self):
        found = profiles(pd.DataFrame({"x": [np.nan] * 40, "y": yes_no(40)}))["x"]
        assert (found.minimum, found.mean, found.histogram, found.top, found.relation) == (
            *(None, None, None),
            (),
            None,
        )

    def test_squares_beyond_floats_become_unknown_not_an_error(self):
        frame = pd.DataFrame({"x": [1e300, -1e300] * 20, "y": yes_no(40)})
        found = profiles(frame)["x"]
        assert json.loads(to_json(found))["std"] is None
        assert from_json(ColumnProfile, to_json(found)).maximum == 1e300


class TestTopValues:
    def test_are_counted_over_all_rows_with_the_share_of_the_positive_class(self):
        frame = pd.DataFrame({"c": ["a"] * 60 + ["b"] * 40, "y": ["yes"] * 15 + ["no"] * 85})
        assert profiles(frame)["c"].top == (
            ValueCount(value="a", count=60, target=0.25),
            ValueCount(value="b", count=40, target=0.0),
        )

    def test_hold_what_occurs_twice_and_at_most_ten(self):
        values = [f"v{i}" for i in range(15) for _ in range(i + 1)]
        found = profiles(pd.DataFrame({"c": values, "y": yes_no(len(values))}))["c"]
        assert len(found.top) == MAX_VALUES
        assert [(value.value, value.count) for value in found.top[:2]] == [("v14", 15), ("v13", 14)]
        once = profiles(pd.DataFrame({"c": ["a", "b", "b", *list("cdefghi")], "y": yes_no(10)}))
        assert [value.value for value in once["c"].top] == ["b"]

    @pytest.mark.parametrize("role", [Role.ID, Role.TEXT])
    def test_of_ids_and_texts_are_not_listed(self, role):
        frame = pd.DataFrame({"c": ["secret", "other"] * 20, "y": yes_no(40)})
        assert profiles(frame)["c"].top != ()
        hidden = profiles(frame, c=role)["c"]
        assert (hidden.top, hidden.histogram) == ((), None)
        assert "secret" not in to_json(hidden)

    def test_of_booleans_are_both(self):
        frame = pd.DataFrame({"b": [True, False, False, False] * 10, "y": yes_no(40)})
        found = profiles(frame)["b"]
        assert [(value.value, value.count, value.target) for value in found.top] == [
            ("False", 30, 0.0),
            ("True", 10, 1.0),
        ]
        assert found.mean == 0.25

    def test_of_a_few_rows_have_no_mean_of_the_target(self):
        frame = pd.DataFrame({"c": ["a"] * 36 + ["b"] * 4, "y": yes_no(40)})
        assert [value.target for value in profiles(frame)["c"].top] == [0.25, None]


class TestTarget:
    def test_classes_written_as_numbers_are_listed_as_classes(self):
        frame = pd.DataFrame({"x": np.arange(50.0), "y": [1.0] * 10 + [0.0] * 38 + [np.nan] * 2})
        found = profiles(frame, positive="1")
        assert [(value.value, value.count) for value in found["y"].top] == [("0", 38), ("1", 10)]
        assert (found["y"].histogram, found["y"].relation) == (None, None)
        # Ten values of one, then zeros: bins of 0..2, 3..5, 6..8, 9..11, ...
        assert found["x"].histogram.edges[:2] == (-0.5, 2.5)

    def test_a_regression_is_averaged_as_it_is(self):
        frame = pd.DataFrame({"c": ["a", "b"] * 20, "y": np.arange(40.0)})
        found = profiles(frame, kind=TaskKind.REGRESSION, positive=None)
        assert {value.value: value.target for value in found["c"].top} == {"a": 19.0, "b": 20.0}
        assert found["y"].histogram.target == ()
        assert sum(found["y"].histogram.counts) == 40

    def test_many_classes_have_no_mean(self):
        frame = pd.DataFrame({"x": np.arange(60.0), "y": list("abc") * 20})
        found = profiles(frame, kind=TaskKind.MULTICLASS, positive=None)
        assert found["x"].histogram.target == ()
        assert found["x"].relation is not None


class TestRelations:
    def test_a_copy_is_one_and_noise_is_near_zero(self):
        rng = np.random.default_rng(0)
        y = yes_no(2_000)
        frame = pd.DataFrame(
            {
                "copy": np.where(y == "yes", "j", "n"),
                "above": (y == "yes") + rng.random(2_000),
                "noise": rng.normal(size=2_000),
                "constant": 1.0,
                "text": "some long text",
                "y": y,
            }
        )
        found = profiles(frame, text=Role.TEXT)
        assert found["copy"].relation == pytest.approx(1.0)
        assert found["above"].relation == pytest.approx(1.0)
        assert found["noise"].relation < 0.1
        assert (found["constant"].relation, found["text"].relation) == (None, None)

    def test_the_matrix_has_the_target_first_and_then_the_strongest(self):
        rng = np.random.default_rng(0)
        y = np.arange(400.0)
        frame = pd.DataFrame({f"x{i}": y + rng.normal(0, 1 + 40 * i, 400) for i in range(40)})
        frame["y"] = y
        columns, found = looked_at(frame, TaskKind.REGRESSION, None)
        assert found.names[:2] == ("y", "x0")
        assert len(found.names) == MAX_ASSOCIATED
        relations = {column.name: column.relation for column in columns}
        first = found.matrix[0][1:]
        assert list(first) == [relations[name] for name in found.names[1:]]
        assert list(first) == sorted(first, reverse=True)


class TestSample:
    def test_of_a_table_that_is_small_enough_is_all_of_it(self):
        assert profiled_rows(MAX_ROWS, 30).tolist() == list(range(MAX_ROWS))

    def test_of_a_long_one_is_the_same_sorted_rows_each_time(self):
        rows = profiled_rows(1_000_000, 30)
        assert len(rows) == MAX_ROWS
        assert (np.diff(rows) > 0).all()
        assert (rows == profiled_rows(1_000_000, 30)).all()
        # A quarter of the rows lies in each quarter of the table, within 4 standard errors.
        assert abs(np.mean(rows < 250_000) - 0.25) < 4 * math.sqrt(0.25 * 0.75 / MAX_ROWS)

    def test_of_a_wide_one_holds_twenty_million_values(self):
        assert len(profiled_rows(40_000, 5_000)) == 4_000

    def test_counts_of_missing_and_frequent_values_are_of_all_rows(self):
        frame = pd.DataFrame({"c": ["a", "b"] * 50, "x": [1.0, np.nan] * 50, "y": yes_no(100)})
        found = profiles(frame, rows=np.arange(20))
        assert [value.count for value in found["c"].top] == [50, 50]
        assert found["x"].missing_share == 0.5
        assert sum(found["x"].histogram.counts) == 10


def test_beyond_two_hundred_columns_the_most_related_ones_are_drawn():
    rng = np.random.default_rng(0)
    y = yes_no(300)
    frame = pd.DataFrame(rng.normal(size=(300, 260)), columns=[f"x{i}" for i in range(260)])
    frame["x250"] = (y == "yes") + 0.0
    frame["y"] = y
    found = profiles(frame)
    drawn = {name for name, item in found.items() if item.histogram}
    assert len(drawn) == MAX_DETAILED
    assert "x250" in drawn
    weakest = min(found[name].relation for name in drawn)
    assert all(found[name].relation <= weakest for name in set(found) - drawn - {"y"})
    assert all(item.mean is not None for name, item in found.items() if name != "y")


def test_the_order_of_rows_changes_nothing():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {"x": rng.normal(size=200), "c": rng.choice(list("ab"), 200), "y": yes_no(200)}
    )
    shuffled = frame.sample(frac=1.0, random_state=1).reset_index(drop=True)
    before, after = profiles(frame), profiles(shuffled)
    for name in ("x", "c"):
        assert after[name].relation == pytest.approx(before[name].relation)
    assert after["x"].histogram.counts == before["x"].histogram.counts
    assert set(after["c"].top) == set(before["c"].top)
    assert replace(after["y"], top=()) == replace(before["y"], top=())
