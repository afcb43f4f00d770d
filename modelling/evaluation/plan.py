"""What the search part of a run asks for, and what it hands back; no store, no process in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean, stdev
from typing import Protocol

from modelling.metrics import metric
from modelling.models import model_for
from modelling.types import (
    FoldResult,
    ModelResult,
    Params,
    ResultStatus,
    TaskSpec,
    Trial,
    Variant,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class FoldJob:
    """One configuration of one model to be evaluated on one fold.

    ``share`` is the part of the fold's training rows that it learns from.
    """

    model: str
    trial: int
    fold: int
    params: Params
    cpu_limit_s: float
    stop_early: bool = False
    share: float = 1.0

    @property
    def id(self) -> str:
        """Name that is unique within a run."""
        return f"{self.model}/{self.trial}/{self.fold}"


@dataclass(frozen=True, kw_only=True, slots=True)
class FinalJob:
    """One model to be fitted on all training rows; ``row`` is its result as known so far."""

    row: ModelResult
    rounds: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far a plan is: ``done`` of ``total``, in CPU seconds as estimated."""

    done: float
    total: float


@dataclass(kw_only=True, slots=True)
class Findings:
    """What changed since it was last asked for."""

    trials: list[Trial] = field(default_factory=list)
    rows: list[ModelResult] = field(default_factory=list)


class Plan(Protocol):
    """Decides which fold is evaluated next; a pure function of the results it was given."""

    @property
    def finished(self) -> bool:
        """Whether all its jobs have ended and none will follow."""
        ...

    def next_jobs(self) -> tuple[FoldJob, ...]:
        """Return jobs that can start now, one after the other in one child; or none."""
        ...

    def give_back(self, jobs: Sequence[FoldJob]) -> None:
        """Take back jobs whose common child gave no answer; each comes again, alone."""
        ...

    def handle(self, result: FoldResult) -> None:
        """Take in the result of a job."""
        ...

    def drain(self) -> Findings:
        """Return trials and rows that changed since the last call."""
        ...

    def finals(self) -> tuple[FinalJob, ...]:
        """Return the models to be fitted on all training rows, once `finished`."""
        ...

    def progress(self) -> Progress:
        """Return how far it is."""
        ...


def base_row(run_id: str, key: str, task: TaskSpec, folds: list[FoldResult]) -> ModelResult:
    """Return the row of a base model from its folds: its selection score, or why it failed."""
    spec = model_for(key, task)
    row = ModelResult(
        run_id=run_id,
        key=key,
        title=spec.title,
        family=spec.family,
        variant=Variant.BASE,
        params=dict(spec.base),
        cv_cpu_s=sum(fold.cpu_s for fold in folds),
    )
    failed = next((fold for fold in folds if fold.status is ResultStatus.FAILED), None)
    if failed is not None:
        return replace(row, status=ResultStatus.FAILED, error=failed.error)
    return with_selection_score(row, task, folds)


def with_selection_score(row: ModelResult, task: TaskSpec, folds: list[FoldResult]) -> ModelResult:
    """Return ``row`` with mean and standard deviation of its fold scores."""
    scores = [fold.scores[task.metric] for fold in sorted(folds, key=lambda fold: fold.fold)]
    known = tuple(score for score in scores if score is not None)
    return replace(
        row,
        cv_score=fmean(known),
        cv_std=stdev(known) if len(known) > 1 else 0.0,
        fold_scores=known,
    )


def dummy_of(rows: Iterable[ModelResult]) -> ModelResult | None:
    """Return the row of the model that ignores the features, if it is there."""
    return next((row for row in rows if row.key == "dummy"), None)


def beaten_by_dummy(row: ModelResult, dummy: ModelResult | None, task: TaskSpec) -> bool:
    """Whether a model is no better than one that ignores the features."""
    if dummy is None or row.cv_score is None or dummy.cv_score is None or row.key == dummy.key:
        return False
    spec = metric(task.metric)
    return spec.oriented(row.cv_score) <= spec.oriented(dummy.cv_score)
