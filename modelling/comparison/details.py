"""One model in detail: its folds, and every metric over them. Nothing is of the locked test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from modelling.metrics.spec import MetricSpec
from modelling.types import FoldResult, ModelResult


@dataclass(frozen=True, kw_only=True, slots=True)
class FoldsMetric:
    """One metric over the folds of a model.

    ``mean`` and ``sd`` (the standard deviation between folds) are in units of the metric, of the
    ``n_folds`` on which it is defined; None where there are too few.
    """

    metric: MetricSpec
    mean: float | None
    sd: float | None
    n_folds: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelDetails:
    """One row of the leaderboard with its folds, in order, and all metrics of its task."""

    row: ModelResult
    folds: tuple[FoldResult, ...]
    metrics: tuple[FoldsMetric, ...]


def model_details(
    row: ModelResult, folds: Sequence[FoldResult], metrics: Sequence[MetricSpec], *, judge: str
) -> ModelDetails:
    """Return a model with what its folds say.

    Parameters
    ----------
    folds : sequence of FoldResult
        Of its configuration, finished or failed; none for an ensemble, which is fitted on no fold.
    metrics : sequence of MetricSpec
        Those of the task.
    judge : str
        Name of the metric of the task, which stands first.
    """
    ordered = sorted(folds, key=lambda fold: fold.fold)
    own = {judge: row.fold_scores} if not ordered else {}
    first = sorted(metrics, key=lambda spec: spec.name != judge)
    return ModelDetails(
        row=row,
        folds=tuple(ordered),
        metrics=tuple(
            _over_folds(
                spec, own.get(spec.name) or [fold.scores.get(spec.name) for fold in ordered]
            )
            for spec in first
        ),
    )


def _over_folds(spec: MetricSpec, scores: Sequence[float | None]) -> FoldsMetric:
    known = [score for score in scores if score is not None]
    return FoldsMetric(
        metric=spec,
        mean=fmean(known) if known else None,
        sd=stdev(known) if len(known) > 1 else None,
        n_folds=len(known),
    )
