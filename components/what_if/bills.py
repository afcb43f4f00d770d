"""Costs that are not measured: licences, fine-tuning, hours of a machine, tokens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from modelling.charts.figures import row_label
from modelling.types import CostBasis, Economics, ModelResult, OtherCost
from modelling.workbench import AS_OF, MACHINES, model_id

KEY = "what_if_bills"
_EVERY = "every model"


def show(economics: Economics, rows: tuple[ModelResult, ...]) -> tuple[OtherCost, ...]:
    """Draw the bills as a table to edit, and return them; lines without a label are left out."""
    models = {model_id(row): row_label(row) for row in rows}
    labels = {label: model for model, label in models.items()}
    frame = pd.DataFrame(
        [
            {
                "what": cost.label,
                "amount": cost.amount,
                "paid": str(cost.basis),
                "for": models.get(cost.model or "", _EVERY),
            }
            for cost in economics.other_costs
        ],
        columns=["what", "amount", "paid", "for"],
    ).astype({"what": "object", "amount": "float64", "paid": "object", "for": "object"})
    edited = st.data_editor(
        frame,
        key=KEY,
        num_rows="dynamic",
        column_config={
            "what": st.column_config.TextColumn("what", max_chars=60),
            "amount": st.column_config.NumberColumn(
                f"amount, {economics.currency}", min_value=0.0, format="%.4g"
            ),
            "paid": st.column_config.SelectboxColumn(
                "paid", options=[str(basis) for basis in CostBasis]
            ),
            "for": st.column_config.SelectboxColumn("for", options=[_EVERY, *labels]),
        },
    )
    _machines()
    found = (_cost(line, labels) for line in edited.to_dict("records"))
    return tuple(cost for cost in found if cost is not None)


def _cost(line: Mapping[Any, Any], labels: dict[str, str]) -> OtherCost | None:
    what, amount = line["what"], line["amount"]
    if not isinstance(what, str) or not what.strip() or pd.isna(amount) or amount < 0:
        return None
    paid = line["paid"] if isinstance(line["paid"], str) else str(CostBasis.ONCE)
    model = labels.get(line["for"]) if isinstance(line["for"], str) else None
    return OtherCost(label=what.strip(), amount=float(amount), basis=CostBasis(paid), model=model)


def _machines() -> None:
    st.caption(
        f"Hours of a machine times its price are such a cost. List prices as of {AS_OF}, on "
        "demand; yours will differ."
    )
    st.dataframe(
        pd.DataFrame(
            [
                {
                    "machine": machine.name,
                    "vCPUs": machine.vcpus,
                    "GPU": machine.gpu,
                    "$ an hour": machine.usd_per_hour,
                    "$ a vCPU hour": machine.usd_per_vcpu_hour,
                }
                for machine in MACHINES
            ]
        ),
        hide_index=True,
        height=180,
        key="what_if_machines",
    )
