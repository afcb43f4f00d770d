"""Work of a rung of the ladder: its gain over the base on out-of-fold predictions."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from modelling.comparison import interval, weights_for
from modelling.datasets.problem import ProblemRef
from modelling.errors import FitError
from modelling.evaluation.folds import fold_rows, training_truth, valid_rows
from modelling.metrics import metric
from modelling.metrics.resampled import weighted_scores
from modelling.runner.out_of_fold import OutOfFold
from modelling.tuning.adjust import Adjust, by_calibration, by_threshold, cross_fitted
from modelling.tuning.learning_curve import SHARES, power_law
from modelling.types import CurvePoint, Rung

DRAWS = 1000
MAX_ROWS = 20_000
# The forecast of a learning curve is for so many times the rows.
FORECAST = 2.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """A rung's gain with its interval, the CPU seconds of its own work, its learning curve."""

    gain: float
    interval: tuple[float, float]
    cpu_s: float
    curve: tuple[CurvePoint, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MeasureRung:
    """Work: compare what a rung makes of a model with its base, on the same resampled rows.

    ``others`` are the predictions of the rung's own fits: a configuration, an ensemble, or one
    per share of the rows. At most 20,000 training rows are resampled.
    """

    rung: Rung
    problem: ProblemRef
    folds: Path
    base: OutOfFold
    others: tuple[OutOfFold, ...] = ()

    def __call__(self) -> Measured:
        """Return the gain and what it cost.

        Raises
        ------
        FitError
            If the metric is undefined on these rows.
        """
        if self.rung is Rung.MORE_ROWS:
            return self._learning_curve()
        start = time.process_time()
        candidate = self._candidate()
        cpu_s = time.process_time() - start
        losses = np.stack([self._losses(self._base), self._losses(candidate)])
        gains = losses[0] - losses[1]
        return self._checked(gains, cpu_s=cpu_s)

    def _candidate(self) -> np.ndarray:
        adjust: Adjust
        if self.rung is Rung.THRESHOLD:
            adjust = by_threshold(metric(self.problem.task.metric))
        elif self.rung is Rung.CALIBRATION:
            adjust = by_calibration
        else:
            return np.asarray(self._out_of_fold(self.others[0])[self._rows])
        fold_of = self._fold_of[self._rows]
        return cross_fitted(adjust, self._truth[self._rows], self._base, fold_of)

    def _learning_curve(self) -> Measured:
        """Forecast the score with twice the rows from those with an eighth, a quarter, a half."""
        answers = [self._out_of_fold(one)[self._rows] for one in self.others]
        losses = np.stack([self._losses(one) for one in [*answers, self._base]], axis=1)
        n_rows = float(np.mean([len(fold_rows(self.folds, k)[0]) for k in self._fold_numbers]))
        sizes = n_rows * np.array([*SHARES, 1.0])
        law = power_law(sizes, losses, np.array([n_rows, FORECAST * n_rows]))
        curve = [self._point(size, losses[:, place]) for place, size in enumerate(sizes.tolist())]
        curve.append(self._point(FORECAST * n_rows, law[:, 1], is_forecast=True))
        return self._checked(law[:, 0] - law[:, 1], cpu_s=0.0, curve=tuple(curve))

    def _point(self, n_rows: float, losses: np.ndarray, *, is_forecast: bool = False) -> CurvePoint:
        # A loss is the score with a sign, and the sign undoes itself.
        scores = -metric(self.problem.task.metric).sign * losses
        return CurvePoint(
            n_rows=round(n_rows),
            score=float(scores[0]),
            interval=interval(scores[1:]),
            is_forecast=is_forecast,
        )

    def _checked(
        self, gains: np.ndarray, *, cpu_s: float, curve: tuple[CurvePoint, ...] = ()
    ) -> Measured:
        if not np.isfinite(gains[0]):
            spec = metric(self.problem.task.metric)
            raise FitError(f"{spec.title} is undefined on these rows; choose another metric.")
        return Measured(
            gain=float(gains[0]), interval=interval(gains[1:]), cpu_s=cpu_s, curve=curve
        )

    def _losses(self, answers: np.ndarray) -> np.ndarray:
        """Return the loss on all rows, then on each draw of them."""
        spec = metric(self.problem.task.metric)
        scores = weighted_scores(spec, self._truth[self._rows], answers, self._weights)
        return np.asarray(-spec.sign * scores)

    def _out_of_fold(self, predictions: OutOfFold) -> np.ndarray:
        return predictions.out_of_fold(self.folds, len(self._truth), "float64")

    @property
    def _fold_numbers(self) -> range:
        return range(self.problem.task.folds)

    @cached_property
    def _truth(self) -> np.ndarray:
        return training_truth(self.folds)

    @cached_property
    def _fold_of(self) -> np.ndarray:
        fold_of = np.full(len(self._truth), -1)
        for fold in self._fold_numbers:
            fold_of[valid_rows(self.folds, fold)] = fold
        return fold_of

    @cached_property
    def _rows(self) -> np.ndarray:
        rows = np.flatnonzero(self._fold_of >= 0)
        if len(rows) <= MAX_ROWS:
            return rows
        rng = np.random.default_rng([self.problem.task.seed, 0x1ADD])
        return np.sort(rng.choice(rows, MAX_ROWS, replace=False))

    @cached_property
    def _base(self) -> np.ndarray:
        return np.asarray(self._out_of_fold(self.base)[self._rows])

    @cached_property
    def _weights(self) -> np.ndarray:
        """Return draws that suit the split, after one that holds every row once."""
        task, rows = self.problem.task, self._rows
        training = self.problem.load("train")
        groups = None if training.groups is None else training.groups[rows]
        order = None
        if training.times is not None:
            order = np.argsort(training.times[rows], kind="stable")
        truth = self._truth[rows]
        drawn = weights_for(task.split, truth, groups, task.seed + 1, DRAWS, time_order=order)
        return np.concatenate([np.ones((1, len(rows)), dtype=drawn.dtype), drawn])
