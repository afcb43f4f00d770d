"""One contract for every executor; what only a killable child can promise follows."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from modelling.errors import FitError
from modelling.executor.inline import InlineExecutor
from modelling.executor.local import LocalExecutor
from modelling.executor.protocol import End, Limits, Task, describe_error
from tests.executor.works import (
    Allocate,
    AnswerUnpicklable,
    AnswerUnreadable,
    Append,
    Burn,
    BurnFor,
    Environment,
    Exit,
    Fail,
    IgnoreSigterm,
    LeaveBehind,
    PeakMemory,
    Print,
    Segfault,
    Sleep,
    StartGrandchild,
    Value,
)

PROJECT = Path(__file__).parents[2]
EXECUTORS = {
    "inline": InlineExecutor,
    "local": lambda slots: LocalExecutor(slots, preload=("pytest", "tests.executor.works")),
}


def collect(executor, n=1, timeout_s=20.0):
    """Wait for ``n`` outcomes; return them by task id."""
    ended = {}
    deadline = time.monotonic() + timeout_s
    while len(ended) < n:
        assert time.monotonic() < deadline, f"only {len(ended)} of {n} tasks ended"
        for outcome in executor.wait(0.2):
            assert outcome.task_id not in ended, "a task ended twice"
            ended[outcome.task_id] = outcome
    return ended


def run(executor, work, **limits):
    executor.submit(Task(id="t", work=work, limits=Limits(**limits)))
    return collect(executor)["t"]


def wait_until(condition, timeout_s=10.0):
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def is_gone(pid):
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def children():
    """Return our fits: what the fork server of this process has started."""
    found = psutil.Process().children(recursive=True)
    return [
        process
        for process in found
        if process.is_running()
        and process.status() != psutil.STATUS_ZOMBIE
        and process.ppid() != os.getpid()
    ]


@pytest.fixture(params=EXECUTORS)
def executor(request):
    made = EXECUTORS[request.param](2)
    yield made
    made.close()


class TestEveryExecutor:
    def test_a_value_comes_back_with_its_cost(self, executor):
        outcome = run(executor, Value({"a": (1, 2.5, None)}))
        assert (outcome.end, outcome.value, outcome.error) == (
            End.DONE,
            {"a": (1, 2.5, None)},
            None,
        )
        assert outcome.ok
        assert 0 <= outcome.cpu_s < 5
        assert 0 <= outcome.wall_s < 5

    def test_cpu_seconds_are_those_of_the_work(self, executor):
        assert run(executor, BurnFor(0.3)).cpu_s == pytest.approx(0.35, abs=0.1)

    def test_the_text_of_our_own_errors_is_the_reason(self, executor):
        outcome = run(executor, Fail(FitError("Too few rows; bring more.")))
        assert (outcome.end, outcome.error) == (End.FAILED, "Too few rows; bring more.")
        assert outcome.value is None
        assert not outcome.ok

    @pytest.mark.parametrize(
        ("error", "reason"),
        [
            (ValueError("first line\nsecond line"), "ValueError: first line"),
            (KeyError(), "KeyError"),
            (RuntimeError("x" * 999), "RuntimeError: " + "x" * 300),
            (MemoryError(), "The fit ran out of memory; use fewer rows or a lighter model."),
        ],
    )
    def test_of_other_errors_type_and_first_line_are_the_reason(self, executor, error, reason):
        outcome = run(executor, Fail(error))
        assert (outcome.end, outcome.error) == (End.FAILED, reason)

    def test_each_task_ends_once(self, executor):
        for number in range(6):
            executor.submit(Task(id=str(number), work=Value(number)))
        ended = collect(executor, 6)
        assert {name: outcome.value for name, outcome in ended.items()} == {
            str(number): number for number in range(6)
        }
        assert executor.wait(0.1) == []

    def test_a_queued_task_that_is_cancelled_never_runs_but_ends(self, executor, tmp_path):
        log = tmp_path / "log"
        for number in range(executor.slots):
            executor.submit(Task(id=f"first {number}", work=Sleep(0.5)))
        for name in ("a", "b", "c"):
            executor.submit(Task(id=name, work=Append(log, name)))
        executor.cancel({"a", "c"})
        ended = collect(executor, executor.slots + 3)
        assert [ended[name].end for name in ("a", "b", "c")] == [
            End.CANCELLED,
            End.DONE,
            End.CANCELLED,
        ]
        assert ended["a"].error == "It was stopped."
        assert log.read_text() == "b\n"

    def test_cancelling_what_is_not_under_way_does_nothing(self, executor):
        assert run(executor, Value(1)).ok
        executor.cancel({"t", "never heard of"})
        assert executor.wait(0.1) == []
        assert run(executor, Value(2)).value == 2

    def test_waiting_without_a_task_returns_nothing(self, executor):
        assert executor.wait(0.05) == []

    def test_closing_twice_is_harmless(self, executor):
        executor.close()
        executor.close()


# What only a child can promise --------------------------------------------------------------


@pytest.fixture
def local():
    made = EXECUTORS["local"](2)
    yield made
    made.close()


class TestKillableChild:
    def test_a_fit_runs_in_a_silent_process_of_its_own(self, local):
        seen = run(local, Environment()).value
        assert seen["pid"] != os.getpid()
        assert seen["leads_its_group"]
        assert seen["stdout"] == "/dev/null"

    def test_as_many_run_at_once_as_there_are_slots(self, local):
        begin = time.monotonic()
        for number in range(2):
            local.submit(Task(id=str(number), work=Sleep(1.0)))
        collect(local, 2)
        assert 1.0 <= time.monotonic() - begin < 1.9

    def test_the_cpu_limit_ends_a_fit(self, local):
        outcome = run(local, Burn(), cpu_s=0.5)
        assert (outcome.end, outcome.error) == (End.LIMIT, "Ended at its limit of 0.5 CPU seconds.")
        assert outcome.cpu_s == pytest.approx(0.5, abs=0.4)

    def test_the_wall_limit_ends_a_fit_that_hangs(self, local):
        outcome = run(local, Sleep(60), wall_s=0.5)
        assert (outcome.end, outcome.error) == (End.LIMIT, "Ended at its limit of 0.5 seconds.")
        assert 0.5 <= outcome.wall_s < 2
        assert outcome.cpu_s < 0.5

    def test_the_memory_limit_ends_a_fit(self, local):
        outcome = run(local, Allocate(2**31), memory_bytes=3 * 10**8)
        assert outcome.end is End.LIMIT
        assert outcome.error == "Ended at its limit of 0.3 GB memory."

    def test_a_segfault_is_a_reason_and_not_our_end(self, local):
        outcome = run(local, Segfault())
        assert (outcome.end, outcome.error) == (
            End.CRASHED,
            "The fit crashed (SIGSEGV) without an answer.",
        )
        assert run(local, Value(1)).ok

    @pytest.mark.parametrize("code", [0, 3])
    def test_leaving_without_an_answer_is_a_reason(self, local, code):
        outcome = run(local, Exit(code))
        assert (outcome.end, outcome.error) == (
            End.CRASHED,
            f"The fit ended by itself (exit code {code}) without an answer.",
        )

    def test_even_an_exit_inside_the_fit_is_only_a_failed_row(self, local):
        assert run(local, Fail(SystemExit(1))).end is End.FAILED
        assert run(local, Fail(KeyboardInterrupt())).end is End.FAILED

    def test_a_fit_that_ignores_signals_is_ended_all_the_same(self, local, tmp_path):
        note = tmp_path / "pid"
        outcome = run(local, IgnoreSigterm(note), wall_s=1.0)
        assert outcome.end is End.LIMIT
        wait_until(lambda: is_gone(int(note.read_text())))

    @pytest.mark.parametrize("answers", [True, False])
    def test_what_a_fit_has_started_ends_with_it(self, local, tmp_path, answers):
        note = tmp_path / "pid"
        outcome = run(local, StartGrandchild(note, answers), wall_s=2.0)
        assert outcome.end is (End.DONE if answers else End.LIMIT)
        wait_until(lambda: is_gone(int(note.read_text())))

    def test_printing_a_hundred_megabytes_goes_nowhere(self, local, capfd):
        outcome = run(local, Print(10**8))
        assert outcome.value == "printed"
        assert capfd.readouterr() == ("", "")

    def test_an_answer_that_cannot_be_sent_is_a_reason(self, local):
        outcome = run(local, AnswerUnpicklable())
        assert outcome.end is End.FAILED
        assert "pickle" in outcome.error

    def test_an_answer_that_cannot_be_read_is_a_reason_and_keeps_the_slot(self, local):
        for _ in range(3):
            outcome = run(local, AnswerUnreadable())
            assert outcome.end is End.CRASHED
            assert outcome.error.endswith("I am not to be read.")
        assert run(local, Value(1)).ok

    def test_work_that_cannot_be_sent_is_a_reason_and_keeps_the_slot(self, local):
        for _ in range(3):
            outcome = run(local, lambda: None)
            assert outcome.end is End.CRASHED
            assert outcome.error.startswith("The fit could not be started or answered: ")
        assert run(local, Value(1)).ok

    def test_a_large_answer_arrives_whole(self, local):
        assert len(run(local, Value(b"x" * 30_000_000)).value) == 30_000_000

    def test_a_running_fit_is_cancelled_within_a_second(self, local, tmp_path):
        note = tmp_path / "pid"
        local.submit(Task(id="t", work=Sleep(60, note)))
        wait_until(note.exists)
        begin = time.monotonic()
        local.cancel({"t"})
        outcome = collect(local)["t"]
        assert (outcome.end, outcome.error) == (End.CANCELLED, "It was stopped.")
        assert time.monotonic() - begin < 1.0
        wait_until(lambda: is_gone(int(note.read_text())))

    def test_what_waits_for_a_slot_is_cancelled_at_once_whatever_the_slots_do(
        self, local, tmp_path
    ):
        log = tmp_path / "log"
        local.submit(Task(id="long 0", work=Sleep(60)))
        local.submit(Task(id="long 1", work=Sleep(60)))
        local.submit(Task(id="waits", work=Append(log, "first")))
        begin = time.monotonic()
        local.cancel({"waits"})
        (outcome,) = local.wait(5.0)
        assert (outcome.task_id, outcome.end) == ("waits", End.CANCELLED)
        assert time.monotonic() - begin < 1.0
        # The same name may come again; what was cancelled stays so.
        local.submit(Task(id="waits", work=Append(log, "second")))
        local.cancel({"long 0", "long 1"})
        ended = collect(local, 3)
        assert ended["waits"].ok
        assert log.read_text() == "second\n"

    def test_the_cost_of_a_killed_fit_is_what_was_last_seen(self, local):
        local.submit(Task(id="t", work=Burn()))
        time.sleep(1.5)
        local.cancel({"t"})
        outcome = collect(local)["t"]
        assert 0.3 < outcome.cpu_s <= outcome.wall_s + 0.2

    def test_after_closing_no_child_is_left_whatever_was_running_or_queued(self):
        executor = EXECUTORS["local"](2)
        for number in range(50):
            executor.submit(Task(id=str(number), work=Sleep(60)))
        wait_until(lambda: len(children()) >= 2)
        begin = time.monotonic()
        executor.close()
        assert time.monotonic() - begin < 3.0
        wait_until(lambda: not children())


def share(executor, work, **limits):
    executor.submit(Task(id="t", work=work, limits=Limits(**limits), shares_child=True))
    return collect(executor)["t"]


@pytest.fixture
def one_slot():
    made = EXECUTORS["local"](1)
    yield made
    made.close()


class TestSharedChild:
    def test_tasks_that_may_share_a_child_do(self, one_slot):
        pids = {share(one_slot, Environment()).value["pid"] for _ in range(3)}
        assert len(pids) == 1

    def test_a_task_that_may_not_finds_a_new_child(self, one_slot):
        shared = share(one_slot, Environment()).value["pid"]
        assert run(one_slot, Environment()).value["pid"] != shared
        assert share(one_slot, Environment()).value["pid"] == shared

    def test_the_cost_of_each_is_its_own(self, one_slot):
        share(one_slot, BurnFor(0.4))
        assert share(one_slot, BurnFor(0.2)).cpu_s == pytest.approx(0.2, abs=0.1)
        assert share(one_slot, Value(1)).cpu_s < 0.1

    def test_each_has_the_whole_limit(self, one_slot):
        for _ in range(3):
            assert share(one_slot, BurnFor(0.3), cpu_s=0.5).ok
        outcome = share(one_slot, Burn(), cpu_s=0.5)
        assert outcome.end is End.LIMIT
        assert outcome.cpu_s == pytest.approx(0.5, abs=0.4)

    def test_the_peak_of_memory_is_that_of_each(self, one_slot):
        size = 10**8
        assert share(one_slot, PeakMemory(size)).value == pytest.approx(size, rel=0.2)
        assert share(one_slot, PeakMemory(size // 4)).value == pytest.approx(size // 4, rel=0.2)

    @pytest.mark.parametrize("work", [Fail(ValueError()), Segfault(), Exit(0), AnswerUnpicklable()])
    def test_after_any_other_end_than_an_answer_the_child_is_new(self, one_slot, work):
        first = share(one_slot, Environment()).value["pid"]
        assert not share(one_slot, work).ok
        assert share(one_slot, Environment()).value["pid"] != first

    def test_what_leaves_memory_behind_is_the_last_of_its_child(self, one_slot):
        first = share(one_slot, LeaveBehind(10**7)).value
        assert share(one_slot, LeaveBehind(3 * 10**8)).value == first
        assert share(one_slot, Environment()).value["pid"] != first

    def test_what_leaves_a_process_behind_is_the_last_of_its_child(self, one_slot, tmp_path):
        note = tmp_path / "pid"
        first = share(one_slot, Environment()).value["pid"]
        assert share(one_slot, StartGrandchild(note, True)).ok
        wait_until(lambda: is_gone(int(note.read_text())))
        assert share(one_slot, Environment()).value["pid"] != first

    def test_a_child_that_died_while_idle_is_replaced(self, one_slot):
        first = share(one_slot, Environment()).value["pid"]
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: not psutil.pid_exists(first))
        assert share(one_slot, Environment()).value["pid"] != first

    def test_an_idle_child_goes_after_a_while(self, one_slot, monkeypatch):
        monkeypatch.setattr("modelling.executor.local.IDLE_S", 0.2)
        pid = share(one_slot, Environment()).value["pid"]
        wait_until(lambda: is_gone(pid))


SUPERVISOR = """
import sys, time
from pathlib import Path
from modelling.executor.local import LocalExecutor
from modelling.executor.protocol import Task
from tests.executor.works import IgnoreSigterm
if __name__ == "__main__":
    executor = LocalExecutor(1)
    executor.submit(Task(id="t", work=IgnoreSigterm(Path(sys.argv[1]))))
    time.sleep(60)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_no_fit_outlives_whoever_started_it(tmp_path, number):
    script, note = tmp_path / "supervisor.py", tmp_path / "pid"
    script.write_text(SUPERVISOR)
    process = subprocess.Popen(
        [sys.executable, script, note], cwd=PROJECT, env={**os.environ, "PYTHONPATH": "."}
    )
    try:
        wait_until(lambda: note.exists() and note.read_text() != "")
        process.send_signal(number)
        process.wait(timeout=5)
        wait_until(lambda: is_gone(int(note.read_text())), timeout_s=3.0)
    finally:
        process.kill()
        process.wait()


def test_a_reason_is_one_line():
    assert describe_error(ValueError("  \n  spaced \n")) == "ValueError: spaced"
    assert describe_error(ValueError("   ")) == "ValueError"
