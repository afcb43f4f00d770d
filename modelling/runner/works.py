"""Work of a run beyond one fold: several at once, the locked test, gains corrected for search."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from modelling.comparison import interval, selection_gain, weights_for
from modelling.datasets.problem import ProblemRef
from modelling.errors import FitError
from modelling.evaluation.final import FinalFit, FitFinal
from modelling.evaluation.folds import training_truth
from modelling.evaluation.unit import FitFold
from modelling.executor.protocol import describe_error
from modelling.metrics import metric
from modelling.metrics.resampled import weighted_scores
from modelling.metrics.scores import all_scores
from modelling.runner.out_of_fold import OutOfFold
from modelling.types import FoldResult, SelectionGain

TEST_DRAWS = 2000
SELECTION_DRAWS = 300
MAX_OOF_ROWS = 20_000


@dataclass(frozen=True, kw_only=True, slots=True)
class FitSeveral:
    """Work: several short fits in one child, one after the other; one that fails ends no other."""

    fits: tuple[FitFold, ...]

    def __call__(self) -> tuple[FoldResult | FailedFit, ...]:
        """Return a result, or why there is none, for each."""
        return tuple(_attempt(fit) for fit in self.fits)


@dataclass(frozen=True, kw_only=True, slots=True)
class FailedFit:
    """A fit that raised, and the CPU seconds until then."""

    error: str
    cpu_s: float


def _attempt(fit: FitFold) -> FoldResult | FailedFit:
    start = time.process_time()
    try:
        return fit()
    # As in a child of its own: whatever a library raises is the reason of a failed row.
    except Exception as error:  # noqa: BLE001
        return FailedFit(error=describe_error(error), cpu_s=time.process_time() - start)


@dataclass(frozen=True, kw_only=True, slots=True)
class LockedScores:
    """Every score of one set of predictions on the locked test, the chosen one's interval."""

    scores: dict[str, float | None]
    interval: tuple[float, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class FinalScores:
    """A final model: what its fit cost, and its scores on the locked test."""

    fit: FinalFit
    scores: dict[str, float | None]
    interval: tuple[float, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class FitAndScore:
    """Work: fit a final model and score it once on the locked test."""

    fit: FitFinal
    draws_path: Path

    def __call__(self) -> FinalScores:
        """Return costs and scores; the files are written before it returns."""
        fitted = self.fit()
        predicted = np.load(self.fit.prediction_path)
        if not np.isfinite(predicted).all():
            raise FitError("The model answers some test rows with no number; change its settings.")
        test = score_on_test(self.fit.problem, predicted, self.draws_path)
        return FinalScores(fit=fitted, scores=test.scores, interval=test.interval)


def score_on_test(problem: ProblemRef, predicted: np.ndarray, draws_path: Path) -> LockedScores:
    """Return the scores of predictions for the locked test.

    The 2,000 resampled scores go to ``draws_path``; the resamples are the same for every model
    of an experiment, so that all later comparisons are paired.
    """
    task = problem.task
    test = problem.load("test")
    order = None if test.times is None else np.argsort(test.times, kind="stable")
    weights = weights_for(
        task.split, test.truth, test.groups, task.seed, TEST_DRAWS, time_order=order
    )
    draws = weighted_scores(metric(task.metric), test.truth, predicted, weights)
    np.save(draws_path, draws)
    return LockedScores(
        scores=all_scores(task.kind, test.truth, predicted), interval=interval(draws)
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class CorrectForSearch:
    """Work: the gain of the winner over the base, as the search saw it and corrected (BBC-CV)."""

    problem: ProblemRef
    folds: Path
    base: OutOfFold
    configurations: tuple[OutOfFold, ...]
    n_left_out: int

    def __call__(self) -> SelectionGain:
        """Return both gains, from at most 20,000 training rows."""
        task = self.problem.task
        truth = training_truth(self.folds)
        base = self.base.out_of_fold(self.folds, len(truth))
        rows = self._sample(np.flatnonzero(np.isfinite(base.reshape(len(truth), -1)).all(axis=1)))
        training = self.problem.load("train")
        groups = None if training.groups is None else training.groups[rows]
        times = training.times
        order = None if times is None else np.argsort(times[rows], kind="stable")
        weights = weights_for(
            task.split, truth[rows], groups, task.seed + 1, SELECTION_DRAWS, time_order=order
        )
        return selection_gain(
            truth[rows],
            base[rows],
            [item.out_of_fold(self.folds, len(truth))[rows] for item in self.configurations],
            metric(task.metric),
            weights,
            self.n_left_out,
        )

    def _sample(self, rows: np.ndarray) -> np.ndarray:
        if len(rows) <= MAX_OOF_ROWS:
            return rows
        rng = np.random.default_rng([self.problem.task.seed, 0x00F])
        return np.sort(rng.choice(rows, MAX_OOF_ROWS, replace=False))
