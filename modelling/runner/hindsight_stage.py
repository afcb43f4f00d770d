"""The one stage of a look back: the winners of a study on its way, scored on the locked test."""

from __future__ import annotations

from modelling.errors import TaskError
from modelling.evaluation.final import FitFinal
from modelling.executor.protocol import Outcome, Task
from modelling.metrics import metric
from modelling.runner.context import RunContext
from modelling.runner.final_stages import FINAL_LIMIT_FACTOR
from modelling.runner.works import FinalScores, FitAndScore
from modelling.tuning.incumbents import Incumbent, incumbents, last_fit
from modelling.types import Hindsight, HindsightPoint, HindsightSpec

MOST_INCUMBENTS = 8


class HindsightStage:
    """Fits each winner again on all training rows and scores all of them in one batch."""

    title = "Scoring earlier winners of the search on the locked test"
    weight = 1.0

    def __init__(self, context: RunContext, spec: HindsightSpec) -> None:
        self._context, self._spec = context, spec
        trials = context.store.results.trials(spec.study)
        own = [trial for trial in trials if trial.model == spec.model]
        self._todo = list(incumbents(own, MOST_INCUMBENTS))
        if not self._todo:
            raise TaskError("The study has no complete trial, so there is nothing to look back on.")
        self._folds = context.store.results.folds(spec.study, spec.model)
        self._n_all = len(self._todo)
        self._under_way: dict[str, Incumbent] = {}
        self._points: list[HindsightPoint] = []
        self._cpu_s = 0.0
        self._n_ended = 0

    @property
    def finished(self) -> bool:
        """Whether every winner was fitted, or failed."""
        return self._n_ended == self._n_all

    def share_done(self) -> float:
        """Return the share of winners that are done."""
        return self._n_ended / self._n_all

    def next_task(self) -> Task | None:
        """Return the next winner's task."""
        if not self._todo:
            return None
        winner = self._todo.pop(0)
        name = f"hindsight/{winner.trial.number}"
        self._under_way[name] = winner
        own = [fold for fold in self._folds if fold.trial == winner.trial.number]
        params, rounds = last_fit(self._spec.model, winner.trial.params, own)
        context = self._context
        fit = FitFinal(
            model=self._spec.model,
            params=params,
            problem=context.problem,
            model_path=context.scratch(f"{name}.skops"),
            prediction_path=context.scratch(f"{name}.npy"),
            rounds=rounds,
        )
        work = FitAndScore(fit=fit, draws_path=context.scratch(f"{name}.draws.npy"))
        limit = FINAL_LIMIT_FACTOR * self._spec.limits.cpu_s
        return Task(id=name, work=work, limits=context.limits(limit))

    def handle(self, outcome: Outcome) -> None:
        """Take in a winner; with the last one, all become visible together.

        Raises
        ------
        TaskError
            If none of them could be fitted, which ends the run.
        """
        winner = self._under_way.pop(outcome.task_id)
        self._n_ended += 1
        if outcome.ok:
            self._take(winner, outcome.value)
        if not self.finished:
            return
        if not self._points:
            raise TaskError(f"No winner could be fitted again: {outcome.error}")
        context = self._context
        context.batch.scored = True
        context.batch.hindsight = Hindsight(
            study=self._spec.study,
            model=self._spec.model,
            points=tuple(sorted(self._points, key=lambda point: point.trial)),
            cpu_s=self._cpu_s,
        )

    def _take(self, winner: Incumbent, final: FinalScores) -> None:
        judge = metric(self._context.task.metric)
        self._cpu_s += final.fit.fit_cpu_s
        self._context.fit_cpu_s += final.fit.fit_cpu_s
        reached = final.scores[judge.name]
        if reached is None or winner.trial.value is None:
            return
        self._points.append(
            HindsightPoint(
                trial=winner.trial.number,
                cpu_s=winner.cpu_s,
                cv_score=-judge.sign * winner.trial.value,
                test_score=reached,
                test_interval=final.interval,
            )
        )
