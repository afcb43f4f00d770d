"""Which columns are learned from, and roles that do not go together."""

import numpy as np
import pandas as pd
import pytest

from modelling.datasets.choices import TaskChoices
from modelling.datasets.features import choose_features
from modelling.datasets.tasks import make_task, text_columns
from modelling.errors import TaskError
from modelling.types import Role
from tests.builders import make_spec
from tests.datasets.frames import ref_of

N = 60
FRAME = pd.DataFrame(
    {
        "y": ["yes", "no", "no"] * (N // 3),
        "x": np.arange(N) * 0.5,
        "z": ["p", "q", "r"] * (N // 3),
        "when": pd.date_range("2026-01-01", periods=N),
        "code": [f"c{number}" for number in range(N)],
        "odd": ["u", "v"] * (N // 2),
        "story": [f"words of row {number}" for number in range(N)],
        "same": [1] * N,
        "empty": [np.nan] * N,
    }
)
REF = ref_of(FRAME, code=Role.ID, odd=Role.IGNORE, story=Role.TEXT, z=Role.GROUP, when=Role.TIME)


def features(**choices):
    return choose_features(REF, "y", TaskChoices(target="y", **choices))


def test_ids_ignored_and_constant_columns_are_left_out_and_proposed_roles_are_not():
    assert features() == ("x", "z", "when", "story")


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        ({"group": "z"}, ("x", "when", "story")),
        ({"drop": ("x", "story")}, ("z", "when")),
        ({"test_column": "z", "test_value": "p"}, ("x", "when", "story")),
        ({"keep": ("code",)}, ("x", "z", "when", "code", "story")),
        ({"keep": ("odd", "code")}, ("x", "z", "when", "code", "odd", "story")),
        ({"text": ("code", "story")}, ("x", "z", "when", "code", "story")),
        ({"keep": ("code",), "text": ("code",)}, ("x", "z", "when", "code", "story")),
    ],
)
def test_what_the_analyst_says_comes_before_what_was_proposed(choices, expected):
    assert features(**choices) == expected


def test_a_time_or_stake_column_still_is_a_feature_even_if_it_looked_like_an_id():
    ref = ref_of(FRAME, x=Role.ID, when=Role.IGNORE, code=Role.ID)
    chosen = choose_features(ref, "y", TaskChoices(target="y", time="when", stake="x"))
    assert {"when", "x"} <= set(chosen)


def test_a_time_column_that_is_dropped_orders_the_rows_and_is_no_feature():
    assert "when" not in features(time="when", drop=("when",))


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [(None, ("story",)), ((), ()), (("z",), ("z",)), (("code", "story"), ("code", "story"))],
)
def test_free_text_is_what_holds_text_or_what_the_analyst_says(chosen, expected):
    task = make_task(REF, FRAME["y"], TaskChoices(target="y", text=chosen))
    assert task.text == expected
    assert text_columns(REF, task) == expected


def test_a_task_that_does_not_name_its_text_takes_it_from_the_columns():
    task = make_spec(features=("x", "story"))
    assert task.text is None
    assert text_columns(REF, task) == ("story",)


@pytest.mark.parametrize(
    ("choices", "name", "one", "other"),
    [
        ({"group": "y"}, "y", "the target", "the group"),
        ({"time": "when", "group": "when"}, "when", "the group", "the time"),
        ({"stake": "x", "time": "x"}, "x", "the time", "the stake"),
        (
            {"group": "z", "test_column": "z", "test_value": "p"},
            "z",
            "the group",
            "the mark of the test",
        ),
        ({"test_column": "y", "test_value": "no"}, "y", "the target", "the mark of the test"),
        ({"group": "z", "keep": ("z",)}, "z", "the group", "a feature"),
        ({"group": "z", "text": ("z",)}, "z", "the group", "a feature"),
        ({"keep": ("y",)}, "y", "the target", "a feature"),
        ({"keep": ("odd",), "drop": ("odd",)}, "odd", "left out", "a feature"),
        ({"text": ("story",), "drop": ("story",)}, "story", "left out", "a feature"),
        ({"drop": ("y",)}, "y", "the target", "left out"),
    ],
)
def test_two_roles_on_one_column_are_refused(choices, name, one, other):
    expected = f"The column '{name}' cannot be both {one} and {other}; choose one of the two for it"
    with pytest.raises(TaskError, match=expected):
        features(**choices)


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"keep": ("same",)}, "'same' cannot be kept as a feature: it holds one value only"),
        ({"keep": ("empty",)}, "'empty' cannot be kept as a feature: it holds no value"),
        ({"keep": ("nope",)}, "There is no column 'nope' for keeping; the columns of table.csv"),
        ({"text": ("nope",)}, "There is no column 'nope' for text"),
        ({"text": ("x",)}, "The text column 'x' holds number values; expected words"),
        ({"test_column": "nope", "test_value": "1"}, "no column 'nope' for marking the test"),
        ({"test_column": "z"}, "give both (test_column and test_value), or neither"),
        ({"test_value": "p"}, "give both (test_column and test_value), or neither"),
        (
            {"drop": ("x", "z", "when", "story")},
            "No column of table.csv is left to learn 'y' from",
        ),
    ],
)
def test_a_role_that_does_not_fit_its_column_is_explained(choices, message):
    with pytest.raises(TaskError) as caught:
        features(**choices)
    assert message in str(caught.value)
