import numpy as np
import pytest

from modelling.comparison.answers import Answers, changed_rows
from modelling.types import Change, TaskKind


def shares(*positive: float) -> np.ndarray:
    return np.column_stack([1 - np.array(positive), positive])


def make_answers() -> Answers:
    return Answers(
        kind=TaskKind.BINARY,
        rows=np.array([3, 5, 8, 9]),
        truth=np.array([1, 1, 0, 0]),
        classes=("no", "yes"),
        predicted={"base": shares(0.4, 0.9, 0.2, 0.6), "new": shares(0.8, 0.1, 0.3, 0.9)},
    )


def test_each_row_is_fixed_broken_or_alike():
    changed = changed_rows(make_answers(), "base", "new")
    order = tuple(Change)
    assert [order[place] for place in changed.changes] == [
        Change.FIXED,
        Change.BROKEN,
        Change.BOTH_RIGHT,
        Change.BOTH_WRONG,
    ]
    assert changed.gains.tolist() == [1.0, -1.0, 0.0, 0.0]
    assert changed.counts == dict.fromkeys(Change, 1)
    assert changed.differences == pytest.approx([0.4, 0.8, 0.1, 0.3])
    assert changed.tolerance is None


def test_rows_come_with_the_largest_difference_first():
    truth = np.array([1, 1, 1])
    answers = Answers(
        kind=TaskKind.BINARY,
        rows=np.arange(3),
        truth=truth,
        classes=("no", "yes"),
        predicted={"base": shares(0.4, 0.1, 0.3), "new": shares(0.6, 0.9, 0.8)},
    )
    changed = changed_rows(answers, "base", "new")
    assert changed.rows_with(Change.FIXED).tolist() == [1, 2, 0]
    assert changed.rows_with(Change.BROKEN).tolist() == []


def test_a_regression_is_right_within_the_usual_error_of_the_base():
    truth = np.zeros(4)
    answers = Answers(
        kind=TaskKind.REGRESSION,
        rows=np.arange(4),
        truth=truth,
        classes=(),
        predicted={"base": np.array([1.0, -2.0, 4.0, 8.0]), "new": np.array([5.0, -2.0, 1.0, 8.0])},
    )
    changed = changed_rows(answers, "base", "new")
    assert changed.tolerance == 3.0
    assert changed.gains.tolist() == [-4.0, 0.0, 3.0, 0.0]
    order = tuple(Change)
    assert [order[place] for place in changed.changes] == [
        Change.BROKEN,
        Change.BOTH_RIGHT,
        Change.FIXED,
        Change.BOTH_WRONG,
    ]
