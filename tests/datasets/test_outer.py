import numpy as np
import pandas as pd
import pytest

from modelling.datasets.outer import outer_parts
from modelling.datasets.stored import write_table
from modelling.errors import TaskError
from modelling.types import SplitStrategy
from tests.builders import make_spec


@pytest.fixture
def table(tmp_path):
    rng = np.random.default_rng(0)
    path = tmp_path / "table.parquet"
    write_table(
        pd.DataFrame(
            {
                "x": np.arange(300.0),
                "y": np.where(rng.random(300) < 0.1, "yes", "no"),
                "g": np.repeat(np.arange(60), 5),
                "few": np.arange(300) % 7,
            }
        ),
        path,
    )
    return path


ROWS = np.arange(10, 290)


def held_out(parts):
    return np.sort(np.concatenate([held for _, held in parts]))


def test_every_row_is_held_out_once_and_learnt_from_in_all_other_parts(table):
    parts = outer_parts(table, make_spec(), ROWS, 5)
    np.testing.assert_array_equal(held_out(parts), ROWS)
    for train, held in parts:
        np.testing.assert_array_equal(np.sort(np.concatenate([train, held])), ROWS)


def test_classes_are_dealt_evenly(table):
    truth = pd.read_parquet(table)["y"].to_numpy()
    counts = [
        int(np.sum(truth[held] == "yes")) for _, held in outer_parts(table, make_spec(), ROWS, 5)
    ]
    assert max(counts) - min(counts) <= 1
    sizes = [len(held) for _, held in outer_parts(table, make_spec(), ROWS, 5)]
    assert max(sizes) - min(sizes) <= 2


def test_groups_stay_whole(table):
    task = make_spec(split=SplitStrategy.GROUP, group="g")
    groups = pd.read_parquet(table)["g"].to_numpy()
    parts = outer_parts(table, task, ROWS, 5)
    np.testing.assert_array_equal(held_out(parts), ROWS)
    for train, held in parts:
        assert not set(groups[train]) & set(groups[held])
    sizes = [len(held) for _, held in parts]
    assert max(sizes) - min(sizes) <= 10


def test_the_seed_decides(table):
    first, again = (outer_parts(table, make_spec(), ROWS, 5) for _ in range(2))
    other = outer_parts(table, make_spec(seed=1), ROWS, 5)
    np.testing.assert_array_equal(first[0][1], again[0][1])
    assert not np.array_equal(first[0][1], other[0][1])


def test_too_few_groups_are_said(table):
    task = make_spec(split=SplitStrategy.GROUP, group="few")
    with pytest.raises(TaskError, match="has 7 groups; at least 25 are needed"):
        outer_parts(table, task, ROWS, 5)


def test_rows_in_time_are_refused(table):
    with pytest.raises(ValueError, match="held out in turn"):
        outer_parts(table, make_spec(split=SplitStrategy.TIME, time="x"), ROWS, 5)
