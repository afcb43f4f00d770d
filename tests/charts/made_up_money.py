"""Made-up books, paybacks and bills for the charts of money."""

import numpy as np

from modelling.economics.bill import PARTS, Bill
from modelling.economics.cost import model_cost
from modelling.economics.decision import Priced, Sensitivity, assumptions
from modelling.economics.flips import Flip, FlipPoints
from modelling.economics.payback import Extra, Payback, payback
from modelling.economics.profit import ProfitCurve, profit_curve
from modelling.economics.worth import Scored
from modelling.types import Economics, ModelResult, Payoff, VerdictWord

PRICES = Economics(
    predictions_per_month=1_000.0,
    retune_every_months=6.0,
    payoff=Payoff(outcomes=((0.0, -5.0), (-50.0, 0.0))),
)


def make_payback(gain: float = 0.01, economics: Economics = PRICES) -> Payback:
    extra = Extra(fixed=10.0, per_prediction=0.001)
    return payback(
        extra, economics, value_gain=gain, value_gains=np.linspace(gain - 0.01, gain + 0.01, 101)
    )


def make_curve(n_rows: int) -> ProfitCurve:
    rng = np.random.default_rng(0)
    return profit_curve(Scored(truth=rng.integers(0, 2, n_rows), scores=rng.random(n_rows)))


def make_priced(rows: tuple[ModelResult, ...]) -> list[Priced]:
    return [
        Priced(
            row=row,
            cost=model_cost(row, PRICES),
            value=0.1 * i,
            value_interval=(0.0, 1.0),
            threshold=0.5,
            net=10.0,
        )
        for i, row in enumerate(rows)
    ]


def make_bills(label: str, count: int = 2) -> list[Bill]:
    parts = {part: float(i) for i, part in enumerate(PARTS)}
    return [Bill(label=f"{label} {i}", parts=parts) for i in range(count)]


def make_sensitivities(count: int = 3) -> list[Sensitivity]:
    known = assumptions(PRICES)
    flip = Flip(value=3.0, verdict=VerdictWord.KEEP_BASE)
    return [
        Sensitivity(
            assumption=known[i % len(known)],
            flips=FlipPoints(current=5.0, below=flip if i % 2 else None, above=None),
            nets=(10.0 - i, 20.0 + i),
        )
        for i in range(count)
    ]
