"""The one stage of a study over a prompt: its trials, then both prompts on the locked sample."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from statistics import fmean

from modelling.errors import TaskError
from modelling.evaluation.plan import FoldJob
from modelling.executor.protocol import Outcome, Task
from modelling.runner.ask_score import Counted, Scored
from modelling.runner.ask_work import TRAIN_BLOCKS, NamesOf, Tried, TryPrompt
from modelling.runner.context import RunContext
from modelling.runner.interview import Interview, Rows, value_of
from modelling.text.prompt_space import asked_with, prompt_search
from modelling.text.replies import Asked
from modelling.tuning.openings import BY_HAND
from modelling.tuning.plan import begun_as
from modelling.tuning.study import Study
from modelling.tuning.trial import StudySpec
from modelling.types import (
    AskSpec,
    Decision,
    FoldResult,
    Params,
    ResultStatus,
    TuningSpec,
    Variant,
)

# What is asked about the locked rows: the answers, what becomes of them (None: what is best and
# free), and whose they are.
Asking = tuple[Rows, Decision | None, Variant]
# Share of the run that the trials are; the rest asks about the locked rows.
_TRIALS = 0.85
# Locked texts may be longer than those of the trials.
_SAFETY = 1.2


class PromptStage:
    """Runs the study, asks the base and the winner about the locked sample, and stores both."""

    weight = 1.0

    def __init__(
        self, context: RunContext, spec: TuningSpec, ask: AskSpec, *, usd_per_cpu_s: float
    ) -> None:
        self._context, self._ask = context, ask
        self._interview = Interview(context, ask)
        self._study = self._study_of(spec, usd_per_cpu_s)
        # Names of answers that a fold was charged for: each is paid for once, by the first.
        self._charged: set[str] = set()
        self._to_recall = self._recall()
        self._begin = time.monotonic() - context.run.elapsed_s
        self._rows: list[Asking] | None = None
        self._under_way: Task | None = None
        self._job: FoldJob | None = None
        self._done = False
        # The mean of the fold whose answers cost most.
        self._dearest_usd = 0.0
        self._n_last_blocks = 0

    @property
    def title(self) -> str:
        """What is being done, and what it has cost so far."""
        spent = self._interview.spent_usd
        price = f", {spent:.4f} US dollars spent" if spent else ""
        what = "Trying prompts with" if self._rows is None else "Asking about the locked rows:"
        return f"{what} {self._interview.llm.title}{price}"

    @property
    def finished(self) -> bool:
        """Whether the rows are there."""
        return self._done

    def share_done(self) -> float:
        """Return how far the study and the last answers are."""
        if self._rows is None:
            return _TRIALS * self._study.share_spent()
        blocks = sum(rows.n_blocks - rows.n_done for rows, _, _ in self._rows)
        return 1.0 - (1.0 - _TRIALS) * blocks / max(1, self._n_last_blocks)

    def ask(self, key: str, params: Params) -> None:
        """Queue values that the analyst wants to see; the study has one model only."""
        if key == self._ask.llm:
            self._study.ask(params)

    def next_task(self) -> Task | None:
        """Return the next fold, block, or scoring; one at a time.

        Raises
        ------
        TaskError
            If no trial was complete.
        """
        if self._under_way is not None or self._done:
            return None
        if self._to_recall is not None:
            self._under_way = self._to_recall
            return self._under_way
        if self._rows is None:
            self._job = self._study.next_job(time.monotonic() - self._begin)
            self._collect()
            if self._job is not None:
                self._under_way = self._trial_task(self._job)
                return self._under_way
            self._rows = self._last_rows()
            self._n_last_blocks = sum(rows.n_blocks for rows, _, _ in self._rows)
        rows, decision, _ = self._current()
        self._under_way = rows.score_task(decision) if rows.finished else rows.next_task()
        return self._under_way

    def handle(self, outcome: Outcome) -> None:
        """Take in a fold, a block or scores.

        Raises
        ------
        TaskError
            If there are none, which ends the run.
        """
        self._under_way, job, self._job = None, self._job, None
        if self._to_recall is not None:
            self._to_recall, self._charged = None, value_of(outcome)
        elif job is not None:
            self._take_fold(job, outcome)
        elif not self._current()[0].finished:
            self._current()[0].handle(outcome)
        else:
            self._store(outcome)

    # Trials ----------------------------------------------------------------------------------

    def _study_of(self, spec: TuningSpec, usd_per_cpu_s: float) -> Study:
        context, ask = self._context, self._ask
        search = prompt_search(
            ask.llm,
            ask.prompt,
            spec.spaces.get(ask.llm),
            has_logprobs=self._interview.llm.logprobs,
        )
        begun = context.store.results.trials(context.run.id)
        return Study(
            StudySpec(
                model=search,
                folds=min(TRAIN_BLOCKS, ask.n_train),
                budget=spec.budget,
                opening=spec.opening,
                given=spec.given.get(ask.llm, ()),
                by_hand=begun_as(BY_HAND, ask.llm, begun),
                sampler=spec.sampler,
                window=spec.window,
                seed=spec.seed,
                fit_cpu_limit_s=spec.limits.cpu_s,
                # Known-good prompts cost as little as any other.
                estimated_trial_cpu_s=0.0,
                usd_per_cpu_s=usd_per_cpu_s,
                slots=1,
            ),
            context.store.results.folds(context.run.id),
        )

    def _recall(self) -> Task | None:
        """Return the task that finds what stored folds were charged for; None without any."""
        results, run = self._context.store.results, self._context.run.id
        params = {trial.number: trial.params for trial in results.trials(run)}
        needed = tuple(
            (asked_with(self._ask.prompt, params[fold.trial])[0], self._blocks_of(params, fold))
            for fold in results.folds(run)
            if fold.trial in params
        )
        work = NamesOf(interviewer=self._interview.interviewer(), needed=needed)
        return self._interview.task("recall", work) if needed else None

    def _blocks_of(self, params: Mapping[int, Params], fold: FoldResult) -> frozenset[int]:
        _, decision = asked_with(self._ask.prompt, params[fold.trial])
        every = range(min(TRAIN_BLOCKS, self._ask.n_train))
        return frozenset(every) if decision.is_learned else frozenset({fold.fold})

    def _trial_task(self, job: FoldJob) -> Task:
        prompt, decision = asked_with(self._ask.prompt, job.params)
        work = TryPrompt(
            interviewer=self._interview.interviewer(set_aside_usd=self._for_locked_rows()),
            prompt=prompt,
            decision=decision,
            fold=job.fold,
        )
        return self._interview.task(job.id, work)

    def _for_locked_rows(self) -> float:
        """Return what asking about the locked rows may take, by the dearest answers so far."""
        return 2.0 * _SAFETY * self._ask.n_test * self._dearest_usd

    def _take_fold(self, job: FoldJob, outcome: Outcome) -> None:
        tried: Tried = value_of(outcome)
        answers = [one for block in tried.answers.values() for one in block]
        self._interview.take(answers)
        self._dearest_usd = max(
            self._dearest_usd, fmean(one.usd or 0.0 for one in answers) if answers else 0.0
        )
        charged = [one for one in answers if one.name not in self._charged]
        self._charged.update(one.name for one in charged)
        result = self._fold(job, tried, charged)
        self._context.batch.folds.append(result)
        self._study.handle(result)
        if self._interview.stopped:
            self._study.close()
        self._collect()

    def _fold(self, job: FoldJob, tried: Tried, charged: list[Asked]) -> FoldResult:
        seconds = sum(one.seconds for one in charged)
        # A server on this machine is busy on one core while it answers; others send a bill.
        cpu_s = seconds if self._interview.llm.provider.is_local else 0.0
        undefined = "The metric is undefined on a part of the sample; ask about more rows."
        return FoldResult(
            model=job.model,
            trial=job.trial,
            fold=job.fold,
            status=ResultStatus.FAILED if tried.loss is None else ResultStatus.OK,
            fit_cpu_s=cpu_s,
            fit_time_s=seconds,
            cpu_s=cpu_s,
            usd=sum(one.usd or 0.0 for one in charged),
            loss=tried.loss,
            scores=tried.scores,
            error=None if tried.loss is not None else (tried.stopped or undefined),
        )

    def _collect(self) -> None:
        for trial in self._study.drain():
            self._context.batch.trials[trial.model, trial.number] = trial

    # The locked rows -------------------------------------------------------------------------

    def _last_rows(self) -> list[Asking]:
        best = self._study.best()
        if best is None:
            reason = next((t.reason for t in self._study.trials if t.reason), "no trial ended")
            raise TaskError(f"No prompt was tried to the end: {reason}")
        # What the search was given is spent, the locked rows are paid from what was set aside.
        self._interview.stopped = ""
        base = Rows(self._interview, self._ask.prompt, "base")
        prompt, decision = asked_with(self._ask.prompt, best.params)
        tuned = Rows(self._interview, prompt, "tuned")
        found: list[Asking] = [(tuned, decision, Variant.TUNED)]
        return found if self._is_known(base) else [(base, None, Variant.BASE), *found]

    def _is_known(self, base: Rows) -> bool:
        """Whether the base was asked just so before, about as many rows."""
        spec, experiment = self._ask, self._context.experiment
        sizes = (min(spec.n_train, experiment.n_train), min(spec.n_test, experiment.n_test))
        return any(
            (row.key, row.variant, row.prompt) == (spec.llm, Variant.BASE, base.prompt)
            and (row.n_train, row.n_test) == sizes
            and not row.n_unanswered
            for row in self._context.store.results.asked(experiment.id)
        )

    def _current(self) -> Asking:
        assert self._rows is not None
        return self._rows[0]

    def _store(self, outcome: Outcome) -> None:
        found: tuple[Counted, tuple[Scored, ...]] = value_of(outcome)
        rows, _, variant = self._current()
        self._context.batch.scored = True
        if variant is Variant.BASE:
            self._context.batch.asked += rows.base_rows(*found)
        else:
            trials, (counted, (scored,)) = self._study.trials, found
            tuned = replace(
                rows.row(counted, scored, variant),
                search_usd=sum(trial.usd for trial in trials),
                search_s=sum(trial.cpu_s for trial in trials),
                n_trials=len(trials),
            )
            self._context.batch.asked.append(tuned)
        del (self._rows or [])[0]
        self._done = not self._rows
