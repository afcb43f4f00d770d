"""The strategies: ours, and what a user would write with Optuna in a few lines."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import optuna

from benchmarks.strategies.ground import MODEL, Ground
from modelling.evaluation.plan import FoldJob
from modelling.models import model
from modelling.tuning.plan import TuningPlan
from modelling.tuning.propose import distribution
from modelling.types import Budget, FitLimits, FoldResult, Params, SearchParam, TuningSpec

ROUNDS = SearchParam(name="n_estimators", kind="int", low=50, high=1000, log=True)
# No limit for a fit: there is no child here that could be ended.
FIT_LIMIT_S = FitLimits().cpu_s


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What a strategy chose, and what it spent: CPU seconds in fits, and of the search itself."""

    params: Params
    rounds: int | None
    fits_cpu_s: float
    search_cpu_s: float
    complete: int
    pruned: int


Strategy = Callable[[Ground, float, int], Found]


def ours(ground: Ground, cpu_s: float, seed: int) -> Found:
    """Run the product's plan of a study, one fold after the other, as its runner does."""
    begin, task = time.process_time(), ground.problem.task
    plan = TuningPlan(
        TuningSpec(models=(MODEL,), budget=Budget(cpu_s=cpu_s), seed=seed),
        task,
        run_id="tuning",
        n_rows=len(ground.problem.positions("train")),
        n_features=len(task.features),
        slots=1,
        usd_per_cpu_s=0.0,
    )
    while not plan.finished:
        for job in plan.next_jobs():
            plan.handle(ground.evaluate(job))
    (final,) = plan.finals()
    row = final.row
    return Found(
        params=row.params,
        rounds=final.rounds,
        fits_cpu_s=row.search_cpu_s,
        search_cpu_s=time.process_time() - begin - row.search_cpu_s,
        complete=row.trials.complete,
        pruned=row.trials.pruned,
    )


def plain_tpe(ground: Ground, cpu_s: float, seed: int) -> Found:
    """Search with Optuna's default sampler: every trial on all folds."""
    return _plain(ground, cpu_s, lambda: optuna.samplers.TPESampler(seed=seed))


def random_search(ground: Ground, cpu_s: float, seed: int) -> Found:
    """Draw at random: every trial on all folds."""
    return _plain(ground, cpu_s, lambda: optuna.samplers.RandomSampler(seed=seed))


def _plain(ground: Ground, cpu_s: float, sampler: Callable[[], Any]) -> Found:
    """Ask and tell until the CPU is spent; as with Optuna's own timeout the last trial may end."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    begin, spent = time.process_time(), 0.0
    study = optuna.create_study(sampler=sampler())
    space = {param.name: distribution(param) for param in (ROUNDS, *model(MODEL).space)}
    while spent < cpu_s:
        trial = study.ask(space)
        folds = _all_folds(ground, trial.number, trial.params)
        study.tell(trial, fmean(fold.loss for fold in folds if fold.loss is not None))
        spent += sum(fold.cpu_s for fold in folds)
    return Found(
        params=study.best_params,
        rounds=None,
        fits_cpu_s=spent,
        search_cpu_s=time.process_time() - begin - spent,
        complete=len(study.trials),
        pruned=0,
    )


def _all_folds(ground: Ground, number: int, params: Params) -> list[FoldResult]:
    jobs = (
        FoldJob(model=MODEL, trial=number, fold=fold, params=params, cpu_limit_s=FIT_LIMIT_S)
        for fold in range(ground.problem.task.folds)
    )
    return [ground.evaluate(job) for job in jobs]


STRATEGIES: dict[str, Strategy] = {
    "ours": ours,
    "plain TPE": plain_tpe,
    "random": random_search,
}


def warm_up() -> None:
    """Use every sampler once beyond its random start, so that first-use costs are in no figure."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    for sampler in (optuna.samplers.TPESampler(seed=0), optuna.samplers.RandomSampler(seed=0)):
        study = optuna.create_study(sampler=sampler)
        study.optimize(lambda trial: trial.suggest_float("x", 0.1, 1.0, log=True), n_trials=15)
