"""The one stage of a study over a prompt: its trials, then both prompts on the locked sample."""

from __future__ import annotations

import time
from dataclasses import replace

from modelling.errors import TaskError
from modelling.evaluation.plan import FoldJob
from modelling.executor.protocol import Outcome, Task
from modelling.runner.ask_score import Counted, Scored
from modelling.runner.ask_work import TRAIN_BLOCKS, Tried, TryPrompt
from modelling.runner.context import RunContext
from modelling.runner.interview import Interview, Rows, value_of
from modelling.text.prompt_space import asked_with, prompt_search
from modelling.text.replies import Asked
from modelling.tuning.plan import begun_by_hand
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

# Share of the run that the trials are; the rest asks about the locked rows.
_TRIALS = 0.85


class PromptStage:
    """Runs the study, asks the base and the winner about the locked sample, and stores both."""

    weight = 1.0

    def __init__(
        self, context: RunContext, spec: TuningSpec, ask: AskSpec, *, usd_per_cpu_s: float
    ) -> None:
        self._context, self._ask = context, ask
        self._interview = Interview(context, ask)
        self._study = self._study_of(spec, usd_per_cpu_s)
        self._paid_for = self._already_paid_for()
        self._begin = time.monotonic() - context.run.elapsed_s
        self._rows: list[tuple[Rows, Decision, Variant]] | None = None
        self._under_way: Task | None = None
        self._job: FoldJob | None = None
        self._done = False

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
        done = sum(rows.n_done for rows, _, _ in self._rows)
        return _TRIALS + (1.0 - _TRIALS) * done / sum(rows.n_blocks for rows, _, _ in self._rows)

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
        if self._rows is None:
            self._job = self._study.next_job(time.monotonic() - self._begin)
            self._collect()
            if self._job is not None:
                self._under_way = self._trial_task(self._job)
                return self._under_way
            self._rows = self._last_rows()
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
        if job is not None:
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
        begun = begun_by_hand(context.store.results.trials(context.run.id))
        return Study(
            StudySpec(
                model=search,
                folds=min(TRAIN_BLOCKS, ask.n_train),
                budget=spec.budget,
                opening=spec.opening,
                given=spec.given.get(ask.llm, ()),
                by_hand=begun.get(ask.llm, {}),
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

    def _already_paid_for(self) -> dict[str, set[int]]:
        """Return the blocks of each prompt that stored folds were charged for."""
        results = self._context.store.results
        params = {trial.number: trial.params for trial in results.trials(self._context.run.id)}
        found: dict[str, set[int]] = {}
        for fold in results.folds(self._context.run.id):
            if fold.trial in params:
                self._new_blocks(found, params[fold.trial], fold.fold)
        return found

    def _new_blocks(self, paid_for: dict[str, set[int]], params: Params, fold: int) -> set[int]:
        """Return which blocks this fold is the first to need, and note them."""
        prompt, decision = asked_with(self._ask.prompt, params)
        needed = set(range(min(TRAIN_BLOCKS, self._ask.n_train)))
        if not decision.is_learned:
            needed = {fold}
        # The same question, whatever is decided from its answers.
        known = paid_for.setdefault(repr(prompt), set())
        new = needed - known
        known |= needed
        return new

    def _trial_task(self, job: FoldJob) -> Task:
        prompt, decision = asked_with(self._ask.prompt, job.params)
        work = TryPrompt(
            interviewer=self._interview.interviewer(),
            prompt=prompt,
            decision=decision,
            fold=job.fold,
        )
        return self._interview.task(job.id, work)

    def _take_fold(self, job: FoldJob, outcome: Outcome) -> None:
        tried: Tried = value_of(outcome)
        answers = [one for block in tried.answers.values() for one in block]
        self._interview.take(answers)
        new = self._new_blocks(self._paid_for, job.params, job.fold)
        charged = [one for block in new for one in tried.answers[block]]
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

    def _last_rows(self) -> list[tuple[Rows, Decision, Variant]]:
        best = self._study.best()
        if best is None:
            reason = next((t.reason for t in self._study.trials if t.reason), "no trial ended")
            raise TaskError(f"No prompt was tried to the end: {reason}")
        # What the search was given is spent, the locked rows are paid from what was set aside.
        self._interview.stopped = ""
        base = Rows(self._interview, self._ask.prompt, "base")
        prompt, decision = asked_with(self._ask.prompt, best.params)
        tuned = Rows(self._interview, prompt, "tuned")
        found = [(base, Decision.ANSWERED, Variant.BASE), (tuned, decision, Variant.TUNED)]
        return [item for item in found if not self._is_known(item[0], item[2])]

    def _is_known(self, rows: Rows, variant: Variant) -> bool:
        """Whether the base was asked just so before."""
        if variant is not Variant.BASE:
            return False
        spec = self._ask
        return any(
            (row.key, row.variant, row.prompt) == (spec.llm, variant, rows.prompt)
            and (row.n_train, row.n_test, row.n_unanswered) == (spec.n_train, spec.n_test, 0)
            for row in self._context.store.results.asked(self._context.experiment.id)
        )

    def _current(self) -> tuple[Rows, Decision, Variant]:
        assert self._rows is not None
        return self._rows[0]

    def _store(self, outcome: Outcome) -> None:
        found: tuple[Counted, tuple[Scored, ...]] = value_of(outcome)
        counted, (scored,) = found
        rows, _, variant = self._current()
        row = rows.row(counted, scored, variant)
        if variant is Variant.TUNED:
            trials = self._study.trials
            row = replace(
                row,
                search_usd=sum(trial.usd for trial in trials),
                search_s=sum(trial.cpu_s for trial in trials),
                n_trials=len(trials),
            )
        self._context.batch.scored = True
        self._context.batch.asked.append(row)
        del (self._rows or [])[0]
        self._done = not self._rows
