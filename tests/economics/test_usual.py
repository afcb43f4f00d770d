"""Usual payoffs fit their task and say what they assume."""

from dataclasses import replace

import pytest

from modelling.economics.outcomes import prices
from modelling.economics.usual import usual_payoffs
from modelling.types import TaskKind, TaskSpec

BINARY = TaskSpec(
    kind=TaskKind.BINARY,
    target="is_fraud",
    features=("amount",),
    classes=("no", "yes"),
    metric="roc_auc",
)


def task(**changes) -> TaskSpec:
    return replace(BINARY, **changes)


def test_a_missed_fraud_costs_its_amount_where_the_task_has_a_stake():
    first, *_ = usual_payoffs(task(stake="amount"))
    assert first.title == "A missed is_fraud costs its amount, each review 5"
    assert first.payoff.stakes == ((0.0, 0.0), (-1.0, 0.0))
    assert first.payoff.outcomes == ((0.0, -5.0), (0.0, -5.0))


def test_without_a_stake_none_is_offered():
    assert not any(usual.payoff.uses_stakes for usual in usual_payoffs(BINARY))


@pytest.mark.parametrize(
    ("kind", "classes", "metric"),
    [
        (TaskKind.BINARY, ("no", "yes"), "roc_auc"),
        (TaskKind.MULTICLASS, ("a", "b", "c"), "log_loss"),
        (TaskKind.REGRESSION, (), "r2"),
    ],
)
def test_each_kind_has_payoffs_that_price_its_outcomes(kind, classes, metric):
    of = task(kind=kind, classes=classes, metric=metric)
    for usual in usual_payoffs(of):
        assert usual.payoff.is_set
        assert usual.title
        assert (prices(usual.payoff, kind, len(classes)) <= 0).all()
