"""The units in which a study gets its budget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from modelling.errors import SpecError
from modelling.types import Budget

Kind = Literal["cpu_s", "trials", "wall_s", "usd"]


@dataclass(frozen=True, kw_only=True, slots=True)
class BudgetUnit:
    """One unit: its words, and the default, step and format of its input."""

    title: str
    default: float
    step: float
    form: str = "%.0f"


UNITS: dict[Kind, BudgetUnit] = {
    "cpu_s": BudgetUnit(title="CPU seconds", default=60.0, step=10.0),
    "trials": BudgetUnit(title="Trials", default=40.0, step=10.0),
    "wall_s": BudgetUnit(title="Seconds on the clock", default=60.0, step=10.0),
    "usd": BudgetUnit(title="US dollars", default=0.01, step=0.01, form="%.4f"),
}


def budget_of(kind: Kind, amount: float) -> Budget:
    """Return a budget of ``amount`` in that unit, refused in words if there is nothing in it."""
    amount = round(amount) if kind == "trials" else amount
    if amount <= 0:
        raise SpecError("Give the study a budget above zero.")
    limits: dict[str, Any] = {kind: amount}
    return Budget(**limits)


def unit_of(budget: Budget) -> Kind:
    """Return the first unit in which a budget has a limit."""
    return next(kind for kind in UNITS if getattr(budget, kind) is not None)
