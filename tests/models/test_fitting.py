"""Every model on every kind of task, from an awkward table to predictions, saved and loaded."""

import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import log_loss
from sklearn.pipeline import Pipeline

from modelling.errors import StoreError
from modelling.evaluation.estimators import build, fit, fit_arguments, predict
from modelling.evaluation.folds import carve_validation
from modelling.evaluation.persistence import load_model, save_model
from modelling.models import model
from modelling.models.encoding import build_encoder, category_sizes
from modelling.types import TaskKind
from tests.builders import make_spec, mixed_table
from tests.models.of_tables import TABLE_MODELS

CASES = [(spec.key, kind) for spec in TABLE_MODELS for kind in sorted(spec.tasks)]
TEXT = ("text",)


def pipeline_of(key, kind, features, seed=0):
    task = make_spec(kind, seed=seed)
    encoder = build_encoder(model(key).encoding, features, text=TEXT, kind=kind, seed=seed)
    sizes = category_sizes(model(key).encoding, features, text=TEXT)
    estimator = build(key, model(key).base, task, categories=sizes)
    return Pipeline([("encoder", encoder), ("model", estimator)]), sizes


def codes_of(frame, kind):
    if kind is TaskKind.REGRESSION:
        return frame["y"].to_numpy()
    return pd.Index(make_spec(kind).classes).get_indexer(frame["y"])


def fitted(key, kind, seed=0):
    frame = mixed_table(kind)
    features = frame.drop(columns="y")
    pipeline, sizes = pipeline_of(key, kind, features, seed)
    codes = codes_of(frame, kind)
    told = fit_arguments(key, make_spec(kind, seed=seed), codes, categories=sizes, step="model")
    return pipeline.fit(features, codes, **told), features


def new_rows(kind):
    """Rows with categories, types and gaps that the training rows did not have."""
    frame = mixed_table(kind, n_rows=20, seed=9).drop(columns="y")
    frame["few"] = ["never seen", None] * 10
    frame["many"] = "id -1"
    frame["number"] = np.nan
    frame["größe in m²"] = frame["größe in m²"].astype("float64").mask(frame.index == 3)
    frame["empty"] = 1.5
    frame["flag"] = ["True", None, "False", "True"] * 5
    frame.loc[4, "date"] = pd.NaT
    frame["text"] = ["quite other words", None, "", "1 2 3"] * 5
    return frame


@pytest.mark.parametrize(("key", "kind"), CASES)
class TestEveryModel:
    def test_it_fits_an_awkward_table_and_answers_new_rows(self, key, kind):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            pipeline, features = fitted(key, kind)
            for rows in (features, new_rows(kind), features.iloc[:1]):
                answers = predict(pipeline, rows, make_spec(kind))
                assert np.isfinite(answers).all()
                if kind.is_classification:
                    assert answers.shape == (len(rows), len(make_spec(kind).classes))
                    np.testing.assert_allclose(answers.sum(axis=1), 1.0, atol=1e-6)
                    assert (answers >= 0).all()
                else:
                    assert answers.shape == (len(rows),)

    def test_the_same_seed_gives_the_same_answers(self, key, kind):
        (one, features), (other, _) = fitted(key, kind, 3), fitted(key, kind, 3)
        spec = make_spec(kind)
        np.testing.assert_array_equal(predict(one, features, spec), predict(other, features, spec))

    def test_it_answers_the_same_after_being_saved_and_loaded(self, key, kind, tmp_path):
        pipeline, features = fitted(key, kind)
        save_model(pipeline, tmp_path / "model.skops")
        loaded = load_model(tmp_path / "model.skops")
        for rows in (features, new_rows(kind)):
            np.testing.assert_allclose(
                predict(loaded, rows, make_spec(kind)),
                predict(pipeline, rows, make_spec(kind)),
                rtol=0,
                atol=1e-9,
            )

    def test_the_order_of_columns_of_new_rows_does_not_matter(self, key, kind):
        pipeline, features = fitted(key, kind)
        shuffled = features[list(features.columns)[::-1]]
        np.testing.assert_array_equal(
            predict(pipeline, shuffled, make_spec(kind)),
            predict(pipeline, features, make_spec(kind)),
        )

    def test_it_fits_a_dozen_rows(self, key, kind):
        frame = mixed_table(kind, n_rows=12, seed=1)
        features = frame.drop(columns="y")
        pipeline, _ = pipeline_of(key, kind, features)
        pipeline.fit(features, codes_of(frame, kind))
        answers = predict(pipeline, new_rows(kind), make_spec(kind))
        assert len(answers) == 20
        assert np.isfinite(answers).all()

    def test_columns_without_a_value_in_training_say_nothing_later(self, key, kind):
        """Without anything to learn from the others, only one column tells rows apart."""
        frame = mixed_table(kind)
        features = frame.drop(columns="y")
        names = [name for name in features.columns if name != "number"]
        features[names] = features[names].mask(np.ones((len(frame), len(names)), dtype=bool))
        assert features[names].isna().all(axis=None)
        pipeline, _ = pipeline_of(key, kind, features)
        pipeline.fit(features, codes_of(frame, kind))
        rows = new_rows(kind).assign(number=np.linspace(-1.0, 1.0, 20))
        with_gaps = rows.assign(**features[names].head(20))
        np.testing.assert_array_equal(
            predict(pipeline, rows, make_spec(kind)), predict(pipeline, with_gaps, make_spec(kind))
        )


