"""From CPU seconds and other bills to money (METHODS, cost: money)."""

from __future__ import annotations

from dataclasses import dataclass

from modelling.types import CostBasis, Economics, ModelResult

SECONDS_PER_HOUR = 3600.0


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelCost:
    """What one model costs, in the currency of the assumptions; None where nothing was measured.

    ``training_usd`` is one search and fit; ``other_usd`` are further bills that come once.
    ``serving_usd_per_month`` is what the month's predictions and monthly bills cost.
    ``fixed_usd`` is what the horizon costs if nothing is ever asked, re-tunings included;
    ``total_usd`` is that and serving.
    """

    training_usd: float | None
    preparation_usd: float
    other_usd: float
    serving_usd_per_1k: float | None
    serving_usd_per_month: float | None
    fixed_usd: float | None
    total_usd: float | None


def model_id(row: ModelResult) -> str:
    """Return the name by which a bill belongs to a model, "lightgbm:tuned"."""
    return f"{row.key}:{row.variant}"


def cpu_usd(cpu_s: float, economics: Economics) -> float:
    """Return the price of CPU seconds."""
    return cpu_s / SECONDS_PER_HOUR * economics.usd_per_vcpu_hour


def model_cost(row: ModelResult, economics: Economics) -> ModelCost:
    """Return what ``row`` costs: its search and fit, preparation, answers, and other bills."""
    training, per_1k = _training(row, economics), _per_1k(row, economics)
    preparation = economics.data_preparation_hours * economics.usd_per_analyst_hour
    once, monthly = _other(row, economics, CostBasis.ONCE), _monthly(row, economics)
    per_month = None
    if per_1k is not None:
        per_month = per_1k * economics.predictions_per_month / 1000.0 + monthly
    fixed = total = None
    if training is not None:
        made = training * economics.n_tunings
        fixed = made + preparation + once + monthly * economics.horizon_months
        if per_1k is not None:
            total = fixed + per_1k * economics.predictions / 1000.0
    return ModelCost(
        training_usd=training,
        preparation_usd=preparation,
        other_usd=once,
        serving_usd_per_1k=per_1k,
        serving_usd_per_month=per_month,
        fixed_usd=fixed,
        total_usd=total,
    )


def _training(row: ModelResult, economics: Economics) -> float | None:
    if row.external is not None:
        return row.external.fixed_usd
    return None if row.training_cpu_s is None else cpu_usd(row.training_cpu_s, economics)


def _per_1k(row: ModelResult, economics: Economics) -> float | None:
    other = _other(row, economics, CostBasis.PER_1K)
    if row.external is not None:
        return row.external.usd_per_1k + other
    milliseconds = row.predict_cpu_ms_per_1k
    return None if milliseconds is None else cpu_usd(milliseconds / 1000.0, economics) + other


def _monthly(row: ModelResult, economics: Economics) -> float:
    return _other(row, economics, CostBasis.PER_MONTH)


def _other(row: ModelResult, economics: Economics, basis: CostBasis) -> float:
    """Return the bills of that kind that every model has, or this one."""
    return sum(
        cost.amount
        for cost in economics.other_costs
        if cost.basis is basis and cost.model in (None, model_id(row))
    )
