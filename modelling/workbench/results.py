"""The results of a workspace: leaderboard, trials, comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from modelling.types import ModelResult
from modelling.workbench.studies import Studies

if TYPE_CHECKING:
    from modelling.comparison import Comparison


class Results(Studies):
    """The part of the workbench that knows what came out."""

    def results(self, experiment_id: str) -> tuple[ModelResult, ...]:
        """Return one row per model and variant, best selection score first."""
        from modelling.comparison.compare import current_rows

        rows = self._store.results.models(experiment_id)
        return current_rows(rows, self.experiment(experiment_id).task)

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
