"""The fold race: a trial that falls behind the incumbent stops (METHODS, tuning strategy).

All in loss units. What trial i is raced against comes from trials below i - window only, so that
the decision does not depend on how many trials run at once.
"""

from __future__ import annotations

import math
from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median, stdev

MIN_RESIDUALS = 15
FULL_TRIALS_TO_TRUST = 10
# Turns a median absolute deviation into a standard deviation for normal noise.
MAD_TO_SD = 1.48


@dataclass(frozen=True, kw_only=True, slots=True)
class Incumbent:
    """The best fully evaluated trial so far: its loss on each fold."""

    losses: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Its mean loss."""
        return fmean(self.losses)


@dataclass(frozen=True, kw_only=True, slots=True)
class RaceRule:
    """What a trial is raced against.

    Parameters
    ----------
    incumbent : Incumbent
        The trial to beat.
    noise : float
        Standard deviation of a paired difference on one fold.
    tau : float
        How many standard errors behind a trial may fall.
    """

    incumbent: Incumbent
    noise: float
    tau: float

    def difference(self, losses: Sequence[float]) -> float:
        """Return the mean paired difference to the incumbent over the folds done so far."""
        pairs = zip(losses, self.incumbent.losses, strict=False)
        return fmean(loss - reference for loss, reference in pairs)

    def bound(self, n_folds: int) -> float:
        """Return the mean difference above which a trial stops after ``n_folds`` folds."""
        return self.tau * self.noise / math.sqrt(n_folds)

    def stops(self, losses: Sequence[float]) -> bool:
        """Whether a trial with these fold losses falls too far behind."""
        return self.difference(losses) > self.bound(len(losses))

    def told_value(self, losses: Sequence[float]) -> float:
        """Return the loss that the sampler is told for a stopped trial."""
        return self.incumbent.mean + self.difference(losses)


class Race:
    """What the fully evaluated trials say about the next one; it takes them in one by one."""

    def __init__(self) -> None:
        self._incumbent: Incumbent | None = None
        self._n_trials = 0
        # Absolute residuals, in order.
        self._deviations: list[float] = []

    @property
    def incumbent(self) -> Incumbent | None:
        """The first of the trials with the least mean loss."""
        return self._incumbent

    def add(self, losses: tuple[float, ...], reference: Incumbent | None) -> None:
        """Take in a fully evaluated trial, and the incumbent that it was raced against."""
        self._n_trials += 1
        if self._incumbent is None or fmean(losses) < self._incumbent.mean:
            self._incumbent = Incumbent(losses=losses)
        if reference is None or losses == reference.losses:
            return
        paired = [loss - other for loss, other in zip(losses, reference.losses, strict=True)]
        centre = fmean(paired)
        for difference in paired:
            insort(self._deviations, abs(difference - centre))

    def rule(self) -> RaceRule | None:
        """Return what the next trial is raced against, or None before the first full trial."""
        if self._incumbent is None:
            return None
        if len(self._deviations) >= MIN_RESIDUALS:
            noise = MAD_TO_SD * median(self._deviations)
        else:
            noise = 0.5 * stdev(self._incumbent.losses)
        tau = 2.0 if self._n_trials < FULL_TRIALS_TO_TRUST else 1.0
        return RaceRule(incumbent=self._incumbent, noise=noise, tau=tau)
