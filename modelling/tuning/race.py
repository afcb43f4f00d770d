"""The fold race: a trial that falls behind the incumbent stops (METHODS, tuning strategy).

All in loss units. What trial i is raced against comes from trials below i - window only, so that
the decision does not depend on how many trials run at once.
"""

from __future__ import annotations

import math
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


def race_rule(full: Sequence[tuple[tuple[float, ...], Incumbent | None]]) -> RaceRule | None:
    """Return the rule that follows from the fully evaluated trials, or None before the first.

    Parameters
    ----------
    full : sequence of (losses, incumbent)
        Fold losses of each fully evaluated trial, and the incumbent that it was raced against.
    """
    if not full:
        return None
    incumbent = Incumbent(losses=min((losses for losses, _ in full), key=fmean))
    return RaceRule(
        incumbent=incumbent,
        noise=_noise(full, incumbent),
        tau=2.0 if len(full) < FULL_TRIALS_TO_TRUST else 1.0,
    )


def _noise(
    full: Sequence[tuple[tuple[float, ...], Incumbent | None]], incumbent: Incumbent
) -> float:
    residuals: list[float] = []
    for losses, reference in full:
        if reference is None or losses == reference.losses:
            continue
        paired = [loss - other for loss, other in zip(losses, reference.losses, strict=True)]
        centre = fmean(paired)
        residuals += [difference - centre for difference in paired]
    if len(residuals) >= MIN_RESIDUALS:
        return MAD_TO_SD * median(map(abs, residuals))
    return 0.5 * stdev(incumbent.losses)
