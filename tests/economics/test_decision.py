"""An experiment in money: nets, what the verdict hangs on, bills, and scenarios that cannot be."""

from dataclasses import replace

import numpy as np
import pytest

from modelling.charts.ownership import OwnershipLine, crossings
from modelling.economics.bill import PARTS, bill
from modelling.economics.cost import model_cost, model_id
from modelling.economics.decision import Books, assumptions, sensitivities
from modelling.economics.payback import Extra, payback
from modelling.economics.wording import beside_accuracy
from modelling.economics.worth import Scored, worth_of_answers, worth_of_calls
from modelling.types import (
    CostBasis,
    Economics,
    OtherCost,
    Payoff,
    TaskKind,
    TaskSpec,
    TrialCpu,
    Variant,
    VerdictWord,
)
from tests.charts.made_up import make_row

TASK = TaskSpec(
    target="fraud",
    kind=TaskKind.BINARY,
    metric="roc_auc",
    features=("amount",),
    classes=("no", "yes"),
    stake="amount",
)
BASE = make_row("tree", fit_cpu_s=1.0, predict_cpu_ms_per_1k=50.0)
TUNED = make_row(
    "tree",
    Variant.TUNED,
    fit_cpu_s=2.0,
    search_cpu_s=98.0,
    trial_cpu=TrialCpu(complete=70.0, pruned=20.0, failed=8.0),
    predict_cpu_ms_per_1k=100.0,
)
# A missed fraud costs its amount, a review five.
FRAUD = Payoff(outcomes=((0.0, -5.0), (0.0, -5.0)), stakes=((0.0, 0.0), (-1.0, 0.0)))
PRICES = Economics(predictions_per_month=1_000.0, payoff=FRAUD)


def make_books(*, sharper: float = 1.0, n_rows: int = 2_000) -> Books:
    """Return books of two models, the tuned one as much sharper."""
    rng = np.random.default_rng(0)
    weights = rng.multinomial(n_rows, np.full(n_rows, 1 / n_rows), size=300)
    parts = {}
    for name in ("train", "test"):
        truth = (rng.random(n_rows) < 0.1).astype(int)
        noise, stakes = rng.normal(size=n_rows), rng.exponential(100.0, n_rows)
        for row, width in ((BASE, 1.0), (TUNED, sharper)):
            score = 1 / (1 + np.exp(-(3 * truth - 2 + noise / width)))
            parts[name, model_id(row)] = Scored(truth=truth, scores=score, stakes=stakes)
    worths = {
        key: worth_of_calls(parts["train", key], parts["test", key], weights)
        for key in map(model_id, (BASE, TUNED))
    }
    return Books(task=TASK, rows=(BASE, TUNED), worths=worths)


def test_the_net_is_value_less_all_costs():
    books = make_books(sharper=2.0)
    base, tuned = books.priced(PRICES)
    for one in (base, tuned):
        assert one.net == pytest.approx(12_000 * one.value - one.cost.total_usd)
        assert one.value_interval[0] < one.value < one.value_interval[1]
    found = books.payback(BASE, TUNED, PRICES)
    assert found.net == pytest.approx(tuned.net - base.net)
    assert found.verdict is VerdictWord.TUNE
    assert books.verdict(BASE, TUNED, PRICES) is found.verdict


def test_equal_answers_never_pay_for_a_search():
    found = make_books().payback(BASE, TUNED, PRICES)
    assert found.value_gain == 0.0
    assert found.verdict is VerdictWord.KEEP_BASE
    assert found.months == np.inf


def test_a_gain_that_is_real_may_not_pay():
    books = make_books(sharper=2.0)
    dear = OtherCost(label="licence", amount=1e6, basis=CostBasis.ONCE, model=model_id(TUNED))
    found = books.payback(BASE, TUNED, replace(PRICES, other_costs=(dear,)))
    assert found.value_gain > 0
    assert found.verdict is VerdictWord.KEEP_BASE


def test_no_better_answers_may_be_cheaper_to_serve():
    served = OtherCost(label="tokens", amount=20.0, basis=CostBasis.PER_1K, model=model_id(BASE))
    found = make_books().payback(BASE, TUNED, replace(PRICES, other_costs=(served,)))
    assert found.value_gain == 0.0
    assert found.verdict is VerdictWord.TUNE


def test_sensitivities_name_every_number_and_hold_where_they_say():
    books = make_books(sharper=1.1)
    found = sensitivities(books, BASE, TUNED, PRICES)
    assert (
        {one.assumption.name for one in found}
        == {one.name for one in assumptions(PRICES)}
        >= {"outcomes[0][1]", "outcomes[1][1]", "stakes[1][0]"}
    )
    assert [one.swing for one in found] == sorted((one.swing for one in found), reverse=True)
    here = books.verdict(BASE, TUNED, PRICES)
    for one in found:
        for flip in (one.flips.below, one.flips.above):
            if flip is not None:
                assert flip.verdict is not here
                changed = one.assumption.put(flip.value)
                assert books.verdict(BASE, TUNED, changed) is flip.verdict
        half = books.payback(BASE, TUNED, one.assumption.put(one.assumption.value / 2))
        assert one.nets[0] == pytest.approx(half.net)


