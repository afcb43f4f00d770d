"""Explanations of models whose workings are known."""

import numpy as np
import pandas as pd
import pytest
from sklearn.inspection import partial_dependence, permutation_importance
from sklearn.linear_model import LinearRegression
from sklearn.metrics import make_scorer, mean_absolute_error

from modelling.explain import contributions, dependence_curve, score_lost, sizes
from modelling.explain.dependence import grid_of
from modelling.explain.sample import BACKGROUND, GRID, MOST_CURVES, REPEATS
from modelling.metrics import metric

MAE = metric("neg_mean_absolute_error")


@pytest.fixture
def rows() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "size": rng.normal(size=120),
            "age": rng.integers(0, 50, 120),
            "town": rng.choice(["Aba", "Ulm", "Rio"], 120),
            "built": pd.date_range("2020-01-01", periods=120, freq="D"),
            "noise": rng.normal(size=120),
        }
    )


def answer(frame: pd.DataFrame) -> np.ndarray:
    """Answer by a rule: additive, so that every contribution can be written down."""
    town = (frame["town"] == "Ulm").to_numpy() * 5.0
    return 2.0 * frame["size"].to_numpy() + 0.1 * frame["age"].to_numpy() + town


def both(frame: pd.DataFrame) -> np.ndarray:
    return np.stack([answer(frame), -answer(frame)], axis=1)


def test_a_shuffled_column_costs_as_much_as_scikit_learn_says():
    rng = np.random.default_rng(1)
    X = pd.DataFrame(rng.normal(size=(400, 3)), columns=["a", "b", "c"])
    y = 3 * X["a"] + X["b"] + rng.normal(size=400)
    model = LinearRegression().fit(X, y)
    ours = list(score_lost(model.predict, X, y.to_numpy(), MAE, repeats=50, seed=0))
    scorer = make_scorer(mean_absolute_error, greater_is_better=False)
    theirs = permutation_importance(model, X, y, scoring=scorer, n_repeats=50, random_state=0)
    for (name, lost, spread), mean, std in zip(
        ours, theirs.importances_mean, theirs.importances_std, strict=True
    ):
        assert lost == pytest.approx(mean, abs=5 * std / np.sqrt(50)), name
        assert spread == pytest.approx(std / np.sqrt(50), rel=0.5)


def test_a_column_that_is_not_used_costs_nothing(rows):
    lost = {
        name: (loss, spread)
        for name, loss, spread in score_lost(
            answer, rows, answer(rows), MAE, repeats=REPEATS, seed=0
        )
    }
    assert lost["noise"] == (0.0, 0.0)
    assert lost["built"] == (0.0, 0.0)
    assert lost["size"][0] > lost["age"][0] > 0
    again = list(score_lost(answer, rows, answer(rows), MAE, repeats=REPEATS, seed=0))
    assert {name: rest for name, *rest in again}["town"] == list(lost["town"])


def test_contributions_are_those_of_an_additive_rule(rows):
    background, single = rows.iloc[:BACKGROUND], rows.iloc[50:80]
    found = contributions(both, single, background, seed=0)
    assert found.shape == (30, 5, 2)
    size = 2.0 * (single["size"] - background["size"].mean())
    assert found[:, 0, 0] == pytest.approx(size.to_numpy())
    town = 5.0 * ((single["town"] == "Ulm") - (background["town"] == "Ulm").mean())
    assert found[:, 2, 0] == pytest.approx(town.to_numpy())
    assert found[:, 3:] == pytest.approx(0.0)
    assert found[:, :, 1] == pytest.approx(-found[:, :, 0])


def test_contributions_sum_to_the_answer_where_columns_work_together(rows):
    def together(frame: pd.DataFrame) -> np.ndarray:
        ulm = (frame["town"] == "Ulm").to_numpy()
        return (frame["size"].to_numpy() * frame["age"].to_numpy() * (1 + ulm))[:, None]

    background, single = rows.iloc[:BACKGROUND], rows.iloc[50:80]
    found = contributions(together, single, background, seed=0)
    assert found.shape == (30, 5, 1)
    told = found.sum(axis=1)[:, 0] + together(background).mean()
    assert told == pytest.approx(together(single)[:, 0])


def test_one_column_is_enough(rows):
    alone = rows[["size"]]
    found = contributions(
        lambda frame: frame.to_numpy() ** 2, alone.iloc[50:52], alone.iloc[:5], seed=0
    )
    assert found.shape == (2, 1, 1)


def test_an_effect_is_the_mean_answer_with_the_column_held(rows):
    values = grid_of(rows["age"], GRID)
    found = dependence_curve(both, rows, "age", values)
    assert found.shape == (2, len(values))
    at_zero = answer(rows.assign(age=0)).mean()
    assert found[0] == pytest.approx(at_zero + 0.1 * np.array(values))
    two = rows[["size", "age"]].astype("float64")
    model = LinearRegression().fit(two, answer(rows))
    held = {"age": np.array(values, dtype="float64")}
    theirs = partial_dependence(model, two, ["age"], custom_values=held)["average"][0]
    ours = dependence_curve(lambda frame: model.predict(frame)[:, None], two, "age", values)
    assert ours[0] == pytest.approx(theirs)


@pytest.mark.parametrize("name", ["size", "town", "built"])
def test_values_along_a_column_keep_its_type_and_occur_in_it(rows, name):
    values = grid_of(rows[name], GRID)
    assert len(values) == (3 if name == "town" else GRID)
    assert set(values) <= set(rows[name])
    seen = []
    dependence_curve(lambda frame: seen.append(frame) or both(frame), rows, name, values)
    assert all(frame[name].dtype == rows[name].dtype for frame in seen)


def test_missing_and_two_sided_values_along_a_column():
    assert grid_of(pd.Series([True, False, True]), GRID) == [True, False]
    assert grid_of(pd.Series([2.0, None, 1.0, 2.0]), GRID) == [1.0, 2.0]
    assert grid_of(pd.Series([None, None], dtype="float64"), GRID) == []


@pytest.mark.parametrize("n_features", [1, 12, 300, 2_000])
def test_wide_tables_are_asked_about_fewer_rows(n_features):
    size = sizes(50_000, n_features)
    assert 200 <= size.shuffled <= 2_000
    assert 10 <= size.explained <= 100
    fixed = min(MOST_CURVES, n_features) * GRID * size.followed
    assert size.n_answers <= 2 * 500_000 + fixed + 200 * 5 * 2_000 + 10 * 4_001 * BACKGROUND
    assert sizes(30, n_features).explained <= 30
