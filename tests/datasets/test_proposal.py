from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from modelling.datasets.proposal import labels_of, proposed_choices
from modelling.datasets.samples import sample
from modelling.errors import TaskError
from modelling.types import Role, TaskKind
from tests.datasets.frames import stored

N = 60
FRAME = pd.DataFrame(
    {
        "card_id": np.arange(N) // 3,
        "date": pd.date_range("2024-01-01", periods=N).astype("datetime64[us]"),
        "amount": np.linspace(0, 9, N),
        "fraud": pd.Series(["no", "yes", "no"] * (N // 3), dtype="str"),
    }
)
ROLES = {"card_id": Role.GROUP, "date": Role.TIME, "amount": Role.STAKE}


@pytest.fixture
def table(tmp_path):
    return stored(tmp_path, FRAME, **ROLES)


def test_the_proposed_roles_are_chosen(table):
    choices = proposed_choices(*table, None)
    assert (choices.target, choices.kind, choices.positive) == ("fraud", TaskKind.BINARY, "yes")
    assert (choices.group, choices.time, choices.stake) == ("card_id", "date", "amount")


def test_the_target_has_no_other_role(table):
    choices = proposed_choices(*table, "amount")
    assert (choices.target, choices.stake) == ("amount", None)
    assert (choices.group, choices.time) == ("card_id", "date")


def test_nothing_is_chosen_that_was_not_proposed(tmp_path):
    choices = proposed_choices(*stored(tmp_path, FRAME), "fraud")
    assert (choices.group, choices.time, choices.stake) == (None, None, None)


def test_the_positive_class_stays_open_without_a_task(tmp_path):
    few = stored(tmp_path, FRAME.head(9), **ROLES)
    assert proposed_choices(*few, "fraud").positive is None


def test_a_sample_has_its_own_task(table):
    ref, path = table
    card = replace(ref, sample="card_transactions")
    own = sample("card_transactions").choices()
    assert proposed_choices(card, path, None) == own
    assert proposed_choices(card, path, "fraud") == own
    assert proposed_choices(card, path, "amount") != own


def test_a_target_that_is_no_column_is_named(table):
    with pytest.raises(TaskError, match="There is no column 'x' for the target"):
        proposed_choices(*table, "x")


def test_labels_are_in_order(table):
    _, path = table
    assert labels_of(path, "fraud") == ("no", "yes")
