"""One study: the trials of one model, in the order and with the stops of METHODS, tuning strategy.

Pure and deterministic: the same fold results in any order of arrival give the same trials. What
trial i is, and when it stops, follows from trials below i - window only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from statistics import fmean

from modelling.evaluation.plan import FoldJob
from modelling.tuning.budget import Outlook, Spent, allows_another, enough_trials, share_spent
from modelling.tuning.openings import (
    BY_HAND,
    ON_ALL_ROWS,
    TRIALS_FOR_MORE_THAN_SEARCH,
    Opening,
    fixed_openings,
    on_all_rows,
    wanted,
)
from modelling.tuning.propose import Told, propose
from modelling.tuning.race import Race, RaceRule
from modelling.tuning.trial import StudySpec, StudyTrial
from modelling.types import Budget, FoldResult, Params, ResultStatus, Trial, TrialState

COMPLETED_AFTERWARDS = 3
FAILURES_TO_GIVE_UP = 8


class Study:
    """Decides which fold of which trial comes next.

    Parameters
    ----------
    spec : StudySpec
        Model, budget, sampler, seed.
    stored : tuple of FoldResult
        Folds that an earlier attempt has finished; they are used instead of being run again.
    """

    def __init__(self, spec: StudySpec, stored: tuple[FoldResult, ...] = ()) -> None:
        self._spec = spec
        self._stored = {(fold.trial, fold.fold): fold for fold in stored}
        self.trials: list[StudyTrial] = []
        self._changed: dict[int, StudyTrial] = {}
        self._last_stored = max((fold.trial for fold in stored), default=-1)
        self._by_hand = dict(spec.by_hand)
        self._asked: list[Params] = []
        self._race, self._n_raced = Race(), 0
        self._closed = self._is_spent = False
        self._wall_s = 0.0

    def ask(self, params: Params) -> None:
        """Queue a configuration that the analyst wants to see; it is the next trial to start."""
        if params not in self._by_hand.values() and params not in self._asked:
            self._asked.append(params)

    def grant(self, budget: Budget) -> None:
        """Let the study spend this budget instead of its own."""
        self._spec = replace(self._spec, budget=budget)

    # What to run next ------------------------------------------------------------------------

    def next_job(self, wall_s: float) -> FoldJob | None:
        """Return a fold that can start now, or None; ``wall_s`` is how long the study has run."""
        self._wall_s = wall_s
        while True:
            for trial in self.trials:
                job = self._next_fold(trial)
                if job is not None:
                    return job
            if not self._start_trial():
                break
        if self._closed and not self.running and not self._is_spent:
            return self._complete_best() or self._fit_on_all_rows()
        return None

    @property
    def running(self) -> list[StudyTrial]:
        """Trials that have not ended."""
        return [trial for trial in self.trials if trial.state is TrialState.RUNNING]

    @property
    def finished(self) -> bool:
        """Whether the budget is used and the best trials have all their folds."""
        if not self._closed or self.running:
            return False
        return self._is_spent or not (any(self._due()) or self._due_on_all_rows())

    def handle(self, result: FoldResult) -> None:
        """Take in the result of a fold."""
        trial = self.trials[result.trial]
        trial.folds[result.fold] = result
        trial.issued = None
        self._changed[trial.number] = trial
        if result.status is ResultStatus.FAILED:
            self._fail(trial, result)
        elif trial.state is TrialState.RUNNING:
            self._advance(trial)
        elif len(trial.folds) == self._spec.folds:
            trial.state, trial.value, trial.late = TrialState.COMPLETE, fmean(trial.losses), True

    def close(self) -> None:
        """Start nothing more: what it was given is spent."""
        self._closed = self._is_spent = True
        for trial in self.running:
            trial.state, trial.issued = TrialState.FAILED, None
            trial.reason = trial.reason or "The money was spent before it was complete."
            self._changed[trial.number] = trial

    def drain(self) -> list[Trial]:
        """Return trials that changed since the last call."""
        changed, self._changed = self._changed, {}
        key, wall_s = self._spec.model.key, self._wall_s
        return [trial.row(key, wall_s) for _, trial in sorted(changed.items())]

    def _next_fold(self, trial: StudyTrial) -> FoldJob | None:
        """Return the next fold of a running trial; stored folds are taken in without a job."""
        while trial.state is TrialState.RUNNING and trial.issued is None:
            fold = len(trial.folds)
            stored = self._stored.get((trial.number, fold))
            if stored is None:
                return self._issue(trial, fold)
            self.handle(stored)
        return None

    def _issue(self, trial: StudyTrial, fold: int) -> FoldJob:
        trial.issued = fold
        self._changed[trial.number] = trial
        return FoldJob(
            model=self._spec.model.key,
            trial=trial.number,
            fold=fold,
            params=trial.params,
            cpu_limit_s=self._spec.fit_cpu_limit_s,
            stop_early=trial.stop_early,
        )

    def _advance(self, trial: StudyTrial) -> None:
        losses = trial.losses
        if len(losses) == self._spec.folds:
            trial.state, trial.value = TrialState.COMPLETE, fmean(losses)
        elif trial.rule is not None and trial.rule.stops(losses):
            trial.state, trial.value = TrialState.PRUNED, trial.rule.told_value(losses)
            trial.reason = (
                f"After fold {len(losses)} its loss was {trial.rule.difference(losses):.4g} behind "
                f"the best so far; more than {trial.rule.bound(len(losses)):.4g} is given up."
            )

    def _fail(self, trial: StudyTrial, result: FoldResult) -> None:
        if trial.state is TrialState.RUNNING:
            trial.state = TrialState.FAILED
        trial.reason = result.error

    # A new trial -----------------------------------------------------------------------------

    def _start_trial(self) -> bool:
        number = len(self.trials)
        if self._closed or not self._may_start(number):
            return False
        over = self._is_hopeless(number) or self._is_covered(number)
        over = over or ((number, 0) not in self._stored and not self._affordable())
        opening = None if over else self._opening(number)
        if opening is None:
            self._closed = True
            return False
        self._begin(opening)
        return True

    def _begin(self, opening: Opening) -> StudyTrial:
        number = len(self.trials)
        trial = StudyTrial(
            number=number,
            origin=opening.origin,
            params=opening.params,
            stop_early=opening.stop_early,
            point=opening.point,
            rule=self._rule(number),
        )
        self.trials.append(trial)
        return trial

    def _is_hopeless(self, number: int) -> bool:
        """Whether nothing worked: failed fits cost so little that no budget would end them."""
        known = self.trials[: max(0, number - self._spec.window)]
        failed = [trial.state is TrialState.FAILED for trial in known]
        return len(failed) >= FAILURES_TO_GIVE_UP and all(failed)

    def _is_covered(self, number: int) -> bool:
        """Whether a budget of time or money has bought as many trials as the space needs."""
        return self._spec.budget.trials is None and number >= enough_trials(self._spec.model.space)

    def _opening(self, number: int) -> Opening | None:
        """Return what trial ``number`` is; None if the space has nothing left."""
        # The base comes first, whatever else is wanted. What an earlier attempt has fitted keeps
        # its number, so a wish comes after all of it.
        if number > max(0, self._last_stored) and number not in self._by_hand and self._asked:
            self._by_hand[number] = self._asked.pop(0)
        if number in self._by_hand:
            return wanted(self._spec, BY_HAND, self._by_hand[number])
        if (whole := self._on_all_rows(number)) is not None:
            return whole
        # Every trial by hand, or on all rows, moves what follows by one.
        n_moved = sum(other < number for other in self._by_hand)
        n_moved += sum(trial.origin == ON_ALL_ROWS for trial in self.trials[:number])
        if number - n_moved < len(self._fixed):
            return self._fixed[number - n_moved]
        params = propose(
            number,
            self._told(number),
            space=self._spec.model.space,
            sampler=self._spec.sampler,
            study_seed=self._spec.seed,
            n_fixed=len(self._fixed) + n_moved,
            failed=self._failed(number),
        )
        if params is None:
            return None
        return Opening(
            origin=self._spec.sampler,
            params=params,
            stop_early=self._spec.stops_early,
            point=params,
        )

    def _is_last(self, number: int) -> bool:
        """Whether a budget of enough trials ends with this one, which may need all others."""
        return number + 1 == self._spec.budget.trials and number + 1 >= TRIALS_FOR_MORE_THAN_SEARCH

    def _may_start(self, number: int) -> bool:
        """Whether all that the trial's proposal and race depend on has ended."""
        last = self._is_last(number) and self._spec.stops_early
        earlier = self.trials if last else self.trials[: max(0, number - self._spec.window)]
        return all(trial.state is not TrialState.RUNNING for trial in earlier)

    @cached_property
    def _fixed(self) -> tuple[Opening, ...]:
        return fixed_openings(self._spec)

    def _told(self, number: int) -> list[Told]:
        known = max(0, number - self._spec.window)
        return [
            Told(params=trial.point, loss=trial.value if trial.number < known else None)
            for trial in self.trials[:number]
            if trial.point is not None
            and (trial.number >= known or trial.state is not TrialState.FAILED)
        ]

    def _failed(self, number: int) -> list[Params]:
        """Return the points that gave no loss: nothing is learned from them by trying again."""
        known = self.trials[: max(0, number - self._spec.window)]
        return [
            trial.point
            for trial in known
            if trial.point is not None and trial.state is TrialState.FAILED
        ]

    def _rule(self, number: int) -> RaceRule | None:
        """Return what trial ``number`` is raced against."""
        known = max(0, number - self._spec.window)
        # What has ended stays as it is: each trial is taken in once.
        for trial in self.trials[self._n_raced : known]:
            if trial.state is TrialState.COMPLETE and not trial.late:
                self._race.add(trial.losses, None if trial.rule is None else trial.rule.incumbent)
        self._n_raced = known
        return self._race.rule()

    # Budget and the end ----------------------------------------------------------------------

    @property
    def spent(self) -> Spent:
        """What the study has used so far."""
        return Spent(
            trials=len(self.trials),
            cpu_s=sum(trial.cpu_s for trial in self.trials)
            + sum(fold.cpu_s for fold in self._to_replay()),
            paid_usd=sum(trial.usd for trial in self.trials)
            + sum(fold.usd for fold in self._to_replay()),
            wall_s=self._wall_s,
        )

    def _to_replay(self) -> Iterator[FoldResult]:
        """Yield the stored folds that no trial has taken in yet."""
        taken = {(trial.number, fold) for trial in self.trials for fold in trial.folds}
        yield from (fold for key, fold in self._stored.items() if key not in taken)

    def share_spent(self) -> float:
        """Return the share of the budget that has been used, between 0 and 1."""
        if self._closed:
            return 1.0
        return share_spent(self._spec.budget, self.spent, usd_per_cpu_s=self._spec.usd_per_cpu_s)

    def _affordable(self) -> bool:
        folds = [fold for trial in self.trials for fold in trial.folds.values()]
        ended = [trial for trial in self.trials if trial.state is not TrialState.RUNNING]
        n_folds = self._spec.folds
        due = sum(n_folds - len(trial.folds) for trial in self.running)
        outlook = Outlook(
            fold_costs=tuple(fold.cpu_s for fold in folds),
            fold_usd=tuple(fold.usd for fold in folds),
            folds_due=due,
            folds_reserved=sum(n_folds - len(trial.folds) for trial in self._incomplete_best())
            + (n_folds if self._due_on_all_rows() else 0),
            folds_next=fmean(len(trial.folds) for trial in ended) if ended else n_folds,
            slots=self._spec.slots,
        )
        return allows_another(
            self._spec.budget, self.spent, outlook, usd_per_cpu_s=self._spec.usd_per_cpu_s
        )

    def _incomplete_best(self) -> list[StudyTrial]:
        """Return those of the best three by told value that were stopped before their last fold."""
        valued = [trial for trial in self.trials if trial.value is not None]
        best = sorted(valued, key=lambda trial: (trial.value, trial.number))[:COMPLETED_AFTERWARDS]
        return [trial for trial in best if trial.state is TrialState.PRUNED]

    @cached_property
    def _to_complete(self) -> tuple[StudyTrial, ...]:
        """The stopped trials that get their missing folds; fixed once the last trial has ended."""
        return tuple(self._incomplete_best())

    def _due(self) -> Iterator[StudyTrial]:
        for trial in self._to_complete:
            # A fold that failed is not tried again.
            if trial.state is TrialState.PRUNED and len(trial.losses) == len(trial.folds):
                yield trial

    def _complete_best(self) -> FoldJob | None:
        for trial in self._due():
            while trial.issued is None and trial.state is TrialState.PRUNED:
                fold = len(trial.folds)
                stored = self._stored.get((trial.number, fold))
                if stored is None:
                    return self._issue(trial, fold)
                self.handle(stored)
                if stored.status is ResultStatus.FAILED:
                    break
        return None

    # What stops early, on all rows -------------------------------------------------------------

    def _on_all_rows(self, number: int) -> Opening | None:
        """Return the trial that a budget of trials keeps for this, or that was begun before."""
        params = self._spec.on_all_rows.get(number)
        # A number that an earlier attempt has begun stays what it was.
        if params is None and self._is_last(number) and (number, 0) not in self._stored:
            params = self._due_on_all_rows()
        return None if params is None else Opening(origin=ON_ALL_ROWS, params=params, point=None)

    def _due_on_all_rows(self) -> Params | None:
        """Return the best of those that stopped early as it would be fitted in the end.

        None if it is ahead anyway, or was tried before.
        """
        best, n_most = self.best(), self._spec.budget.trials
        if best is None or best.stop_early or (n_most is not None and len(self.trials) >= n_most):
            return None
        return on_all_rows(self._spec.model, self.trials)

    def _fit_on_all_rows(self) -> FoldJob | None:
        # What is being completed may turn out to be the best of those that stopped early.
        params = None if any(self._due()) else self._due_on_all_rows()
        if params is None:
            return None
        opening = Opening(origin=ON_ALL_ROWS, params=params, point=None)
        return self._next_fold(self._begin(opening))

    def best(self) -> StudyTrial | None:
        """Return the fully evaluated trial with the smallest loss; the earlier one of a tie."""
        complete = [trial for trial in self.trials if trial.state is TrialState.COMPLETE]
        return min(complete, key=lambda trial: (trial.value, trial.number), default=None)
