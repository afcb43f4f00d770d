import pytest

from modelling.models import model
from modelling.tuning.incumbents import incumbents, last_fit
from modelling.types import FoldResult, ResultStatus, Trial, TrialState


def make_trial(number: int, value: float | None, state=TrialState.COMPLETE) -> Trial:
    return Trial(
        model="lightgbm",
        number=number,
        origin="tpe",
        params={"learning_rate": 0.1},
        state=state,
        value=value,
        cpu_s=2.0,
    )


def test_winners_on_the_way_with_what_was_spent_by_then():
    trials = [
        make_trial(0, -0.7),
        make_trial(1, -0.6),
        make_trial(2, -0.9, TrialState.PRUNED),
        make_trial(3, -0.8),
        make_trial(4, None, TrialState.FAILED),
        make_trial(5, -0.8),
        make_trial(6, -0.81),
    ]
    found = incumbents(trials, 8)
    assert [(item.trial.number, item.cpu_s) for item in found] == [(0, 2.0), (3, 8.0), (6, 14.0)]


def test_of_many_the_first_the_last_and_some_between():
    found = incumbents([make_trial(i, -0.5 - i / 100) for i in range(40)], 8)
    numbers = [item.trial.number for item in found]
    assert len(numbers) == 8
    assert (numbers[0], numbers[-1]) == (0, 39)
    assert numbers == sorted(set(numbers))


def test_a_study_without_a_complete_trial_has_none():
    assert incumbents([make_trial(0, None, TrialState.FAILED)], 8) == ()


@pytest.mark.parametrize(("rounds", "expected"), [((10, 21), 16), ((None, None), None)])
def test_the_last_fit_runs_the_mean_best_rounds(rounds, expected):
    folds = [
        FoldResult(
            model="lightgbm",
            trial=0,
            fold=fold,
            status=ResultStatus.OK,
            fit_cpu_s=1.0,
            fit_time_s=1.0,
            cpu_s=1.0,
            rounds=count,
        )
        for fold, count in enumerate(rounds)
    ]
    params, found = last_fit("lightgbm", {"learning_rate": 0.1}, folds)
    stopping = model("lightgbm").early_stopping
    assert found == expected
    assert params.get(stopping.param) == expected
