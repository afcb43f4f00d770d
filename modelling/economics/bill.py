"""The bill of one model over the horizon, by what it is paid for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from modelling.economics.cost import cpu_usd, model_cost, model_id
from modelling.types import CostBasis, Economics, ModelResult

PREPARATION = "preparing the data"
BENCHMARK = "benchmarking"
COMPLETE, PRUNED, FAILED = "tuning: complete trials", "tuning: stopped early", "tuning: failed"
REFIT = "last fit"
SERVING = "serving"
AGAIN = "re-tuning"
OTHER = "other bills"
PARTS = (PREPARATION, BENCHMARK, COMPLETE, PRUNED, FAILED, REFIT, SERVING, AGAIN, OTHER)


@dataclass(frozen=True, kw_only=True, slots=True)
class Bill:
    """What a model costs over the horizon; ``parts`` has every entry of `PARTS`."""

    label: str
    parts: Mapping[str, float]

    @property
    def total(self) -> float:
        """All of it."""
        return sum(self.parts.values())


def bill(
    row: ModelResult, economics: Economics, *, label: str, benchmark_cpu_s: float
) -> Bill | None:
    """Return the bill of a model; None if a cost was not measured.

    Parameters
    ----------
    benchmark_cpu_s : float
        What evaluating the base models took, in CPU seconds: the same for every model.
    """
    cost = model_cost(row, economics)
    if cost.training_usd is None or cost.serving_usd_per_1k is None:
        return None
    bills = [one for one in economics.other_costs if one.model in (None, model_id(row))]
    by_basis = {basis: sum(o.amount for o in bills if o.basis is basis) for basis in CostBasis}
    predicted = economics.predictions / 1000.0
    other = (
        by_basis[CostBasis.ONCE]
        + by_basis[CostBasis.PER_MONTH] * economics.horizon_months
        + by_basis[CostBasis.PER_1K] * predicted
    )
    serving = cost.serving_usd_per_1k * predicted - by_basis[CostBasis.PER_1K] * predicted
    spent = _search(row)
    parts = {
        PREPARATION: cost.preparation_usd,
        BENCHMARK: cpu_usd(benchmark_cpu_s, economics),
        **{part: cpu_usd(cpu_s, economics) for part, cpu_s in spent.items()},
        REFIT: 0.0,
        SERVING: serving,
        AGAIN: cost.training_usd * (economics.n_tunings - 1),
        OTHER: other,
    }
    parts[REFIT] = cost.training_usd - sum(parts[part] for part in spent)
    return Bill(label=label, parts=parts)


def _search(row: ModelResult) -> dict[str, float]:
    spent = row.trial_cpu
    if not spent.total:
        return {COMPLETE: row.search_cpu_s, PRUNED: 0.0, FAILED: 0.0}
    return {COMPLETE: spent.complete, PRUNED: spent.pruned, FAILED: spent.failed}
