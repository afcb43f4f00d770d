"""What a search has shown: whether it is enough, what is almost as good, how its space did.

Light: no Optuna, no fit. Everything follows from trials and fold results that are stored.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from modelling.models.space import n_values
from modelling.models.spec import SearchParam
from modelling.tuning.importance import importances
from modelling.tuning.race import Race, RaceRule
from modelling.types import FoldOutline, Params, Trial, TrialState

ENOUGH_SHARE = 0.3
MIN_FULL_TRIALS = 8
EDGE_SHARE = 0.02
IMPORTANT = 0.15
ENOUGH_VALUES = 5
LATE_SHARE = 0.5

Losses = dict[int, tuple[float, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class NearlyAsGood:
    """The cheapest trial within one paired standard error of the best.

    ``cost_ratio`` is its CPU time to answer over the best one's.
    """

    trial: Trial
    cost_ratio: float


@dataclass(frozen=True, kw_only=True, slots=True)
class EnoughNow:
    """Advice to stop: the last share of the CPU time gained less than the noise of the folds."""

    share: float
    gained: float
    noise: float


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchReport:
    """What one study has shown; losses are in units of the metric, smaller is better.

    ``noise`` is the standard deviation of a paired difference on one fold. ``importance`` is the
    share of the variance of the loss that each parameter explains by itself. ``health`` are
    sentences on the search space.
    """

    best: Trial | None
    noise: float | None
    enough: EnoughNow | None
    nearly_as_good: NearlyAsGood | None
    importance: Mapping[str, float]
    health: tuple[str, ...]


def search_report(
    trials: Sequence[Trial], folds: Iterable[FoldOutline], space: Sequence[SearchParam]
) -> SearchReport:
    """Return the report on one study.

    Parameters
    ----------
    trials : sequence of Trial
        Of one model, by number.
    folds : iterable of FoldOutline
        Of the complete ones among them; others are not used.
    space : sequence of SearchParam
        What was searched.
    """
    by_trial: dict[int, list[FoldOutline]] = defaultdict(list)
    for fold in folds:
        by_trial[fold.trial].append(fold)
    complete = [trial for trial in trials if trial.state is TrialState.COMPLETE]
    best = min(complete, key=lambda trial: (trial.value, trial.number), default=None)
    losses = {trial.number: _losses(by_trial[trial.number]) for trial in complete}
    rule = _rule(complete, losses)
    weights = importances(trials, space)
    return SearchReport(
        best=best,
        noise=None if rule is None else rule.noise,
        enough=None if rule is None else _enough(trials, len(complete), rule),
        nearly_as_good=None if best is None else _nearly(best, complete, losses, by_trial),
        importance=weights,
        health=() if best is None else tuple(_health(trials, best, space, weights)),
    )


def _losses(folds: Iterable[FoldOutline]) -> tuple[float, ...]:
    ordered = sorted(folds, key=lambda fold: fold.fold)
    return tuple(fold.loss for fold in ordered if fold.loss is not None)


def _rule(complete: Sequence[Trial], losses: Losses) -> RaceRule | None:
    """Return what the next trial would be raced against: it carries the noise of the folds."""
    race = Race()
    for trial in complete:
        own = losses[trial.number]
        if not trial.completed_late and len(own) > 1:
            race.add(own, race.incumbent)
    return race.rule()


def _enough(trials: Sequence[Trial], n_complete: int, rule: RaceRule) -> EnoughNow | None:
    """Return the advice that METHODS defines, or None while the search still finds something."""
    if n_complete < MIN_FULL_TRIALS:
        return None
    total, spent = sum(trial.cpu_s for trial in trials), 0.0
    early, best = math.inf, math.inf
    for trial in trials:
        spent += trial.cpu_s
        if trial.state is TrialState.COMPLETE and trial.value is not None:
            best = min(best, trial.value)
            if spent <= (1.0 - ENOUGH_SHARE) * total:
                early = best
    bound = rule.noise * math.sqrt(1.0 / len(rule.incumbent.losses))
    gained = early - best
    if not math.isfinite(early) or gained > bound:
        return None
    return EnoughNow(share=ENOUGH_SHARE, gained=gained, noise=bound)


def _nearly(
    best: Trial,
    complete: Sequence[Trial],
    losses: Losses,
    by_trial: Mapping[int, Sequence[FoldOutline]],
) -> NearlyAsGood | None:
    """Return the trial that answers quickest among those within one standard error of the best."""
    cost = {trial.number: _predict_cpu_s(by_trial[trial.number]) for trial in complete}
    own = cost[best.number]
    if not own:
        return None
    near = [
        trial
        for trial in complete
        # A cost of zero was too short for the clock: it says nothing.
        if cost[trial.number] and _is_within_error(losses[trial.number], losses[best.number])
    ]
    cheapest = min(near, key=lambda trial: (cost[trial.number], trial.number), default=best)
    ratio = (cost[cheapest.number] or 0.0) / own
    # Costs repeat within about ten percent: less of a difference is none.
    return NearlyAsGood(trial=cheapest, cost_ratio=ratio) if ratio < 1 / 1.2 else None


def _is_within_error(losses: Sequence[float], best: Sequence[float]) -> bool:
    if len(losses) != len(best) or len(best) < 2:
        return False
    paired = [loss - other for loss, other in zip(losses, best, strict=True)]
    return fmean(paired) <= stdev(paired) / math.sqrt(len(paired))


def _predict_cpu_s(folds: Sequence[FoldOutline]) -> float | None:
    known = [fold.predict_cpu_s for fold in folds if fold.predict_cpu_s is not None]
    return fmean(known) if known else None


def _health(
    trials: Sequence[Trial],
    best: Trial,
    space: Sequence[SearchParam],
    importance: Mapping[str, float],
) -> Iterable[str]:
    for param in space:
        side = _edge(param, best.params)
        if side is not None and not _is_natural_end(param, side):
            yield (
                f"The best {param.name} lies at the {side} end of its range "
                f"({param.low:g} to {param.high:g}): widen it there."
            )
    enough = {param.name: min(ENOUGH_VALUES, n_values(param)) for param in space}
    for name, share in importance.items():
        tried = {trial.params[name] for trial in trials if name in trial.params}
        if share >= IMPORTANT and len(tried) < enough.get(name, ENOUGH_VALUES):
            yield f"{name} matters and only {len(tried)} of its values were tried."
    n_later = trials[-1].number - best.number if trials else 0
    if len(trials) > 10 and n_later > LATE_SHARE * len(trials):
        yield f"Nothing was better than trial {best.number} in the {n_later} trials after it."


def _is_natural_end(param: SearchParam, side: str) -> bool:
    """Whether there is nothing beyond: a share ends at 1, a count begins at 1."""
    if side == "upper":
        return param.kind == "float" and not param.log and param.high == 1.0
    return param.kind == "int" and param.low == 1


def _edge(param: SearchParam, params: Params) -> str | None:
    value = params.get(param.name)
    if param.kind == "choice" or isinstance(value, bool | str) or value is None:
        return None
    low, high, at = param.low, param.high, float(value)
    if param.log:
        low, high, at = math.log(low), math.log(high), math.log(at)
    place = (at - low) / (high - low)
    if place <= EDGE_SHARE:
        return "lower"
    return "upper" if place >= 1.0 - EDGE_SHARE else None
