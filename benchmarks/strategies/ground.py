"""What all strategies stand on: one table, its locked rows, and its folds, encoded once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.peers.tables import Table, table as sample_table
from modelling.datasets.choices import TaskChoices
from modelling.datasets.problem import ProblemRef
from modelling.evaluation.encodings import EncodedFold, EncodeFolds
from modelling.evaluation.final import FitFinal
from modelling.evaluation.folds import PrepareFolds
from modelling.evaluation.plan import FoldJob
from modelling.evaluation.unit import FitFold
from modelling.models import model
from modelling.runner.works import score_on_test
from modelling.settings import Settings
from modelling.types import FoldResult, Params, TaskKind
from modelling.workbench import Workbench

MODEL = "lightgbm"
SAMPLES = ("card_transactions", "customer_churn", "credit_risk", "hpc_jobs", "house_prices")
# Those of scikit-learn that need no download, and two that it generates: the samples are small,
# and there a fit takes longer and a locked test says more.
SKLEARN = {
    "breast_cancer": TaskKind.BINARY,
    "diabetes": TaskKind.REGRESSION,
    "digits": TaskKind.MULTICLASS,
    "hastie_10_2": TaskKind.BINARY,
    "friedman1": TaskKind.REGRESSION,
}
GENERATED: dict[str, dict[str, Any]] = {
    "hastie_10_2": {"n_samples": 20_000, "random_state": 0},
    "friedman1": {"n_samples": 20_000, "noise": 1.0, "random_state": 0},
}
SETS = (*SAMPLES, *SKLEARN)


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldOut:
    """A configuration on the locked rows: its published score, and that of each resample."""

    score: float
    draws: np.ndarray


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """One data set, ready to be searched on.

    ``folder`` holds an encoded fold each in ``0``, ``1``, ...
    """

    problem: ProblemRef
    folder: Path

    def evaluate(self, job: FoldJob) -> FoldResult:
        """Fit and score one fold here, in this thread."""
        return FitFold(
            model=job.model,
            trial=job.trial,
            fold=job.fold,
            params=job.params,
            task=self.problem.task,
            encoded=EncodedFold(folder=self.folder / str(job.fold)),
            prediction=self.folder / "prediction.npy",
            stop_early=job.stop_early,
        )()

    def held_out(self, params: Params, rounds: int | None = None) -> HeldOut:
        """Fit on all training rows and score once on the locked ones."""
        predicted = self.folder / "held_out.npy"
        FitFinal(
            model=MODEL,
            params=params,
            problem=self.problem,
            model_path=self.folder / "model.skops",
            prediction_path=predicted,
            rounds=rounds,
        )()
        draws = self.folder / "draws.npy"
        scored = score_on_test(self.problem, np.load(predicted), draws)
        score = scored.scores[self.problem.task.metric]
        if score is None:
            raise ValueError(f"{self.problem.task.metric} is undefined on the locked rows")
        return HeldOut(score=score, draws=np.load(draws))


@contextmanager
def ground(name: str) -> Iterator[Ground]:
    """Prepare a data set by name in a workspace that ends with it."""
    with TemporaryDirectory() as home:
        folder = Path(home)
        settings = Settings(home=folder, database_url=f"sqlite:///{folder}/t.db", workers=1)
        chosen = named(name, folder)
        with Workbench.open(settings) as bench:
            data = bench.add_file(chosen.path)
            problem = bench.problem(bench.create_experiment(data.id, chosen.choices).id)
        yield encoded(problem, folder / "encoded")


def named(name: str, folder: Path) -> Table:
    """Return a table; one of scikit-learn's is written to ``folder``."""
    if name not in SKLEARN:
        return sample_table(name, folder)
    path = folder / f"{name}.parquet"
    of_sklearn(name).to_parquet(path, index=False)
    return Table(name=name, path=path, choices=TaskChoices(target="target", kind=SKLEARN[name]))


def of_sklearn(name: str) -> pd.DataFrame:
    """Return a data set of scikit-learn, its truth in the column ``target``."""
    from sklearn import datasets

    if name not in GENERATED:
        frame: pd.DataFrame = getattr(datasets, f"load_{name}")(as_frame=True).frame
        return frame
    features, truth = getattr(datasets, f"make_{name}")(**GENERATED[name])
    return pd.DataFrame(features).add_prefix("x").assign(target=truth)


def encoded(problem: ProblemRef, folder: Path) -> Ground:
    """Draw the folds of a problem and encode them, as every fit of the model needs them."""
    folder.mkdir()
    PrepareFolds(problem=problem, path=folder / "folds.npz")()
    EncodeFolds(
        problem=problem,
        folds=folder / "folds.npz",
        encoding=model(MODEL).encoding,
        folders={fold: folder / str(fold) for fold in range(problem.task.folds)},
    )()
    return Ground(problem=problem, folder=folder)
