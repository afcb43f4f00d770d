"""One configuration on one fold: the scores are scikit-learn's, and nothing leaks into them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import (
    cohen_kappa_score,
    get_scorer,
    make_scorer,
    mean_pinball_loss,
    roc_auc_score,
)
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import Pipeline

from modelling.errors import FitError
from modelling.evaluation.encodings import EncodedFold, EncodeFolds, write_arrays
from modelling.evaluation.estimators import build, fit, fit_arguments
from modelling.evaluation.folds import PrepareFolds
from modelling.evaluation.unit import FitFold
from modelling.metrics import metrics_for
from modelling.models import model
from modelling.models.encoding import build_encoder, category_sizes
from modelling.models.spec import Encoding
from modelling.types import ResultStatus, SplitStrategy, TaskKind
from tests.builders import make_spec, mixed_table, write_problem
from tests.models.of_tables import TABLE_MODELS

FOLDS = 3
FEATURES = tuple(name for name in mixed_table(TaskKind.BINARY).columns if name != "y")
CASES = [(spec.key, kind) for spec in TABLE_MODELS for kind in sorted(spec.tasks)]


class Bench:
    """A problem with its folds, encoded when asked for."""

    def __init__(self, folder, frame, task, text=()):
        self.folder, self.frame, self.task, self.text = folder, frame, task, text
        self.problem = write_problem(
            folder, frame, task, train=np.arange(len(frame)), test=np.arange(5), text=text
        )
        self.folds = folder / "folds.npz"
        PrepareFolds(problem=self.problem, path=self.folds)()

    def encoded(self, encoding, fold):
        folder = self.folder / f"{encoding}-{fold}"
        if not folder.exists():
            EncodeFolds(
                problem=self.problem, folds=self.folds, encoding=encoding, folders={fold: folder}
            )()
        return EncodedFold(folder=folder)

    def fit(self, key, fold, params=None, **changes):
        return FitFold(
            model=key,
            trial=0,
            fold=fold,
            params=model(key).base if params is None else params,
            task=self.task,
            encoded=self.encoded(model(key).encoding, fold),
            prediction=self.folder / f"{key}-{fold}.npy",
            **changes,
        )()

    def splits(self):
        with np.load(self.folds) as parts:
            return [
                (parts[f"train_{fold}"], parts[f"valid_{fold}"]) for fold in range(self.task.folds)
            ]


@pytest.fixture(scope="module")
def benches(tmp_path_factory):
    return {
        kind: Bench(
            tmp_path_factory.mktemp(kind),
            mixed_table(kind, 240),
            make_spec(kind, folds=FOLDS, features=FEATURES),
            text=("text",),
        )
        for kind in TaskKind
    }


@pytest.mark.parametrize(("key", "kind"), CASES)
def test_scores_are_those_of_scikit_learn_for_the_same_pipeline_and_split(benches, key, kind):
    bench = benches[kind]
    rows = bench.problem.load("train")
    metric = bench.task.metric

    def pipeline(train):
        """Return the pipeline, and what its fit is told."""
        features, encoding = rows.features.iloc[train], model(key).encoding
        encoder = build_encoder(encoding, features, text=("text",), kind=kind, seed=0)
        sizes = category_sizes(encoding, features, text=("text",))
        estimator = build(key, model(key).base, bench.task, categories=sizes)
        arguments = fit_arguments(key, bench.task, rows.truth, categories=sizes, step="model")
        return Pipeline([("encoder", encoder), ("model", estimator)]), arguments

    for fold, split in enumerate(bench.splits()):
        own, arguments = pipeline(split[0])
        (expected,) = cross_val_score(
            own, rows.features, rows.truth, cv=[split], scoring=metric, params=arguments
        )
        # The product shows errors as positive numbers.
        expected = abs(expected) if metric.startswith("neg_") else expected
        assert bench.fit(key, fold).scores[metric] == pytest.approx(expected, abs=1e-6)


# Metrics for which scikit-learn has a function but no scorer.
SCORERS = {
    "cohen_kappa_score": make_scorer(cohen_kappa_score),
    "neg_mean_pinball_loss": make_scorer(mean_pinball_loss, greater_is_better=False, alpha=0.9),
}


@pytest.mark.parametrize("kind", list(TaskKind))
def test_every_metric_of_the_task_is_scikit_learns(benches, kind):
    bench, key = benches[kind], "tree"
    params = {"max_depth": 3}
    result = bench.fit(key, 0, params)
    data = bench.encoded(Encoding.TREE, 0)
    tree = build(key, params, bench.task).fit(data.array("X_train"), data.array("y_train"))
    assert set(result.scores) == {spec.name for spec in metrics_for(kind)}
    for name, value in result.scores.items():
        scorer = SCORERS.get(name) or get_scorer(name)
        expected = scorer(tree, data.array("X_valid"), data.array("y_valid"))
        assert value == pytest.approx(
            abs(expected) if name.startswith("neg_") else expected, abs=1e-9
        )


def test_the_loss_is_smaller_for_a_better_score(benches):
    ranked = benches[TaskKind.BINARY].fit("tree", 0)
    assert ranked.loss == -ranked.scores["roc_auc"] < 0
    error = benches[TaskKind.REGRESSION].fit("tree", 0)
    assert error.loss == error.scores["neg_root_mean_squared_error"] > 0


def test_the_same_fold_twice_gives_the_same_result_and_predictions(benches):
    bench = benches[TaskKind.BINARY]
    first = bench.fit("random_forest", 1)
    predictions = np.load(bench.folder / "random_forest-1.npy")
    second = bench.fit("random_forest", 1)
    assert (first.scores, first.loss) == (second.scores, second.loss)
    np.testing.assert_array_equal(np.load(bench.folder / "random_forest-1.npy"), predictions)
    assert predictions.dtype == "float64"
    assert predictions.shape == (80, 2)


def test_costs_are_measured(benches):
    result = benches[TaskKind.BINARY].fit("random_forest", 0)
    assert result.status is ResultStatus.OK
    assert 0 < result.fit_cpu_s <= result.cpu_s < 60
    assert result.fit_time_s > 0
    assert result.peak_memory_bytes >= 0


@pytest.mark.parametrize("key", [spec.key for spec in TABLE_MODELS if spec.early_stopping])
@pytest.mark.parametrize("kind", list(TaskKind))
def test_early_stopping_reports_its_rounds_and_fixed_rounds_do_not(benches, key, kind):
    bench = benches[kind]
    stopped = bench.fit(key, 0, {"learning_rate": 0.1}, stop_early=True)
    assert 1 <= stopped.rounds <= model(key).early_stopping.maximum
    assert bench.fit(key, 0).rounds is None


@pytest.mark.parametrize("key", [spec.key for spec in TABLE_MODELS if spec.early_stopping])
def test_where_too_few_rows_stop_a_fit_it_has_the_rounds_of_the_base(key):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(60, 3)), np.arange(60) % 2
    spec, task = model(key), make_spec()
    free = {name: value for name, value in spec.base.items() if name != spec.early_stopping.param}
    fixed, found = fit(key, free, task, X, y, stop_early=True)
    base, _ = fit(key, spec.base, task, X, y)
    assert found is None
    np.testing.assert_array_equal(fixed.predict_proba(X), base.predict_proba(X))


def test_a_metric_that_a_fold_cannot_define_fails_the_fit_with_its_reason(tmp_path):
    write_arrays(
        tmp_path / "encoded",
        {
            "X_train": np.arange(20.0).reshape(10, 2),
            "y_train": np.arange(10) % 2,
            "X_valid": np.ones((4, 2)),
            "y_valid": np.zeros(4, dtype=int),
        },
    )
    work = FitFold(
        model="tree",
        trial=0,
        fold=2,
        params={},
        task=make_spec(),
        encoded=EncodedFold(folder=tmp_path / "encoded"),
        prediction=tmp_path / "p.npy",
    )
    with pytest.raises(FitError, match="ROC AUC is undefined on fold 3; choose another metric"):
        work()


# Encoded folds ------------------------------------------------------------------------------


def test_groups_and_moments_of_the_training_rows_come_with_a_fold(tmp_path):
    frame = mixed_table(TaskKind.BINARY, 100).assign(g=np.arange(100) % 25, t=np.arange(100))
    task = make_spec(split=SplitStrategy.GROUP, group="g", time="t", features=("number",))
    bench = Bench(tmp_path, frame, task)
    data = bench.encoded(Encoding.TREE, 0)
    train, valid = bench.splits()[0]
    assert data.array("groups_train").tolist() == (train % 25).tolist()
    assert data.array("times_train").tolist() == (train + 1).tolist()
    assert len(data.array("X_valid")) == len(valid)


def test_without_roles_there_are_none(benches):
    data = benches[TaskKind.BINARY].encoded(Encoding.TREE, 0)
    assert data.optional("groups_train") is None
    assert data.optional("times_train") is None


def test_a_folder_of_arrays_replaces_an_older_one_whole(tmp_path):
    folder = tmp_path / "encoded"
    write_arrays(folder, {"a": np.arange(3), "b": np.arange(2)})
    write_arrays(folder, {"a": np.arange(4)})
    assert [file.name for file in folder.iterdir()] == ["a.npy"]
    assert EncodedFold(folder=folder).array("a").tolist() == [0, 1, 2, 3]
    assert [path.name for path in tmp_path.iterdir()] == ["encoded"]


# Nothing outside the training part of a fold leaks in ----------------------------------------


@pytest.mark.parametrize("key", ["logistic", "lightgbm"])
def test_many_random_categories_on_pure_noise_stay_at_chance(tmp_path, key):
    """Means of the target taken over all rows would show an AUC of about 0.75 here."""
    rng = np.random.default_rng(0)
    n = 2000
    frame = pd.DataFrame(
        {
            "one": [f"v{value}" for value in rng.integers(0, 400, n)],
            "two": [f"w{value}" for value in rng.integers(0, 400, n)],
            "y": np.where(rng.random(n) < 0.5, "yes", "no"),
        }
    )
    leaky = (frame["y"] == "yes").groupby(frame["one"]).transform("mean")
    assert roc_auc_score(frame["y"] == "yes", leaky) > 0.7
    bench = Bench(tmp_path, frame, make_spec(folds=FOLDS, features=("one", "two")))
    scores = [bench.fit(key, fold).scores["roc_auc"] for fold in range(FOLDS)]
    assert np.mean(scores) == pytest.approx(0.5, abs=0.04)


def test_validation_rows_do_not_change_what_the_training_rows_are_encoded_to(tmp_path):
    """Scaling, imputing, rare categories and means of the target see the training part only."""
    frame = mixed_table(TaskKind.BINARY, 120)
    task = make_spec(folds=FOLDS, features=FEATURES)
    plain = Bench(tmp_path / "plain", frame, task, text=("text",))
    _, valid = plain.splits()[0]
    changed = frame.copy()
    changed.loc[valid, "number"] = 1e6
    changed.loc[valid, ["few", "many"]] = "other"
    changed.loc[valid, "text"] = "words that nobody wrote before"
    other = Bench(tmp_path / "changed", changed, task, text=("text",))
    for encoding in (one for one in Encoding if not one.is_of_text):
        np.testing.assert_array_equal(
            plain.encoded(encoding, 0).array("X_train"), other.encoded(encoding, 0).array("X_train")
        )


def test_permuted_targets_score_at_chance(tmp_path):
    rng = np.random.default_rng(1)
    scores = []
    for number in range(6):
        frame = mixed_table(TaskKind.BINARY, 300, seed=number)
        frame["y"] = rng.permutation(frame["y"])
        task = make_spec(folds=FOLDS, features=FEATURES)
        bench = Bench(tmp_path / str(number), frame, replace(task, seed=number), text=("text",))
        scores += [bench.fit("logistic", fold).scores["roc_auc"] for fold in range(FOLDS)]
    assert np.mean(scores) == pytest.approx(0.5, abs=0.05)
