"""The figures of models and trials as tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from modelling.charts.figures import RowFigures, row_figures
from modelling.charts.history import HistoryNumbers
from modelling.charts.wording import money_unit, params_text
from modelling.types import Economics, ModelResult, ResultStatus, Trial
from modelling.workbench import MetricSpec

if TYPE_CHECKING:
    from modelling.workbench import Comparison

_STATES = {"complete": "complete", "pruned": "stopped early", "failed": "failed"}


def all_models(
    comparison: Comparison, economics: Economics, metrics: Iterable[MetricSpec]
) -> pd.DataFrame:
    """Return every model with its scores by all ``metrics``, its costs and its parameters."""
    rows, metric = comparison.models, comparison.metric
    figures = [row_figures(row, economics) for row in rows]
    others = [spec for spec in metrics if spec != metric]
    return pd.DataFrame(
        {
            "model": [row.title for row in rows],
            "variant": [row.variant.value for row in rows],
            f"locked test: {metric.title}": [row.test_score for row in rows],
            "95 % from": [
                None if row.test_interval is None else row.test_interval[0] for row in rows
            ],
            "95 % to": [
                None if row.test_interval is None else row.test_interval[1] for row in rows
            ],
            "selection score": [row.cv_score for row in rows],
            **_costs(figures, money_unit(economics.currency)),
            **{
                f"locked test: {spec.title}": [row.metrics.get(spec.name) for row in rows]
                for spec in others
            },
            "parameters": [params_text(row.params) for row in rows],
            "note": [note(row) for row in rows],
        }
    )


def score_columns(metric: MetricSpec) -> tuple[str, ...]:
    """Return the columns of `all_models` that are in units of the metric."""
    return (f"locked test: {metric.title}", "95 % from", "95 % to", "selection score")


def _costs(figures: Iterable[RowFigures], unit: str) -> dict[str, list[Any]]:
    items = list(figures)
    return {
        "training, CPU s": [item.row.training_cpu_s for item in items],
        "of it search, CPU s": [item.row.search_cpu_s for item in items],
        "trials": [_trials(item.row) for item in items],
        "1,000 predictions, CPU ms": [item.row.predict_cpu_ms_per_1k for item in items],
        "one prediction, ms": [item.row.predict_ms_single_p50 for item in items],
        f"training, {unit}": [item.cost.training_usd for item in items],
        f"serving 1,000, {unit}": [item.cost.serving_usd_per_1k for item in items],
        f"whole horizon, {unit}": [item.cost.total_usd for item in items],
        "model file, MB": [item.size_mb for item in items],
        "fit memory, MB": [item.memory_mb for item in items],
    }


def trials(numbers: HistoryNumbers) -> pd.DataFrame:
    """Return the trials of a run, newest first."""
    points = [(study, point) for study in numbers.studies for point in study.points]
    points.sort(key=lambda pair: (pair[1].trial.number, pair[0].model), reverse=True)
    return pd.DataFrame(
        {
            "trial": [point.trial.number for _, point in points],
            "model": [study.title for study, _ in points],
            "state": [_STATES[point.trial.state.value] for _, point in points],
            "selection score": [point.score for _, point in points],
            "folds": [point.trial.folds_done for _, point in points],
            **_trial_cost([point.trial for _, point in points]),
            "proposed by": [point.trial.origin for _, point in points],
            "reason": [point.trial.reason or "" for _, point in points],
            "parameters": [params_text(point.trial.params) for _, point in points],
        }
    )


def _trial_cost(trials: Sequence[Trial]) -> dict[str, list[Any]]:
    """Return what trials cost: CPU time, or what others were paid where that is all there is."""
    if any(trial.usd and not trial.cpu_s for trial in trials):
        return {"paid, USD": [trial.usd for trial in trials]}
    return {"CPU s": [trial.cpu_s for trial in trials]}


def _trials(row: ModelResult) -> str:
    counts = row.trials
    total = counts.complete + counts.pruned + counts.failed
    return f"{total} ({counts.complete} complete)" if total else ""


def note(row: ModelResult) -> str:
    """Return what is to be known of a model before its figures are believed."""
    if row.status is ResultStatus.FAILED:
        return f"failed: {row.error or 'no reason was given'}"
    notes = ["no better than guessing"] if row.beaten_by_dummy else []
    notes += ["machine busy"] if row.machine_busy else []
    notes += [row.error] if row.error else []
    return "; ".join(notes)