def test_an_amount_that_is_lost_stays_lost_when_it_is_moved():
    review = next(one for one in assumptions(PRICES) if one.name == "outcomes[0][1]")
    assert (review.value, review.sign) == (5.0, -1)
    moved = review.put(7.0).payoff
    assert moved.outcomes == ((0.0, -7.0), (0.0, -5.0))
    assert moved.stakes == FRAUD.stakes
    under = next(
        one for one in assumptions(Economics(payoff=Payoff(under=-2.0))) if one.name == "under"
    )
    assert under.put(3.0).payoff == Payoff(under=-3.0)


def test_a_model_whose_answers_are_not_kept_has_no_value():
    books = make_books()
    only = Books(task=TASK, rows=books.rows, worths={model_id(BASE): books.worths[model_id(BASE)]})
    assert [one.value is None for one in only.priced(PRICES)] == [False, True]
    assert only.payback(BASE, TUNED, PRICES) is None
    assert sensitivities(only, BASE, TUNED, PRICES) == ()


def test_the_bill_adds_up_to_the_total_and_benchmarking():
    prices = replace(
        PRICES,
        data_preparation_hours=3.0,
        retune_every_months=4.0,
        other_costs=(
            OtherCost(label="server", amount=7.0, basis=CostBasis.PER_MONTH),
            OtherCost(label="tokens", amount=1.0, basis=CostBasis.PER_1K, model=model_id(TUNED)),
        ),
    )
    found = bill(TUNED, prices, label="Tree (tuned)", benchmark_cpu_s=3_600.0)
    assert tuple(found.parts) == PARTS
    assert found.total == pytest.approx(model_cost(TUNED, prices).total_usd + 0.05)
    assert found.parts["tuning: stopped early"] == pytest.approx(20 / 3600 * 0.05)
    assert found.parts["last fit"] == pytest.approx(2 / 3600 * 0.05)
    assert found.parts["re-tuning"] == pytest.approx(2 * 100 / 3600 * 0.05)
    assert found.parts["other bills"] == pytest.approx(7 * 12 + 12)
    unknown = replace(TUNED, predict_cpu_ms_per_1k=None)
    assert bill(unknown, prices, label="Tree", benchmark_cpu_s=0.0) is None


@pytest.mark.parametrize("seed", range(50))
def test_crossings_are_where_the_best_line_changes(seed):
    rng = np.random.default_rng(seed)
    lines = [
        OwnershipLine(
            label=f"m{i}",
            family="tree",
            variant=Variant.BASE,
            fixed=float(rng.integers(0, 50)),
            per_prediction=float(rng.normal()),
        )
        for i in range(6)
    ]
    found = crossings(lines, months=12.0)
    ends = [*(volume for volume, _ in found[1:]), 2 * found[-1][0] + 100.0]
    for (start, label), end in zip(found, ends, strict=True):
        n = 12.0 * (start + end) / 2
        assert max(lines, key=lambda line: line.net(n)).label == label


def test_a_regression_pays_by_the_unit():
    truth = np.array([10.0, 20.0, 30.0, 40.0])
    weights = np.ones((5, 4))
    task = replace(
        TASK, kind=TaskKind.REGRESSION, metric="neg_mean_absolute_error", classes=(), stake=None
    )
    worths = {
        model_id(BASE): worth_of_answers(
            Scored(truth=truth, scores=truth + 4), weights, n_classes=0
        ),
        model_id(TUNED): worth_of_answers(
            Scored(truth=truth, scores=truth - 1), weights, n_classes=0
        ),
    }
    books = Books(task=task, rows=(BASE, TUNED), worths=worths)
    found = books.payback(BASE, TUNED, replace(PRICES, payoff=Payoff(over=-1.0, under=-2.0)))
    assert found.value_gain == pytest.approx(4.0 - 2.0)
    assert found.p_pays == 1.0


def test_where_every_call_gains_all_rows_are_called_and_none_where_it_ruins():
    books = make_books()
    dear = replace(PRICES, payoff=Payoff(outcomes=((0.0, 1.0), (0.0, 1.0))))
    never = replace(PRICES, payoff=Payoff(outcomes=((0.0, -1.0), (0.0, -1.0))))
    assert books.share_called(TUNED, dear) > 0.999
    assert books.share_called(TUNED, never) == 0.0
    assert books.share_called(replace(TUNED, key="other"), dear) is None


def test_what_pays_is_named_in_both_directions():
    tune, keep = VerdictWord.TUNE, VerdictWord.KEEP_BASE
    thin = found_from(value_gains=np.full(100, 1e-6), fixed=50.0, per_prediction=0.0)
    assert beside_accuracy(tune, thin, PRICES) == "The gain is real but does not pay."
    saving = found_from(value_gains=np.full(100, -1e-6), fixed=0.0, per_prediction=-0.01)
    assert "No more accurate, but cheaper to serve" in beside_accuracy(keep, saving, PRICES)
    # Worth a little more by luck of the rows, but what it saves is far more.
    lucky = found_from(value_gains=np.full(100, 1e-6), fixed=0.0, per_prediction=-0.01)
    assert "No more accurate, but cheaper to serve" in beside_accuracy(keep, lucky, PRICES)
    dear = found_from(value_gains=np.full(100, 0.02), fixed=0.0, per_prediction=0.0)
    assert "the candidate is worth more" in beside_accuracy(keep, dear, PRICES)


def found_from(*, value_gains, fixed, per_prediction):
    extra = Extra(fixed=fixed, per_prediction=per_prediction)
    return payback(extra, PRICES, value_gain=float(value_gains.mean()), value_gains=value_gains)
