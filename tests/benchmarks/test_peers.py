"""What `benchmarks/peers.py` claims: the same pipelines, the same scores, the same task."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import log_loss
from sklearn.model_selection import cross_val_predict

from benchmarks.peers.environment import Peer, PeerError, ask
from benchmarks.peers.estimators import shared_models
from benchmarks.peers.hand_over import Question
from benchmarks.peers.loop_peer import fold_means, pipeline
from benchmarks.peers.tables import command_line
from modelling.cli.arguments import choices_of, make_parser
from modelling.codec import to_plain
from modelling.datasets.samples import samples
from modelling.evaluation.encodings import EncodedFold, EncodeFolds
from modelling.evaluation.folds import PrepareFolds, fold_rows
from modelling.evaluation.unit import FitFold
from modelling.models import models_for
from modelling.models.spec import Encoding
from modelling.types import TaskKind
from tests.builders import make_spec, mixed_table, write_problem

N_FOLDS = 2


def asked(folder, kind):
    """Return a question about a small table with every type of column, and where it lies."""
    frame = mixed_table(kind, n_rows=200)
    features = tuple(name for name in frame.columns if name != "y")
    task = make_spec(kind, features=features, folds=N_FOLDS)
    problem = write_problem(folder, frame, task, text=("text",))
    rows = problem.load("train")
    PrepareFolds(problem=problem, path=folder / "folds.npz")()
    folds = tuple(fold_rows(folder / "folds.npz", fold) for fold in range(N_FOLDS))
    question = Question(
        features=rows.features,
        truth=rows.truth,
        folds=folds,
        task=to_plain(task),
        text=problem.text,
        models={spec.key: dict(spec.base) for spec in models_for(kind, text=False)},
        cores=1,
    )
    return question, problem


def ours(folder, problem):
    """Return the mean over the folds of each model and metric, from our shared encodings."""
    task = problem.task
    for encoding in (one for one in Encoding if not one.is_of_text):
        EncodeFolds(
            problem=problem,
            folds=folder / "folds.npz",
            encoding=encoding,
            folders={fold: folder / f"{encoding}-{fold}" for fold in range(N_FOLDS)},
        )()
    found = [
        FitFold(
            model=spec.key,
            trial=0,
            fold=fold,
            params=spec.base,
            task=task,
            encoded=EncodedFold(folder=folder / f"{spec.encoding}-{fold}"),
            prediction=folder / "prediction.npy",
        )()
        for spec in models_for(task.kind, text=False)
        for fold in range(N_FOLDS)
    ]
    scores = pd.DataFrame([{"model": fit.model, **fit.scores} for fit in found])
    return scores.groupby("model").mean()


@pytest.mark.parametrize("kind", TaskKind)
def test_scores_equal_those_of_scikit_learn_pipelines_on_the_same_folds(tmp_path, kind):
    question, problem = asked(tmp_path, kind)
    loop = pd.DataFrame({key: fold_means(key, question) for key in question.models}).T
    expected = ours(tmp_path, problem)
    if kind.is_classification:
        # Its probabilities are of single precision, of which scikit-learn's scorer sees less.
        precise = double_log_loss("naive_bayes", question)
        assert expected.loc["naive_bayes", "neg_log_loss"] == pytest.approx(precise, abs=1e-6)
        loop.loc["naive_bayes", "neg_log_loss"] = precise
    pd.testing.assert_frame_equal(
        loop.sort_index(), expected[loop.columns], check_names=False, rtol=0.0, atol=1e-6
    )


def double_log_loss(key, question):
    """Return the mean log loss over the folds of what the pipeline says, in double precision."""
    said = cross_val_predict(
        pipeline(key, question),
        question.features,
        question.truth,
        cv=question.folds,
        method="predict_proba",
    ).astype("float64")
    said /= said.sum(axis=1, keepdims=True)
    return np.mean([log_loss(question.truth[valid], said[valid]) for _, valid in question.folds])


@pytest.mark.parametrize("kind", TaskKind)
def test_a_question_survives_being_written(tmp_path, kind):
    question, _ = asked(tmp_path, kind)
    question.write(tmp_path)
    again = Question.read(tmp_path)
    pd.testing.assert_frame_equal(again.features, question.features)
    np.testing.assert_array_equal(again.truth, question.truth)
    for (train, valid), (train_again, valid_again) in zip(question.folds, again.folds, strict=True):
        np.testing.assert_array_equal(train_again, train)
        np.testing.assert_array_equal(valid_again, valid)
    rest = ("task", "text", "models", "cores")
    assert all(getattr(again, name) == getattr(question, name) for name in rest)


def test_a_peer_that_cannot_run_says_why(tmp_path):
    question, _ = asked(tmp_path / "data", TaskKind.BINARY)
    with pytest.raises(PeerError, match="No module named benchmarks.peers.nobody_peer"):
        ask(Peer(name="nobody"), question, tmp_path / "asked", tmp_path)


@pytest.mark.parametrize("kind", TaskKind)
def test_the_shared_models_are_ours_too(kind):
    assert set(shared_models(kind)) < {spec.key for spec in models_for(kind, text=False)}


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_the_cold_command_line_asks_for_the_task_of_the_sample(sample):
    words = ["benchmark", str(sample.path), *command_line(sample.choices())]
    chosen = choices_of(make_parser().parse_args(words))
    # The command line has no option for the split; it follows from the roles.
    assert chosen == replace(sample.choices(), split=None)
