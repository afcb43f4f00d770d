import pytest

from modelling.tuning.budget import Outlook, Spent, allows_another, share_of_rest, share_spent
from modelling.types import Budget

NOTHING = Spent(trials=0, cpu_s=0.0, wall_s=0.0)


def outlook(costs=(1.0,), due=0, reserved=0, following=5.0, slots=1):
    return Outlook(
        fold_costs=costs,
        folds_due=due,
        folds_reserved=reserved,
        folds_next=following,
        slots=slots,
    )


def allows(budget, spent, ahead, usd_per_cpu_s=0.0):
    return allows_another(budget, spent, ahead, usd_per_cpu_s=usd_per_cpu_s)


def test_what_is_ahead_costs_the_mean_fold_times_all_folds_to_come():
    assert outlook((1.0, 3.0), due=2, reserved=4, following=1.5).cpu_s == 2.0 * 7.5
    assert outlook(()).cpu_s == 0.0


def test_the_base_always_runs():
    assert allows(Budget(cpu_s=1e-6), NOTHING, outlook((100.0,)))
    assert allows(Budget(wall_s=1e-6), Spent(trials=0, cpu_s=9.0, wall_s=9.0), outlook())


@pytest.mark.parametrize(("trials", "expected"), [(1, True), (2, True), (3, False), (4, False)])
def test_trials_are_counted_exactly(trials, expected):
    spent = Spent(trials=trials, cpu_s=0.0, wall_s=0.0)
    assert allows(Budget(trials=3), spent, outlook()) is expected


@pytest.mark.parametrize(
    ("budget", "usd_per_cpu_s", "slots", "fits"),
    [
        # Spent are 10 CPU seconds in 10 s; another trial and what is due take 5 + 5.
        (Budget(cpu_s=20.0), 0.0, 1, True),
        (Budget(cpu_s=19.9), 0.0, 1, False),
        (Budget(wall_s=20.0), 0.0, 1, True),
        (Budget(wall_s=19.9), 0.0, 1, False),
        (Budget(wall_s=15.0), 0.0, 2, True),
        (Budget(wall_s=14.9), 0.0, 2, False),
        (Budget(usd=2.0), 0.1, 1, True),
        (Budget(usd=1.99), 0.1, 1, False),
        (Budget(usd=1e-9), 0.0, 1, True),
        (Budget(cpu_s=20.0, trials=2), 0.0, 1, False),
    ],
)
def test_a_trial_starts_only_if_it_and_all_that_must_follow_fit(budget, usd_per_cpu_s, slots, fits):
    spent = Spent(trials=2, cpu_s=10.0, wall_s=10.0)
    ahead = outlook((1.0,), due=3, reserved=2, following=5.0, slots=slots)
    assert allows(budget, spent, ahead, usd_per_cpu_s) is fits


@pytest.mark.parametrize(
    ("budget", "share"),
    [
        (Budget(trials=10), 0.2),
        (Budget(cpu_s=20.0), 0.5),
        (Budget(trials=10, cpu_s=20.0), 0.5),
        (Budget(wall_s=10.0), 1.0),
        (Budget(wall_s=5.0), 1.0),
        (Budget(usd=4.0), 0.25),
    ],
)
def test_the_share_spent_is_the_largest_of_all_limits(budget, share):
    spent = Spent(trials=2, cpu_s=10.0, wall_s=10.0)
    assert share_spent(budget, spent, usd_per_cpu_s=0.1) == pytest.approx(share)


@pytest.mark.parametrize(
    ("used", "share"),
    [
        # 60 - 4 = 56 seconds of two models, 30 - 2 = 28 and 3 - 0.5 = 2.5 likewise.
        (
            Spent(trials=2, cpu_s=4.0, wall_s=2.0, paid_usd=0.1),
            Budget(trials=2, cpu_s=28.0, wall_s=14.0, usd=1.25),
        ),
        # One that took too much takes nothing from the others.
        (
            Spent(trials=2, cpu_s=25.0, wall_s=11.0),
            Budget(trials=2, cpu_s=20.0, wall_s=10.0, usd=1.0),
        ),
    ],
)
def test_what_a_model_leaves_of_its_share_goes_to_those_after_it(used, share):
    budget = Budget(trials=7, cpu_s=60.0, wall_s=30.0, usd=3.0)
    assert share_of_rest(budget, [used], 3, usd_per_cpu_s=0.1) == share
    assert share_of_rest(budget, [], 3, usd_per_cpu_s=0.1) == budget.shared_by(3)
    assert share_of_rest(Budget(trials=7), [used], 3, usd_per_cpu_s=0.1) == Budget(trials=2)


def test_models_share_a_budget_equally():
    budget = Budget(trials=7, cpu_s=60.0, wall_s=30.0, usd=3.0)
    assert budget.shared_by(3) == Budget(trials=2, cpu_s=20.0, wall_s=10.0, usd=1.0)
    assert Budget(trials=1).shared_by(3) == Budget(trials=1)
