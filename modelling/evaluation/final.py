"""Final models: one fit on all training rows, saved, and its predictions for the locked test."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from modelling.datasets.problem import ProblemRef, Rows
from modelling.evaluation.estimators import build, fit_arguments, predict
from modelling.evaluation.persistence import save_model
from modelling.machine import peak_memory_bytes
from modelling.models import model
from modelling.models.encoding import build_encoder, category_sizes
from modelling.types import Params


@dataclass(frozen=True, kw_only=True, slots=True)
class FinalFit:
    """What the last fit of a model cost, and what it weighs."""

    fit_cpu_s: float
    fit_time_s: float
    peak_memory_bytes: int
    size_bytes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class FitFinal:
    """Work: fit encoder and model on all training rows; write model and test predictions."""

    model: str
    params: Params
    problem: ProblemRef
    model_path: Path
    prediction_path: Path
    rounds: int | None = None

    def __call__(self) -> FinalFit:
        """Return the costs; the files are written before it returns."""
        rows = self.problem.load("train")
        encoding = model(self.model).encoding
        categories = category_sizes(encoding, rows.features, text=self.problem.text)
        pipeline = self._pipeline(rows, categories)
        self._load_libraries(rows)
        arguments = fit_arguments(
            self.model, self.problem.task, rows.truth, categories=categories, step="model"
        )
        memory = peak_memory_bytes()
        start_cpu, start_time = time.process_time(), time.perf_counter()
        pipeline.fit(rows.features, rows.truth, **arguments)
        fit_cpu_s = time.process_time() - start_cpu
        fit_time_s = time.perf_counter() - start_time
        memory = max(0, peak_memory_bytes() - memory)
        self.model_path.parent.mkdir(parents=True, exist_ok=True)
        save_model(pipeline, self.model_path)
        predicted = predict(pipeline, self.problem.load("test").features, self.problem.task)
        np.save(self.prediction_path, predicted)
        return FinalFit(
            fit_cpu_s=fit_cpu_s,
            fit_time_s=fit_time_s,
            peak_memory_bytes=memory,
            size_bytes=self.model_path.stat().st_size,
        )

    def _load_libraries(self, rows: Rows) -> None:
        """Encode two texts, so that loading the weights of an embedding is in no figure."""
        if model(self.model).encoding.is_of_text:
            self._encoder(rows).fit_transform(rows.features[:2], rows.truth[:2])

    def _pipeline(self, rows: Rows, categories: tuple[int, ...]) -> Any:
        from sklearn.pipeline import Pipeline

        estimator = build(
            self.model,
            self.params,
            self.problem.task,
            rounds=self.rounds,
            categories=categories,
        )
        return Pipeline([("encoder", self._encoder(rows)), ("model", estimator)])

    def _encoder(self, rows: Rows) -> Any:
        task = self.problem.task
        return build_encoder(
            model(self.model).encoding,
            rows.features,
            text=self.problem.text,
            kind=task.kind,
            seed=task.seed,
        )
