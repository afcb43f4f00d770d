"""Base models for text: what they answer, what they learn, and where they do not fit."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.pipeline import Pipeline

from modelling.errors import FitError
from modelling.evaluation.arrays import has_array, load_array, save_array
from modelling.evaluation.estimators import build, fit, predict
from modelling.evaluation.persistence import load_model, save_model
from modelling.models import MODELS, model, model_for, models_suiting, obstacle
from modelling.models.encoding import build_encoder
from modelling.models.spec import Encoding
from modelling.text.embedding import ByDescription, Embedding
from modelling.text.lexicon import LexiconScores, MoodByLexicon
from modelling.text.moods import signs_of
from modelling.types import TaskKind, TaskSpec

MOODS = TaskSpec(
    target="mood",
    kind=TaskKind.MULTICLASS,
    metric="f1_macro",
    features=("text", "likes"),
    classes=("negative", "neutral", "positive"),
    text=("text",),
)
TOPICS = replace(
    MOODS, kind=TaskKind.BINARY, metric="roc_auc", target="topic", classes=("cooking", "football")
)
GOOD = ["what a great and lovely day", "I love this, it is wonderful", "best happy friends"]
BAD = ["what a terrible and awful day", "I hate this, it is horrible", "worst sad enemies"]
FLAT = ["the train leaves at noon", "a table of numbers", "he opened the door"]
TEXT_MODELS = [spec.key for spec in MODELS if spec.needs_text]


def tweets(n: int = 60) -> tuple[pd.DataFrame, np.ndarray]:
    texts = [words[i % 3] for i in range(n) for words in (BAD, FLAT, GOOD)]
    frame = pd.DataFrame({"text": texts, "likes": np.arange(3 * n) % 5}).astype({"text": "str"})
    return frame, np.tile([0, 1, 2], n)


def encoded(key: str, task: TaskSpec, frame: pd.DataFrame, y: np.ndarray) -> np.ndarray:
    encoder = build_encoder(
        model(key).encoding, frame, text=("text",), kind=task.kind, seed=task.seed
    )
    return encoder.fit_transform(frame, y)


@pytest.mark.parametrize("key", TEXT_MODELS)
def test_each_tells_moods_that_words_give_away(key):
    frame, y = tweets()
    X = encoded(key, MOODS, frame, y)
    estimator, _ = fit(key, model(key).base, MOODS, X, y)
    answers = predict(estimator, X, MOODS)
    assert answers.shape == (len(y), 3)
    assert answers.sum(axis=1) == pytest.approx(1.0)
    right = np.mean(answers.argmax(axis=1) == y)
    # Nearest to one of three names is a weak rule; the others see every word.
    assert right >= (0.5 if key == "wordllama_zero_shot" else 0.99)


@pytest.mark.parametrize("key", TEXT_MODELS)
def test_each_has_a_space_that_can_be_fitted(key):
    frame, y = tweets()
    spec = model(key)
    X = encoded(key, MOODS, frame, y)
    for params in (spec.base_point, *spec.known_good):
        estimator, _ = fit(key, params, MOODS, X, y)
        assert np.isfinite(predict(estimator, X, MOODS)).all()


def test_untrained_models_do_not_look_at_the_answers():
    frame, y = tweets()
    for key in ("vader", "wordllama_zero_shot"):
        X = encoded(key, MOODS, frame, y)
        first = predict(build(key, model(key).base, MOODS).fit(X, y), X, MOODS)
        other = predict(build(key, model(key).base, MOODS).fit(X, (y + 1) % 3), X, MOODS)
        assert np.array_equal(first, other)


def test_the_lexicon_gives_its_own_scores_and_cuts_them_where_its_authors_do():
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    texts = np.array([[text] for text in (*GOOD, *BAD, *FLAT, "")], dtype=object)
    found = LexiconScores().fit(texts).transform(texts)
    known = [SentimentIntensityAnalyzer().polarity_scores(text) for (text,) in texts]
    assert found[:, 0] == pytest.approx([one["compound"] for one in known])
    compound = np.array([-0.8, -0.051, -0.049, 0.0, 0.049, 0.051, 0.8])
    X = np.column_stack([compound, np.zeros((7, 3))])
    answers = MoodByLexicon(signs="-0+").fit(X, np.zeros(7)).predict(X)
    assert answers.tolist() == [0, 0, 1, 1, 1, 2, 2]
    both = MoodByLexicon(signs="+-").fit(X, np.zeros(7)).predict_proba(X)
    assert (both[:, 0] > 0.5).tolist() == (compound > 0).tolist()


def test_learned_thresholds_shift_to_where_the_labels_are():
    rng = np.random.default_rng(0)
    compound = rng.uniform(-1, 1, 600)
    y = np.where(compound > 0.4, 2, np.where(compound < -0.1, 0, 1))
    X = np.column_stack([compound, np.zeros((600, 3))])
    usual = MoodByLexicon(signs="-0+").fit(X, y).predict(X)
    learned = MoodByLexicon(signs="-0+", thresholds="learned", C=100.0).fit(X, y).predict(X)
    assert np.mean(learned == y) > 0.95 > np.mean(usual == y)


def test_descriptions_are_what_a_class_is_found_by():
    texts = np.array([["a recipe for soup with onions"], ["the striker shot a goal"]], dtype=object)
    X = Embedding(pooled=True).fit(texts).transform(texts)
    named = ByDescription(descriptions="cooking\nfootball").fit(X, [0, 1])
    assert named.predict(X).tolist() == [0, 1]
    swapped = ByDescription(descriptions="sport and goals\nkitchen and food").fit(X, [0, 1])
    assert swapped.predict(X).tolist() == [1, 0]


def test_descriptions_come_from_the_task():
    assert model_for("wordllama_zero_shot", TOPICS).base["descriptions"] == "cooking\nfootball"
    told = replace(TOPICS, label_texts=("about food", "about sport"))
    assert model_for("wordllama_zero_shot", told).base["descriptions"] == "about food\nabout sport"
    with pytest.raises(ValueError, match="each of 2 classes"):
        replace(TOPICS, label_texts=("about food",))


@pytest.mark.parametrize(
    ("classes", "signs"),
    [
        (("negative", "neutral", "positive"), "-0+"),
        (("Pos", "NEG"), "+-"),
        (("-1", "0", "1"), "-0+"),
        (("0", "1"), None),
        (("good", "bad", "ugly"), None),
        (("positive", "neutral"), None),
        (("pos", "positive", "neg"), None),
    ],
)
def test_moods_are_known_by_their_names(classes, signs):
    assert signs_of(classes) == signs


def test_models_for_text_suit_tables_with_text_only():
    assert {spec.key for spec in models_suiting(MOODS, has_text=True)} >= set(TEXT_MODELS)
    assert not {spec.key for spec in models_suiting(MOODS, has_text=False)} & set(TEXT_MODELS)
    assert "vader" not in {spec.key for spec in models_suiting(TOPICS, has_text=True)}
    assert "moods" in obstacle(model("vader"), TOPICS, has_text=True)
    assert obstacle(model("logistic"), TOPICS, has_text=False) is None


def test_columns_beside_the_text_are_learned_from_too():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 200)
    frame = pd.DataFrame({"text": ["the same words"] * 200, "likes": y + rng.normal(0, 0.1, 200)})
    frame = frame.astype({"text": "str"})
    for key in ("tfidf_logistic", "wordllama_logistic"):
        X = encoded(key, TOPICS, frame, y)
        estimator, _ = fit(key, model(key).base, TOPICS, X, y)
        assert np.mean(predict(estimator, X, TOPICS).argmax(axis=1) == y) > 0.95


@pytest.mark.parametrize("encoding", [one for one in Encoding if one.is_of_text])
def test_rows_without_a_word_are_refused_in_words(encoding):
    frame = pd.DataFrame({"text": ["", "!", ""], "likes": [1, 2, 3]}).astype({"text": "str"})
    with pytest.raises(FitError, match="no word"):
        build_encoder(encoding, frame, text=("text",), kind=TaskKind.BINARY, seed=0)


def test_rows_of_texts_and_numbers_come_back_from_disk(tmp_path):
    array = np.array([["größe 🙂", 1.5], ["", float("nan")], ["a\nb", -2.0]], dtype=object)
    save_array(tmp_path, "X_train", array)
    save_array(tmp_path, "y_train", np.arange(3))
    found = load_array(tmp_path, "X_train")
    assert found[:, 0].tolist() == array[:, 0].tolist()
    assert np.array_equal(found[:, 1].astype(float), array[:, 1].astype(float), equal_nan=True)
    assert load_array(tmp_path, "y_train").tolist() == [0, 1, 2]
    assert has_array(tmp_path, "X_train")
    assert not has_array(tmp_path, "groups_train")


@pytest.mark.parametrize("key", TEXT_MODELS)
def test_each_survives_its_file_and_odd_texts_and_repeats_itself(key, tmp_path):
    frame, y = tweets(20)
    odd = pd.DataFrame({"text": ["größe 🙂 \u202e", '{"a": [1]}', "", None], "likes": [1, 2, 3, 4]})
    odd = odd.astype({"text": "str"})
    answers = []
    for attempt in range(2):
        task, spec = MOODS, model(key)
        encoder = build_encoder(spec.encoding, frame, text=("text",), kind=task.kind, seed=0)
        pipeline = Pipeline([("encoder", encoder), ("model", build(key, spec.base, task))])
        pipeline.fit(frame, y)
        save_model(pipeline, tmp_path / f"{attempt}.skops")
        answers.append(predict(load_model(tmp_path / f"{attempt}.skops"), odd, task))
        assert np.array_equal(answers[-1], predict(pipeline, odd, task))
    assert np.isfinite(answers[0]).all()
    assert np.array_equal(*answers)


@pytest.mark.parametrize("key", TEXT_MODELS)
def test_probabilities_stand_under_their_classes_when_one_is_missing(key):
    frame, y = tweets(20)
    some = y != 1
    spec = model(key)
    learned = {**spec.base, "thresholds": "learned"} if "thresholds" in spec.base else spec.base
    X = encoded(key, MOODS, frame, y)
    estimator, _ = fit(key, learned, MOODS, X[some], y[some])
    found = predict(estimator, X, MOODS)
    assert found.shape == (len(y), 3)
    assert (found[:, 1] == 0).all()
    right = np.mean(found[some].argmax(axis=1) == y[some])
    assert right > 0.6
