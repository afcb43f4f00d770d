"""What the answers of an experiment's models are worth: outcomes counted once, priced at will."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from modelling.errors import NotFoundError
from modelling.types import ModelResult, TaskKind
from modelling.workbench.across import AcrossRuns

if TYPE_CHECKING:
    from modelling.datasets.problem import ProblemRef
    from modelling.economics.decision import Books
    from modelling.economics.worth import Scored, Worth

N_DRAWS = 1_000
# At most so many counts are drawn at once: fewer draws of a large locked test.
_MOST_CELLS = 50_000_000
_FEWEST_DRAWS = 200


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Ledger:
    """The books of an experiment, and what had to be assumed for them.

    ``n_without_stake`` locked rows have no stake: they count with the median of the others.
    ``usual_threshold`` names models whose training answers are not kept.
    """

    books: Books
    n_without_stake: int
    usual_threshold: tuple[str, ...]


class Money(AcrossRuns):
    """The part of the workbench that prices answers. None of it is a further look."""

    def ledger(self, experiment_id: str) -> Ledger:
        """Return the outcomes of the current models that have answers for the locked test.

        It takes seconds for many models; afterwards any assumptions are priced in milliseconds.
        """
        from modelling.comparison.compare import current_rows
        from modelling.economics.cost import model_id
        from modelling.economics.decision import Books

        problem = self.problem(experiment_id)
        rows = current_rows(self._store.results.models(experiment_id), problem.task)
        known = [row for row in rows if row.test_prediction_blob is not None]
        locked = _Locked.of(problem)
        worths: dict[str, Worth] = {}
        usual: list[str] = []
        for row in known:
            training = self._training(experiment_id, problem, row)
            worths[model_id(row)] = locked.worth(self._predicted(row), training)
            if training is None and problem.task.kind is TaskKind.BINARY:
                usual.append(row.title)
        return Ledger(
            books=Books(task=problem.task, rows=tuple(known), worths=worths),
            n_without_stake=locked.n_without_stake,
            usual_threshold=tuple(usual),
        )

    def _training(self, experiment_id: str, problem: ProblemRef, row: ModelResult) -> Scored | None:
        """Return the out-of-fold scores that choose a threshold; None if they are not kept."""
        from modelling.datasets.predictions import valid_positions
        from modelling.datasets.problem import encode_target
        from modelling.datasets.stored import read_column
        from modelling.economics.worth import Scored

        if problem.task.kind is not TaskKind.BINARY:
            return None
        try:
            folds = self._folds_file(experiment_id)
            parts = self._parts(experiment_id, row, folds)
        except NotFoundError:
            return None
        places = np.concatenate([valid_positions(folds, fold) for fold in range(len(parts))])
        positions = problem.positions("train")[places]
        target = read_column(problem.dataset, problem.task.target).iloc[positions]
        return Scored(
            truth=encode_target(target, problem.task),
            scores=np.concatenate(parts)[:, 1],
            stakes=_stakes(problem, "train", positions)[0],
        )


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Locked:
    """The locked test of an experiment, and draws of its rows."""

    problem: ProblemRef
    truth: NDArray[Any]
    stakes: NDArray[np.float64] | None
    n_without_stake: int
    weights: NDArray[Any]

    @classmethod
    def of(cls, problem: ProblemRef) -> _Locked:
        from modelling.comparison.resampling import weights_for
        from modelling.datasets.locked import locked_groups, locked_times, locked_truth

        truth, times = locked_truth(problem), locked_times(problem)
        stakes, n_missing = _stakes(problem, "test", problem.positions("test"))
        n_draws = max(_FEWEST_DRAWS, min(N_DRAWS, _MOST_CELLS // max(1, len(truth))))
        return cls(
            problem=problem,
            truth=truth,
            stakes=stakes,
            n_without_stake=n_missing,
            weights=weights_for(
                problem.task.split,
                truth,
                locked_groups(problem),
                problem.task.seed,
                n_draws,
                time_order=None if times is None else np.argsort(times, kind="stable"),
            ),
        )

    def worth(self, predicted: NDArray[Any], training: Scored | None) -> Worth:
        """Return what one model's answers for the locked test are worth."""
        from modelling.economics.worth import Scored, worth_of_answers, worth_of_calls

        kind = self.problem.task.kind
        scores = predicted
        if kind.is_classification:
            scores = predicted[:, 1] if kind is TaskKind.BINARY else predicted.argmax(axis=1)
        locked = Scored(truth=self.truth, scores=scores, stakes=self.stakes)
        if kind is TaskKind.BINARY:
            return worth_of_calls(training, locked, self.weights)
        n_classes = len(self.problem.task.classes) if kind.is_classification else 0
        return worth_of_answers(locked, self.weights, n_classes=n_classes)


def _stakes(
    problem: ProblemRef, part: str, positions: NDArray[Any]
) -> tuple[NDArray[np.float64] | None, int]:
    """Return the stake of rows, and how many have none: those get the median of the others."""
    from modelling.datasets.stored import read_column

    if problem.task.stake is None:
        return None, 0
    own = problem.test_dataset if part == "test" else None
    stored = read_column(own or problem.dataset, problem.task.stake).iloc[positions]
    values = stored.to_numpy(dtype=np.float64, na_value=np.nan)
    known = np.isfinite(values)
    filled = np.where(known, values, np.median(values[known]) if known.any() else 0.0)
    return filled, int(np.sum(~known))
