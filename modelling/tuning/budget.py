"""Whether a study may start another trial, or a longer one would."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from modelling.models.space import grid_size, holds, n_points
from modelling.types import Budget, SearchParam, Trial

ENOUGH_TRIALS = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Spent:
    """What a study has used: trials started, CPU seconds of ended folds, wall seconds.

    ``paid_usd`` is what others were paid for the folds, beside the price of the CPU seconds.
    """

    trials: int
    cpu_s: float
    wall_s: float
    paid_usd: float = 0.0

    def usd(self, usd_per_cpu_s: float) -> float:
        """Return all that was spent in money."""
        return self.cpu_s * usd_per_cpu_s + self.paid_usd


@dataclass(frozen=True, kw_only=True, slots=True)
class Outlook:
    """What is still to come: folds under way or due, and the completion of the best three.

    ``fold_costs`` are the CPU seconds of the folds so far, ``fold_usd`` what others were paid for
    them; ``folds_due`` counts folds of running
    trials, ``folds_reserved`` those that the best three will need, ``folds_next`` those that one
    more trial is expected to take.
    """

    fold_costs: tuple[float, ...]
    folds_due: int
    folds_reserved: int
    folds_next: float
    slots: int
    fold_usd: tuple[float, ...] = ()

    @property
    def cpu_s(self) -> float:
        """CPU seconds that one more trial, and all that must follow, would take."""
        return self._n_folds * fmean(self.fold_costs) if self.fold_costs else 0.0

    @property
    def paid_usd(self) -> float:
        """What others would be paid for the same."""
        return self._n_folds * fmean(self.fold_usd) if self.fold_usd else 0.0

    @property
    def _n_folds(self) -> float:
        return self.folds_due + self.folds_reserved + self.folds_next


def enough_trials(space: Sequence[SearchParam]) -> int:
    """Return how many trials a space of this size needs at most.

    Without a limit a minute of a linear model's time would buy thousands of trials of one number.
    """
    return ENOUGH_TRIALS * (1 + len(space))


def is_used_up(
    space: Sequence[SearchParam], sampler: str, trials: Sequence[Trial], budget: Budget
) -> bool:
    """Whether no further budget of this kind would buy another trial."""
    if sampler == "grid":
        return sum(trial.origin == sampler for trial in trials) >= grid_size(space)
    points = {
        tuple(trial.params[param.name] for param in space)
        for trial in trials
        if holds(space, trial.params)
    }
    return len(points) >= n_points(space) or (
        budget.trials is None and len(trials) >= enough_trials(space)
    )


def allows_another(budget: Budget, spent: Spent, outlook: Outlook, *, usd_per_cpu_s: float) -> bool:
    """Whether one more trial fits into every limit that is set.

    The first trial, the base, always runs: without it there is nothing to compare.
    """
    if spent.trials == 0:
        return True
    if budget.trials is not None and spent.trials >= budget.trials:
        return False
    cpu_s = spent.cpu_s + outlook.cpu_s
    if budget.cpu_s is not None and cpu_s > budget.cpu_s:
        return False
    usd = spent.usd(usd_per_cpu_s) + outlook.cpu_s * usd_per_cpu_s + outlook.paid_usd
    if budget.usd is not None and usd > budget.usd:
        return False
    wall_s = spent.wall_s + outlook.cpu_s / outlook.slots
    return budget.wall_s is None or wall_s <= budget.wall_s


def share_of_rest(
    budget: Budget, before: Sequence[Spent], n_models: int, *, usd_per_cpu_s: float
) -> Budget:
    """Return what the next of ``n_models`` may spend: its share, and what others left of theirs.

    Parameters
    ----------
    budget : Budget
        Of all models together.
    before : sequence of Spent
        What the models before it have used. One that used more than its share takes nothing from
        those that follow, and trials are not handed on: they say how often each model is tried.
    """
    share, n_left = budget.shared_by(n_models), n_models - len(before)

    def most(equal: float | None, whole: float | None, used: float) -> float | None:
        return None if equal is None or whole is None else max(equal, (whole - used) / n_left)

    return replace(
        share,
        cpu_s=most(share.cpu_s, budget.cpu_s, sum(spent.cpu_s for spent in before)),
        wall_s=most(share.wall_s, budget.wall_s, sum(spent.wall_s for spent in before)),
        usd=most(share.usd, budget.usd, sum(spent.usd(usd_per_cpu_s) for spent in before)),
    )


def share_spent(budget: Budget, spent: Spent, *, usd_per_cpu_s: float) -> float:
    """Return the largest share of any limit that has been used, between 0 and 1."""
    shares = [
        spent.trials / budget.trials if budget.trials else 0.0,
        spent.cpu_s / budget.cpu_s if budget.cpu_s else 0.0,
        spent.wall_s / budget.wall_s if budget.wall_s else 0.0,
        spent.usd(usd_per_cpu_s) / budget.usd if budget.usd else 0.0,
    ]
    return min(1.0, max(shares))
