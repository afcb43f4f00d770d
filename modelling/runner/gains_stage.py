"""The gain corrected for the search, for every pair that has a tuned model of this run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from statistics import fmean

from modelling.comparison.compare import current_rows, pairs_of, row_name
from modelling.executor.protocol import Outcome, Task
from modelling.runner.context import RunContext
from modelling.runner.works import CorrectForSearch, Predictions
from modelling.types import FoldResult, ModelResult, TrialState, Variant

# Beyond this many, configurations far behind the best would only cost time: none of them wins.
MAX_CONFIGURATIONS = 300
LIMIT_CPU_S = 300.0
PairName = tuple[str, str]


class GainsStage:
    """Computes selection and corrected gain of the experiment's current pairs."""

    title = "Correcting the gain for the search"
    weight = 0.02

    def __init__(self, context: RunContext) -> None:
        self._context = context
        self._all_rows = current_rows(
            context.store.results.models(context.experiment.id), context.task
        )
        known = context.store.results.gains(context.experiment.id)
        self._todo = [
            (base, candidate, role)
            for base, candidate, role in pairs_of(self._all_rows)
            if role == "experiment" or (row_name(base), row_name(candidate)) not in known
        ]
        self._all = max(1, len(self._todo))
        self._pairs: dict[str, PairName] = {}

    @property
    def finished(self) -> bool:
        """Whether all pairs are done."""
        return not self._todo and not self._pairs

    def share_done(self) -> float:
        """Return the share of pairs that are done."""
        return 1.0 - (len(self._todo) + len(self._pairs)) / self._all

    def next_task(self) -> Task | None:
        """Return the next pair's task."""
        while self._todo:
            base, candidate, role = self._todo.pop(0)
            # The experiment's winner was chosen among all tuned models, so all of them count.
            tuned = [candidate] if role == "same model" else self._tuned()
            work = self._work(base, tuned)
            if work is not None:
                name = f"gain/{len(self._pairs)}/{role}/{candidate.key}"
                self._pairs[name] = (row_name(base), row_name(candidate))
                return Task(id=name, work=work, limits=self._context.limits(LIMIT_CPU_S))
        return None

    def handle(self, outcome: Outcome) -> None:
        """Take in a gain; a pair without one is shown without it."""
        pair = self._pairs.pop(outcome.task_id)
        if outcome.ok:
            self._context.batch.gains[pair] = outcome.value
        else:
            self._context.batch.run_values["message"] = (
                f"The gain corrected for the search is missing: {outcome.error}"
            )

    def _tuned(self) -> list[ModelResult]:
        return [row for row in self._all_rows if row.variant is Variant.TUNED]

    def _work(self, base: ModelResult, tuned: Sequence[ModelResult]) -> CorrectForSearch | None:
        of_base = self._configurations(base.run_id, base.key).get(0)
        if of_base is None:
            return None
        found: list[tuple[float, Predictions]] = []
        left_out = 0
        for row in tuned:
            configurations = self._configurations(row.run_id, row.key)
            found += configurations.values()
            trials = self._context.store.results.trials(row.run_id)
            ended = [trial for trial in trials if trial.model == row.key]
            left_out += sum(trial.state is not TrialState.COMPLETE for trial in ended)
        found.sort(key=lambda item: item[0])
        return CorrectForSearch(
            problem=self._context.problem,
            folds=self._context.folds,
            base=of_base[1],
            configurations=tuple(item[1] for item in found[:MAX_CONFIGURATIONS]),
            n_left_out=left_out + max(0, len(found) - MAX_CONFIGURATIONS),
        )

    def _configurations(self, run_id: str, key: str) -> dict[int, tuple[float, Predictions]]:
        """Return mean loss and predictions of each fully evaluated configuration, by trial."""
        by_trial: dict[int, list[FoldResult]] = defaultdict(list)
        for fold in self._context.store.results.folds(run_id):
            if fold.model == key and fold.prediction_blob is not None:
                by_trial[fold.trial].append(fold)
        path = self._context.store.blobs.path
        return {
            trial: (
                fmean(fold.loss or 0.0 for fold in folds),
                Predictions(by_fold=tuple(path(str(fold.prediction_blob)) for fold in folds)),
            )
            for trial, folds in by_trial.items()
            if len(folds) == self._context.task.folds
        }
