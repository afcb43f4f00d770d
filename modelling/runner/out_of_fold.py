"""Out-of-fold predictions of a workspace: where they lie, and how they become one array."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Protocol

import numpy as np
from numpy.typing import DTypeLike

from modelling.evaluation.folds import valid_rows
from modelling.store import Store
from modelling.types import FoldResult


class OutOfFold(Protocol):
    """One configuration's predictions for the rows that the folds validate."""

    def out_of_fold(self, folds: Path, n_rows: int, dtype: DTypeLike = "float32") -> np.ndarray:
        """Return them in the order of the training rows; NaN where no fold validates."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class FoldPredictions:
    """Predictions that lie in one file per fold, as a benchmark or a study leaves them."""

    by_fold: tuple[Path, ...]

    def out_of_fold(self, folds: Path, n_rows: int, dtype: DTypeLike = "float32") -> np.ndarray:
        """Return them in the order of the training rows; NaN where no fold validates."""
        parts = [np.load(path) for path in self.by_fold]
        whole = np.full((n_rows, *parts[0].shape[1:]), np.nan, dtype=dtype)
        for fold, part in enumerate(parts):
            whole[valid_rows(folds, fold)] = part
        return whole


@dataclass(frozen=True, kw_only=True, slots=True)
class WholePredictions:
    """Predictions that lie in one file in the order of the training rows, as an ensemble's do."""

    path: Path

    def out_of_fold(
        self,
        folds: Path,  # noqa: ARG002 they are in order already
        n_rows: int,  # noqa: ARG002
        dtype: DTypeLike = "float32",
    ) -> np.ndarray:
        """Return them as they are stored; NaN where no fold validates."""
        return np.asarray(np.load(self.path), dtype=dtype)


@dataclass(frozen=True, kw_only=True, slots=True)
class Evaluated:
    """A configuration that was evaluated on every fold: its trial, mean loss and predictions."""

    trial: int
    loss: float
    predictions: FoldPredictions


def evaluated(store: Store, run_id: str, key: str, n_folds: int) -> dict[int, Evaluated]:
    """Return the fully evaluated configurations of one model in one run, by trial.

    Trial 0 is the base configuration, of a benchmark and of a study alike.
    """
    by_trial: dict[int, list[FoldResult]] = defaultdict(list)
    for fold in store.results.folds(run_id):
        if fold.model == key and fold.prediction_blob is not None:
            by_trial[fold.trial].append(fold)
    return {
        trial: _evaluated(store, trial, folds)
        for trial, folds in by_trial.items()
        if len(folds) == n_folds
    }


def chosen(configurations: dict[int, Evaluated]) -> Evaluated | None:
    """Return the one that a study ends with: the smallest loss, the earlier trial of a tie."""
    ranked = configurations.values()
    return min(ranked, key=lambda item: (item.loss, item.trial), default=None)


def _evaluated(store: Store, trial: int, folds: list[FoldResult]) -> Evaluated:
    paths = tuple(store.blobs.path(str(fold.prediction_blob)) for fold in folds)
    return Evaluated(
        trial=trial,
        loss=fmean(fold.loss or 0.0 for fold in folds),
        predictions=FoldPredictions(by_fold=paths),
    )
