"""The ladder: what else the minutes of a study could have bought."""

from __future__ import annotations

from collections.abc import Sequence

from modelling.errors import SpecError
from modelling.models import model
from modelling.types import (
    FitLimits,
    ResultStatus,
    Run,
    Rung,
    RungResult,
    RungSpec,
    RunKind,
    Variant,
)
from modelling.workbench.studies import Studies


class Ladder(Studies):
    """The part of the workbench that measures rungs."""

    def rung_obstacle(self, experiment_id: str, rung: Rung, model_key: str) -> str | None:
        """Return why a rung cannot be measured for a model, as a sentence; None if it can."""
        from modelling.tuning.ladder import why_not

        task = self.experiment(experiment_id).task
        rows = self._store.results.models(experiment_id)
        fine = {(row.key, row.variant) for row in rows if row.status is ResultStatus.OK}
        if (model_key, Variant.BASE) not in fine:
            return "The model has no base result yet; benchmark it first."
        if rung is Rung.ENSEMBLE and Variant.ENSEMBLE not in {variant for _, variant in fine}:
            return "There is no ensemble yet; benchmark more than one model first."
        return why_not(rung, task, model(model_key))

    def start_rung(
        self,
        experiment_id: str,
        rung: Rung,
        model_key: str,
        *,
        limits: FitLimits | None = None,
    ) -> Run:
        """Queue the measurement of one rung, starting from the base of a model.

        Raises
        ------
        SpecError
            If the rung has nothing to offer there.
        """
        obstacle = self.rung_obstacle(experiment_id, rung, model_key)
        if obstacle is not None:
            raise SpecError(obstacle)
        spec = RungSpec(rung=rung, model=model_key, limits=limits or FitLimits())
        return self._start(experiment_id, RunKind.RUNG, spec)

    def rungs(self, experiment_id: str, model_key: str) -> tuple[RungResult, ...]:
        """Return what each rung gave for a model, the newest of each, in the order of `Rung`."""
        newest = {
            found.rung: found
            for found in self._store.results.rungs(experiment_id)
            if found.model == model_key
        }
        return tuple(newest[rung] for rung in Rung if rung in newest)

    def rung_runs(self, experiment_id: str, model_key: str) -> dict[Rung, Run]:
        """Return the newest run of each rung that was asked for a model."""
        newest: dict[Rung, Run] = {}
        runs: Sequence[Run] = self.runs(experiment_id)
        for run in runs:
            if isinstance(run.spec, RungSpec) and run.spec.model == model_key:
                newest.setdefault(run.spec.rung, run)
        return newest