MULTICLASS = [key for key, kind in CASES if kind is TaskKind.MULTICLASS]


def two_of_three_classes(missing):
    """Return features that tell two classes apart at once, and the codes of these classes."""
    rng = np.random.default_rng(0)
    y = rng.choice([code for code in range(3) if code != missing], 300)
    X = rng.normal(size=(300, 2)) + 6.0 * y[:, None]
    return (X - X.mean(axis=0)) / X.std(axis=0), y


@pytest.mark.parametrize("missing", [0, 1, 2])
@pytest.mark.parametrize("key", MULTICLASS)
def test_probabilities_stand_under_their_classes_whichever_is_missing(key, missing, tmp_path):
    task = make_spec(TaskKind.MULTICLASS)
    X, y = two_of_three_classes(missing)
    estimator, _ = fit(key, model(key).base, task, X, y)
    answers = predict(estimator, X, task)
    if key == "dummy":
        np.testing.assert_allclose(answers[0], np.bincount(y, minlength=3) / 300)
    else:
        assert (answers.argmax(axis=1) == y).mean() > 0.99
    assert (answers[:, missing] == 0).all()
    save_model(estimator, tmp_path / "model.skops")
    again = predict(load_model(tmp_path / "model.skops"), X, task)
    np.testing.assert_allclose(again, answers, rtol=0, atol=1e-9)


@pytest.mark.parametrize("missing", [0, 1, 2])
@pytest.mark.parametrize("key", [key for key in MULTICLASS if model(key).early_stopping])
def test_so_they_do_when_boosting_stops_early(key, missing):
    task = make_spec(TaskKind.MULTICLASS)
    X, y = two_of_three_classes(missing)
    estimator, rounds = fit(key, {"learning_rate": 0.3}, task, X, y, stop_early=True)
    assert rounds is not None
    answers = predict(estimator, X, task)
    assert (answers.argmax(axis=1) == y).mean() > 0.99
    assert (answers[:, missing] == 0).all()


@pytest.mark.parametrize("key", MULTICLASS)
def test_probabilities_of_a_class_missing_in_training_are_zero_and_in_place(key):
    task = make_spec(TaskKind.MULTICLASS)
    frame = mixed_table(TaskKind.MULTICLASS)
    frame = frame[frame["y"] != "b"]
    features, codes = frame.drop(columns="y"), codes_of(frame, TaskKind.MULTICLASS)
    assert set(codes) == {0, 2}
    pipeline, _ = pipeline_of(key, TaskKind.MULTICLASS, features)
    pipeline.fit(features, codes)
    answers = predict(pipeline, features, task)
    assert answers.shape == (len(features), 3)
    assert (answers[:, 1] == 0).all()
    np.testing.assert_allclose(answers[:, [0, 2]], pipeline.predict_proba(features))


