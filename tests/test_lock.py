import subprocess
import sys
from pathlib import Path

import pytest

from modelling.lock import WorkspaceLock

PROJECT = Path(__file__).parents[1]
HOLD = """
import sys, time
from pathlib import Path
from modelling.lock import WorkspaceLock
lock = WorkspaceLock(Path(sys.argv[1]))
print(lock.acquire(), flush=True)
time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "True\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_free_lock_is_taken_once(tmp_path):
    first, second = WorkspaceLock(tmp_path), WorkspaceLock(tmp_path)
    assert first.acquire()
    assert not second.acquire()
    first.release()
    assert second.acquire()
    second.release()


def test_looking_does_not_take_the_lock(tmp_path):
    lock = WorkspaceLock(tmp_path)
    assert not lock.is_held()
    assert not lock.is_held()
    assert lock.acquire()
    lock.release()


def test_whoever_holds_it_and_everybody_else_sees_that_it_is_held(tmp_path):
    lock = WorkspaceLock(tmp_path)
    lock.acquire()
    assert lock.is_held()
    assert WorkspaceLock(tmp_path).is_held()
    lock.release()


def test_releasing_a_lock_that_is_not_held_does_nothing(tmp_path):
    WorkspaceLock(tmp_path).release()


def test_two_workspaces_have_two_locks(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    first, second = WorkspaceLock(tmp_path / "a"), WorkspaceLock(tmp_path / "b")
    assert first.acquire()
    assert second.acquire()
    first.release()
    second.release()


def test_another_process_is_kept_out(tmp_path, holder):
    lock = WorkspaceLock(tmp_path)
    assert lock.is_held()
    assert not lock.acquire()


def test_the_lock_is_free_again_once_its_holder_was_killed(tmp_path, holder):
    holder.kill()
    holder.wait()
    lock = WorkspaceLock(tmp_path)
    assert not lock.is_held()
    assert lock.acquire()
    lock.release()
