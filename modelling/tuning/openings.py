"""What a trial starts from, where that is no proposal of the sampler."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modelling.models.space import holds
from modelling.tuning.incumbents import last_fit
from modelling.tuning.trial import Searched, StudySpec, StudyTrial
from modelling.types import Params, TrialState

BY_HAND = "by hand"
ON_ALL_ROWS = "best, on all rows"
# A budget of fewer trials has none for known-good ones, nor for a fit on all rows.
TRIALS_FOR_MORE_THAN_SEARCH = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """What a trial starts from."""

    origin: str
    params: Params
    point: Params | None
    stop_early: bool = False


def fixed_openings(spec: StudySpec) -> tuple[Opening, ...]:
    """Return the first trials: the base exactly, the same stopped early, what is known or given."""
    model = spec.model
    base, point = dict(model.base), model.base_point
    # Stopped early, the base is comparable with what follows; with fixed rounds it is not.
    fixed = [Opening(origin="base", params=base, point=None if spec.stops_early else point)]
    if model.early_stopping is not None:
        free = {k: v for k, v in base.items() if k != model.early_stopping.param}
        fixed.append(
            Opening(origin="base, stopped early", params=free, stop_early=True, point=point)
        )
    fixed += [wanted(spec, "given", params) for params in spec.given]
    if _tenth_of_budget_allows(spec):
        fixed += [wanted(spec, "known good", known) for known in model.known_good]
    return tuple(fixed)


def wanted(spec: StudySpec, origin: str, params: Params) -> Opening:
    """Return a configuration that somebody wants to see; it may lie outside the space."""
    point = params if holds(spec.model.space, params) else None
    return Opening(origin=origin, params=params, stop_early=spec.stops_early, point=point)


def _tenth_of_budget_allows(spec: StudySpec) -> bool:
    """Whether one trial costs so little of the budget that known-good ones fit in."""
    budget, cost = spec.opening or spec.budget, spec.estimated_trial_cpu_s
    limits = [budget.cpu_s, None if budget.wall_s is None else budget.wall_s * spec.slots]
    if budget.usd is not None and spec.usd_per_cpu_s > 0:
        limits.append(budget.usd / spec.usd_per_cpu_s)
    by_time = all(limit is None or cost <= 0.1 * limit for limit in limits)
    return by_time and (budget.trials is None or budget.trials >= TRIALS_FOR_MORE_THAN_SEARCH)


def on_all_rows(searched: Searched, trials: Sequence[StudyTrial]) -> Params | None:
    """Return the best of what stopped early as it would be fitted in the end; None if that is old.

    A fit that stops early keeps rows from learning, so it loses more than the same parameters do
    with the rounds that it found and all rows. Beside a base that learns from all rows it is
    behind for that alone.
    """
    stopped = [trial for trial in trials if trial.stop_early and trial.state is TrialState.COMPLETE]
    best = min(stopped, key=lambda trial: (trial.value, trial.number), default=None)
    if best is None:
        return None
    params, rounds = last_fit(searched.key, best.params, best.folds.values())
    tried = [trial.params for trial in trials if not trial.stop_early]
    return None if rounds is None or params in tried else params
