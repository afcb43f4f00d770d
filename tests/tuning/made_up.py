"""A study without any fit: its losses and costs come from a formula."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from modelling.evaluation.plan import FoldJob
from modelling.models import model
from modelling.tuning.openings import ON_ALL_ROWS
from modelling.tuning.plan import begun_as
from modelling.tuning.study import Study
from modelling.tuning.trial import StudySpec
from modelling.types import Budget, FoldResult, Params, ResultStatus, Trial

FOLDS = 5
Loss = Callable[[FoldJob], float | None]


def spec(key: str = "tree", **changes) -> StudySpec:
    values = {
        "model": model(key),
        "folds": FOLDS,
        "budget": Budget(trials=12),
        "sampler": "random",
        "window": 4,
        "seed": 0,
        "fit_cpu_limit_s": 600.0,
        "estimated_trial_cpu_s": 0.001,
        "usd_per_cpu_s": 0.01,
        "slots": 1,
    }
    return StudySpec(**{**values, **changes})


def chance(*parts: object) -> float:
    """Return a number between 0 and 1 that depends on ``parts`` only."""
    digest = hashlib.sha256(repr(parts).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def rough(job: FoldJob) -> float:
    """A loss with differences between configurations, between folds, and noise."""
    params = sorted(job.params.items(), key=lambda item: item[0])
    return (
        chance("trial", params) + 0.3 * chance("fold", job.fold) + 0.05 * chance(params, job.fold)
    )


def failing(share: float) -> Loss:
    """A loss that some configurations do not have."""

    def loss(job: FoldJob) -> float | None:
        return None if chance("fails", job.trial, job.fold) < share else rough(job)

    return loss


def result(job: FoldJob, loss: float | None, cpu_s: float = 1.0) -> FoldResult:
    ok = loss is not None
    return FoldResult(
        model=job.model,
        trial=job.trial,
        fold=job.fold,
        status=ResultStatus.OK if ok else ResultStatus.FAILED,
        fit_cpu_s=cpu_s,
        fit_time_s=cpu_s,
        cpu_s=cpu_s,
        loss=loss,
        scores={"roc_auc": -loss} if ok else {},
        rounds=10 * (job.fold + 1) if job.stop_early else None,
        error=None if ok else "It did not work.",
    )


@dataclass
class Drive:
    """What happened: the jobs in order of their start, the results in order of their arrival."""

    study: Study
    jobs: list[FoldJob] = field(default_factory=list)
    results: list[FoldResult] = field(default_factory=list)

    @property
    def rows(self) -> list[Trial]:
        return [trial.row("m", 0.0) for trial in self.study.trials]

    @property
    def cpu_s(self) -> float:
        return sum(fold.cpu_s for fold in self.results)


def drive(
    of: StudySpec,
    loss: Loss = rough,
    *,
    slots: int = 1,
    order: int = 0,
    after: Drive | None = None,
    cost: Callable[[FoldJob], float] = lambda _: 1.0,
    wall_s_per_fold: float = 0.0,
    at_most: int | None = None,
    asked: Params | None = None,
) -> Drive:
    """Run a study in ``slots``; ``order`` seeds which of the jobs under way ends next.

    It goes on ``after`` another one, from what a runner has stored of that; ``asked`` waits from
    its beginning.
    """
    if after is not None:
        of = replace(of, on_all_rows=begun_as(ON_ALL_ROWS, "m", after.rows))
    run = Drive(Study(of, () if after is None else tuple(after.results)))
    if asked is not None:
        run.study.ask(asked)
    shuffled = random.Random(order)
    under_way: list[FoldJob] = []
    while at_most is None or len(run.results) < at_most:
        while len(under_way) < slots:
            job = run.study.next_job(wall_s_per_fold * len(run.results))
            if job is None:
                break
            run.jobs.append(job)
            under_way.append(job)
        if not under_way:
            break
        ended = under_way.pop(shuffled.randrange(len(under_way)))
        run.results.append(result(ended, loss(ended), cost(ended)))
        run.study.handle(run.results[-1])
    return run
