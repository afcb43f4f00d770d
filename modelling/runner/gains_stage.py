"""The gain corrected for the search, for every pair that has a tuned model of this run."""

from __future__ import annotations

from collections.abc import Sequence

from modelling.comparison.compare import current_rows, pairs_of, row_name
from modelling.executor.protocol import Outcome, Task
from modelling.metrics import metric
from modelling.runner.context import RunContext
from modelling.runner.out_of_fold import Evaluated, OutOfFold, WholePredictions, evaluated
from modelling.runner.works import CorrectForSearch
from modelling.types import ModelResult, ResultStatus, TrialState, TuningSpec, Variant

# Beyond this many, configurations far behind the best would only cost time: none of them wins.
MAX_CONFIGURATIONS = 300
LIMIT_CPU_S = 300.0
PairName = tuple[str, str]


class GainsStage:
    """Computes selection and corrected gain of the experiment's current pairs."""

    title = "Correcting the gain for the search"
    weight = 0.01

    def __init__(self, context: RunContext) -> None:
        self._context = context
        self._rows = context.store.results.models(context.experiment.id)
        known = context.store.results.gains(context.experiment.id)
        # The experiment's pair comes last: where it is a pair of one model as well, it counts, as
        # its winner was chosen among more.
        pairs = {
            (row_name(base), row_name(candidate)): (base, candidate, role)
            for base, candidate, role in pairs_of(current_rows(self._rows, context.task))
        }
        self._todo = [
            (name, pair)
            for name, pair in pairs.items()
            if pair[-1] == "experiment" or name not in known
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
            pair, (base, candidate, role) = self._todo.pop(0)
            # The experiment's winner was chosen among all of them, so all of them count.
            rivals = [candidate] if role == "same model" else self._rivals()
            work = self._work(base, rivals)
            if work is not None:
                name = f"gain/{len(self._pairs)}/{role}/{candidate.key}"
                self._pairs[name] = pair
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

    def _rivals(self) -> list[ModelResult]:
        """Return every row, of whatever run, that could have become the experiment's candidate."""
        rows = [row for row in self._rows if row.status is ResultStatus.OK]
        tuned = [row for row in rows if row.variant is Variant.TUNED]
        # A longer study holds the trials of the one that it extends.
        specs = [self._context.store.runs.get(row.run_id).spec for row in tuned]
        extended = {spec.extends for spec in specs if isinstance(spec, TuningSpec)}
        return [
            *(row for row in tuned if row.run_id not in extended),
            *(row for row in rows if row.variant is Variant.ENSEMBLE),
        ]

    def _work(self, base: ModelResult, rivals: Sequence[ModelResult]) -> CorrectForSearch | None:
        of_base = self._evaluated(base).get(0)
        if of_base is None:
            return None
        found = [item for row in rivals for item in self._configurations(row)]
        found.sort(key=lambda item: item[0])
        left_out = sum(self._n_left_out(row) for row in rivals)
        return CorrectForSearch(
            problem=self._context.problem,
            folds=self._context.folds,
            base=of_base.predictions,
            configurations=tuple(item[1] for item in found[:MAX_CONFIGURATIONS]),
            n_left_out=left_out + max(0, len(found) - MAX_CONFIGURATIONS),
        )

    def _configurations(self, row: ModelResult) -> list[tuple[float, OutOfFold]]:
        """Return mean loss and predictions of all that stood behind a row.

        Every fully evaluated trial of a study; of an ensemble its cross-fitted predictions alone.
        """
        if row.variant is not Variant.ENSEMBLE:
            return [(item.loss, item.predictions) for item in self._evaluated(row).values()]
        if row.cv_score is None or row.oof_blob is None:
            return []
        path = self._context.store.blobs.path(row.oof_blob)
        loss = metric(self._context.task.metric).loss(row.cv_score)
        return [(loss, WholePredictions(path=path))]

    def _n_left_out(self, row: ModelResult) -> int:
        ended = self._context.store.results.trials(row.run_id)
        of_row = (trial for trial in ended if trial.model == row.key)
        return sum(trial.state is not TrialState.COMPLETE for trial in of_row)

    def _evaluated(self, row: ModelResult) -> dict[int, Evaluated]:
        context = self._context
        return evaluated(context.store, row.run_id, row.key, context.task.folds)
