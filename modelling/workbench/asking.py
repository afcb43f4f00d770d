"""One row at a time: what stored models answer if a value were another.

The single place where the process of the pages predicts; importing and loading a model for the
first time takes seconds, an answer milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from modelling.errors import NotFoundError
from modelling.types import ModelResult, TaskSpec
from modelling.workbench.scenarios import Scenarios

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST_LOADED = 6
_GRID = 20


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Along:
    """What one row is answered along the values of a column: answers (n_values, n_outputs)."""

    values: tuple[Any, ...]
    answers: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Loaded:
    """A fitted model, or the weighted members of an ensemble."""

    task: TaskSpec
    parts: tuple[tuple[float, Any], ...]

    def answer(self, features: pd.DataFrame) -> NDArray[np.float64]:
        """Return probabilities (n_rows, n_classes), or values (n_rows, 1)."""
        from modelling.evaluation.estimators import predict
        from modelling.tuning.ensemble import weighted_average

        weights = [weight for weight, _ in self.parts]
        found = weighted_average(
            weights, (predict(model, features, self.task) for _, model in self.parts)
        )
        return found if found.ndim == 2 else found[:, None]


class Asking(Scenarios):
    """The part of the workbench that asks stored models about rows that nobody stored."""

    def __init__(self, *values: Any, **more: Any) -> None:
        super().__init__(*values, **more)
        self._loading = Lock()
        self._loaded: dict[tuple[str, str], _Loaded] = {}

    def ask(
        self, experiment_id: str, row: ModelResult, features: pd.DataFrame
    ) -> NDArray[np.float64]:
        """Return probabilities (n_rows, n_classes) in the order of the task, or values (n_rows, 1).

        Parameters
        ----------
        features : pandas.DataFrame, shape (n_rows, n_features)
            Rows with the columns and types of the data set, as `locked_rows` returns them.

        Raises
        ------
        NotFoundError
            If the model has no file.
        """
        return self._model(experiment_id, row).answer(features)

    def ask_along(
        self, experiment_id: str, row: ModelResult, one: pd.DataFrame, column: str
    ) -> Along:
        """Return what a single row (1, n_features) is answered along the values of a column.

        The values are those of the locked rows: quantiles of numbers and dates, the usual ones of
        all others.
        """
        from modelling.explain.dependence import grid_of

        n_test = self.experiment(experiment_id).n_test
        known = self.locked_rows(experiment_id, range(min(n_test, 2_000)))
        values = grid_of(known[column], _GRID)
        rows = one.iloc[np.zeros(len(values), dtype=np.int64)].reset_index(drop=True)
        rows[column] = pd.Series(values, dtype=one[column].dtype)
        answers = self.ask(experiment_id, row, rows) if values else np.empty((0, 1))
        return Along(values=tuple(values), answers=answers)

    def _model(self, experiment_id: str, row: ModelResult) -> _Loaded:
        from modelling.comparison import row_name
        from modelling.evaluation.persistence import load_model

        key = (experiment_id, row_name(row))
        with self._loading:
            if key not in self._loaded:
                parts = [
                    (weight, load_model(self._store.blobs.path(blob)))
                    for weight, blob in self._files(experiment_id, row)
                ]
                while len(self._loaded) >= _MOST_LOADED:
                    self._loaded.pop(next(iter(self._loaded)))
                task = self.experiment(experiment_id).task
                self._loaded[key] = _Loaded(task=task, parts=tuple(parts))
            return self._loaded[key]

    def _files(self, experiment_id: str, row: ModelResult) -> Sequence[tuple[float, str]]:
        from modelling.comparison import row_name
        from modelling.tuning.ensemble import members_of

        stored: Mapping[str, ModelResult] = {
            row_name(item): item for item in self._store.results.models(experiment_id)
        }
        found = []
        for weight, name in members_of(row):
            blob = stored[name].model_blob if name in stored else None
            if blob is None:
                raise NotFoundError(
                    f"{row.title} has no stored model here, so it cannot be asked; choose a model "
                    "that was fitted in this experiment."
                )
            found.append((weight, blob))
        return found
