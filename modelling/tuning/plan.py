"""The plan of a tuning run: one study per model, one after the other, each with its share.

What a study leaves of its share goes to those after it.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from modelling.evaluation.plan import (
    FinalJob,
    Findings,
    FoldJob,
    Progress,
    base_row,
    with_selection_score,
)
from modelling.models import model, model_for
from modelling.models.space import with_space
from modelling.tuning.budget import share_of_rest
from modelling.tuning.incumbents import last_fit
from modelling.tuning.openings import BY_HAND, ON_ALL_ROWS
from modelling.tuning.study import Study
from modelling.tuning.trial import StudySpec
from modelling.types import (
    FoldResult,
    ModelResult,
    Params,
    ResultStatus,
    TaskSpec,
    Trial,
    TrialCounts,
    TrialCpu,
    TrialState,
    TuningSpec,
    Variant,
)


class TuningPlan:
    """Runs the studies of a tuning run, one model after the other.

    Parameters
    ----------
    run_id : str
        Goes into the rows.
    stored : tuple of FoldResult
        What an earlier, interrupted attempt has finished.
    n_rows, n_features : int
        Size of the training table.
    begun : sequence of Trial
        Trials that an earlier attempt has begun.
    with_base : frozenset of str
        Models whose base has no result yet, so that this run provides it.
    """

    def __init__(
        self,
        spec: TuningSpec,
        task: TaskSpec,
        *,
        run_id: str,
        n_rows: int,
        n_features: int,
        slots: int,
        usd_per_cpu_s: float,
        with_base: frozenset[str] = frozenset(),
        stored: tuple[FoldResult, ...] = (),
        begun: Sequence[Trial] = (),
    ) -> None:
        self._task, self._run_id, self._with_base = task, run_id, with_base
        self._budget, self._usd_per_cpu_s = spec.budget, usd_per_cpu_s
        n_models = len(spec.models)
        self._studies = {
            key: Study(
                StudySpec(
                    model=with_space(model_for(key, task), spec.spaces.get(key)),
                    folds=task.folds,
                    budget=spec.budget.shared_by(n_models),
                    # What others leave decides how long a study goes on, not how it begins.
                    opening=(spec.opening or spec.budget).shared_by(n_models),
                    given=spec.given.get(key, ()),
                    by_hand=begun_as(BY_HAND, key, begun),
                    on_all_rows=begun_as(ON_ALL_ROWS, key, begun),
                    sampler=spec.sampler,
                    window=spec.window,
                    seed=spec.seed,
                    fit_cpu_limit_s=spec.limits.cpu_s,
                    estimated_trial_cpu_s=_trial_cpu_s(key, task, n_rows, n_features),
                    usd_per_cpu_s=usd_per_cpu_s,
                    slots=slots,
                ),
                tuple(fold for fold in stored if fold.model == key),
            )
            for key in spec.models
        }
        self._begun: dict[str, float] = {}
        self._given_up: set[str] = set()
        self._earlier_s = {
            key: max((trial.study_wall_s for trial in begun if trial.model == key), default=0.0)
            for key in spec.models
        }

    @property
    def finished(self) -> bool:
        """Whether all studies are finished."""
        return all(study.finished for study in self._studies.values())

    def next_jobs(self) -> tuple[FoldJob, ...]:
        """Return the next fold of the first unfinished study; each has a child of its own."""
        for key, study in self._studies.items():
            if not study.finished:
                self._begin(key)
                job = study.next_job(self._wall_s(key))
                if job is not None or not study.finished:
                    return () if job is None else (job,)
        return ()

    def ask(self, key: str, params: Params) -> None:
        """Queue a configuration as the next trial of a model's study; once, however often asked."""
        self._studies[key].ask(params)

    def give_back(self, jobs: Sequence[FoldJob]) -> None:
        """Take back jobs that gave no answer; each comes again."""
        for job in jobs:
            self._studies[job.model].trials[job.trial].issued = None

    def handle(self, result: FoldResult) -> None:
        """Take in the result of a fold."""
        self._studies[result.model].handle(result)

    def drain(self) -> Findings:
        """Return trials that changed, and a failed row for each study without a usable trial."""
        trials = [row for study in self._studies.values() for row in study.drain()]
        failed = [
            self._failed_row(key, study)
            for key, study in self._studies.items()
            if key not in self._given_up and study.finished and study.best() is None
        ]
        self._given_up |= {row.key for row in failed}
        return Findings(trials=trials, rows=failed)

    def finals(self) -> tuple[FinalJob, ...]:
        """Return the tuned models, and the bases that have no result yet."""
        jobs = (job for key, study in self._studies.items() for job in self._finals_of(key, study))
        return tuple(jobs)

    def progress(self) -> Progress:
        """Return the share of the budget that is used."""
        done = sum(study.share_spent() for study in self._studies.values())
        return Progress(done=done, total=float(len(self._studies)))

    def _begin(self, key: str) -> None:
        """Note when a study begins, and grant it what those before it have left."""
        if key in self._begun:
            return
        self._begun[key] = time.monotonic() - self._earlier_s[key]
        before = [study.spent for study in self._studies.values() if study.finished]
        self._studies[key].grant(
            share_of_rest(
                self._budget, before, len(self._studies), usd_per_cpu_s=self._usd_per_cpu_s
            )
        )

    def _wall_s(self, key: str) -> float:
        return time.monotonic() - self._begun[key]

    def _finals_of(self, key: str, study: Study) -> list[FinalJob]:
        best = study.best()
        if best is None:
            return []
        jobs: list[FinalJob] = []
        first = study.trials[0]
        if key in self._with_base and first.state is TrialState.COMPLETE:
            row = base_row(self._run_id, key, self._task, list(first.folds.values()))
            jobs.append(FinalJob(row=row))
        params, rounds = last_fit(key, best.params, best.folds.values())
        row = with_selection_score(
            self._row(key, study, params), self._task, list(best.folds.values())
        )
        return [*jobs, FinalJob(row=row, rounds=rounds)]

    def _failed_row(self, key: str, study: Study) -> ModelResult:
        reason = next((trial.reason for trial in study.trials if trial.reason), "No trial ended.")
        return replace(self._row(key, study, {}), status=ResultStatus.FAILED, error=reason)

    def _row(self, key: str, study: Study, params: Params) -> ModelResult:
        spec = model(key)
        folds = [fold for trial in study.trials for fold in trial.folds.values()]
        states = Counter(trial.state for trial in study.trials)
        cpu_s: defaultdict[TrialState, float] = defaultdict(float)
        for trial in study.trials:
            cpu_s[trial.state] += trial.cpu_s
        row = ModelResult(
            run_id=self._run_id,
            key=key,
            title=spec.title,
            family=spec.family,
            variant=Variant.TUNED,
        )
        return replace(
            row,
            params=params,
            search_cpu_s=sum(fold.cpu_s for fold in folds),
            search_time_s=sum(fold.fit_time_s for fold in folds),
            trials=TrialCounts(
                complete=states[TrialState.COMPLETE],
                pruned=states[TrialState.PRUNED],
                failed=states[TrialState.FAILED],
            ),
            trial_cpu=TrialCpu(
                complete=cpu_s[TrialState.COMPLETE],
                pruned=cpu_s[TrialState.PRUNED],
                failed=cpu_s[TrialState.FAILED],
            ),
        )


def begun_as(origin: str, key: str, trials: Iterable[Trial]) -> dict[int, Params]:
    """Return the trials of a model that have this origin, by number."""
    return {
        trial.number: trial.params
        for trial in trials
        if trial.origin == origin and trial.model == key
    }


def _trial_cpu_s(key: str, task: TaskSpec, n_rows: int, n_features: int) -> float:
    part = (task.folds - 1) / task.folds
    one = model(key).estimated_fit_cpu_s(round(n_rows * part), n_features)
    return one * task.folds
