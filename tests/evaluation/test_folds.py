import numpy as np
import pandas as pd
import pytest
from hypothesis import given, reject, settings, strategies as st

from modelling.datasets.problem import Rows
from modelling.errors import TaskError
from modelling.evaluation.folds import (
    PrepareFolds,
    carve_validation,
    make_folds,
    share_of_rows,
    training_truth,
    valid_rows,
)
from modelling.types import SplitStrategy, TaskKind
from tests.builders import make_spec, mixed_table, write_problem


def rows_of(truth, groups=None, times=None):
    def ranks(values):
        return None if values is None else pd.Series(values).rank(method="min").to_numpy()

    return Rows(
        features=pd.DataFrame(index=range(len(truth))),
        truth=np.asarray(truth),
        groups=None if groups is None else np.asarray(groups),
        times=ranks(times),
    )


def spec(split, n_classes=2, **changes):
    kind = {1: TaskKind.REGRESSION, 2: TaskKind.BINARY}.get(n_classes, TaskKind.MULTICLASS)
    return make_spec(kind, split=SplitStrategy(split), **changes)


@st.composite
def problems(draw):
    """Rows of a regression, or of two or three classes, with groups and moments."""
    n, n_classes = draw(st.integers(120, 260)), draw(st.integers(1, 3))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    truth = rng.normal(size=n) if n_classes == 1 else rng.integers(0, n_classes, n)
    times = rng.integers(0, draw(st.sampled_from([40, 1000])), n)
    groups = rng.integers(0, draw(st.integers(20, 60)), n)
    # Half of the time, groups come and go, so that there are new ones in each fold.
    groups = draw(st.sampled_from([groups, times * 30 // (times.max() + 1)]))
    return n_classes, rows_of(truth, groups=groups, times=times)


def folds_of(rows, task):
    """Return the folds; with time and group, a table where old groups stay has none."""
    try:
        return make_folds(rows, task)
    except TaskError:
        reject()


@settings(max_examples=60, deadline=None)
@given(
    problem=problems(),
    split=st.sampled_from(["stratified", "random", "group"]),
    folds=st.integers(2, 6),
    seed=st.integers(0, 99),
)
def test_each_row_validates_once_and_never_trains_its_own_fold(problem, split, folds, seed):
    n_classes, rows = problem
    made = make_folds(rows, spec(split, n_classes, folds=folds, seed=seed))
    assert len(made) == folds
    validated = np.concatenate([valid for _, valid in made])
    assert sorted(validated) == list(range(len(rows.truth)))
    for train, valid in made:
        assert sorted([*train, *valid]) == list(range(len(rows.truth)))
        assert (np.diff(train) > 0).all()
        assert (np.diff(valid) > 0).all()


@settings(max_examples=30, deadline=None)
@given(problem=problems(), seed=st.integers(0, 99))
def test_no_group_is_on_both_sides_of_a_fold(problem, seed):
    n_classes, rows = problem
    for train, valid in make_folds(rows, spec("group", n_classes, seed=seed)):
        assert set(rows.groups[train]).isdisjoint(rows.groups[valid])


@settings(max_examples=30, deadline=None)
@given(
    problem=problems(), folds=st.integers(2, 6), split=st.sampled_from(["time", "time and group"])
)
def test_rows_validate_later_than_all_that_train_and_folds_follow_each_other(problem, folds, split):
    n_classes, rows = problem
    latest = -np.inf
    for train, valid in folds_of(rows, spec(split, n_classes, folds=folds)):
        assert rows.times[valid].min() > rows.times[train].max()
        assert rows.times[valid].min() > latest
        latest = rows.times[valid].max()
        if split == "time and group":
            assert set(rows.groups[train]).isdisjoint(rows.groups[valid])


@settings(max_examples=30, deadline=None)
@given(problem=problems(), split=st.sampled_from(list(SplitStrategy)), seed=st.integers(0, 99))
def test_the_same_seed_gives_the_same_folds(problem, split, seed):
    n_classes, rows = problem
    task = spec(split, n_classes, seed=seed)
    for one, other in zip(folds_of(rows, task), make_folds(rows, task), strict=True):
        np.testing.assert_array_equal(one[0], other[0])
        np.testing.assert_array_equal(one[1], other[1])


def test_stratified_folds_hold_each_class_in_its_share():
    truth = np.repeat([0, 1], [180, 20])
    for _, valid in make_folds(rows_of(truth), spec("stratified")):
        assert np.bincount(truth[valid]).tolist() == [36, 4]


def test_by_time_six_equal_blocks_make_five_folds():
    made = make_folds(rows_of([0, 1] * 30, times=range(60)), spec("time"))
    assert [(len(train), len(valid)) for train, valid in made] == [
        (10, 10),
        (20, 10),
        (30, 10),
        (40, 10),
        (50, 10),
    ]


@pytest.mark.parametrize(
    ("truth", "times", "message"),
    [
        ([0, 1] * 30, [1, 2, 3] * 20, "has 3 moments in the training rows; more than 5 are"),
        ([0, 1] * 30, [0] * 40 + list(range(1, 21)), "fold 1 has no rows to learn from"),
        ([0, 1] * 30, [*range(15), *[15] * 45], "fold 2 has no rows to validate on"),
        ([0] * 20 + [0, 1] * 20, range(60), "fold 1 has one class only to learn from"),
    ],
)
def test_moments_that_leave_a_fold_empty_are_explained(truth, times, message):
    with pytest.raises(TaskError, match=message):
        make_folds(rows_of(truth, times=times), spec("time"))


# The part on which boosting stops -----------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(n=st.integers(20, 900), n_classes=st.integers(1, 3), seed=st.integers(0, 99))
def test_fifteen_percent_but_at_least_fifty_rows_are_carved_off(n, n_classes, seed):
    rng = np.random.default_rng(seed)
    truth = rng.normal(size=n) if n_classes == 1 else np.arange(n) % n_classes
    carved = carve_validation(truth, None, None, spec("stratified", n_classes, seed=seed))
    if n < 150:
        assert carved is None
        return
    train, valid = carved
    assert sorted([*train, *valid]) == list(range(n))
    assert len(valid) == max(50, round(0.15 * n))
    if n_classes > 1:
        shares = np.bincount(truth[valid]) / len(valid)
        np.testing.assert_allclose(shares, 1 / n_classes, atol=0.03)


@settings(max_examples=30, deadline=None)
@given(n_groups=st.integers(4, 80), seed=st.integers(0, 99))
def test_whole_groups_are_carved_off(n_groups, seed):
    groups = np.random.default_rng(seed).integers(0, n_groups, 300)
    truth = np.arange(300) % 2
    train, valid = carve_validation(truth, groups, None, spec("group", seed=seed))
    assert set(groups[train]).isdisjoint(groups[valid])
    assert sorted([*train, *valid]) == list(range(300))


@pytest.mark.parametrize("split", ["time", "time and group"])
def test_the_latest_rows_are_carved_off(split):
    times = np.random.default_rng(0).permutation(400)
    train, valid = carve_validation(np.arange(400) % 2, None, times, spec(split))
    assert sorted(times[valid]) == list(range(340, 400))
    assert len(train) == 340


@settings(max_examples=60, deadline=None)
@given(n_moments=st.integers(1, 60), n=st.integers(150, 600), seed=st.integers(0, 99))
def test_a_carve_by_time_never_cuts_through_a_moment(n_moments, n, seed):
    times = np.random.default_rng(seed).integers(0, n_moments, n)
    carved = carve_validation(np.arange(n) % 2, None, times, spec("time"))
    possible = [cut for cut in range(1, n_moments) if 50 <= (times >= cut).sum() <= n - 50]
    if not possible:
        assert carved is None
        return
    train, valid = carved
    assert times[train].max() < times[valid].min()
    assert sorted([*train, *valid]) == list(range(n))
    # No other cut comes nearer to 15 %, at least 50 rows.
    wanted = max(50, round(0.15 * n))
    distances = [abs((times >= cut).sum() - wanted) for cut in possible]
    assert abs(len(valid) - wanted) == min(distances)


def test_of_a_large_last_moment_all_rows_are_carved_off():
    times = np.r_[np.arange(250), np.full(150, 250)]
    train, valid = carve_validation(np.arange(400) % 2, None, times, spec("time"))
    assert train.tolist() == list(range(250))
    assert valid.tolist() == list(range(250, 400))


def test_by_time_and_group_the_carved_rows_are_of_groups_never_seen():
    # The last 90 rows are carved off; each third of them is of group 0, which is seen earlier.
    times, groups = np.arange(600), np.arange(600) // 10
    groups[500::3] = 0
    carved = carve_validation(np.arange(600) % 2, groups, times, spec("time and group"))
    train, valid = carved
    assert len(train) == 510
    assert set(groups[train]).isdisjoint(groups[valid])
    assert valid.tolist() == [row for row in range(510, 600) if groups[row] != 0]
    old = np.zeros(600, dtype=int)
    assert carve_validation(np.arange(600) % 2, old, times, spec("time and group")) is None


def test_a_class_that_only_the_carved_rows_hold_does_not_stop_the_boosting():
    truth = np.r_[np.arange(380) % 2, np.full(20, 2)]
    train, valid = carve_validation(truth, None, np.arange(400), spec("time", 3))
    assert set(truth[train]) == set(truth[valid]) == {0, 1}
    assert len(valid) == 40


def test_without_a_known_class_in_the_carved_rows_the_rounds_stay_fixed():
    truth = np.r_[np.arange(340) % 2, np.full(60, 2)]
    assert carve_validation(truth, None, np.arange(400), spec("time", 3)) is None


# The stored folds ---------------------------------------------------------------------------


def test_the_folds_are_written_once_for_all_fits(tmp_path):
    task = make_spec(TaskKind.BINARY, features=("number",))
    problem = write_problem(tmp_path, mixed_table(TaskKind.BINARY, 80), task)
    path = tmp_path / "cache" / "folds.npz"
    assert PrepareFolds(problem=problem, path=path)() == 60
    rows = problem.load("train")
    np.testing.assert_array_equal(training_truth(path), rows.truth)
    for number, (_, valid) in enumerate(make_folds(rows, task)):
        np.testing.assert_array_equal(valid_rows(path, number), valid)
    assert [file.name for file in path.parent.iterdir()] == ["folds.npz"]


def test_a_smaller_share_of_the_rows_is_a_part_of_a_larger_one():
    shares = [share_of_rows(800, share, seed=4) for share in (1 / 8, 1 / 4, 1 / 2)]
    assert [len(rows) for rows in shares] == [100, 200, 400]
    assert np.isin(shares[0], shares[1]).all()
    assert np.isin(shares[1], shares[2]).all()
    assert (np.diff(shares[0]) > 0).all()
    assert (share_of_rows(800, 1 / 8, seed=5) != shares[0]).any()


def test_a_share_of_grouped_rows_holds_whole_groups():
    groups = np.repeat(np.arange(40), 5)
    rows = share_of_rows(200, 0.25, 0, groups)
    assert len(rows) == 50
    assert (np.bincount(groups[rows])[np.unique(groups[rows])] == 5).all()
