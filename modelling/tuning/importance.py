"""How much of the loss each parameter of a search explains by itself."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from modelling.models.spec import SearchParam
from modelling.types import Trial, TrialState

BINS = 5
MIN_TRIALS = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class _Column:
    """One parameter: the bin of each trial."""

    name: str
    bins: np.ndarray


def importances(trials: Sequence[Trial], space: Sequence[SearchParam]) -> dict[str, float]:
    """Return the share of the variance of the loss explained by each parameter, largest first.

    Values of a parameter are put into five bins of equal counts (choices: one bin each); the share
    is the adjusted correlation ratio, eta squared corrected for what as many bins explain by chance
    (epsilon squared; Kelley 1935, "An unbiased correlation ratio measure"). Losses are
    ranked first, so that one terrible trial does not decide. Empty with fewer than ten trials.

    Parameters
    ----------
    trials : sequence of Trial
        Of one study; those that ended with a value count, stopped ones by what the sampler was
        told.
    """
    known = [
        trial
        for trial in trials
        if trial.state in (TrialState.COMPLETE, TrialState.PRUNED)
        and trial.value is not None
        and math.isfinite(trial.value)
        and all(param.name in trial.params for param in space)
    ]
    if len(known) < MIN_TRIALS:
        return {}
    ranks = _ranks(np.array([trial.value for trial in known]))
    shares = {
        column.name: _explained(ranks, column.bins)
        for column in (_column(param, known) for param in space)
    }
    return dict(sorted(shares.items(), key=lambda item: -item[1]))


def _column(param: SearchParam, trials: Sequence[Trial]) -> _Column:
    values = [trial.params[param.name] for trial in trials]
    if param.kind == "choice":
        order = {value: place for place, value in enumerate(dict.fromkeys(values))}
        return _Column(name=param.name, bins=np.array([order[value] for value in values]))
    numbers = np.array([float(value or 0.0) for value in values])
    edges = np.unique(np.quantile(numbers, np.linspace(0, 1, BINS + 1)[1:-1]))
    return _Column(name=param.name, bins=np.searchsorted(edges, numbers, side="right"))


def _ranks(values: np.ndarray) -> np.ndarray:
    """Return mean ranks; equal values share theirs."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = counts.cumsum()
    return np.asarray((ends - (counts - 1) / 2)[inverse], dtype="float64")


def _explained(ranks: np.ndarray, bins: np.ndarray) -> float:
    _, place, counts = np.unique(bins, return_inverse=True, return_counts=True)
    total = float(((ranks - ranks.mean()) ** 2).sum())
    n_bins, n_trials = len(counts), len(ranks)
    if total == 0.0 or n_bins < 2 or n_bins >= n_trials:
        return 0.0
    means = np.bincount(place, weights=ranks) / counts
    within = float(((ranks - means[place]) ** 2).sum())
    unexplained = (within / (n_trials - n_bins)) / (total / (n_trials - 1))
    return max(0.0, 1.0 - unexplained)
