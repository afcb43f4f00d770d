"""The one stage of asking a language model: its answers, their scores and what they cost."""

from __future__ import annotations

from dataclasses import replace

from modelling.executor.protocol import Outcome, Task
from modelling.runner.ask_score import Counted, Scored
from modelling.runner.ask_work import AskInjected
from modelling.runner.context import RunContext
from modelling.runner.interview import Interview, Rows, value_of
from modelling.text.injected import ORDERS
from modelling.text.replies import Asked
from modelling.types import AskSpec, Followed


class AskStage:
    """Asks, scores and stores the row, and beside it what a learned decision makes of it."""

    weight = 1.0

    def __init__(self, context: RunContext, spec: AskSpec) -> None:
        self._context, self._spec = context, spec
        self._interview = Interview(context, spec)
        self._rows = Rows(self._interview, spec.prompt, "base")
        self._orders = list(ORDERS) if spec.n_injected else []
        self._followed: list[Followed] = []
        self._under_way: Task | None = None
        self._done = False

    @property
    def title(self) -> str:
        """What is being done, and what it has cost so far."""
        spent = f", {self._interview.spent_usd:.4f} US dollars spent" if self._spent else ""
        return f"Asking {self._interview.llm.title}{spent}"

    @property
    def _spent(self) -> bool:
        return self._interview.spent_usd > 0

    @property
    def finished(self) -> bool:
        """Whether the row is there."""
        return self._done

    def share_done(self) -> float:
        """Return the share of the blocks that are answered."""
        total = self._rows.n_blocks + (len(ORDERS) if self._spec.n_injected else 0) + 1
        return 1.0 if self._done else (self._rows.n_done + len(self._followed)) / total

    def next_task(self) -> Task | None:
        """Return the next block, the next kind of order, or the scoring."""
        if self._under_way is not None or self._done:
            return None
        if not self._rows.finished:
            self._under_way = self._rows.next_task()
        elif self._orders and not self._interview.stopped:
            self._under_way = self._injected()
        else:
            self._under_way = self._rows.score_task(None)
        return self._under_way

    def handle(self, outcome: Outcome) -> None:
        """Take in answers or scores.

        Raises
        ------
        TaskError
            If there are none, which ends the run.
        """
        task, self._under_way = self._under_way, None
        if not self._rows.finished:
            self._rows.handle(outcome)
        elif task is not None and isinstance(task.work, AskInjected):
            self._take_injected(outcome)
        else:
            self._finish(outcome)

    def _injected(self) -> Task:
        """Ask about training texts again, each with an order to answer another class."""
        work = AskInjected(
            interviewer=self._interview.interviewer(),
            prompt=self._spec.prompt,
            kind=self._orders[0],
            answered=self._rows.train,
        )
        return self._interview.task(f"order/{self._orders[0]}", work)

    def _take_injected(self, outcome: Outcome) -> None:
        found: tuple[Followed, list[Asked]] = value_of(outcome)
        self._orders.pop(0)
        self._followed.append(found[0])
        self._interview.take(found[1])

    def _finish(self, outcome: Outcome) -> None:
        found: tuple[Counted, tuple[Scored, ...]] = value_of(outcome)
        base, *free = self._rows.base_rows(*found)
        self._context.batch.scored = True
        self._context.batch.asked = [replace(base, followed=tuple(self._followed)), *free]
        self._done = True
