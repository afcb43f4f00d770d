"""Work of the ensemble: weights from out-of-fold predictions, then its score on the locked test."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from modelling.datasets.problem import ProblemRef
from modelling.errors import FitError
from modelling.evaluation.folds import training_truth, valid_rows
from modelling.metrics import metric
from modelling.metrics.scores import score
from modelling.runner.out_of_fold import FoldPredictions
from modelling.runner.works import LockedScores, score_on_test
from modelling.tuning.ensemble import (
    cross_fitted_weights,
    greedy_weights,
    sample_rows,
    weighted_average,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberFiles:
    """Where the predictions of a fitted model lie: of its folds, and for the locked test."""

    out_of_fold: FoldPredictions
    test: Path


@dataclass(frozen=True, kw_only=True, slots=True)
class BuiltEnsemble:
    """An ensemble: the weight of each member, its scores, and what choosing it cost.

    ``fold_scores`` are honest: the weights that a fold is scored with were chosen on the others.
    """

    weights: tuple[float, ...]
    fold_scores: tuple[float, ...]
    test: LockedScores
    cpu_s: float
    time_s: float


@dataclass(frozen=True, kw_only=True, slots=True)
class BuildEnsemble:
    """Work: weigh fitted models by their out-of-fold predictions; nothing is fitted.

    The weights come from all out-of-fold rows, the selection score from weights that each fold's
    own rows had no part in. Cross-fitted out-of-fold predictions go to ``oof_path``, predictions
    for the locked test to ``prediction_path``, its resampled scores to ``draws_path``.
    """

    problem: ProblemRef
    folds: Path
    members: tuple[MemberFiles, ...]
    oof_path: Path
    prediction_path: Path
    draws_path: Path

    def __call__(self) -> BuiltEnsemble:
        """Return weights, scores and costs; the files are written before it returns."""
        start_cpu, start_time = time.process_time(), time.perf_counter()
        weights, fold_scores = self._selected()
        cpu_s, time_s = time.process_time() - start_cpu, time.perf_counter() - start_time
        predicted = _average(weights, [member.test for member in self.members])
        np.save(self.prediction_path, predicted)
        return BuiltEnsemble(
            weights=tuple(weights.tolist()),
            fold_scores=fold_scores,
            test=score_on_test(self.problem, predicted, self.draws_path),
            cpu_s=cpu_s,
            time_s=time_s,
        )

    def _selected(self) -> tuple[np.ndarray, tuple[float, ...]]:
        """Return the weights (n_members,) and the cross-fitted score of each fold."""
        task, truth = self.problem.task, training_truth(self.folds)
        spec = metric(task.metric)
        fold_of = np.full(len(truth), -1)
        for fold in range(task.folds):
            fold_of[valid_rows(self.folds, fold)] = fold
        rows = sample_rows(truth, fold_of, task.seed)
        predictions = np.stack([self._out_of_fold(member, truth)[rows] for member in self.members])
        by_fold = cross_fitted_weights(spec, truth[rows], predictions, fold_of[rows])
        fold_scores = self._cross_fitted(truth, by_fold)
        return greedy_weights(spec, truth[rows], predictions), fold_scores

    def _out_of_fold(self, member: MemberFiles, truth: np.ndarray) -> np.ndarray:
        return member.out_of_fold.out_of_fold(self.folds, len(truth), "float64")

    def _cross_fitted(self, truth: np.ndarray, by_fold: np.ndarray) -> tuple[float, ...]:
        """Write the predictions that the weights of each fold make of it; return their scores."""
        parts = [
            _average(weights, [member.out_of_fold.by_fold[fold] for member in self.members])
            for fold, weights in enumerate(by_fold)
        ]
        whole = np.full((len(truth), *parts[0].shape[1:]), np.nan)
        scores = []
        for fold, part in enumerate(parts):
            rows = valid_rows(self.folds, fold)
            whole[rows] = part
            scores.append(self._score(fold, truth[rows], part))
        np.save(self.oof_path, whole)
        return tuple(scores)

    def _score(self, fold: int, truth: np.ndarray, predicted: np.ndarray) -> float:
        spec = metric(self.problem.task.metric)
        value = score(spec, truth, predicted)
        if not math.isfinite(value):
            raise FitError(
                f"{spec.title} of the ensemble is undefined on fold {fold + 1}; choose another "
                "metric or fewer folds."
            )
        return value


def _average(weights: np.ndarray, files: Sequence[Path]) -> np.ndarray:
    """Return the weighted average of stored predictions; those of weight zero are not read."""
    used = [pair for pair in zip(weights.tolist(), files, strict=True) if pair[0] > 0]
    return weighted_average((weight for weight, _ in used), (np.load(file) for _, file in used))
