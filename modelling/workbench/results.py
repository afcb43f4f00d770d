"""The results of a workspace: leaderboard, trials, comparison."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from modelling.datasets.wording import quoted
from modelling.errors import NotFoundError
from modelling.types import FoldResult, ModelResult, Variant
from modelling.workbench.ladder import Ladder

if TYPE_CHECKING:
    from modelling.comparison import Comparison
    from modelling.comparison.details import ModelDetails
    from modelling.comparison.leaderboard import Standing

_ON_LEADERBOARD = (Variant.BASE, Variant.ENSEMBLE)


class Results(Ladder):
    """The part of the workbench that knows what came out."""

    def results(self, experiment_id: str) -> tuple[ModelResult, ...]:
        """Return one row per model and variant, best selection score first."""
        from modelling.comparison.compare import current_rows

        rows = self._store.results.models(experiment_id)
        return current_rows(rows, self.experiment(experiment_id).task)

    def leaderboard(self, experiment_id: str) -> tuple[Standing, ...]:
        """Return base models and the ensemble by selection score, with intervals and ties.

        No score of the locked test decides anything in it, but its rows hold them.
        """
        from modelling.comparison.leaderboard import standings

        rows = self.results(experiment_id)
        return standings([row for row in rows if row.variant in _ON_LEADERBOARD])

    def result(self, experiment_id: str, key: str, variant: Variant = Variant.BASE) -> ModelResult:
        """Return the current row of one model.

        Raises
        ------
        NotFoundError
            If it was not evaluated in this experiment.
        """
        for row in self.results(experiment_id):
            if (row.key, row.variant) == (key, variant):
                return row
        raise NotFoundError(
            f"There is no result of {quoted(key)} ({variant}) in this experiment; run it first."
        )

    def details(
        self, experiment_id: str, key: str, variant: Variant = Variant.BASE
    ) -> ModelDetails:
        """Return the folds of a model and every metric over them.

        Raises
        ------
        NotFoundError
            If it was not evaluated in this experiment.
        """
        from modelling.comparison.details import model_details

        task = self.experiment(experiment_id).task
        row = self.result(experiment_id, key, variant)
        folds = self._folds(row, task.metric)
        return model_details(row, folds, self.metrics(task.kind), judge=task.metric)

    def _folds(self, row: ModelResult, metric: str) -> tuple[FoldResult, ...]:
        """Return the folds of the row's configuration; an ensemble has none of its own."""
        by_trial: dict[int, list[FoldResult]] = defaultdict(list)
        for fold in self._store.results.folds(row.run_id, row.key):
            by_trial[fold.trial].append(fold)
        if row.variant is Variant.BASE:
            return tuple(by_trial[0])
        for trial in sorted(by_trial):
            if [fold.scores.get(metric) for fold in by_trial[trial]] == list(row.fold_scores):
                return tuple(by_trial[trial])
        return ()

    def comparison(self, experiment_id: str, *, margin: float | None = None) -> Comparison:
        """Return all rows with locked-test scores, the pairs, and the verdict."""
        from modelling.comparison import compare, row_name

        experiment = self.experiment(experiment_id)
        rows = self._store.results.models(experiment_id)
        draws = {
            row_name(row): np.load(self._store.blobs.path(row.draws_blob))
            for row in rows
            if row.draws_blob is not None
        }
        return compare(
            rows,
            draws=draws,
            selection_gains=self._store.results.gains(experiment_id),
            task=experiment.task,
            n_test=experiment.n_test,
            margin=margin,
        )
