"""The locked test of an experiment as money sees it: outcomes of its rows, and draws of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from modelling.types import TaskKind

if TYPE_CHECKING:
    from modelling.datasets.problem import ProblemRef
    from modelling.economics.decision import Books
    from modelling.economics.profit import ProfitCurve
    from modelling.economics.worth import Scored, Worth

N_DRAWS = 1_000
# At most so many counts are drawn at once: fewer draws of a large locked test.
_MOST_CELLS = 50_000_000
_FEWEST_DRAWS = 200


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Ledger:
    """The books of an experiment, and what had to be assumed for them.

    ``n_without_stake`` locked rows have no stake: they count with the median of the others.
    ``usual_threshold`` names models whose training answers are not kept; ``curves`` are those that
    were asked for, by `model_id`.
    """

    books: Books
    n_without_stake: int
    usual_threshold: tuple[str, ...]
    curves: dict[str, ProfitCurve] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Locked:
    """The locked test of an experiment, and draws of its rows."""

    problem: ProblemRef
    truth: NDArray[Any]
    stakes: NDArray[np.float64] | None
    n_without_stake: int
    weights: NDArray[Any]

    @classmethod
    def of(cls, problem: ProblemRef) -> Locked:
        """Return the locked test of that problem, with its draws."""
        from modelling.comparison.resampling import weights_for
        from modelling.datasets.locked import locked_groups, locked_times, locked_truth

        truth, times = locked_truth(problem), locked_times(problem)
        stakes, n_missing = stakes_of(problem, "test", problem.positions("test"))
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


def stakes_of(
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
