"""The last stage of a rung's run: finds the predictions, has the gain measured, stores it."""

from __future__ import annotations

from modelling.comparison.compare import current_rows
from modelling.errors import TaskError
from modelling.executor.protocol import Outcome, Task
from modelling.models import model
from modelling.runner.context import RunContext
from modelling.runner.out_of_fold import OutOfFold, WholePredictions, evaluated
from modelling.runner.rung_work import FORECAST, Measured, MeasureRung
from modelling.tuning.ladder import PointsPlan
from modelling.types import ModelResult, ResultStatus, Rung, RungResult, RungSpec, Variant

LIMIT_CPU_S = 300.0
_TASK = "rung"


class RungStage:
    """Measures one rung against the base of its model."""

    title = "Measuring what the rung gains"

    def __init__(
        self, context: RunContext, spec: RungSpec, plan: PointsPlan, *, weight: float
    ) -> None:
        self._context, self._spec, self._plan, self.weight = context, spec, plan, weight
        rows = context.store.results.models(context.experiment.id)
        self._rows = [
            row for row in current_rows(rows, context.task) if row.status is ResultStatus.OK
        ]
        self._asked = self._done = False

    @property
    def finished(self) -> bool:
        """Whether the gain is there."""
        return self._done

    def share_done(self) -> float:
        """Return 1.0 once the gain is there."""
        return float(self._done)

    def next_task(self) -> Task | None:
        """Return the one task there is.

        Raises
        ------
        TaskError
            If a fit failed, or a part of what is compared is missing; it ends the run.
        """
        if self._asked:
            return None
        if self._plan.error is not None:
            raise TaskError(f"The rung's fits failed: {self._plan.error}")
        self._asked = True
        work = MeasureRung(
            rung=self._spec.rung,
            problem=self._context.problem,
            folds=self._context.folds,
            base=self._base(),
            others=self._others(),
        )
        return Task(id=_TASK, work=work, limits=self._context.limits(LIMIT_CPU_S))

    def handle(self, outcome: Outcome) -> None:
        """Take in the gain.

        Raises
        ------
        TaskError
            If there is none, which ends the run.
        """
        if not outcome.ok:
            raise TaskError(outcome.error or "The gain could not be measured.")
        measured: Measured = outcome.value
        self._context.fit_cpu_s += measured.cpu_s
        self._context.batch.rung = RungResult(
            rung=self._spec.rung,
            model=self._spec.model,
            gain=measured.gain,
            interval=measured.interval,
            cpu_s=measured.cpu_s + self._plan.cpu_s + self._cpu_of_others(),
            detail=self._detail(),
            curve=measured.curve,
        )
        self._done = True

    def _base(self) -> OutOfFold:
        for row in self._rows:
            if (row.key, row.variant) == (self._spec.model, Variant.BASE):
                return self._predictions(row.run_id, 0)
        raise TaskError("The model has no base result yet; benchmark it first.")

    def _others(self) -> tuple[OutOfFold, ...]:
        """Return the predictions of the rung's own fits, smallest share first."""
        match self._spec.rung:
            case Rung.KNOWN_GOOD:
                return (self._predictions(self._context.run.id, 1),)
            case Rung.MORE_ROWS:
                found = self._own()
                return tuple(self._predictions(self._context.run.id, trial) for trial in found)
            case Rung.ENSEMBLE:
                path = self._context.store.blobs.path(str(self._ensemble().oof_blob))
                return (WholePredictions(path=path),)
        return ()

    def _own(self) -> list[int]:
        context = self._context
        n_folds = context.task.folds
        return sorted(evaluated(context.store, context.run.id, self._spec.model, n_folds))

    def _predictions(self, run_id: str, trial: int) -> OutOfFold:
        context = self._context
        found = evaluated(context.store, run_id, self._spec.model, context.task.folds).get(trial)
        if found is None:
            raise TaskError("Stored predictions are missing; run the benchmark again.")
        return found.predictions

    def _ensemble(self) -> ModelResult:
        for row in self._rows:
            if row.variant is Variant.ENSEMBLE and row.oof_blob is not None:
                return row
        raise TaskError("There is no ensemble yet; benchmark more than one model first.")

    def _cpu_of_others(self) -> float:
        """Return the CPU seconds on the folds of what an ensemble adds to the base."""
        if self._spec.rung is not Rung.ENSEMBLE:
            return 0.0
        base = next(
            row for row in self._rows if (row.key, row.variant) == (self._spec.model, Variant.BASE)
        )
        row = self._ensemble()
        return max(0.0, row.cv_cpu_s + row.search_cpu_s - base.cv_cpu_s)

    def _detail(self) -> str:
        known = model(self._spec.model).known_good
        match self._spec.rung:
            case Rung.KNOWN_GOOD:
                return ", ".join(f"{name} = {value}" for name, value in known[0].items())
            case Rung.ENSEMBLE:
                return f"{len(self._ensemble().members)} of the fitted models, weighed greedily"
            case Rung.MORE_ROWS:
                return f"forecast for {FORECAST:g} times the rows; the price of the rows is extra"
            case Rung.THRESHOLD:
                return "the class is decided where it scores best, not at one half"
            case Rung.CALIBRATION:
                return "a logistic regression on the logarithm of the probabilities"
