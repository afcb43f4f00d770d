"""What the assumptions come to: the verdict, the payback, and the models against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from components import chart_panel, two_models
from components.what_if import books, ranking, verdict
from modelling.charts.figures import row_label
from modelling.charts.wording import class_names
from modelling.types import Economics, Experiment, TaskKind
from modelling.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Sequence

    from modelling.workbench import Comparison, Ledger, Pair, Payback, Sensitivity


def choose(bench: Workbench, experiment: Experiment, comparison: Comparison) -> Pair | None:
    """Draw which two models are weighed, and return them; by default those of the verdict."""
    two = two_models.choose(comparison, prefix="what_if")
    if two is None:
        return None
    overall = comparison.overall
    if overall is not None and two == (overall.base, overall.candidate):
        return overall
    return bench.pair(experiment.id, *two)


def show(
    bench: Workbench,
    experiment: Experiment,
    comparison: Comparison,
    pair: Pair | None,
    economics: Economics,
) -> None:
    """Draw everything that follows from the assumptions; nothing is fitted or scored again."""
    with st.spinner("Counting outcomes on the locked rows"):
        kept = bench.ledger(experiment.id)
    paid = pair is not None and economics.payoff.is_set
    found = kept.books.payback(pair.base, pair.candidate, economics) if pair and paid else None
    hinges = bench.sensitivities(kept, pair, economics) if pair and found else ()
    with st.container(border=True, key="what_if_payback"):
        if pair is None:
            st.markdown("**Two models are needed** to say which of them pays.")
        elif not paid:
            st.markdown(
                "**Say what answers are worth**, above, or begin with a usual payoff: as long as a "
                "right and a wrong answer cost the same, tuning only costs."
            )
        elif found is None:
            st.markdown("A cost of one of the two models was not measured: nothing can be said.")
        else:
            _payback(experiment, economics, kept, pair, found, hinges)
    for note in books.notes(experiment, kept):
        st.caption(note)
    if pair is not None and found is not None:
        currency = economics.currency
        _draw("hinges", hinges, task=experiment.task, net=found.net, currency=currency)
        if experiment.task.kind is TaskKind.BINARY:
            _profit(bench, experiment, economics, kept, pair)
    if economics.payoff.is_set:
        ranking.show(experiment, comparison, economics, kept)
    _draw("ownership", kept.books.priced(economics), economics)
    bills = bench.bills(experiment.id, economics, pair)
    _draw("bill", bills, currency=economics.currency, months=economics.horizon_months)


def _payback(
    experiment: Experiment,
    economics: Economics,
    kept: Ledger,
    pair: Pair,
    found: Payback,
    hinges: Sequence[Sensitivity],
) -> None:
    verdict.show(experiment, economics, pair, found, hinges)
    called = [kept.books.share_called(row, economics) for row in (pair.base, pair.candidate)]
    verdict.calls(experiment, called)
    spec = chart_panel.chart("payback")
    numbers = spec.numbers(
        found, economics, base=row_label(pair.base), candidate=row_label(pair.candidate)
    )
    chart_panel.show(spec, numbers, key="what_if_payback_chart", as_file=True)


def _profit(
    bench: Workbench, experiment: Experiment, economics: Economics, kept: Ledger, pair: Pair
) -> None:
    rows = (pair.base, pair.candidate)
    _draw(
        "profit",
        {row_label(row): bench.profit(experiment.id, row, kept, economics) for row in rows},
        kept.books.prices(economics),
        positive=class_names(experiment.task)[1],
        currency=economics.currency,
    )


def _draw(key: str, *values: Any, **more: Any) -> None:
    spec = chart_panel.chart(key)
    st.subheader(spec.title)
    chart_panel.show(spec, spec.numbers(*values, **more), key=f"what_if_{key}", as_file=True)
