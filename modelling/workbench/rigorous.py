"""The rigorous preset: the verdict's pair again by nested cross-validation on all rows.

Each outer part is an experiment of its own that no page lists: its locked rows are the part, and
the usual runs benchmark the base and tune the candidate on the rest.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from modelling.errors import SpecError
from modelling.store.catalogue import now
from modelling.types import (
    Experiment,
    ModelResult,
    OuterPart,
    ResultStatus,
    Run,
    RunKind,
    SplitStrategy,
    TuningSpec,
    Variant,
)
from modelling.workbench.explanations import Explanations

if TYPE_CHECKING:
    from modelling.comparison import Comparison

N_PARTS = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Rigorous:
    """One nested cross-validation and how far it is.

    ``scores`` has (base, candidate) of each part that is done, in order; ``failed`` says why a
    part gave no score, None as long as none did. ``cpu_s`` is what it took so far.
    """

    base: str
    candidate: str
    n_parts: int
    runs: tuple[Run, ...]
    scores: tuple[tuple[float, float], ...]
    failed: str | None
    cpu_s: float

    @property
    def is_whole(self) -> bool:
        """Whether every part is done."""
        return len(self.scores) == self.n_parts

    @property
    def is_active(self) -> bool:
        """Whether a run of it is queued or running."""
        return any(run.state.is_active for run in self.runs)

    @property
    def share_done(self) -> float:
        """The share of its runs that has been done, between 0 and 1."""
        shares = [min(1.0, run.done / run.total) if run.total else 0.0 for run in self.runs]
        return sum(shares) / max(1, len(shares))


class RigorousChecks(Explanations):
    """The part of the workbench that repeats a verdict on all rows."""

    def rigorous_pair(self, experiment_id: str) -> tuple[ModelResult, ModelResult] | None:
        """Return (best base, best tuned) by selection score; None as long as nothing was tuned.

        An ensemble is not repeated: it would need every model of it in every part.
        """
        rows = [row for row in self.results(experiment_id) if row.status is ResultStatus.OK]
        bases = [row for row in rows if row.variant is Variant.BASE and row.cv_score is not None]
        tuned = [row for row in rows if row.variant is Variant.TUNED]
        return (bases[0], tuned[0]) if bases and tuned else None

    def rigorous_obstacle(self, experiment_id: str) -> str | None:
        """Return why rows cannot be held out in turn, as a sentence; None if they can."""
        experiment = self.experiment(experiment_id)
        if experiment.test_dataset_id is not None:
            return (
                "With a test file of your own, rows cannot be held out in turn; judge by that file."
            )
        if experiment.task.split in (SplitStrategy.TIME, SplitStrategy.TIME_AND_GROUP):
            return (
                "Rows in time cannot be held out in turn: a part in the middle would be judged by "
                "its own future. Judge by the locked test, which holds the latest rows."
            )
        return None

    def rigorous_price(
        self, experiment_id: str, n_parts: int = N_PARTS
    ) -> tuple[float, float] | None:
        """Return the CPU seconds and dollars of a rigorous check; None without a study."""
        from modelling.economics.cost import cpu_usd

        pair = self.rigorous_pair(experiment_id)
        if pair is None:
            return None
        base, tuned = pair
        one = base.cv_cpu_s + (base.fit_cpu_s or 0.0) + (tuned.training_cpu_s or 0.0)
        return n_parts * one, cpu_usd(n_parts * one, self.experiment(experiment_id).economics)

    def start_rigorous(self, experiment_id: str, n_parts: int = N_PARTS) -> tuple[Run, ...]:
        """Queue the runs of every outer part; the study has the budget of the one that is judged.

        Raises
        ------
        SpecError
            If nothing was tuned yet, or there is a `rigorous_obstacle`.
        TaskError
            If there are too few groups for so many parts.
        """
        from modelling.datasets.outer import outer_parts

        pair = self.rigorous_pair(experiment_id)
        if pair is None:
            raise SpecError("There is no tuned model yet, so there is nothing to check; tune one.")
        obstacle = self.rigorous_obstacle(experiment_id)
        if obstacle is not None:
            raise SpecError(obstacle)
        whole = self.experiment(experiment_id)
        base, tuned = pair
        study = self.run(tuned.run_id).spec
        assert isinstance(study, TuningSpec)
        problem = self.problem(experiment_id)
        rows = np.union1d(problem.positions("train"), problem.positions("test"))
        series = uuid.uuid4().hex
        runs: list[Run] = []
        for number, (train, held) in enumerate(
            outer_parts(problem.dataset, whole.task, rows, n_parts)
        ):
            part = OuterPart(
                parent=whole.id,
                series=series,
                number=number,
                n_parts=n_parts,
                base=base.key,
                candidate=tuned.key,
            )
            made = self._part(whole, part, train, held)
            if base.key != tuned.key:
                runs.append(self.start_benchmark(made.id, [base.key], limits=study.limits))
            spec = replace(study, models=(tuned.key,), extends=None, opening=None)
            budget = study.budget.shared_by(len(study.models))
            spec = replace(spec, budget=budget)
            runs.append(self._start(made.id, RunKind.TUNING, spec))
        return tuple(runs)

    def _part(
        self, whole: Experiment, part: OuterPart, train: np.ndarray, held: np.ndarray
    ) -> Experiment:
        scratch = self._store.blobs.scratch("-split.npz")
        with scratch.open("wb") as file:
            np.savez(file, train=train, test=held)
        made = replace(
            whole,
            id=uuid.uuid4().hex,
            name=f"{whole.name}, outer part {part.number + 1} of {part.n_parts}",
            n_train=len(train),
            n_test=len(held),
            split_blob=self._store.blobs.adopt(scratch),
            created_at=now(),
            test_batches=0,
            findings=(),
            outer=part,
        )
        self._store.catalogue.add_experiment(made)
        return made

    def rigorous(self, experiment_id: str) -> Rigorous | None:
        """Return the newest nested cross-validation of an experiment; None if there is none."""
        parts = [part for part in self._store.catalogue.parts_of(experiment_id) if part.outer]
        if not parts or parts[-1].outer is None:
            return None
        newest = parts[-1].outer
        own = [part for part in parts if part.outer and part.outer.series == newest.series]
        runs = [run for part in own for run in self.runs(part.id)]
        rows = [self._scored(part) for part in own]
        return Rigorous(
            base=newest.base,
            candidate=newest.candidate,
            n_parts=newest.n_parts,
            runs=tuple(runs),
            scores=tuple(
                (base.test_score, tuned.test_score)
                for base, tuned in filter(None, rows)
                if base.test_score is not None and tuned.test_score is not None
            ),
            failed=next((run.error for run in runs if run.error), None),
            cpu_s=sum(run.fit_cpu_s for run in runs),
        )

    def _scored(self, part: Experiment) -> tuple[ModelResult, ModelResult] | None:
        """Return base and candidate of a part once both are scored on its locked rows."""
        assert part.outer is not None
        wanted = ((part.outer.base, Variant.BASE), (part.outer.candidate, Variant.TUNED))
        rows = {(row.key, row.variant): row for row in self.results(part.id)}
        found = [rows.get(place) for place in wanted]
        base, tuned = found
        if base is None or tuned is None or None in (base.test_score, tuned.test_score):
            return None
        return base, tuned

    def comparison(self, experiment_id: str, *, margin: float | None = None) -> Comparison:
        """Return all rows with locked-test scores, the pairs, and the verdict.

        Once a rigorous check is whole, its gain and verdict stand in place of the experiment's.
        """
        from modelling.comparison.compare import with_nested

        found = super().comparison(experiment_id, margin=margin)
        nested = self.rigorous(experiment_id)
        if nested is None or not nested.is_whole:
            return found
        experiment = self.experiment(experiment_id)
        return with_nested(
            found,
            keys=(nested.base, nested.candidate),
            scores=nested.scores,
            n_parts=nested.n_parts,
            n_rows=experiment.n_train + experiment.n_test,
            margin=margin,
        )