@pytest.mark.parametrize(("key", "kind"), [case for case in CASES if case[0] != "dummy"])
def test_it_learns_what_is_easy_to_learn(key, kind):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(400, 2))
    y = (
        X[:, 0]
        if kind is TaskKind.REGRESSION
        else np.digitize(X[:, 0], [-0.4, 0.4][: 1 + (kind is TaskKind.MULTICLASS)])
    )
    estimator, rounds = fit(key, model(key).base, make_spec(kind), X[:300], y[:300])
    answers = predict(estimator, X[300:], make_spec(kind))
    assert rounds is None
    if kind is TaskKind.REGRESSION:
        assert np.corrcoef(answers, y[300:])[0, 1] > 0.95
    else:
        assert (answers.argmax(axis=1) == y[300:]).mean() > 0.85


STOPPED = [
    (spec.key, kind) for spec in TABLE_MODELS if spec.early_stopping for kind in sorted(spec.tasks)
]


@pytest.mark.parametrize(("key", "kind"), STOPPED)
class TestEarlyStopping:
    def data(self, kind, n=400):
        rng = np.random.default_rng(0)
        X = rng.normal(size=(n, 4))
        noisy = X[:, 0] + rng.normal(size=n)
        edges = [-0.5, 0.5] if kind is TaskKind.MULTICLASS else [0.0]
        return X, noisy if kind is TaskKind.REGRESSION else np.digitize(noisy, edges)

    def test_it_stops_long_before_the_most_rounds(self, key, kind):
        X, y = self.data(kind)
        params = {"learning_rate": 0.1}
        estimator, rounds = fit(key, params, make_spec(kind), X, y, stop_early=True)
        assert isinstance(rounds, int)
        assert 1 <= rounds < 200
        assert np.isfinite(predict(estimator, X, make_spec(kind))).all()

    def test_the_rounds_found_replace_the_fixed_number_in_the_last_fit(self, key, kind):
        name = model(key).early_stopping.param
        refit = build(key, model(key).base, make_spec(kind), rounds=17)
        assert refit.get_params()[name] == 17

    def test_too_few_rows_keep_the_number_of_rounds_fixed(self, key, kind):
        X, y = self.data(kind, n=149)
        estimator, rounds = fit(key, model(key).base, make_spec(kind), X, y, stop_early=True)
        assert rounds is None
        name = model(key).early_stopping.param
        assert estimator.get_params()[name] == model(key).base[name]


