"""From CPU seconds to money (METHODS, cost: money)."""

from __future__ import annotations

from dataclasses import dataclass

from modelling.types import Economics, ModelResult

SECONDS_PER_HOUR = 3600.0


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelCost:
    """What one model costs, in US dollars; None where nothing was measured.

    ``total_usd`` is preparation, training, and serving over the whole horizon.
    """

    training_usd: float | None
    preparation_usd: float
    serving_usd_per_1k: float | None
    serving_usd_per_month: float | None
    total_usd: float | None


def cpu_usd(cpu_s: float, economics: Economics) -> float:
    """Return the price of CPU seconds."""
    return cpu_s / SECONDS_PER_HOUR * economics.usd_per_vcpu_hour


def model_cost(row: ModelResult, economics: Economics) -> ModelCost:
    """Return what ``row`` costs: its search and fit, its share of preparation, its answers."""
    training, per_1k = _training(row, economics), _per_1k(row, economics)
    preparation = economics.data_preparation_hours * economics.usd_per_analyst_hour
    per_month = None if per_1k is None else per_1k * economics.predictions_per_month / 1000.0
    total = None
    if training is not None and per_month is not None:
        total = training + preparation + per_month * economics.horizon_months
    return ModelCost(
        training_usd=training,
        preparation_usd=preparation,
        serving_usd_per_1k=per_1k,
        serving_usd_per_month=per_month,
        total_usd=total,
    )


def _training(row: ModelResult, economics: Economics) -> float | None:
    if row.external is not None:
        return row.external.fixed_usd
    return None if row.training_cpu_s is None else cpu_usd(row.training_cpu_s, economics)


def _per_1k(row: ModelResult, economics: Economics) -> float | None:
    if row.external is not None:
        return row.external.usd_per_1k
    milliseconds = row.predict_cpu_ms_per_1k
    return None if milliseconds is None else cpu_usd(milliseconds / 1000.0, economics)
