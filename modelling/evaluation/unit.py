"""One fit-and-score unit: one configuration of one model on one fold."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from modelling.errors import FitError
from modelling.evaluation.encodings import EncodedFold
from modelling.evaluation.estimators import fit, predict
from modelling.evaluation.machine import peak_memory_bytes
from modelling.metrics import metric
from modelling.metrics.scores import all_scores
from modelling.types import FoldResult, Params, ResultStatus, TaskSpec


@dataclass(frozen=True, kw_only=True, slots=True)
class FitFold:
    """Work: fit on the training part of an encoded fold, score on its validation part.

    Pure: the same fields give the same result, wherever and however often it runs. The
    predictions are written to ``prediction`` as float32.
    """

    model: str
    trial: int
    fold: int
    params: Params
    task: TaskSpec
    encoded: EncodedFold
    prediction: Path
    stop_early: bool = False

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
        memory = peak_memory_bytes()
        start_cpu, start_time = time.process_time(), time.perf_counter()
        estimator, rounds = fit(
            self.model,
            self.params,
            self.task,
            X,
            y,
            groups=self.encoded.optional("groups_train"),
            times=self.encoded.optional("times_train"),
            stop_early=self.stop_early,
        )
        fit_cpu_s = time.process_time() - start_cpu
        fit_time_s = time.perf_counter() - start_time
        memory = max(0, peak_memory_bytes() - memory)
        predicted = predict(estimator, read("X_valid"), self.task)
        scores = all_scores(self.task.kind, read("y_valid"), predicted)
        loss = self._loss(scores.get(self.task.metric))
        self.prediction.parent.mkdir(parents=True, exist_ok=True)
        np.save(self.prediction, predicted.astype("float32"))
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
            peak_memory_bytes=memory,
        )

    def _loss(self, score: float | None) -> float:
        if score is None or not math.isfinite(score):
            raise FitError(
                f"{metric(self.task.metric).title} is undefined on fold {self.fold + 1}; choose "
                "another metric or fewer folds."
            )
        return metric(self.task.metric).loss(score)
