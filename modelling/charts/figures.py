"""Every figure of one model in the units that are shown: for hovers and for the table."""

from __future__ import annotations

from dataclasses import dataclass

from modelling.charts import wording as say
from modelling.charts.style import escaped
from modelling.comparison import Pair
from modelling.comparison.compare import LOCKED_TEST, row_label as row_label
from modelling.comparison.wording import significant
from modelling.economics import ModelCost, model_cost
from modelling.economics.cost import cpu_usd
from modelling.metrics.spec import MetricSpec
from modelling.types import Economics, ModelResult, ResultStatus

BYTES_PER_MB = 1e6


@dataclass(frozen=True, kw_only=True, slots=True)
class RowFigures:
    """A model result and what it costs under the analyst's assumptions."""

    row: ModelResult
    cost: ModelCost
    currency: str

    def money(self, amount: float | None) -> str:
        """Return an amount as text."""
        return say.money_text(amount, self.currency)

    @property
    def label(self) -> str:
        """Title and variant."""
        return row_label(self.row)

    @property
    def size_mb(self) -> float | None:
        """Size of the saved model in megabytes."""
        return None if self.row.size_bytes is None else self.row.size_bytes / BYTES_PER_MB

    @property
    def memory_mb(self) -> float | None:
        """Peak memory of the fit in megabytes."""
        peak = self.row.peak_memory_bytes
        return None if peak is None else peak / BYTES_PER_MB


def row_figures(row: ModelResult, economics: Economics) -> RowFigures:
    """Return the figures of a result under these assumptions."""
    return RowFigures(row=row, cost=model_cost(row, economics), currency=economics.currency)


def hover(figures: RowFigures, metric: MetricSpec, judged_on: str = LOCKED_TEST) -> str:
    """Return every figure of a model as the HTML of a hover box, user data escaped."""
    row, cost = figures.row, figures.cost
    lines = [f"<b>{escaped(figures.label)}</b>"]
    if row.status is ResultStatus.FAILED:
        lines.append(f"failed: {escaped(row.error or 'no reason was given')}")
    interval = row.test_interval
    within = (
        f" ({say.score_text(interval[0], metric)} to {say.score_text(interval[1], metric)})"
        if interval
        else ""
    )
    lines += [
        f"{metric.title} on {judged_on}: {say.score_text(row.test_score, metric)}{within}",
        f"Selection score: {_selection(row, metric)}",
        f"Training: {say.cpu_text(row.training_cpu_s)}{_search(row)}, "
        f"{figures.money(cost.training_usd)}",
        f"Predicting: {say.ms_text(row.predict_cpu_ms_per_1k)} CPU per 1,000 rows, "
        f"{figures.money(cost.serving_usd_per_1k)}; one row: {_single(row)}",
        f"Whole horizon: {figures.money(cost.total_usd)}",
        f"Model file {say.bytes_text(row.size_bytes)}, "
        f"fit memory {say.bytes_text(row.peak_memory_bytes)}",
    ]
    if row.machine_busy:
        lines.append("The machine was busy while this was measured.")
    if row.params:
        lines.append("<br>".join(escaped(part) for part in _wrapped(row)))
    return "<br>".join(lines)


def search_price(pair: Pair, economics: Economics) -> str:
    """Return the price of the candidate's search and its number of trials."""
    counts = pair.candidate.trials
    n_trials = counts.complete + counts.pruned + counts.failed
    price = say.money_text(cpu_usd(pair.candidate.search_cpu_s, economics), economics.currency)
    return f"{price}, {say.counted(n_trials, 'trial')}"


def cost_sentence(pair: Pair, economics: Economics) -> str:
    """Return what the candidate costs to use, against its base, in words."""
    base = row_figures(pair.base, economics)
    candidate = row_figures(pair.candidate, economics)
    parts = []
    ratio = _ratio(
        pair.candidate.predict_cpu_ms_per_1k,
        pair.base.predict_cpu_ms_per_1k,
    )
    if ratio is not None:
        parts.append(
            f"To predict, {candidate.label} takes {_times(ratio)} {base.label} "
            f"({say.ms_text(pair.candidate.predict_cpu_ms_per_1k)} against "
            f"{say.ms_text(pair.base.predict_cpu_ms_per_1k)} CPU per 1,000 rows)."
        )
    if base.cost.total_usd is not None and candidate.cost.total_usd is not None:
        parts.append(
            f"All in all, over {economics.horizon_months:g} months, it costs "
            f"{candidate.money(candidate.cost.total_usd)} against "
            f"{base.money(base.cost.total_usd)}, at the assumptions below."
        )
    return " ".join(parts)


def _ratio(candidate: float | None, base: float | None) -> float | None:
    return None if candidate is None or not base else candidate / base


def _times(ratio: float) -> str:
    """Return a ratio in words; one below 1.2 either way is no difference (METHODS, cost)."""
    if 1 / 1.2 < ratio < 1.2:
        return "about the same CPU time as"
    return f"{significant(ratio, digits=2)} times the CPU time of"


def _selection(row: ModelResult, metric: MetricSpec) -> str:
    if row.cv_score is None:
        return say.MISSING
    spread = "" if row.cv_std is None else f" ± {say.score_text(row.cv_std, metric)} over folds"
    return say.score_text(row.cv_score, metric) + spread


def _search(row: ModelResult) -> str:
    if row.search_cpu_s <= 0:
        return ""
    counts = row.trials
    return (
        f" (search {say.cpu_text(row.search_cpu_s)}: {counts.complete} trials complete, "
        f"{counts.pruned} stopped early, {counts.failed} failed)"
    )


def _single(row: ModelResult) -> str:
    return f"{say.ms_text(row.predict_ms_single_p50)} (p50)"


def _wrapped(row: ModelResult) -> list[str]:
    """Return the parameters, three a line, so that a hover box stays narrow."""
    parts = [f"{name} = {say.param_text(value)}" for name, value in row.params.items()]
    return [", ".join(parts[i : i + 3]) for i in range(0, len(parts), 3)]
