"""What the models of a workspace answered, row by row."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from modelling.errors import NotFoundError
from modelling.store.encodings import FOLDS_FILE, encodings_folder
from modelling.types import ModelResult, Variant
from modelling.workbench.results import Results

if TYPE_CHECKING:
    import pandas as pd


class Predictions(Results):
    """The part of the workbench that knows single answers."""

    def out_of_fold(
        self, experiment_id: str, key: str, variant: Variant = Variant.BASE
    ) -> pd.DataFrame:
        """Return the predictions of a model for the training rows, by models that never saw them.

        Returns
        -------
        pandas.DataFrame
            Columns row (position in the data set as uploaded, from 0), fold (from 1), truth, and
            prediction, or probability_<class> for each class as the model gave it: the rows of a
            model that computes in single precision sum to one within 1e-6 only.

        Raises
        ------
        NotFoundError
            If the model was not evaluated, failed, or its folds are not kept any more.
        """
        from modelling.datasets.predictions import out_of_fold_table

        folds = self._folds_file(experiment_id)
        parts = self._parts(experiment_id, self.result(experiment_id, key, variant), folds)
        return out_of_fold_table(self.problem(experiment_id), folds, parts)

    def test_predictions(
        self, experiment_id: str, key: str, variant: Variant = Variant.BASE
    ) -> pd.DataFrame:
        """Return the predictions of a model for the locked test: as `out_of_fold`, without fold.

        They are those that were scored, so this is no further look. With a test file of the
        user's own, row is the position in that file.

        Raises
        ------
        NotFoundError
            If the model was not evaluated, or has no fit on all training rows.
        """
        from modelling.datasets.predictions import locked_test_table

        row = self.result(experiment_id, key, variant)
        if row.test_prediction_blob is None:
            raise NotFoundError(_nothing(row, "the locked test rows"))
        predicted = np.load(self._store.blobs.path(row.test_prediction_blob))
        return locked_test_table(self.problem(experiment_id), predicted)

    def _folds_file(self, experiment_id: str) -> Path:
        folder = encodings_folder(self._store.home, self.experiment(experiment_id))
        if not (folder / FOLDS_FILE).exists():
            raise NotFoundError(
                "Which rows each fold validated is not kept any more; run the benchmark once "
                "more, which draws the same folds again."
            )
        return folder / FOLDS_FILE

    def _parts(self, experiment_id: str, row: ModelResult, folds: Path) -> list[np.ndarray]:
        """Return the predictions for the validation rows of each fold."""
        from modelling.datasets.predictions import valid_positions

        n_folds, path = self.experiment(experiment_id).task.folds, self._store.blobs.path
        if row.oof_blob is not None:
            whole = np.load(path(row.oof_blob))
            return [whole[valid_positions(folds, fold)] for fold in range(n_folds)]
        found = self.details(experiment_id, row.key, row.variant).folds
        blobs = [fold.prediction_blob for fold in found if fold.prediction_blob is not None]
        if len(blobs) < n_folds:
            raise NotFoundError(_nothing(row, "the rows of every fold"))
        return [np.load(path(blob)) for blob in blobs]


def _nothing(row: ModelResult, rows: str) -> str:
    why = f": {row.error}" if row.error else "; wait for the end of its run."
    return f"{row.title} has no predictions for {rows}{why}"
