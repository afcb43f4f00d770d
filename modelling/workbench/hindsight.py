"""Studies in hindsight: what their winners on the way would have scored on the locked test."""

from __future__ import annotations

from modelling.errors import SpecError
from modelling.types import FitLimits, Hindsight, HindsightSpec, Run, RunKind, TuningSpec
from modelling.workbench.external import External


class Hindsights(External):
    """The part of the workbench that looks back on studies."""

    def start_hindsight(
        self, study_run_id: str, model_key: str, *, limits: FitLimits | None = None
    ) -> Run:
        """Queue fitting and scoring the winners of a study again: one look at the locked test.

        Raises
        ------
        SpecError
            If the run is no study of that model, or has not ended: the verdict comes first.
        """
        study = self.run(study_run_id)
        if not isinstance(study.spec, TuningSpec) or model_key not in study.spec.models:
            raise SpecError(f"The run has no study of {model_key!r}; choose one of its models.")
        if study.state.is_active:
            raise SpecError("The study is not over; look back on it once its verdict is stored.")
        spec = HindsightSpec(
            study=study_run_id, model=model_key, limits=limits or study.spec.limits
        )
        return self._start(study.experiment_id, RunKind.HINDSIGHT, spec)

    def hindsight(self, experiment_id: str, study_run_id: str, model_key: str) -> Hindsight | None:
        """Return the newest look back on a study of a model; None as long as there is none."""
        found = [
            item
            for item in self._store.results.hindsights(experiment_id)
            if (item.study, item.model) == (study_run_id, model_key)
        ]
        return found[-1] if found else None
