"""Scenarios side by side: the same two models under each set of assumptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components import tables
from components.what_if.assumptions import STORED
from modelling.charts.wording import money_text, months_text, percent_figure
from modelling.types import Economics, Experiment
from modelling.workbench import Workbench

if TYPE_CHECKING:
    from modelling.workbench import Pair, Payback

_TRIED = "As tried above"


def show(bench: Workbench, experiment: Experiment, pair: Pair, tried: Economics) -> None:
    """Draw a line for each scenario of the experiment, what is being tried first."""
    kept = bench.ledger(experiment.id)
    named = {_TRIED: tried, STORED: experiment.economics}
    named |= {item.name: item.economics for item in bench.scenarios(experiment.id)}
    found = {
        name: kept.books.payback(pair.base, pair.candidate, economics)
        for name, economics in named.items()
        if economics.payoff.is_set
    }
    lines = [
        _line(name, named[name], payback) for name, payback in found.items() if payback is not None
    ]
    if not lines:
        return
    st.subheader("Scenarios side by side")
    tables.show(
        pd.DataFrame(lines),
        key="what_if_scenarios",
        alt="Verdict, net value and payback of each scenario",
        height=tables.height_of(min(10, len(lines))),
        pinned=("scenario",),
    )


def _line(name: str, economics: Economics, found: Payback) -> dict[str, object]:
    low, high = (money_text(end, economics.currency) for end in found.net_interval)
    return {
        "scenario": name,
        "verdict": str(found.verdict),
        "ahead at the end": money_text(found.net, economics.currency),
        "95 % interval": f"{low} to {high}",
        "likely to pay": percent_figure(found.p_pays),
        "paid back": months_text(found.months),
        "predictions a month": economics.predictions_per_month,
        "months": economics.horizon_months,
        "vCPU hour": economics.usd_per_vcpu_hour,
    }
