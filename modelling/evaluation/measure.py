"""What answering costs: measured last, one model at a time, with no other fit of ours running."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from modelling.datasets.problem import ProblemRef
from modelling.evaluation.estimators import predict
from modelling.evaluation.persistence import load_model

BATCH_ROWS = 1000
BATCH_CALLS = 7
SINGLE_CALLS = 30
MAX_SECONDS = 5.0


@dataclass(frozen=True, kw_only=True, slots=True)
class PredictCost:
    """Cost of answering: CPU and wall time, in milliseconds."""

    cpu_ms_per_1k: float
    ms_per_1k_p50: float
    ms_per_1k_p95: float
    ms_single_p50: float
    ms_single_p95: float


@dataclass(frozen=True, kw_only=True, slots=True)
class MeasurePredict:
    """Work: load a saved model and time batches of 1,000 rows and single rows."""

    model_path: Path
    problem: ProblemRef

    def __call__(self) -> PredictCost:
        """Return medians and 95th percentiles; the first call of each kind is dropped."""
        pipeline = load_model(self.model_path)
        task = self.problem.task
        rows = self.problem.load("test").features.iloc[:BATCH_ROWS]
        one = rows.iloc[:1]
        cpu, wall = _repeat(lambda: predict(pipeline, rows, task), BATCH_CALLS)
        _, single = _repeat(lambda: predict(pipeline, one, task), SINGLE_CALLS)
        per_1k = 1000.0 * 1000.0 / len(rows)
        return PredictCost(
            cpu_ms_per_1k=float(np.median(cpu) * per_1k),
            ms_per_1k_p50=float(np.median(wall) * per_1k),
            ms_per_1k_p95=float(np.percentile(wall, 95) * per_1k),
            ms_single_p50=float(np.median(single) * 1000.0),
            ms_single_p95=float(np.percentile(single, 95) * 1000.0),
        )


def _repeat(call: Callable[[], object], times: int) -> tuple[list[float], list[float]]:
    """Return CPU and wall seconds of repeated calls; slow ones are repeated less, at least twice."""
    call()
    cpu: list[float] = []
    wall: list[float] = []
    begin = time.perf_counter()
    while len(cpu) < times and (len(cpu) < 2 or time.perf_counter() - begin < MAX_SECONDS):
        start_cpu, start_wall = time.process_time(), time.perf_counter()
        call()
        cpu.append(time.process_time() - start_cpu)
        wall.append(time.perf_counter() - start_wall)
    return cpu, wall
