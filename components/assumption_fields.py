"""How each price and volume is entered: steps, formats and what it means."""

from __future__ import annotations

from dataclasses import dataclass

from modelling.charts.wording import LABELS, money_unit


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One number of the assumptions: the step of its input, its format and its help."""

    step: float
    format: str
    help: str


FIELDS: dict[str, Field] = {
    "usd_per_vcpu_hour": Field(
        step=0.01,
        format="%.3f",
        help="What an hour of one virtual core costs: it prices searches, fits and answers.",
    ),
    "usd_per_analyst_hour": Field(step=5.0, format="%.0f", help="What an hour of your work costs."),
    "data_preparation_hours": Field(
        step=1.0,
        format="%.1f",
        help="Work that every model needs: the same for all of them.",
    ),
    "predictions_per_month": Field(step=10_000.0, format="%.0f", help="How often it will answer."),
    "horizon_months": Field(step=1.0, format="%.0f", help="How long the model will serve."),
    "retune_every_months": Field(
        step=1.0,
        format="%.0f",
        help="Each time, search and fit are paid again. 0: never within the horizon.",
    ),
}


def label(name: str, currency: str) -> str:
    """Return the label of one assumption, with the unit of a price."""
    return f"{LABELS[name]}, {money_unit(currency)}" if name.startswith("usd_") else LABELS[name]
