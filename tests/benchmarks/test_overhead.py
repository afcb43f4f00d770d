"""`benchmarks/overhead.py` against the operating system's account of the same study."""

import pytest

from benchmarks.ours import warm_workbench
from benchmarks.overhead import experiment_on, fold_cpu_s, watched
from modelling.types import Budget, Trial, TrialState

N_TRIALS = 3


@pytest.fixture(scope="module")
def seen():
    """A short study, watched."""
    with warm_workbench(workers=1) as bench:
        return watched(bench, experiment_on(bench, 400), Budget(trials=N_TRIALS))


def test_a_run_accounts_for_no_more_cpu_than_was_used(seen):
    assert seen.run.fit_cpu_s > 0.0
    # The operating system counts hundredths of a second, per process.
    assert seen.run.fit_cpu_s + seen.run.engine_cpu_s <= seen.seen_cpu_s + 0.5


def test_the_search_ends_before_the_run_does(seen):
    assert 0.0 < seen.search_s < seen.whole_s
    assert seen.search.engine_cpu_s < seen.run.engine_cpu_s
    assert seen.search.fit_cpu_s < seen.run.fit_cpu_s


def test_the_cost_of_a_fold_is_a_mean_over_folds_not_over_trials():
    """Five folds of 1 s and one of 4 s: 9 s in 6 folds."""
    trials = [
        Trial(
            model="lightgbm",
            number=number,
            origin="tpe",
            params={},
            state=TrialState.COMPLETE,
            folds_done=folds,
            cpu_s=cpu_s,
        )
        for number, (folds, cpu_s) in enumerate([(5, 5.0), (1, 4.0)])
    ]
    assert fold_cpu_s(trials) == 1.5
