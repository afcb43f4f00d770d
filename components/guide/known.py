"""What the open experiment has shown so far, in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from modelling.charts.figures import row_label
from modelling.charts.wording import gain_text, interval_text, score_text
from modelling.types import Experiment, VerdictWord
from modelling.workbench import Workbench

if TYPE_CHECKING:
    from modelling.workbench import Comparison


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What an experiment knows already: rows, and what was measured."""

    n_rows: int | None = None
    benchmarked: bool = False
    verdict: VerdictWord | None = None
    told: tuple[str, ...] = ()


def known_of(bench: Workbench, experiment: Experiment | None) -> Known:
    """Return what the open experiment knows; nothing without one."""
    if experiment is None:
        return Known()
    n_rows = experiment.n_train + experiment.n_test
    told = [f"{experiment.name} has {n_rows:,} rows, {experiment.n_test:,} of them locked."]
    if not any(row.test_score is not None for row in bench.results(experiment.id)):
        return Known(n_rows=n_rows, told=tuple(told))
    comparison = bench.comparison(experiment.id)
    told += _measured(comparison)
    pair = comparison.overall
    return Known(
        n_rows=n_rows,
        benchmarked=True,
        verdict=None if pair is None else pair.verdict.verdict,
        told=tuple(told),
    )


def _measured(comparison: Comparison) -> list[str]:
    metric, pair = comparison.metric, comparison.overall
    if pair is None:
        best = comparison.models[0]
        score = score_text(best.test_score, metric)
        return [f"Its best base model is {row_label(best)}: {metric.title} {score}."]
    return [
        f"From {row_label(pair.base)} to {row_label(pair.candidate)}, {metric.title} changed by "
        f"{gain_text(pair.gain.gain, metric)} (95 % {interval_text(pair.gain.interval, metric)}): "
        f"{pair.verdict.verdict}."
    ]
