"""Fits in which every class weighs the same: scikit-learn's "balanced", for every model."""

import numpy as np
import pytest
from catboost import CatBoostClassifier
from lightgbm import LGBMClassifier
from sklearn.ensemble import (
    ExtraTreesClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, recall_score
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import Pipeline
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils.class_weight import compute_class_weight, compute_sample_weight

from modelling.evaluation.estimators import build, fit, fit_arguments, predict
from modelling.evaluation.final import FitFinal
from modelling.evaluation.folds import carve_validation
from modelling.evaluation.persistence import load_model
from modelling.models import model
from modelling.models.encoding import build_encoder
from modelling.types import ClassWeight, TaskKind
from tests.builders import make_spec, mixed_table, write_problem
from tests.models.of_tables import TABLE_MODELS

KINDS = (TaskKind.BINARY, TaskKind.MULTICLASS)
CASES = [(spec.key, kind) for spec in TABLE_MODELS for kind in KINDS if kind in spec.tasks]
WEIGHTED = [case for case in CASES if model(case[0]).takes_weights]
STOPPED = [case for case in CASES if model(case[0]).early_stopping is not None]
SHARES = {TaskKind.BINARY: [0.9, 0.1], TaskKind.MULTICLASS: [0.7, 0.2, 0.1]}


def balanced(kind=TaskKind.BINARY, **changes):
    return make_spec(kind, class_weight=ClassWeight.BALANCED, **changes)


def unbalanced(kind, n_rows=600, seed=0):
    """Return features and classes that overlap, the last one the rarest."""
    rng = np.random.default_rng(seed)
    y = rng.choice(len(SHARES[kind]), n_rows, p=SHARES[kind])
    return rng.normal(size=(n_rows, 4)) + 0.8 * y[:, None], y


@pytest.mark.parametrize("kind", KINDS)
def test_weights_are_those_that_scikit_learn_calls_balanced(kind):
    _, y = unbalanced(kind)
    weights = fit_arguments("tree", balanced(kind), y)["sample_weight"]
    np.testing.assert_allclose(weights, compute_sample_weight("balanced", y), rtol=1e-12)


def test_three_rows_against_one_count_two_thirds_and_two():
    weights = fit_arguments("tree", balanced(), np.array([0, 0, 1, 0]))["sample_weight"]
    assert weights.tolist() == pytest.approx([2 / 3, 2 / 3, 2, 2 / 3])


def test_within_a_pipeline_they_are_those_of_the_step():
    assert list(fit_arguments("tree", balanced(), np.array([0, 1]), step="model")) == [
        "model__sample_weight"
    ]


def test_without_the_choice_no_fit_is_weighted():
    assert fit_arguments("tree", make_spec(), np.array([0, 0, 1])) == {}
    assert fit_arguments("tree", make_spec(TaskKind.REGRESSION), np.array([0.5, 2.0])) == {}


# The same as the libraries' own option -------------------------------------------------------

BALANCED = {"class_weight": "balanced", "random_state": 0}
OWN_OPTION = {
    "logistic": LogisticRegression(C=1.0, max_iter=1000, **BALANCED),
    "tree": DecisionTreeClassifier(**BALANCED),
    "random_forest": RandomForestClassifier(n_estimators=100, **BALANCED),
    "extra_trees": ExtraTreesClassifier(n_estimators=100, **BALANCED),
    "hist_gradient_boosting": HistGradientBoostingClassifier(early_stopping=False, **BALANCED),
    "lightgbm": LGBMClassifier(
        n_jobs=1, verbosity=-1, deterministic=True, force_row_wise=True, **BALANCED
    ),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("key", OWN_OPTION)
def test_answers_are_those_of_the_librarys_own_balanced_weights(key, kind):
    X, y = unbalanced(kind)
    estimator, _ = fit(key, model(key).base, balanced(kind), X, y)
    own = OWN_OPTION[key].fit(X, y)
    np.testing.assert_allclose(
        predict(estimator, X, balanced(kind)), own.predict_proba(X), rtol=0, atol=1e-9
    )


@pytest.mark.parametrize("kind", KINDS)
def test_balanced_naive_bayes_is_the_one_whose_classes_are_as_likely(kind):
    X, y = unbalanced(kind)
    n_classes = len(SHARES[kind])
    estimator, _ = fit("naive_bayes", {}, balanced(kind), X, y)
    own = GaussianNB(priors=np.full(n_classes, 1 / n_classes)).fit(X, y)
    np.testing.assert_allclose(estimator.predict_proba(X), own.predict_proba(X), atol=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_balanced_catboost_is_the_one_with_these_weights_of_classes(kind):
    X, y = unbalanced(kind)
    weights = compute_class_weight("balanced", classes=np.unique(y), y=y)
    settings = {"random_seed": 0, "thread_count": 1, "verbose": False, "allow_writing_files": False}
    base = model("catboost").base
    own = CatBoostClassifier(class_weights=list(weights), **settings, **base).fit(X, y)
    estimator, _ = fit("catboost", base, balanced(kind), X, y)
    np.testing.assert_allclose(estimator.predict_proba(X), own.predict_proba(X), atol=1e-6)


# Every model ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "kind"), WEIGHTED)
def test_every_model_is_fitted_with_scikit_learns_weights(key, kind):
    X, y = unbalanced(kind)
    estimator, _ = fit(key, model(key).base, balanced(kind), X, y)
    own = build(key, model(key).base, make_spec(kind)).fit(
        X, y, sample_weight=compute_sample_weight("balanced", y)
    )
    np.testing.assert_array_equal(
        predict(estimator, X, balanced(kind)), predict(own, X, balanced(kind))
    )


@pytest.mark.parametrize(("key", "kind"), [case for case in CASES if case not in WEIGHTED])
def test_a_model_that_takes_no_weights_answers_as_before_and_says_so(key, kind):
    X, y = unbalanced(kind)
    weighted, _ = fit(key, model(key).base, balanced(kind), X, y)
    plain, _ = fit(key, model(key).base, make_spec(kind), X, y)
    np.testing.assert_array_equal(weighted.predict_proba(X), plain.predict_proba(X))
    assert "whatever the class weights" in model(key).base_note


def test_only_the_dummy_and_the_neighbours_take_no_weights():
    assert {spec.key for spec in TABLE_MODELS if not spec.takes_weights} == {"dummy", "knn"}


# Grown until its leaves are pure, a tree has nothing left that weights could move.
SHALLOW = {"tree": {"max_depth": 3}, "extra_trees": {"max_depth": 3, "n_estimators": 100}}


@pytest.mark.parametrize(("key", "kind"), WEIGHTED)
def test_more_rows_of_the_rarest_class_are_found(key, kind):
    X, y = unbalanced(kind, n_rows=1500)
    X_new, y_new = unbalanced(kind, n_rows=3000, seed=1)
    params = SHALLOW.get(key, model(key).base)
    found = {}
    for weight in ClassWeight:
        task = make_spec(kind, class_weight=weight)
        estimator, _ = fit(key, params, task, X, y)
        answers = predict(estimator, X_new, task).argmax(axis=1)
        found[weight] = recall_score(y_new, answers, average=None)[-1]
    assert found[ClassWeight.BALANCED] > found[ClassWeight.NONE] + 0.02


@pytest.mark.parametrize(("key", "kind"), CASES)
def test_the_same_seed_gives_the_same_answers(key, kind):
    X, y = unbalanced(kind)
    task = balanced(kind, seed=3)
    one, other = (fit(key, model(key).base, task, X, y)[0] for _ in range(2))
    np.testing.assert_array_equal(predict(one, X, task), predict(other, X, task))


@pytest.mark.parametrize("key", [key for key, kind in CASES if kind is TaskKind.MULTICLASS])
def test_a_class_that_is_missing_in_training_has_no_weight_and_probability_zero(key):
    X, y = unbalanced(TaskKind.MULTICLASS)
    X, y = X[y != 1], y[y != 1]
    task = balanced(TaskKind.MULTICLASS)
    estimator, _ = fit(key, model(key).base, task, X, y)
    answers = predict(estimator, X, task)
    assert (answers[:, 1] == 0).all()
    np.testing.assert_allclose(answers.sum(axis=1), 1.0, atol=1e-6)


# Early stopping ------------------------------------------------------------------------------


def loss_that_stopped(key, estimator):
    """Return the smallest loss on the rows that stopped it, as the library noted it down."""
    if key == "lightgbm":
        return next(iter(estimator.best_score_["valid_0"].values()))
    if key == "xgboost":
        return min(next(iter(estimator.evals_result()["validation_0"].values())))
    if key == "catboost":
        return next(iter(estimator.get_best_score()["validation"].values()))
    return -max(estimator.validation_score_)


def at_its_best_round(key, estimator, X, rounds):
    """Return what it answers; scikit-learn alone keeps the rounds after the best one."""
    if key == "hist_gradient_boosting":
        return list(estimator.staged_predict_proba(X))[rounds - 1]
    return estimator.predict_proba(X)


@pytest.mark.parametrize(("key", "kind"), STOPPED)
def test_boosting_is_stopped_by_the_loss_in_which_classes_count_as_in_learning(key, kind):
    X, y = unbalanced(kind)
    task = balanced(kind)
    estimator, rounds = fit(key, {"learning_rate": 0.1}, task, X, y, stop_early=True)
    assert rounds >= 1
    train, valid = carve_validation(y, None, None, task)
    classes = np.unique(y[train])
    of_class = compute_class_weight("balanced", classes=classes, y=y[train])
    answers = at_its_best_round(key, estimator, X[valid], rounds)
    expected = log_loss(y[valid], answers, sample_weight=of_class[y[valid]])
    assert loss_that_stopped(key, estimator) == pytest.approx(expected, rel=1e-5)


# Final models --------------------------------------------------------------------------------


def final_fit(folder, key, task):
    work = FitFinal(
        model=key,
        params=model(key).base,
        problem=write_problem(folder, mixed_table(task.kind, 160), task, text=("text",)),
        model_path=folder / "model.skops",
        prediction_path=folder / "test.npy",
    )
    work()
    return work, np.load(work.prediction_path)


FEATURES = tuple(name for name in mixed_table(TaskKind.BINARY).columns if name != "y")


@pytest.mark.parametrize(("key", "kind"), CASES)
def test_a_saved_model_answers_as_the_weighted_one_that_was_scored(tmp_path, key, kind):
    work, scored = final_fit(tmp_path, key, balanced(kind, features=FEATURES))
    test = work.problem.load("test")
    again = predict(load_model(work.model_path), test.features, work.problem.task)
    np.testing.assert_allclose(again, scored, rtol=0, atol=1e-9)


def test_a_last_fit_is_scikit_learns_pipeline_with_balanced_weights(tmp_path):
    """On 21 rows of one class and 99 of the other; the encoder sees no weights."""
    frame = mixed_table(TaskKind.BINARY, 160)
    frame["y"] = np.where(frame["number"].fillna(0) > 1.0, "yes", "no")
    task = balanced(features=FEATURES)
    problem = write_problem(tmp_path, frame, task, text=("text",))
    work = FitFinal(
        model="logistic",
        params=model("logistic").base,
        problem=problem,
        model_path=tmp_path / "model.skops",
        prediction_path=tmp_path / "test.npy",
    )
    work()
    rows, test = problem.load("train"), problem.load("test")
    assert np.bincount(rows.truth).tolist() == [99, 21]
    encoder = build_encoder(
        model("logistic").encoding, rows.features, text=("text",), kind=task.kind, seed=0
    )
    own = Pipeline([("encoder", encoder), ("model", OWN_OPTION["logistic"])])
    own.fit(rows.features, rows.truth)
    np.testing.assert_allclose(
        np.load(work.prediction_path), own.predict_proba(test.features), atol=1e-9
    )
