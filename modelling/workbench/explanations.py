"""What stored models go by: asked on demand, kept with the experiment."""

from __future__ import annotations

from collections.abc import Sequence

from modelling.errors import SpecError
from modelling.explain.sample import sizes
from modelling.types import Explanation, ExplanationSpec, FitLimits, ModelResult, Run, RunKind
from modelling.workbench.hindsight import Hindsights

# Loading the library and the rows, in CPU seconds for one model.
_STARTUP_CPU_S = 5.0


class Explanations(Hindsights):
    """The part of the workbench that says what models go by."""

    def explanation(self, experiment_id: str, row: ModelResult) -> Explanation | None:
        """Return what a model goes by; None as long as nobody asked."""
        from modelling.comparison import row_name

        return self._store.results.explanation(experiment_id, row_name(row))

    def start_explanation(self, experiment_id: str, rows: Sequence[ModelResult]) -> Run:
        """Queue asking stored models what they go by.

        Nothing is fitted or chosen, so it is no look at the locked test.

        Raises
        ------
        SpecError
            If one of them has no stored model.
        """
        from modelling.comparison import row_name

        for row in rows:
            if obstacle := self.explanation_obstacle(experiment_id, row):
                raise SpecError(obstacle)
        spec = ExplanationSpec(rows=tuple(map(row_name, rows)), limits=FitLimits())
        return self._start(experiment_id, RunKind.EXPLANATION, spec)

    def explanation_obstacle(self, experiment_id: str, row: ModelResult) -> str | None:
        """Return why a model cannot be asked, as a sentence; None if it can."""
        from modelling.comparison import row_name
        from modelling.tuning.ensemble import members_of

        stored = {row_name(item): item for item in self._store.results.models(experiment_id)}
        for _, member in members_of(row):
            found = stored.get(member)
            if found is None or found.model_blob is None:
                return (
                    f"{row.title} has no stored model here, so it cannot be asked what it goes by; "
                    "choose a model that was fitted in this experiment."
                )
        return None

    def explanation_price(self, experiment_id: str, rows: Sequence[ModelResult]) -> float:
        """Return about how many CPU seconds it takes to ask these models."""
        experiment = self.experiment(experiment_id)
        n_answers = sizes(experiment.n_test, len(experiment.task.features)).n_answers
        # Milliseconds for 1,000 answers are microseconds for one.
        cpu_ms = sum(row.predict_cpu_ms_per_1k or 0.0 for row in rows)
        return _STARTUP_CPU_S * len(rows) + n_answers * cpu_ms / 1e6
