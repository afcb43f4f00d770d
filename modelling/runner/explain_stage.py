"""The one stage of an explanation: each model is asked in a child of its own."""

from __future__ import annotations

from modelling.comparison.compare import row_name
from modelling.errors import TaskError
from modelling.executor.protocol import Outcome, Task
from modelling.runner.context import RunContext
from modelling.runner.explain_work import ExplainModel
from modelling.tuning.ensemble import members_of
from modelling.types import ExplanationSpec


class ExplainStage:
    """Asks stored models what they go by; a model that fails does not keep the others back."""

    title = "Asking the models what they go by"
    weight = 1.0

    def __init__(self, context: RunContext, spec: ExplanationSpec) -> None:
        self._context, self._spec = context, spec
        results, own = context.store.results, context.run.experiment_id
        self._rows = {row_name(row): row for row in results.models(own)}
        self._todo = [name for name in spec.rows if results.explanation(own, name) is None]
        self._n_all = len(self._todo)
        self._n_ended = 0
        self._error: str | None = None

    @property
    def finished(self) -> bool:
        """Whether every model was asked, or failed."""
        return self._n_ended == self._n_all

    def share_done(self) -> float:
        """Return the share of models that are done."""
        return self._n_ended / self._n_all if self._n_all else 1.0

    def next_task(self) -> Task | None:
        """Return the next model's task."""
        if not self._todo:
            return None
        name = self._todo.pop(0)
        blobs = [
            (weight, self._rows[member].model_blob)
            for weight, member in members_of(self._rows[name])
        ]
        path = self._context.store.blobs.path
        work = ExplainModel(
            problem=self._context.problem,
            row=name,
            parts=tuple((weight, path(blob)) for weight, blob in blobs if blob is not None),
        )
        return Task(id=name, work=work, limits=self._context.limits(self._spec.limits.cpu_s))

    def handle(self, outcome: Outcome) -> None:
        """Take in what a model goes by.

        Raises
        ------
        TaskError
            At the end, if a model could not be asked.
        """
        self._n_ended += 1
        if outcome.ok:
            self._context.batch.explanations.append(outcome.value)
        else:
            self._error = f"{self._rows[outcome.task_id].title}: {outcome.error}"
        if self.finished and self._error is not None:
            raise TaskError(f"A model could not be asked. {self._error}")