def test_the_rounds_found_by_lightgbm_are_those_with_the_least_loss():
    """An independent loop: the loss after each number of rounds, smallest at the best round."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(600, 5))
    y = (X[:, 0] + rng.normal(size=600) > 0).astype(int)
    task = make_spec()
    estimator, rounds = fit("lightgbm", {"learning_rate": 0.2}, task, X, y, stop_early=True)
    _, valid = carve_validation(y, None, None, task)
    losses = [
        log_loss(y[valid], estimator.predict_proba(X[valid], num_iteration=number))
        for number in range(1, rounds + 20)
    ]
    assert int(np.argmin(losses)) + 1 == rounds


def test_the_rounds_found_by_hist_gradient_boosting_are_those_with_the_least_loss():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(600, 5))
    y = (X[:, 0] + rng.normal(size=600) > 0).astype(int)
    task = make_spec()
    estimator, rounds = fit("hist_gradient_boosting", {}, task, X, y, stop_early=True)
    _, valid = carve_validation(y, None, None, task)
    losses = [log_loss(y[valid], stage) for stage in estimator.staged_predict_proba(X[valid])]
    assert int(np.argmin(losses)) + 1 == rounds


# Model files --------------------------------------------------------------------------------


def outcome(path):
    try:
        load_model(path)
    except StoreError as error:
        return str(error)
    return "loaded"


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    pipeline, _ = fitted("lightgbm", TaskKind.BINARY)
    path = tmp_path_factory.mktemp("model") / "model.skops"
    save_model(pipeline, path)
    return path.read_bytes()


@pytest.mark.parametrize("position", [0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999])
def test_a_model_file_with_a_flipped_byte_is_refused_or_harmless(saved, position, tmp_path):
    content = bytearray(saved)
    content[int(position * len(content))] ^= 0xFF
    path = tmp_path / "model.skops"
    path.write_bytes(content)
    assert outcome(path) in {
        "loaded",
        "The model file is damaged; run the benchmark or study again.",
    }


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a model at all", None])
def test_what_is_no_model_file_is_refused(saved, content, tmp_path):
    path = tmp_path / "model.skops"
    path.write_bytes(saved[: len(saved) // 2] if content is None else content)
    with pytest.raises(StoreError, match="The model file is damaged; run the benchmark"):
        load_model(path)


def test_a_missing_model_file_is_refused(tmp_path):
    with pytest.raises(StoreError, match="damaged"):
        load_model(tmp_path / "nope.skops")


class Foreign:
    """A type that no registered model uses."""


def test_a_model_file_with_a_foreign_type_is_refused(tmp_path):
    pipeline, _ = fitted("tree", TaskKind.BINARY)
    pipeline.foreign = Foreign()
    save_model(pipeline, tmp_path / "model.skops")
    with pytest.raises(StoreError, match="holds the unknown type .*Foreign; it is refused"):
        load_model(tmp_path / "model.skops")


def of_letters(key, kind=TaskKind.BINARY, n_values=20, **changes):
    """Fit on a target that every third of some letters makes, and no range of codes does."""
    letters = np.array([f"v{number:03}" for number in range(n_values)])[np.arange(3000) % n_values]
    features = pd.DataFrame({"letter": letters, "number": np.arange(3000) % 7})
    y = (np.arange(3000) % n_values % 3 == 0).astype(int)
    encoding, task = model(key).encoding, make_spec(kind)
    encoder = build_encoder(encoding, features, text=(), kind=kind, seed=0)
    sizes = category_sizes(encoding, features, text=())
    X = encoder.fit_transform(features, y)
    return fit(key, {**model(key).base, **changes}, task, X, y, categories=sizes)[0], X, y


@pytest.mark.parametrize(
    ("key", "stump"),
    [
        ("lightgbm", {"n_estimators": 1, "num_leaves": 2, "learning_rate": 1.0}),
        ("hist_gradient_boosting", {"max_iter": 1, "max_leaf_nodes": 2, "learning_rate": 1.0}),
    ],
)
def test_one_split_parts_a_set_of_categories(key, stump):
    estimator, X, y = of_letters(key, **stump)
    assert ((estimator.predict_proba(X)[:, 1] > 0.5) == y).all()


def test_more_categories_than_bins_stay_numbers_to_the_histogram_boosting():
    estimator, X, _ = of_letters("hist_gradient_boosting", n_values=300)
    assert estimator.is_categorical_ is None
    assert np.isfinite(estimator.predict_proba(X)).all()


@pytest.mark.parametrize("key", ["lightgbm", "hist_gradient_boosting"])
def test_categories_are_known_to_a_fit_that_stops_early(key):
    letters = np.arange(3000) % 20
    X, y = letters.reshape(-1, 1).astype(float), (letters % 3 == 0).astype(int)
    estimator, rounds = fit(
        key,
        {"learning_rate": 0.3},
        make_spec(TaskKind.BINARY),
        X,
        y,
        categories=(20,),
        stop_early=True,
    )
    assert rounds >= 1
    split_on_sets = (
        "num_cat=1" in estimator.booster_.model_to_string()
        if key == "lightgbm"
        else estimator.is_categorical_.all()
    )
    assert split_on_sets
