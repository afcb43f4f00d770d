"""Every kind of work once, on a tiny table: what libraries load on first use is loaded then.

Reading Parquet and writing a model load 300 ms of modules that no child should pay for again.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from modelling.datasets.problem import ProblemRef
from modelling.evaluation.encodings import EncodedFold, EncodeFolds
from modelling.evaluation.estimators import predict
from modelling.evaluation.final import FitFinal
from modelling.evaluation.folds import PrepareFolds
from modelling.evaluation.persistence import load_model
from modelling.evaluation.unit import FitFold
from modelling.models.spec import Encoding
from modelling.runner import ensemble_work
from modelling.runner.works import FitAndScore, FitSeveral
from modelling.types import TaskKind, TaskSpec

__all__ = ["ensemble_work", "rehearse"]

N_ROWS = 60


def rehearse() -> None:
    """Draw folds, encode, fit, save, score and load, as a run does."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        problem, folds = _problem(folder), folder / "folds.npz"
        PrepareFolds(problem=problem, path=folds)()
        # The others need texts, and libraries that few experiments do.
        for encoding in (one for one in Encoding if not one.is_of_text):
            folders = {0: folder / encoding}
            EncodeFolds(problem=problem, folds=folds, encoding=encoding, folders=folders)()
        fit = FitFold(
            model="logistic",
            trial=0,
            fold=0,
            params={},
            task=problem.task,
            encoded=EncodedFold(folder=folder / Encoding.LINEAR),
            prediction=folder / "fold.npy",
        )
        FitSeveral(fits=(fit,))()
        final = FitFinal(
            model="logistic",
            params={},
            problem=problem,
            model_path=folder / "model.skops",
            prediction_path=folder / "test.npy",
        )
        FitAndScore(fit=final, draws_path=folder / "draws.npy")()
        predict(load_model(final.model_path), problem.load("test").features, problem.task)


def _problem(folder: Path) -> ProblemRef:
    """Write a table with a number, a category and two classes."""
    place = np.arange(N_ROWS)
    table = pd.DataFrame(
        {"number": place % 7, "category": np.array(["a", "b", "c"])[place % 3], "y": place % 2}
    )
    table.to_parquet(folder / "table.parquet")
    np.savez(folder / "split.npz", train=place[:40], test=place[40:])
    task = TaskSpec(
        target="y",
        kind=TaskKind.BINARY,
        metric="roc_auc",
        features=("number", "category"),
        classes=("0", "1"),
    )
    return ProblemRef(dataset=folder / "table.parquet", split=folder / "split.npz", task=task)
