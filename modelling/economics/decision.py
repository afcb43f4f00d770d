"""The models of an experiment in money: what each brings over the horizon; does tuning pay."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from modelling.economics.cost import ModelCost, model_cost, model_id
from modelling.economics.flips import FlipPoints, flip_points
from modelling.economics.outcomes import Floats, prices
from modelling.economics.payback import Extra, Payback, extra_cost, payback, verdict_of
from modelling.economics.worth import Worth
from modelling.types import (
    ASSUMPTIONS,
    Economics,
    ModelResult,
    Payoff,
    TaskKind,
    TaskSpec,
    VerdictWord,
)

# How far an assumption is moved either way to see how much it matters.
SWING = 0.5
# Places of the counts of calls among the outcomes: of negatives, of positives.
_CALLED = (1, 3)


@dataclass(frozen=True, kw_only=True, slots=True)
class Priced:
    """One model in money; None where a cost was not measured or its answers are not kept.

    ``value`` is what one prediction is worth on the locked test, ``value_interval`` its 95 %
    interval, ``threshold`` where rows are called positive (NaN: nothing is called). ``net`` is what
    the horizon brings less what it costs.
    """

    row: ModelResult
    cost: ModelCost
    value: float | None
    value_interval: tuple[float, float] | None
    threshold: float
    net: float | None


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Books:
    """The outcomes of the models of an experiment, by `model_id`, ready for any assumptions."""

    task: TaskSpec
    rows: tuple[ModelResult, ...]
    worths: Mapping[str, Worth]

    def prices(self, economics: Economics) -> Floats:
        """Return the value of each outcome under these assumptions."""
        return prices(economics.payoff, self.task.kind, len(self.task.classes))

    def priced(self, economics: Economics) -> tuple[Priced, ...]:
        """Return every model in money, in the order of the rows."""
        unit = self.prices(economics)
        return tuple(self._priced(row, economics, unit) for row in self.rows)

    def _priced(self, row: ModelResult, economics: Economics, unit: Floats) -> Priced:
        cost, worth = model_cost(row, economics), self.worths.get(model_id(row))
        if worth is None:
            return Priced(
                row=row, cost=cost, value=None, value_interval=None, threshold=np.nan, net=None
            )
        value = worth.value(unit)
        low, high = np.quantile(worth.values_drawn(unit), [0.025, 0.975])
        net = None
        if cost.total_usd is not None:
            net = value * economics.predictions - cost.total_usd
        return Priced(
            row=row,
            cost=cost,
            value=value,
            value_interval=(float(low), float(high)),
            threshold=float(worth.thresholds[worth.place(unit)]),
            net=net,
        )

    def share_called(self, row: ModelResult, economics: Economics) -> float | None:
        """Return which share of the locked rows a binary model calls; None for other tasks."""
        worth = self.worths.get(model_id(row))
        if worth is None or self.task.kind is not TaskKind.BINARY:
            return None
        place = worth.place(self.prices(economics))
        return float(worth.locked[place, list(_CALLED)].sum())

    def payback(
        self, base: ModelResult, candidate: ModelResult, economics: Economics
    ) -> Payback | None:
        """Return when a candidate pays; None if a cost or the answers of either are not known."""
        extra, both = self._extra(base, candidate, economics), self._both(base, candidate)
        if extra is None or both is None:
            return None
        unit = self.prices(economics)
        return payback(
            extra,
            economics,
            value_gain=both[1].value(unit) - both[0].value(unit),
            value_gains=both[1].values_drawn(unit) - both[0].values_drawn(unit),
        )

    def verdict(
        self, base: ModelResult, candidate: ModelResult, economics: Economics
    ) -> VerdictWord | None:
        """Return the verdict of `payback` alone, in a tenth of its time."""
        extra, both = self._extra(base, candidate, economics), self._both(base, candidate)
        if extra is None or both is None:
            return None
        unit = self.prices(economics)
        gains = both[1].values_drawn(unit) - both[0].values_drawn(unit)
        return verdict_of(extra.p_pays(gains, economics))

    def _extra(
        self, base: ModelResult, candidate: ModelResult, economics: Economics
    ) -> Extra | None:
        return extra_cost(model_cost(base, economics), model_cost(candidate, economics))

    def _both(self, base: ModelResult, candidate: ModelResult) -> tuple[Worth, Worth] | None:
        found = [self.worths.get(model_id(row)) for row in (base, candidate)]
        return None if found[0] is None or found[1] is None else (found[0], found[1])


@dataclass(frozen=True, kw_only=True, slots=True)
class Assumption:
    """One number of the assumptions, zero or more: a price, a volume, or what an outcome costs.

    ``name`` is its place ("predictions_per_month", "outcomes[1][0]"); ``sign`` is -1 for an
    amount that is lost.
    """

    name: str
    value: float
    sign: int
    put: Callable[[float], Economics]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sensitivity:
    """Where moving one assumption changes the verdict, and the net with it halved and half more."""

    assumption: Assumption
    flips: FlipPoints
    nets: tuple[float, float]

    @property
    def swing(self) -> float:
        """How much the net moves."""
        return abs(self.nets[1] - self.nets[0])


def assumptions(economics: Economics) -> tuple[Assumption, ...]:
    """Return each number that the verdict may hang on, those of the payoff only where set."""
    found = [_plain(economics, name) for name in ASSUMPTIONS]
    for field in ("outcomes", "stakes"):
        matrix = getattr(economics.payoff, field)
        found += [
            _cell(economics, field, i, j)
            for i, row in enumerate(matrix)
            for j, value in enumerate(row)
            if value
        ]
    found += [
        _side(economics, side) for side in ("over", "under") if getattr(economics.payoff, side)
    ]
    return tuple(found)


def sensitivities(
    books: Books, base: ModelResult, candidate: ModelResult, economics: Economics
) -> tuple[Sensitivity, ...]:
    """Return what the verdict hangs on, the assumption that moves the net most first."""
    if books.verdict(base, candidate, economics) is None:
        return ()

    def net(changed: Economics) -> float:
        found = books.payback(base, candidate, changed)
        return 0.0 if found is None else found.net

    def of(one: Assumption) -> Sensitivity:
        flips = flip_points(lambda value: books.verdict(base, candidate, one.put(value)), one.value)
        nets = [net(one.put(one.value * share)) for share in (1 - SWING, 1 + SWING)]
        return Sensitivity(assumption=one, flips=flips, nets=(nets[0], nets[1]))

    return tuple(sorted(map(of, assumptions(economics)), key=lambda one: -one.swing))


def _plain(economics: Economics, name: str) -> Assumption:
    value = getattr(economics, name)
    if name == "retune_every_months" and not value:
        # Never again is again when the horizon is over.
        value = economics.horizon_months
    return Assumption(
        name=name,
        value=value,
        sign=1,
        put=lambda moved: replace(economics, **{name: moved}),  # type: ignore[arg-type]
    )


def _cell(economics: Economics, field: str, i: int, j: int) -> Assumption:
    matrix = getattr(economics.payoff, field)
    sign = -1 if matrix[i][j] < 0 else 1

    def put(moved: float) -> Economics:
        rows: Sequence[tuple[float, ...]] = [
            tuple(sign * moved if (k, m) == (i, j) else value for m, value in enumerate(row))
            for k, row in enumerate(matrix)
        ]
        return _with(economics, {field: tuple(rows)})

    return Assumption(name=f"{field}[{i}][{j}]", value=abs(matrix[i][j]), sign=sign, put=put)


def _side(economics: Economics, side: str) -> Assumption:
    value = getattr(economics.payoff, side)
    sign = -1 if value < 0 else 1
    return Assumption(
        name=side,
        value=abs(value),
        sign=sign,
        put=lambda moved: _with(economics, {side: sign * moved}),
    )


def _with(economics: Economics, changes: Mapping[str, object]) -> Economics:
    payoff: Payoff = replace(economics.payoff, **changes)  # type: ignore[arg-type]
    return replace(economics, payoff=payoff)
