"""What asking one language model shares, run by run: the key, the money, the tasks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from modelling.errors import TaskError
from modelling.executor.protocol import Limits, Outcome, Task, Work
from modelling.runner.ask_score import Counted, ScoreAnswers, Scored
from modelling.runner.ask_work import AskBlock, Interviewer, n_blocks
from modelling.runner.context import RunContext
from modelling.settings import environment_key, openai_url
from modelling.text.catalogue import catalogue, find
from modelling.text.kept import ByBlock, KeptAnswers
from modelling.text.keys import taken
from modelling.text.prices import PriceList
from modelling.text.replies import Asked, Ending
from modelling.types import AskedModel, AskSpec, Decision, Prompt, Variant

KEPT_FOLDER = "answers"
# Waiting for a server takes no CPU time; a block of answers of 30 s each takes less.
LIMIT_CPU_S, LIMIT_WALL_S = 600.0, 3600.0


class Interview:
    """One run's dealings with one language model.

    Attributes
    ----------
    spent_usd : float
        What the run has paid so far, its earlier attempts included.
    stopped : str
        Why nobody is asked any more; empty as long as that is not so.
    """

    def __init__(self, context: RunContext, spec: AskSpec) -> None:
        self.context, self.spec = context, spec
        home = context.store.home
        self.llm = find(spec.llm, catalogue(home, openai_url=openai_url()))
        self._key = taken(home, spec.ticket) or environment_key(self.llm.provider.key)
        self._kept = home / KEPT_FOLDER
        if self.llm.provider.key and not self._key:
            raise TaskError(
                f"The key of {self.llm.provider.title} is gone: it is kept for one start only. "
                "Start this again with the key; what was answered is kept and costs nothing."
            )
        # Only a run that goes on has paid for anything.
        goes_on = context.run.elapsed_s > 0
        self._paid = KeptAnswers(self._kept).paid_by(context.run.id) if goes_on else {}
        self.spent_usd = sum(self._paid.values())
        self.stopped = ""

    def interviewer(self, *, set_aside_usd: float = 0.0) -> Interviewer:
        """Return who asks next, with the money that is left beside what is set aside."""
        return Interviewer(
            spec=self.spec,
            llm=self.llm,
            problem=self.context.problem,
            kept=self._kept,
            run=self.context.run.id,
            left_usd=max(0.0, self.spec.cap_usd - self.spent_usd - set_aside_usd),
            key=self._key,
        )

    def task(self, name: str, work: Work) -> Task:
        """Return a task that asks; importing the client takes longer than many an answer."""
        memory = self.context.run.spec.limits.memory_bytes
        limits = Limits(cpu_s=LIMIT_CPU_S, wall_s=LIMIT_WALL_S, memory_bytes=memory)
        return Task(id=name, work=work, limits=limits, shares_child=True)

    def take(self, answers: Iterable[Asked]) -> None:
        """Count what answers cost, each once, and whether it went on to the end."""
        for one in answers:
            if not one.replayed and (not one.name or one.name not in self._paid):
                self._paid[one.name] = one.usd or 0.0
                self.spent_usd += one.usd or 0.0
            if one.ending is Ending.NOT_ASKED:
                self.stopped = self.stopped or one.reason


@dataclass
class Rows:
    """The answers to one prompt about both samples, block by block, the locked rows first."""

    interview: Interview
    prompt: Prompt
    name: str

    def __post_init__(self) -> None:
        spec = self.interview.spec
        self.train: ByBlock = {}
        self.test: ByBlock = {}
        self._due = [("test", block) for block in range(n_blocks(spec, "test"))]
        self._due += [("train", block) for block in range(n_blocks(spec, "train"))]
        self.n_blocks = len(self._due)

    @property
    def finished(self) -> bool:
        """Whether all blocks are there, or nobody is asked any more."""
        return not self._due or bool(self.interview.stopped)

    @property
    def n_done(self) -> int:
        """How many blocks are there."""
        return self.n_blocks - len(self._due)

    def next_task(self) -> Task:
        """Return the task of the next block."""
        part, block = self._due[0]
        work = AskBlock(
            interviewer=self.interview.interviewer(),
            prompt=self.prompt,
            part="train" if part == "train" else "test",
            block=block,
        )
        return self.interview.task(f"{self.name}/{part}/{block}", work)

    def handle(self, outcome: Outcome) -> None:
        """Take in a block.

        Raises
        ------
        TaskError
            If it could not be asked at all, which ends the run.
        """
        part, block = self._due.pop(0)
        answers: list[Asked] = value_of(outcome)
        self.interview.take(answers)
        (self.train if part == "train" else self.test)[block] = answers

    def score_task(self, decision: Decision | None) -> Task:
        """Return the task that scores all answers."""
        work = ScoreAnswers(
            interviewer=self.interview.interviewer(),
            train=self.train,
            test=self.test,
            path=self.interview.context.scratch(f"{self.name}.npz"),
            decision=decision,
            stopped=self.interview.stopped,
        )
        return self.interview.task(f"{self.name}/score", work)

    def base_rows(self, counted: Counted, scored: Sequence[Scored]) -> list[AskedModel]:
        """Return the base, and what a decision that was learned for free makes of it."""
        free = [self.row(counted, one, Variant.TUNED) for one in scored[1:]]
        base = self.row(counted, scored[0], Variant.BASE)
        return [base, *(replace(one, usd_spent=0.0) for one in free)]

    def row(self, counted: Counted, scored: Scored, variant: Variant) -> AskedModel:
        """Return what is stored of one row."""
        interview = self.interview
        context, llm = interview.context, interview.llm
        return AskedModel(
            run_id=context.run.id,
            key=llm.key,
            title=llm.title,
            prompt=self.prompt,
            n_train=counted.n_train,
            n_test=counted.n_test,
            cv_score=scored.cv_score,
            test_score=scored.scores.get(context.task.metric),
            test_interval=scored.interval,
            metrics=scored.scores,
            endings=counted.endings,
            fresh_tokens=counted.tokens.fresh,
            cached_tokens=counted.tokens.cached,
            output_tokens=counted.tokens.output,
            seconds_p50=counted.seconds[0],
            seconds_p95=counted.seconds[1],
            usd_spent=interview.spent_usd,
            usd_per_1k=counted.usd_per_1k,
            price_source=PriceList(llm=llm, own=interview.spec.price).source,
            replayed=counted.replayed,
            answers=context.store.blobs.adopt(scored.path),
            is_local=not llm.provider.prices and interview.spec.price is None,
            stopped=interview.stopped,
            variant=variant,
            decision=scored.decision,
            has_probabilities=counted.has_probabilities,
            answered_shares=scored.answered_shares,
            true_shares=scored.true_shares,
        )


def value_of(outcome: Outcome) -> Any:
    """Return what a task gave.

    Raises
    ------
    TaskError
        If it failed.
    """
    if not outcome.ok:
        raise TaskError(outcome.error or "The language model could not be asked.")
    return outcome.value
