"""What fits will take, before they start: from earlier runs on this machine, else from the size."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from modelling.models import model
from modelling.models.spec import ModelSpec
from modelling.types import Experiment, FoldCost, TaskSpec

# Loading and timing a fitted model, one at a time, with nothing else of ours running.
_MEASURE_S = 1.2
_START_S = 1.0
_TEXT_VALUES = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimate:
    """What a run will take: CPU seconds, and wall seconds as a range.

    ``n_known`` of its ``n_models`` models were measured on this machine before.
    """

    cpu_s: float
    wall_s: float
    low_s: float
    high_s: float
    usd: float
    n_known: int
    n_models: int


def fold_cpu_s(
    keys: Iterable[str], n_rows: int, n_features: int, known: Iterable[FoldCost]
) -> dict[str, float]:
    """Return the CPU seconds that one fold of each model will take.

    Parameters
    ----------
    n_rows, n_features : int
        Training rows and features of the experiment.
    known : iterable of FoldCost
        What this machine has measured: the one nearest in size counts, scaled.
    """
    measured = list(known)
    return {key: _one_fold(model(key), n_rows, n_features, measured) for key in keys}


def _one_fold(spec: ModelSpec, n_rows: int, n_features: int, known: list[FoldCost]) -> float:
    by_size = spec.estimated_fit_cpu_s(n_rows, n_features)
    size = math.log(max(1, n_rows * n_features))
    own = [cost for cost in known if cost.model == spec.key]
    if not own:
        return by_size
    nearest = min(own, key=lambda s: abs(math.log(max(1, s.n_rows * s.n_features)) - size))
    return nearest.cpu_s * by_size / spec.estimated_fit_cpu_s(nearest.n_rows, nearest.n_features)


def width(n_features: int, n_text: int) -> int:
    """Return how many values of a table a row counts as; a text counts as some thirty of them."""
    return n_features + (_TEXT_VALUES - 1) * n_text


def benchmark_estimate(
    experiment: Experiment,
    models: Iterable[str],
    *,
    workers: int,
    known: Iterable[FoldCost] = (),
    n_text: int = 0,
) -> Estimate:
    """Return what a benchmark of these models, and the dummy, will take.

    ``n_text`` of the features hold free text.
    """
    task, measured = experiment.task, list(known)
    keys = {*models, "dummy"}
    folds = fold_cpu_s(keys, experiment.n_train, width(len(task.features), n_text), measured)
    fits_s = sum(folds.values()) * fits_per_model(task)
    measuring_s = _MEASURE_S * len(keys)
    wall_s = _START_S + fits_s / workers + measuring_s
    n_known = len(keys & {cost.model for cost in measured})
    # Unmeasured, the size alone says little more than the order of magnitude.
    spread = 1.25 if n_known == len(keys) else 2.0
    cpu_s = fits_s + measuring_s
    return Estimate(
        cpu_s=cpu_s,
        wall_s=wall_s,
        low_s=wall_s / spread,
        high_s=wall_s * spread,
        usd=cpu_s / 3600.0 * experiment.economics.usd_per_vcpu_hour,
        n_known=n_known,
        n_models=len(keys),
    )


def fits_per_model(task: TaskSpec) -> float:
    """Return all fits of a base model in units of one fold: the last one has all rows."""
    return task.folds + task.folds / (task.folds - 1)


def stage_seconds(
    fold_cpu: Mapping[str, float], task: TaskSpec, *, slots: int
) -> tuple[float, float, float]:
    """Return the wall seconds of folds, last fits and measuring, as weights of a run's stages."""
    one = sum(fold_cpu.values())
    last = one * task.folds / (task.folds - 1)
    return one * task.folds / slots, last / slots, _MEASURE_S * len(fold_cpu)
