"""What must survive the death of the runner (RELIABILITY.md, faults)."""

import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from modelling.types import Budget, RunState, Trial, TrialState
from tests.runner.conftest import Lab, experiment_on, wait_until

# Minutes of kills and restarts: among the long checks.
pytestmark = [pytest.mark.faults, pytest.mark.long]
N_TRIALS = 24
N_KILLS = 10


def plain(trials: tuple[Trial, ...]) -> list[tuple[object, ...]]:
    """Return what must be equal: everything about a trial but its cost."""
    return [
        (t.number, t.origin, dict(t.params), t.state, t.value, t.folds_done, t.completed_late)
        for t in trials
    ]


def start_study(lab: Lab, table: Path) -> str:
    experiment = experiment_on(lab.workbench, table)
    budget = Budget(trials=N_TRIALS)
    return lab.workbench.start_tuning(experiment.id, ["lightgbm"], budget, seed=3).id


def ended(lab: Lab, run_id: str) -> int:
    trials = lab.workbench.trials(run_id)
    return sum(trial.state is not TrialState.RUNNING for trial in trials)


@pytest.fixture
def unbroken(make_lab: Callable[[str], Lab], table: Path) -> list[tuple[object, ...]]:
    lab = make_lab("unbroken")
    lab.start_runner(workers=2)
    run_id = start_study(lab, table)
    assert lab.workbench.wait(run_id, timeout_s=200).state is RunState.FINISHED
    return plain(lab.workbench.trials(run_id))


def test_trials_are_the_same_with_one_slot_and_after_kills(
    make_lab: Callable[[str], Lab], table: Path, unbroken: list[tuple[object, ...]]
) -> None:
    assert len(unbroken) == N_TRIALS
    lab = make_lab("killed")
    run_id = start_study(lab, table)
    shown: set[tuple[int, TrialState]] = set()
    moments = random.Random(5)
    for enough in sorted(moments.sample(range(N_TRIALS - 2), N_KILLS)):
        runner = lab.start_runner(workers=moments.choice([1, 2]))
        wait_until(lambda n=enough: ended(lab, run_id) >= n, timeout_s=100, what=f"{enough} trials")
        # A runner that dies before it takes the run up interrupts nothing.
        wait_until(
            lambda: lab.workbench.run(run_id).state is RunState.RUNNING,
            timeout_s=100,
            what="a runner at work",
        )
        # Anywhere: in a fit, between two folds, while a result is written.
        time.sleep(moments.uniform(0.0, 0.3))
        shown |= {
            (trial.number, trial.state)
            for trial in lab.workbench.trials(run_id)
            if trial.state is not TrialState.RUNNING
        }
        os.kill(runner.pid, signal.SIGKILL)
        runner.wait()
        # Read at once: nothing that was shown may be missing now.
        kept = {(trial.number, trial.state) for trial in lab.workbench.trials(run_id)}
        assert shown <= kept
        assert lab.workbench.run(run_id).state is RunState.INTERRUPTED
    lab.start_runner(workers=2)
    assert lab.workbench.wait(run_id, timeout_s=200).state is RunState.FINISHED
    assert plain(lab.workbench.trials(run_id)) == unbroken
    folds = lab.workbench._store.results.folds(run_id)
    assert len(folds) == len({(fold.trial, fold.fold) for fold in folds})
    assert len(folds) == sum(trial.folds_done for trial in lab.workbench.trials(run_id))


def test_one_slot_gives_the_same_trials(
    make_lab: Callable[[str], Lab], table: Path, unbroken: list[tuple[object, ...]]
) -> None:
    lab = make_lab("one slot")
    lab.start_runner(workers=1)
    run_id = start_study(lab, table)
    assert lab.workbench.wait(run_id, timeout_s=200).state is RunState.FINISHED
    assert plain(lab.workbench.trials(run_id)) == unbroken


def test_no_process_is_left_after_the_runner_is_killed(
    make_lab: Callable[[str], Lab], table: Path
) -> None:
    lab = make_lab("orphans")
    runner = lab.start_runner(workers=2)
    run_id = start_study(lab, table)
    wait_until(lambda: ended(lab, run_id) >= 2, timeout_s=60, what="two trials")
    assert len(lab.processes()) > 1
    os.kill(runner.pid, signal.SIGKILL)
    runner.wait()
    wait_until(lambda: not lab.processes(), timeout_s=15, what="the end of all processes")


def test_stop_takes_at_most_five_seconds_and_keeps_the_trials(
    make_lab: Callable[[str], Lab], table: Path
) -> None:
    lab = make_lab("stopped")
    lab.start_runner(workers=2)
    run_id = start_study(lab, table)
    wait_until(lambda: ended(lab, run_id) >= 3, timeout_s=60, what="three trials")
    before = ended(lab, run_id)
    begin = time.monotonic()
    assert lab.workbench.stop(run_id).state is RunState.STOPPING
    lab.workbench.stop(run_id)
    assert lab.workbench.wait(run_id, timeout_s=10).state is RunState.STOPPED
    assert time.monotonic() - begin < 5
    assert ended(lab, run_id) >= before
    lab.workbench.resume(run_id)
    assert lab.workbench.wait(run_id, timeout_s=200).state is RunState.FINISHED
    assert len(lab.workbench.trials(run_id)) == N_TRIALS
