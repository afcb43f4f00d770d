"""What answering costs: measured last, one model at a time, with no other fit of ours running."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from modelling.datasets.problem import ProblemRef
from modelling.evaluation.estimators import predict
from modelling.evaluation.persistence import load_model

BATCH_ROWS = 1000
BATCH_BLOCKS = 7
SINGLE_CALLS = 30
MAX_SECONDS = 5.0
# With a CPU limit set, Linux counts a process's CPU time in steps of 4 ms: blocks are far longer.
BLOCK_S = 0.1


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
        cpu, wall = _batches(lambda: predict(pipeline, rows, task))
        single = _singles(lambda: predict(pipeline, one, task))
        per_1k = 1000.0 * 1000.0 / len(rows)
        return PredictCost(
            cpu_ms_per_1k=float(np.median(cpu) * per_1k),
            ms_per_1k_p50=float(np.median(wall) * per_1k),
            ms_per_1k_p95=float(np.percentile(wall, 95) * per_1k),
            ms_single_p50=float(np.median(single) * 1000.0),
            ms_single_p95=float(np.percentile(single, 95) * 1000.0),
        )


def _batches(call: Callable[[], object]) -> tuple[list[float], list[float]]:
    """Return CPU seconds per call of several blocks of calls, and wall seconds of each call."""
    call()
    begin = time.perf_counter()
    call()
    per_block = max(1, math.ceil(BLOCK_S / max(1e-6, time.perf_counter() - begin)))
    cpu: list[float] = []
    wall: list[float] = []
    begin = time.perf_counter()
    while len(cpu) < BATCH_BLOCKS and (len(cpu) < 2 or time.perf_counter() - begin < MAX_SECONDS):
        start_cpu = time.process_time()
        wall += [_timed(call) for _ in range(per_block)]
        cpu.append((time.process_time() - start_cpu) / per_block)
    return cpu, wall


def _singles(call: Callable[[], object]) -> list[float]:
    """Return wall seconds of up to 30 calls; slow ones are repeated less."""
    call()
    begin = time.perf_counter()
    wall: list[float] = []
    while len(wall) < SINGLE_CALLS and (len(wall) < 2 or time.perf_counter() - begin < MAX_SECONDS):
        wall.append(_timed(call))
    return wall


def _timed(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start
