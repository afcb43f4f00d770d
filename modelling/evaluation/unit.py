"""One fit-and-score unit: one configuration of one model on one fold."""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from modelling.errors import FitError
from modelling.evaluation.encodings import EncodedFold
from modelling.evaluation.estimators import fit, predict
from modelling.evaluation.folds import share_of_rows
from modelling.machine import peak_memory_bytes
from modelling.metrics import metric
from modelling.metrics.scores import all_scores
from modelling.types import FoldResult, Params, ResultStatus, TaskSpec

MAX_NOTES = 3
MAX_NOTE = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class FitFold:
    """Work: fit on the training part of an encoded fold, score on its validation part.

    Pure: the same fields give the same result, wherever and however often it runs. The
    predictions are written to ``prediction`` as they were scored, so that scores can be recomputed.
    With a ``share`` below one it learns from a part of the rows only.
    """

    model: str
    trial: int
    fold: int
    params: Params
    task: TaskSpec
    encoded: EncodedFold
    prediction: Path
    stop_early: bool = False
    share: float = 1.0

    def __call__(self) -> FoldResult:
        """Return scores and costs.

        Raises
        ------
        FitError
            If the chosen metric is undefined on the validation rows.
        """
        begin = time.process_time()
        read = self.encoded.array
        X, y = read("X_train"), read("y_train")
        groups, times = self.encoded.optional("groups_train"), self.encoded.optional("times_train")
        if self.share < 1.0:
            rows = share_of_rows(len(y), self.share, self.task.seed, groups)
            X, y = X[rows], y[rows]
            groups, times = (part if part is None else part[rows] for part in (groups, times))
        memory = peak_memory_bytes()
        start_cpu, start_time = time.process_time(), time.perf_counter()
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("default")
            estimator, rounds = fit(
                self.model,
                self.params,
                self.task,
                X,
                y,
                categories=self.encoded.categories,
                groups=groups,
                times=times,
                stop_early=self.stop_early,
            )
        fit_cpu_s = time.process_time() - start_cpu
        fit_time_s = time.perf_counter() - start_time
        memory = max(0, peak_memory_bytes() - memory)
        start_cpu = time.process_time()
        predicted = predict(estimator, read("X_valid"), self.task)
        predict_cpu_s = time.process_time() - start_cpu
        scores = all_scores(self.task.kind, read("y_valid"), predicted)
        loss = self._loss(scores.get(self.task.metric))
        self.prediction.parent.mkdir(parents=True, exist_ok=True)
        np.save(self.prediction, predicted)
        return FoldResult(
            model=self.model,
            trial=self.trial,
            fold=self.fold,
            status=ResultStatus.OK,
            fit_cpu_s=fit_cpu_s,
            fit_time_s=fit_time_s,
            cpu_s=time.process_time() - begin,
            loss=loss,
            scores=scores,
            rounds=rounds,
            predict_cpu_s=predict_cpu_s,
            peak_memory_bytes=memory,
            notes=_notes(said),
        )

    def _loss(self, score: float | None) -> float:
        if score is None or not math.isfinite(score):
            raise FitError(
                f"{metric(self.task.metric).title} is undefined on fold {self.fold + 1}; choose "
                "another metric or fewer folds."
            )
        return metric(self.task.metric).loss(score)


def _notes(said: Iterable[warnings.WarningMessage]) -> tuple[str, ...]:
    """Return the first line of each warning of a library, each once."""
    lines = (str(warning.message).strip().partition("\n")[0][:MAX_NOTE] for warning in said)
    return tuple(dict.fromkeys(line for line in lines if line))[:MAX_NOTES]
