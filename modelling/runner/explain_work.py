"""Work of an explanation: one stored model is asked what it goes by, on the locked rows."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from modelling.datasets.problem import ProblemRef
from modelling.evaluation.estimators import predict
from modelling.evaluation.persistence import load_model
from modelling.explain import contributions, dependence_curve, score_lost, sizes
from modelling.explain.dependence import grid_of
from modelling.explain.sample import BACKGROUND, GRID, MOST_CURVES, REPEATS
from modelling.metrics import metric
from modelling.tuning.ensemble import weighted_average
from modelling.types import (
    ColumnEffect,
    ColumnWeight,
    Explanation,
    ParamValue,
    TaskKind,
    TaskSpec,
)

MOST_OUTPUTS = 10
_LONGEST_VALUE = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class ExplainModel:
    """Work: shuffle columns, follow them, and take single answers apart.

    ``parts`` are (weight, model file): one of weight 1, or the members of an ensemble.
    """

    problem: ProblemRef
    row: str
    parts: tuple[tuple[float, Path], ...]

    def __call__(self) -> Explanation:
        """Return what the model goes by; the same seed gives the same rows for every model."""
        begin = time.process_time()
        task = self.problem.task
        test = self.problem.load("test")
        asked = _Asked(task=task, parts=[(weight, load_model(path)) for weight, path in self.parts])
        size = sizes(len(test.truth), test.features.shape[1])
        order = np.random.default_rng([task.seed, 0xE0]).permutation(len(test.truth))
        shuffled, followed, explained = (
            np.sort(order[:n]) for n in (size.shuffled, size.followed, size.explained)
        )
        single = _part(test.features, explained)
        amounts = contributions(asked.outputs, single, self._background(single), seed=task.seed)
        weights = self._weights(
            asked,
            _part(test.features, shuffled),
            test.truth[shuffled],
            np.abs(amounts).mean(axis=0),
        )
        along = _part(test.features, followed)
        return Explanation(
            row=self.row,
            outputs=_names(task),
            weights=weights,
            effects=tuple(
                self._effect(asked, weight.column, along, single, amounts)
                for weight in weights[:MOST_CURVES]
            ),
            n_shuffled=size.shuffled,
            n_explained=size.explained,
            cpu_s=time.process_time() - begin,
        )

    def _weights(
        self,
        asked: _Asked,
        features: pd.DataFrame,
        truth: NDArray[Any],
        shares: NDArray[np.float64],
    ) -> tuple[ColumnWeight, ...]:
        """Return the weight of each column, heaviest first; ``shares`` is (column, output)."""
        task = self.problem.task
        lost = score_lost(
            asked.whole, features, truth, metric(task.metric), repeats=REPEATS, seed=task.seed
        )
        found = [
            ColumnWeight(column=name, lost=loss, spread=spread, shares=tuple(share.tolist()))
            for (name, loss, spread), share in zip(lost, shares, strict=True)
        ]
        return tuple(sorted(found, key=lambda weight: -weight.lost))

    def _background(self, explained: pd.DataFrame) -> pd.DataFrame:
        features = self.problem.load("train").features
        rng = np.random.default_rng([self.problem.task.seed, 0xB6])
        places = np.sort(rng.permutation(len(features))[:BACKGROUND])
        return features.iloc[places].astype(explained.dtypes.to_dict())

    def _effect(
        self,
        asked: _Asked,
        name: str,
        followed: pd.DataFrame,
        explained: pd.DataFrame,
        amounts: NDArray[np.float64],
    ) -> ColumnEffect:
        # A text takes no other row's place along an axis.
        values = [] if name in self.problem.text else grid_of(followed[name], GRID)
        means = (
            dependence_curve(asked.outputs, followed, name, values) if values else np.empty((0,))
        )
        place = list(explained.columns).index(name)
        return ColumnEffect(
            column=name,
            values=tuple(map(_plain, values)),
            means=tuple(tuple(line) for line in means.tolist()),
            own=tuple(map(_plain, explained[name])),
            amounts=tuple(tuple(line) for line in amounts[:, place].T.tolist()),
        )


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """The fitted parts of a model, as one that answers."""

    task: TaskSpec
    parts: list[tuple[float, Any]] = field(default_factory=list)

    def whole(self, features: pd.DataFrame) -> NDArray[np.float64]:
        """Return probabilities (n_rows, n_classes) or values (n_rows,)."""
        weights = [weight for weight, _ in self.parts]
        return weighted_average(
            weights, (predict(model, features, self.task) for _, model in self.parts)
        )

    def outputs(self, features: pd.DataFrame) -> NDArray[np.float64]:
        """Return what is explained, (n_rows, n_outputs), in the order of `_names`."""
        answers = self.whole(features)
        if not self.task.kind.is_classification:
            return answers[:, None]
        return answers[:, 1:] if self.task.kind is TaskKind.BINARY else answers[:, :MOST_OUTPUTS]


def _part(features: pd.DataFrame, places: NDArray[np.int64]) -> pd.DataFrame:
    return features.iloc[places].reset_index(drop=True)


def _names(task: TaskSpec) -> tuple[str, ...]:
    if not task.kind.is_classification:
        return (task.target,)
    return task.classes[1:] if task.kind is TaskKind.BINARY else task.classes[:MOST_OUTPUTS]


def _plain(value: Any) -> ParamValue:
    """Return a value of a column as a chart writes it."""
    if pd.isna(value):
        return None
    if isinstance(value, (bool, np.bool_)):
        return str(value)
    if isinstance(value, (int, float, np.number)):
        return float(value)
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    return str(value)[:_LONGEST_VALUE]
