"""What a tuning library is given and hands back: rows, a budget, and answers for locked rows.

Like `hand_over`, it is imported in the peers' own environments: nothing of the product is.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.spent import tree_cpu_s

ROC_AUC, BALANCED_ACCURACY, RMSE = "roc_auc", "balanced_accuracy", "neg_root_mean_squared_error"


@dataclass(frozen=True, kw_only=True)
class Job:
    """Training rows with their truth, locked rows without, and what may be spent.

    ``train`` (n_train, n_features) and ``test`` (n_test, n_features) have the same columns;
    ``truth`` (n_train,) holds class codes from 0, or values. ``metric`` is one of `ROC_AUC`,
    `BALANCED_ACCURACY` and `RMSE`; ``budget_s`` are wall seconds.
    """

    train: pd.DataFrame
    truth: np.ndarray
    test: pd.DataFrame
    kind: str
    metric: str
    budget_s: float
    cores: int
    seed: int

    @property
    def is_classification(self) -> bool:
        return self.kind != "regression"

    def write(self, folder: Path) -> None:
        """Write all of it into ``folder``."""
        self.train.to_parquet(folder / "train.parquet", index=False)
        self.test.to_parquet(folder / "test.parquet", index=False)
        np.save(folder / "truth.npy", self.truth)
        names = ("kind", "metric", "budget_s", "cores", "seed")
        rest = {name: getattr(self, name) for name in names}
        (folder / "job.json").write_text(json.dumps(rest), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Job:
        """Return what `write` wrote."""
        return cls(
            train=pd.read_parquet(folder / "train.parquet"),
            truth=np.load(folder / "truth.npy"),
            test=pd.read_parquet(folder / "test.parquet"),
            **json.loads((folder / "job.json").read_text(encoding="utf-8")),
        )


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What the search took, how it was set, and what it chose."""

    fit_s: float
    fit_cpu_s: float
    setting: str
    chosen: str
    versions: dict[str, str]

    @staticmethod
    def is_in(folder: Path) -> bool:
        """Whether `serve` has done its job there; it writes this last."""
        return (folder / "spent.json").exists()

    @classmethod
    def read(cls, folder: Path) -> Spent:
        """Return what `serve` wrote."""
        return cls(**json.loads((folder / "spent.json").read_text(encoding="utf-8")))


def predictions(folder: Path) -> np.ndarray:
    """Return the answers that `serve` wrote: (n_test, n_classes) probabilities or (n_test,)."""
    return np.asarray(np.load(folder / "predictions.npy"), dtype="float64")


# Searches, and returns how to answer, and in a word what was chosen.
Search = Callable[[Job], tuple[Callable[[pd.DataFrame], Any], str]]


def serve(search: Search, *, setting: str, libraries: tuple[str, ...]) -> None:
    """Do the job in the folder that the command line names; only the search is timed."""
    folder = Path(sys.argv[1])
    job = Job.read(folder)
    begin, begin_cpu = time.perf_counter(), tree_cpu_s()
    answer, chosen = search(job)
    spent = Spent(
        fit_s=time.perf_counter() - begin,
        fit_cpu_s=tree_cpu_s() - begin_cpu,
        setting=setting,
        chosen=chosen[:200],
        versions={name: version(name) for name in libraries},
    )
    np.save(folder / "predictions.npy", np.asarray(answer(job.test), dtype="float64"))
    (folder / "spent.json").write_text(json.dumps(asdict(spent)), encoding="utf-8")


def categories(train: pd.DataFrame, test: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return both as LightGBM takes them: dates as seconds, text and flags as categories of train.

    LightGBM cannot store a model whose categories are dates.
    """
    dates = [name for name in train if pd.api.types.is_datetime64_any_dtype(train[name])]
    seconds = [
        rows.assign(**{name: _seconds(rows[name]) for name in dates}) for rows in (train, test)
    ]
    train, test = seconds
    named = [name for name in train if not pd.api.types.is_numeric_dtype(train[name])]
    kinds = {name: pd.CategoricalDtype(sorted(train[name].dropna().unique())) for name in named}
    return train.astype(kinds), test.astype(kinds)


def _seconds(dates: pd.Series) -> pd.Series:
    return (dates - pd.Timestamp("1970-01-01", tz=dates.dt.tz)).dt.total_seconds()
