"""The nouns of money: prices, costs, payoffs, scenarios; import them from `modelling.types`."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from modelling.enums import CostBasis

Matrix = tuple[tuple[float, ...], ...]
# Letters and the signs of currencies.
_CURRENCY = re.compile(r"[^\W\d_]{1,8}|[$€£¥₹]")


def _cells(matrix: Matrix) -> tuple[float, ...]:
    return tuple(cell for row in matrix for cell in row)


def _check_finite(what: str, values: Iterable[float]) -> None:
    for value in values:
        if not math.isfinite(value):
            raise ValueError(f"{what} must be finite numbers, got {value}")


def _check_positive(what: str, value: float) -> None:
    if not (math.isfinite(value) and value >= 0):
        raise ValueError(f"{what} must be a number of zero or more, got {value}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Payoff:
    """What answers are worth, in the currency of the economics, for one prediction.

    ``outcomes[i][j]`` is the value of answering class j where class i is true, and ``stakes[i][j]``
    the share of the row's stake that is added to it: a missed fraud that costs its amount has -1
    there. Both are empty, or square with as many rows as there are classes. ``over`` and ``under``
    are the values of one unit that a regression predicts too high and too low; a cost is negative.
    """

    outcomes: Matrix = ()
    stakes: Matrix = ()
    over: float = 0.0
    under: float = 0.0

    def __post_init__(self) -> None:
        for name in ("outcomes", "stakes"):
            matrix = getattr(self, name)
            if any(len(row) != len(matrix) for row in matrix):
                raise ValueError(f"{name} must be square, got rows of {list(map(len, matrix))}")
        if self.stakes and len(self.stakes) != len(self.outcomes):
            raise ValueError("stakes must be of as many classes as outcomes")
        _check_finite("a payoff", (*_cells(self.outcomes), *_cells(self.stakes)))
        _check_finite("a payoff", (self.over, self.under))

    @property
    def is_set(self) -> bool:
        """Whether any answer is worth anything."""
        return any((*_cells(self.outcomes), *_cells(self.stakes), self.over, self.under))

    @property
    def uses_stakes(self) -> bool:
        """Whether an answer is worth a part of its row's stake."""
        return any(_cells(self.stakes))


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherCost:
    """A cost that is not measured: a licence, fine-tuning, hours of a graphics card.

    ``model`` is the "key:variant" that it belongs to; None: every model has it.
    """

    label: str
    amount: float
    basis: CostBasis
    model: str | None = None

    def __post_init__(self) -> None:
        if not self.label.strip():
            raise ValueError("a cost needs a label, got none")
        _check_positive(f"the cost {self.label!r}", self.amount)


@dataclass(frozen=True, kw_only=True, slots=True)
class Economics:
    """The assumptions that turn seconds into money; all of them are the analyst's to edit.

    Amounts are in ``currency``; the names of two of them say "usd", the currency of the defaults.
    ``retune_every_months`` of 0 means never again within the horizon.
    """

    usd_per_vcpu_hour: float = 0.05
    usd_per_analyst_hour: float = 80.0
    data_preparation_hours: float = 0.0
    predictions_per_month: float = 100_000.0
    horizon_months: float = 12.0
    retune_every_months: float = 0.0
    currency: str = "USD"
    payoff: Payoff = Payoff()
    other_costs: tuple[OtherCost, ...] = ()

    def __post_init__(self) -> None:
        for name in ASSUMPTIONS:
            _check_positive(name, getattr(self, name))
        if not _CURRENCY.fullmatch(self.currency):
            raise ValueError(f"currency must be 1 to 8 letters or a sign, got {self.currency!r}")

    @property
    def n_tunings(self) -> int:
        """How often a model is made within the horizon: once, and at each re-tuning."""
        if not self.retune_every_months:
            return 1
        return 1 + max(0, math.ceil(self.horizon_months / self.retune_every_months - 1e-9) - 1)

    @property
    def predictions(self) -> float:
        """How many predictions are made within the horizon."""
        return self.predictions_per_month * self.horizon_months


# The assumptions that are one number each.
ASSUMPTIONS = (
    "usd_per_vcpu_hour",
    "usd_per_analyst_hour",
    "data_preparation_hours",
    "predictions_per_month",
    "horizon_months",
    "retune_every_months",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scenario:
    """Named assumptions, kept with an experiment: base case, pessimistic, the stakeholder's."""

    name: str
    economics: Economics
