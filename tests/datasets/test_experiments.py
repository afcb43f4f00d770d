from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from modelling.datasets.choices import TaskChoices
from modelling.datasets.experiments import new_experiment, read_column
from modelling.datasets.problem import ProblemRef
from modelling.datasets.read import read_file
from modelling.datasets.samples import sample, samples
from modelling.datasets.target import detect_kind
from modelling.errors import DataError, ModellingError, NotFoundError, TaskError
from modelling.types import Economics
from tests.builders import read_table

N = 80


@pytest.fixture
def make(tmp_path):
    """Return a function from tables and choices to (experiment, its problem)."""

    def of(frame, choices, test=None):
        ref, path = read_table(tmp_path, frame)
        test_ref, test_path = (
            (None, None) if test is None else read_table(tmp_path, test, "own.csv")
        )
        scratch = tmp_path / "split.npz"
        experiment = new_experiment(
            ref,
            path,
            choices,
            test=test_ref,
            test_path=test_path,
            adopt=lambda file: file.name,
            scratch=scratch,
            economics=Economics(),
            created_at="2026-01-01",
        )
        problem = ProblemRef(
            dataset=path, split=scratch, task=experiment.task, test_dataset=test_path
        )
        return experiment, problem

    return of


def frame_of(n=N, **columns):
    rng = np.random.default_rng(0)
    values = {
        "x": rng.normal(size=n),
        "z": rng.choice(["p", "q"], n),
        "g": np.arange(n) % 20,
        "y": ["no", "yes"] * (n // 2),
    }
    return pd.DataFrame({**values, **columns})


CHOICES = TaskChoices(target="y")


def test_a_quarter_of_the_rows_is_locked_and_both_parts_are_read_back(make):
    experiment, problem = make(frame_of(), CHOICES)
    assert (experiment.n_train, experiment.n_test) == (60, 20)
    train, test = problem.load("train"), problem.load("test")
    assert (len(train.truth), len(test.truth)) == (60, 20)
    assert np.bincount(test.truth).tolist() == [10, 10]
    assert list(train.features) == ["x", "z", "g"]
    assert not set(problem.positions("train")) & set(problem.positions("test"))


def test_rows_without_a_target_are_in_no_part(make):
    experiment, _ = make(frame_of(y=["no", "yes"] * 35 + [None] * 10), CHOICES)
    assert experiment.n_train + experiment.n_test == 70


def test_a_test_file_of_the_users_own_is_the_locked_test(make):
    own = frame_of(12)
    experiment, problem = make(frame_of(), CHOICES, own)
    assert (experiment.n_train, experiment.n_test) == (N, 12)
    assert problem.load("test").features["x"].tolist() == pytest.approx(own["x"].tolist())
    assert experiment.test_dataset_id is not None


def test_rows_of_a_test_file_without_a_target_are_left_out(make):
    own = frame_of(12, y=["no", "yes"] * 4 + [None] * 4)
    experiment, problem = make(frame_of(), CHOICES, own)
    assert experiment.n_test == 8
    assert problem.positions("test").tolist() == list(range(8))


def test_labels_of_the_test_file_match_although_gaps_made_them_float(make):
    own = frame_of(12, y=[0.0, 1.0] * 5 + [None, None])
    _, problem = make(frame_of(y=[0, 1] * (N // 2)), CHOICES, own)
    assert problem.load("test").truth.tolist() == [0, 1] * 5


@pytest.mark.parametrize(
    ("own", "choices", "message"),
    [
        (frame_of(12).drop(columns="z"), {}, "own.csv misses the column 'z', which the training"),
        (frame_of(12).drop(columns="y"), {}, "own.csv misses the column 'y'"),
        (frame_of(12).drop(columns="g"), {"group": "g"}, "own.csv misses the column 'g'"),
        (frame_of(12, y=["no", "maybe"] * 6), {}, "holds the class 'maybe', which the training"),
        (frame_of(12, y=["no"] * 12), {}, "own.csv has no row of the class 'yes'"),
        (frame_of(12, y=["no"] * 4 + [None] * 8), {}, "own.csv has 4 rows with a value in 'y'"),
    ],
)
def test_a_test_file_that_does_not_fit_is_explained(make, own, choices, message):
    with pytest.raises(ModellingError) as caught:
        make(frame_of(), replace(CHOICES, **choices), own)
    assert message in str(caught.value)


def test_a_test_file_with_text_for_a_number_is_explained(make):
    own = frame_of(12, y=["high", "low"] * 6)
    with pytest.raises(DataError, match="of the test file holds text"):
        make(frame_of(y=np.arange(N) / 3), CHOICES, own)


@pytest.mark.parametrize("target", [None, "", "nope"])
def test_a_target_that_is_no_column_is_refused_with_those_that_are(make, target):
    with pytest.raises(TaskError, match=r"There is no column .* for the target; .* x, z, g, y\."):
        make(frame_of(), TaskChoices(target=target))


def test_groups_and_moments_come_with_the_rows(make):
    frame = frame_of(t=pd.date_range("2026-01-01", periods=N)[::-1])
    _, problem = make(frame, replace(CHOICES, group="g", time="t"))
    rows = problem.load("train")
    groups = frame["g"].iloc[problem.positions("train")]
    assert pd.crosstab(rows.groups, groups).gt(0).sum().tolist() == [1] * groups.nunique()
    assert (np.diff(rows.times) < 0).all()


def test_one_column_is_read_alone(tmp_path):
    _, path = read_table(tmp_path, frame_of())
    assert read_column(path, "g").tolist() == (np.arange(N) % 20).tolist()


# Samples ------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", samples(), ids=lambda entry: entry.name)
def test_every_sample_becomes_the_experiment_that_it_describes(tmp_path, entry):
    path = tmp_path / "data.parquet"
    ref = read_file(entry.path, path, entry.name)
    assert detect_kind(read_column(path, entry.target)) is entry.task
    experiment = new_experiment(
        ref,
        path,
        entry.choices(),
        test=None,
        test_path=None,
        adopt=lambda file: file.name,
        scratch=tmp_path / "split.npz",
        economics=Economics(),
        created_at="2026-01-01",
    )
    task = experiment.task
    assert (task.metric, task.split, task.positive) == (entry.metric, entry.split, entry.positive)
    assert not {*entry.ids, entry.target} & {*task.features}
    share = experiment.n_test / (experiment.n_train + experiment.n_test)
    assert share == pytest.approx(0.25, abs=0.02)
    rows = ProblemRef(dataset=path, split=tmp_path / "split.npz", task=task).load("test")
    assert len(rows.truth) == experiment.n_test


def test_the_samples_are_seven_and_the_first_demo_is_first():
    assert len(samples()) == 7
    assert samples()[0].name == "card_transactions"
    assert all(entry.licence and entry.source and entry.shows for entry in samples())


def test_an_unknown_sample_is_refused_with_the_known_ones():
    with pytest.raises(NotFoundError, match="no sample 'nope'; choose one of card_transactions, c"):
        sample("nope")
