"""Group and time splits never leak: from the stored table to the parts of each fold."""

import tempfile
from pathlib import Path
from statistics import fmean

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, reject, settings, strategies as st

from modelling.datasets.splits import locked_test
from modelling.errors import TaskError
from modelling.evaluation.encodings import EncodedFold, EncodeFolds
from modelling.evaluation.folds import PrepareFolds, make_folds
from modelling.evaluation.unit import FitFold
from modelling.models import model
from modelling.types import SplitStrategy
from tests.builders import make_spec, write_problem


@st.composite
def tables(draw):
    """A table whose groups come and go in time; some rows have no group."""
    n = draw(st.integers(200, 500))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    times = rng.integers(0, draw(st.sampled_from([60, 1000])), n)
    span = times.max() + 1
    groups = times * draw(st.integers(30, 60)) // span + rng.integers(0, draw(st.integers(1, 8)), n)
    named = np.array([f"g{group}" for group in groups], dtype=object)
    named[rng.random(n) < draw(st.sampled_from([0.0, 0.1]))] = None
    target = np.where(rng.random(n) < 0.5, "yes", "no").astype(object)
    target[rng.random(n) < 0.05] = None
    return pd.DataFrame({"y": target, "g": named, "t": times, "x": rng.normal(size=n)})


def assert_apart(earlier, later, split):
    if split is not SplitStrategy.TIME:
        assert set(earlier["g"].dropna()).isdisjoint(later["g"].dropna())
    if split is not SplitStrategy.GROUP:
        assert earlier["t"].max() < later["t"].min()


@settings(max_examples=60, deadline=None)
@given(
    frame=tables(),
    split=st.sampled_from(["group", "time", "time and group"]),
    folds=st.integers(2, 5),
    seed=st.integers(0, 999),
)
def test_no_row_learns_of_a_group_or_a_time_that_it_is_judged_on(frame, split, folds, seed):
    strategy = SplitStrategy(split)
    task = make_spec(split=strategy, group="g", time="t", folds=folds, seed=seed)
    try:
        train, test = locked_test(frame, task)
        with tempfile.TemporaryDirectory() as folder:
            problem = write_problem(Path(folder), frame, task, train=train, test=test)
            made = make_folds(problem.load("train"), task)
    except TaskError:
        reject()
    assert frame["y"].iloc[[*train, *test]].notna().all()
    assert_apart(frame.iloc[train], frame.iloc[test], strategy)
    assert len(made) == folds
    for learned, judged in made:
        assert len(learned) > 0
        assert len(judged) > 0
        assert_apart(frame.iloc[train[learned]], frame.iloc[train[judged]], strategy)


# A table in which the group decides the label --------------------------------------------------

N_GROUPS, ROWS_PER_GROUP, FOLDS = 200, 12, 5


@pytest.fixture(scope="module")
def grouped():
    """Rows of 200 groups; label and features are constants of the group, drawn by chance."""
    rng = np.random.default_rng(0)
    group = np.repeat(np.arange(N_GROUPS), ROWS_PER_GROUP)
    label = np.where(rng.permutation(N_GROUPS) < N_GROUPS // 2, "yes", "no")
    frame = pd.DataFrame({"g": group, "y": label[group]})
    for name in ("one", "two", "three"):
        frame[name] = rng.normal(size=N_GROUPS)[group]
    return frame.sample(frac=1.0, random_state=0, ignore_index=True)


def selection_score(folder, frame, split, key):
    """Return the mean ROC AUC of the folds, as a benchmark would compute it."""
    task = make_spec(
        split=split, group="g", folds=FOLDS, features=("one", "two", "three"), classes=("no", "yes")
    )
    train, test = locked_test(frame, task)
    problem = write_problem(folder, frame, task, train=train, test=test)
    PrepareFolds(problem=problem, path=folder / "folds.npz")()

    def auc(fold):
        encoded = folder / f"encoded-{fold}"
        EncodeFolds(
            problem=problem,
            folds=folder / "folds.npz",
            encoding=model(key).encoding,
            folders={fold: encoded},
        )()
        work = FitFold(
            model=key,
            trial=0,
            fold=fold,
            params=model(key).base,
            task=task,
            encoded=EncodedFold(folder=encoded),
            prediction=folder / f"{fold}.npy",
        )
        return work().scores["roc_auc"]

    return fmean(auc(fold) for fold in range(FOLDS))


@pytest.mark.parametrize("key", ["random_forest", "knn"])
def test_a_group_that_decides_the_label_is_learned_at_random_and_not_by_group(
    tmp_path, grouped, key
):
    """Of 2,400 rows in 200 groups nothing holds for a new group: chance is 0.5."""
    at_random = selection_score(tmp_path / "random", grouped, SplitStrategy.STRATIFIED, key)
    by_group = selection_score(tmp_path / "group", grouped, SplitStrategy.GROUP, key)
    assert at_random > 0.95
    assert 0.35 < by_group < 0.65
