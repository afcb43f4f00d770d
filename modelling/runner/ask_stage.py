"""The one stage of asking a language model: its answers, their scores and what they cost."""

from __future__ import annotations

from modelling.errors import TaskError
from modelling.executor.protocol import Limits, Outcome, Task
from modelling.runner.ask_work import Answered, AskRows
from modelling.runner.context import RunContext
from modelling.settings import environment_key
from modelling.text.catalogue import catalogue, find
from modelling.text.keys import taken
from modelling.text.prices import PriceList
from modelling.types import AskedModel, AskSpec

KEPT_FOLDER = "answers"
# Waiting for a server takes no CPU time; 300 answers of 30 s each, four at once, take less.
LIMIT_CPU_S, LIMIT_WALL_S = 600.0, 3600.0
_TASK = "ask"


class AskStage:
    """Asks, scores and stores the row."""

    title = "Asking the language model"
    weight = 1.0

    def __init__(self, context: RunContext, spec: AskSpec) -> None:
        self._context, self._spec = context, spec
        self._llm = find(spec.llm, catalogue(context.store.home))
        self._key = taken(context.store.home, spec.ticket) or environment_key(
            self._llm.provider.key
        )
        self._asked = self._done = False

    @property
    def finished(self) -> bool:
        """Whether the row is there."""
        return self._done

    def share_done(self) -> float:
        """Return 1.0 once the row is there."""
        return float(self._done)

    def next_task(self) -> Task | None:
        """Return the one task there is."""
        if self._asked:
            return None
        self._asked = True
        context = self._context
        work = AskRows(
            spec=self._spec,
            llm=self._llm,
            problem=context.problem,
            kept=context.store.home / KEPT_FOLDER,
            answers_path=context.scratch(f"{_TASK}.npz"),
            key=self._key,
        )
        memory = context.run.spec.limits.memory_bytes
        limits = Limits(cpu_s=LIMIT_CPU_S, wall_s=LIMIT_WALL_S, memory_bytes=memory)
        return Task(id=_TASK, work=work, limits=limits)

    def handle(self, outcome: Outcome) -> None:
        """Take in the answers.

        Raises
        ------
        TaskError
            If there are none, which ends the run.
        """
        if not outcome.ok:
            raise TaskError(outcome.error or "The language model could not be asked.")
        found: Answered = outcome.value
        context, llm = self._context, self._llm
        context.batch.scored = True
        context.batch.asked = AskedModel(
            run_id=context.run.id,
            key=llm.key,
            title=llm.title,
            prompt=self._spec.prompt,
            n_train=found.n_train,
            n_test=found.n_test,
            cv_score=found.cv_score,
            test_score=found.scores.get(context.task.metric),
            test_interval=found.interval,
            metrics=found.scores,
            endings=found.endings,
            fresh_tokens=found.tokens.fresh,
            cached_tokens=found.tokens.cached,
            output_tokens=found.tokens.output,
            seconds_p50=found.seconds[0],
            seconds_p95=found.seconds[1],
            usd_spent=found.usd_spent,
            usd_per_1k=found.usd_per_1k,
            price_source=PriceList(llm=llm, own=self._spec.price).source,
            replayed=found.replayed,
            answers=context.store.blobs.adopt(context.scratch(f"{_TASK}.npz")),
            is_local=not llm.provider.prices,
            stopped=found.stopped,
        )
        self._done = True
