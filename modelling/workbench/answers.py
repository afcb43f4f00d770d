"""What the models of a workspace answered on the locked rows, compared row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from modelling.errors import NotFoundError
from modelling.types import ModelResult, SplitStrategy
from modelling.workbench.predictions import Predictions

if TYPE_CHECKING:
    import pandas as pd

    from modelling.comparison import Pair
    from modelling.comparison.answers import Answers, ChangedRows
    from modelling.comparison.curves import ClassScores
    from modelling.comparison.gain import Gain
    from modelling.comparison.slices import RowSlice
    from modelling.datasets.problem import ProblemRef

# More rows show no more of where a candidate gains, and take longer than a page may.
MOST_SLICED = 50_000


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Changes:
    """Which locked rows change with a candidate, and in which parts of them it gains or loses.

    ``n_sliced`` is the number of rows that the parts were cut from, drawn once if there are more.
    """

    answers: Answers
    rows: ChangedRows
    slices: tuple[RowSlice, ...]
    n_sliced: int


class LockedAnswers(Predictions):
    """The part of the workbench that compares single answers. None of it is a further look."""

    def answers(self, experiment_id: str, rows: Sequence[ModelResult]) -> Answers:
        """Return what these models answered on the locked rows, by their labels.

        Raises
        ------
        NotFoundError
            If one of them has no stored answers.
        """
        from modelling.comparison.answers import Answers
        from modelling.comparison.compare import row_label
        from modelling.datasets.locked import locked_truth

        problem = self.problem(experiment_id)
        return Answers(
            kind=problem.task.kind,
            rows=problem.positions("test"),
            truth=locked_truth(problem),
            classes=problem.task.classes,
            predicted={row_label(row): self._predicted(row) for row in rows},
        )

    def paired(self, experiment_id: str, base: ModelResult, candidate: ModelResult) -> Gain:
        """Return how much better one model is than another on the locked rows."""
        from modelling.comparison.gain import paired_gain
        from modelling.metrics import metric

        experiment = self.experiment(experiment_id)
        judge = metric(experiment.task.metric)
        draws = [np.load(self._store.blobs.path(str(row.draws_blob))) for row in (base, candidate)]
        before, after = (row.test_score or 0.0 for row in (base, candidate))
        margin = experiment.task.margin
        return paired_gain(
            *draws,
            base_score=before,
            candidate_score=after,
            metric=judge,
            margin=judge.margin_for(before) if margin is None else margin,
            n_test=experiment.n_test,
        )

    def pair(self, experiment_id: str, base: ModelResult, candidate: ModelResult) -> Pair:
        """Return two models of the analyst's choice as a pair with a verdict by accuracy."""
        from modelling.comparison.compare import pair_between
        from modelling.metrics import metric

        gain = self.paired(experiment_id, base, candidate)
        judge = metric(self.experiment(experiment_id).task.metric)
        return pair_between(base, candidate, gain, judge)

    def class_scores(self, answers: Answers, model: str) -> tuple[ClassScores, ...]:
        """Return precision, recall and F1 of every class, by the label of a model."""
        from modelling.comparison.curves import class_scores

        return class_scores(answers, model)

    def changes(self, experiment_id: str, base: ModelResult, candidate: ModelResult) -> Changes:
        """Return what becomes of the base's answers with the candidate, row by row and in parts."""
        from modelling.comparison.answers import changed_rows
        from modelling.comparison.compare import row_label
        from modelling.comparison.slices import cut, row_slices
        from modelling.datasets.locked import locked_columns

        problem = self.problem(experiment_id)
        answers = self.answers(experiment_id, [base, candidate])
        rows = changed_rows(answers, row_label(base), row_label(candidate))
        places = _sample(len(rows.gains), problem.task.seed)
        frame = locked_columns(problem, problem.task.features, places)
        parts = (cut(frame[name], is_text=name in problem.text) for name in frame)
        clusters = _clusters(problem)
        return Changes(
            answers=answers,
            rows=rows,
            slices=row_slices(
                parts, rows.gains[places], None if clusters is None else clusters[places]
            ),
            n_sliced=len(places),
        )

    def locked_rows(self, experiment_id: str, places: Sequence[int]) -> pd.DataFrame:
        """Return the features of some locked rows, in the order of ``places`` among them."""
        from modelling.datasets.locked import locked_columns

        problem = self.problem(experiment_id)
        wanted = np.asarray(places, dtype=np.int64)
        rising, order = np.unique(wanted, return_inverse=True)
        return locked_columns(problem, problem.task.features, rising).iloc[order]

    def _predicted(self, row: ModelResult) -> np.ndarray:
        if row.test_prediction_blob is None:
            raise NotFoundError(
                f"{row.title} has no answers for the locked test rows; choose another model."
            )
        return np.asarray(np.load(self._store.blobs.path(row.test_prediction_blob)), dtype=float)


def _sample(n_rows: int, seed: int) -> np.ndarray:
    """Return the places of at most `MOST_SLICED` rows, rising."""
    if n_rows <= MOST_SLICED:
        return np.arange(n_rows)
    rng = np.random.default_rng([seed, 0x51])
    return np.sort(rng.choice(n_rows, MOST_SLICED, replace=False))


def _clusters(problem: ProblemRef) -> np.ndarray | None:
    """Return the code of what each locked row belongs to, as the verdict's resamples have it."""
    from modelling.comparison.resampling import default_block_length
    from modelling.datasets.locked import locked_groups, locked_times

    split = problem.task.split
    if split in (SplitStrategy.GROUP, SplitStrategy.TIME_AND_GROUP):
        return locked_groups(problem)
    times = locked_times(problem) if split is SplitStrategy.TIME else None
    if times is None:
        return None
    order = np.argsort(times, kind="stable")
    clusters = np.empty(len(order), dtype=np.int64)
    clusters[order] = np.arange(len(order)) // default_block_length(len(order))
    return clusters
