"""What a benchmark will take, from the size of the table alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from modelling.models import model
from modelling.types import Experiment

# Measuring the cost of answering, and the start of a child, whatever the model.
_FIXED_CPU_S = 1.5
_START_S = 3.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimate:
    """What a run will take: CPU seconds, and wall seconds as a range."""

    cpu_s: float
    low_s: float
    high_s: float
    usd: float


def benchmark_estimate(experiment: Experiment, models: Iterable[str], *, workers: int) -> Estimate:
    """Return what a benchmark of these models, and the dummy, will take."""
    task = experiment.task
    # A fold is fitted on a part of the training rows; the last fit is on all of them.
    fits = task.folds * 0.8 + 1.0 if task.folds > 1 else 2.0
    cpu_s = sum(
        model(key).estimated_fit_cpu_s(experiment.n_train, len(task.features)) * fits + _FIXED_CPU_S
        for key in {*models, "dummy"}
    )
    wall_s = _START_S + cpu_s / workers
    usd = cpu_s / 3600.0 * experiment.economics.usd_per_vcpu_hour
    return Estimate(cpu_s=cpu_s, low_s=0.5 * wall_s, high_s=2.0 * wall_s, usd=usd)
