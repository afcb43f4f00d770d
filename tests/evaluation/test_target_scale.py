"""A regression that is fitted on another scale: its scores stay in the units of the target."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import Ridge
from sklearn.metrics import root_mean_squared_error, root_mean_squared_log_error

from modelling.evaluation.encodings import EncodedFold, write_arrays
from modelling.evaluation.estimators import fit
from modelling.evaluation.final import FitFinal
from modelling.evaluation.persistence import load_model
from modelling.evaluation.unit import FitFold
from modelling.models import MODELS, model
from modelling.types import SplitStrategy, TargetScale, TaskKind
from tests.builders import make_spec, write_problem

KEYS = [spec.key for spec in MODELS if TaskKind.REGRESSION in spec.tasks]
SCALES = [TargetScale.LOG, TargetScale.RANK]


def amounts(n_rows=400, seed=0):
    """Return features and a target whose logarithm is a line: from tens to millions."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n_rows, 3))
    return X, np.expm1(8.0 + X @ [1.5, -1.0, 0.5] + 0.3 * rng.normal(size=n_rows))


def spec(scale, **changes):
    return make_spec(TaskKind.REGRESSION, scale=scale, features=("a", "b", "c"), **changes)


def fit_fold(folder, key, task, **changes):
    X, y = amounts()
    arrays = {"X_train": X[:300], "y_train": y[:300], "X_valid": X[300:], "y_valid": y[300:]}
    write_arrays(folder / "encoded", arrays)
    work = FitFold(
        model=key,
        trial=0,
        fold=0,
        params=model(key).base,
        task=task,
        encoded=EncodedFold(folder=folder / "encoded"),
        prediction=folder / "prediction.npy",
        **changes,
    )
    return work(), np.load(folder / "prediction.npy")


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("stop_early", [False, True])
def test_every_model_answers_and_is_scored_in_the_units_of_the_target(
    tmp_path, key, scale, stop_early
):
    result, predicted = fit_fold(tmp_path, key, spec(scale), stop_early=stop_early)
    _, y = amounts()
    rmse = root_mean_squared_error(y[300:], predicted.astype("float64"))
    assert result.scores["neg_root_mean_squared_error"] == pytest.approx(rmse, rel=1e-5)
    assert predicted.shape == (100,)
    assert (predicted >= 0).all()
    # Between the lowest and the highest amount, not between their logarithms or ranks.
    assert 1000 < np.median(predicted) < 9000
    stops = stop_early and model(key).early_stopping is not None
    assert (result.rounds is not None) == stops


def test_a_fold_on_the_logarithm_is_ridge_on_the_logarithm(tmp_path):
    X, y = amounts()
    _, predicted = fit_fold(tmp_path, "ridge", spec(TargetScale.LOG))
    by_hand = np.expm1(Ridge(alpha=1.0).fit(X[:300], np.log1p(y[:300])).predict(X[300:]))
    np.testing.assert_allclose(predicted, by_hand, rtol=1e-5)


def test_a_line_in_logarithms_is_learned_far_better_there(tmp_path):
    _, y = amounts()
    _, plain = fit_fold(tmp_path / "plain", "ridge", spec(TargetScale.IDENTITY))
    _, scaled = fit_fold(tmp_path / "scaled", "ridge", spec(TargetScale.LOG))
    errors = [
        root_mean_squared_log_error(y[300:], np.clip(part, 0, None)) for part in (plain, scaled)
    ]
    assert errors[1] == pytest.approx(0.3, abs=0.05)  # the noise
    assert errors[0] > 3 * errors[1]
    assert (plain < 0).any()
    assert (scaled > 0).all()


@pytest.mark.parametrize("key", [spec.key for spec in MODELS if spec.early_stopping])
def test_the_scale_knows_only_the_rows_that_were_learned_from(key):
    X, y = amounts()
    order = np.argsort(y)  # by time, so that the rows that stop the boosting are the largest
    estimator, rounds = fit(
        key,
        model(key).base,
        spec(TargetScale.RANK, split=SplitStrategy.TIME, time="t"),
        X[order],
        y[order],
        times=np.arange(400),
        stop_early=True,
    )
    assert rounds >= 1
    assert estimator.transformer_.quantiles_.max() == np.sort(y)[339]
    # XGBoost answers in float32.
    assert estimator.predict(X).max() <= np.sort(y)[339] * (1 + 1e-6)


def test_the_same_fit_on_ranks_twice_gives_the_same_answers(tmp_path):
    _, first = fit_fold(tmp_path / "one", "lightgbm", spec(TargetScale.RANK), stop_early=True)
    _, second = fit_fold(tmp_path / "two", "lightgbm", spec(TargetScale.RANK), stop_early=True)
    np.testing.assert_array_equal(first, second)


# Final models -------------------------------------------------------------------------------


@pytest.fixture
def final(tmp_path):
    def of(key, scale, rounds=None):
        X, y = amounts()
        frame = pd.DataFrame(X, columns=["a", "b", "c"]).assign(y=y)
        work = FitFinal(
            model=key,
            params=model(key).base,
            problem=write_problem(tmp_path, frame, spec(scale)),
            model_path=tmp_path / "model.skops",
            prediction_path=tmp_path / "test.npy",
            rounds=rounds,
        )
        work()
        return work, work.problem.load("test")

    return of


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("scale", SCALES)
def test_the_saved_pipeline_answers_in_the_units_of_the_target(final, key, scale):
    work, test = final(key, scale)
    again = load_model(work.model_path).predict(test.features)
    np.testing.assert_allclose(again, np.load(work.prediction_path), rtol=1e-9)
    assert np.isfinite(again).all()
    assert (again >= 0).all()
    assert 1000 < np.median(again) < 9000


def test_the_answers_are_those_of_the_model_taken_back_from_the_logarithm(final):
    work, test = final("ridge", TargetScale.LOG)
    pipeline = load_model(work.model_path)
    encoded = pipeline.named_steps["encoder"].transform(test.features)
    inner = pipeline.named_steps["model"].regressor_
    np.testing.assert_allclose(
        pipeline.predict(test.features), np.expm1(inner.predict(encoded)), rtol=1e-12
    )


def test_the_dummy_answers_the_mean_of_the_logarithms_taken_back(final):
    work, _ = final("dummy", TargetScale.LOG)
    truth = work.problem.load("train").truth
    expected = np.expm1(np.log1p(truth).mean())
    assert np.load(work.prediction_path) == pytest.approx(np.full(100, expected))


def test_rounds_reach_the_booster_within_its_scale(final):
    work, _ = final("lightgbm", TargetScale.RANK, rounds=7)
    inner = load_model(work.model_path).named_steps["model"].regressor_
    assert inner.get_params()["n_estimators"] == 7
