"""The executor of one machine: N slots, each a thread that supervises one killable child."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import queue
import signal
import threading
import time
from collections.abc import Collection
from multiprocessing import connection
from pathlib import Path
from typing import Any

import psutil

from modelling.executor.child import run_child
from modelling.executor.protocol import End, Outcome, Task, describe_error

POLL_S = 0.05


class LocalExecutor:
    """Runs each task in a child of its own, forked from a server that is warm already.

    Parameters
    ----------
    slots : int
        How many children may run at once.
    preload : tuple of str
        Modules that the fork server imports once, so that no child pays for it.
    """

    def __init__(self, slots: int, *, preload: tuple[str, ...] = ()) -> None:
        self._slots = slots
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["modelling.executor.child", *preload])
        # Children hold the read end; it closes when this process ends in any way.
        self._alive_read, self._alive_write = self._context.Pipe(duplex=False)
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._outcomes: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
        self._under_way: set[str] = set()
        self._cancelled: set[str] = set()
        self._closing = threading.Event()
        self._threads = [threading.Thread(target=self._serve, daemon=True) for _ in range(slots)]
        for thread in self._threads:
            thread.start()

    @property
    def slots(self) -> int:
        """How many tasks may be under way."""
        return self._slots

    def submit(self, task: Task) -> None:
        """Start a task as soon as a slot is free."""
        self._under_way.add(task.id)
        self._tasks.put(task)

    def wait(self, timeout_s: float) -> list[Outcome]:
        """Return the tasks that ended since the last call; wait for one up to ``timeout_s``."""
        ended: list[Outcome] = []
        with contextlib.suppress(queue.Empty):
            ended.append(self._outcomes.get(timeout=timeout_s))
            while True:
                ended.append(self._outcomes.get_nowait())
        gone = {outcome.task_id for outcome in ended}
        self._under_way -= gone
        self._cancelled -= gone
        return ended

    def cancel(self, task_ids: Collection[str]) -> None:
        """End these tasks within a poll."""
        # An id may come again; what ended before must not end the next task of that name.
        self._cancelled |= self._under_way.intersection(task_ids)

    def close(self) -> None:
        """End all children and threads."""
        self._closing.set()
        self._alive_write.close()
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join(timeout=5)

    def _serve(self) -> None:
        while (task := self._tasks.get()) is not None:
            if task.id in self._cancelled or self._closing.is_set():
                outcome = Outcome(task_id=task.id, end=End.CANCELLED, error="It was stopped.")
            else:
                outcome = self._guarded_run(task)
            self._outcomes.put(outcome)

    def _guarded_run(self, task: Task) -> Outcome:
        try:
            return self._run(task)
        # The outermost frame of a thread: without an outcome the task would never end, and its
        # slot would be lost. Work that cannot be pickled raises whatever its class decides.
        except Exception as error:  # noqa: BLE001
            message = f"The fit could not be started or answered: {describe_error(error)}"
            return Outcome(task_id=task.id, end=End.CRASHED, error=message)

    def _run(self, task: Task) -> Outcome:
        answer, theirs = self._context.Pipe(duplex=False)
        child = self._context.Process(
            target=run_child, args=(theirs, self._alive_read, task.work, task.limits), daemon=True
        )
        start = time.monotonic()
        child.start()
        theirs.close()
        usage = _Usage(child.pid or 0)
        try:
            return self._supervise(task, child, answer, usage, start)
        finally:
            _kill_group(child.pid)
            child.join(timeout=5)
            answer.close()

    def _supervise(
        self, task: Task, child: Any, answer: Any, usage: _Usage, start: float
    ) -> Outcome:
        while True:
            ready = connection.wait([answer, child.sentinel], timeout=POLL_S)
            wall_s = time.monotonic() - start
            if answer in ready:
                received = _receive(answer)
                if received is not None:
                    end, value, error, cpu_s = received
                    return Outcome(
                        task_id=task.id,
                        end=end,
                        value=value,
                        error=error,
                        cpu_s=cpu_s,
                        wall_s=wall_s,
                    )
            if ready:
                child.join(timeout=5)
                end, error = End.CRASHED, _crash(child.exitcode)
            else:
                usage.poll()
                end, error = self._over(task, usage, wall_s)
            if error is not None:
                return Outcome(
                    task_id=task.id, end=end, error=error, cpu_s=usage.cpu_s, wall_s=wall_s
                )

    def _over(self, task: Task, usage: _Usage, wall_s: float) -> tuple[End, str | None]:
        limits = task.limits
        if task.id in self._cancelled:
            return End.CANCELLED, "It was stopped."
        if usage.cpu_s > limits.cpu_s:
            return End.LIMIT, f"Ended at its limit of {limits.cpu_s:g} CPU seconds."
        if wall_s > limits.wall_s:
            return End.LIMIT, f"Ended at its limit of {limits.wall_s:g} seconds."
        if usage.memory_bytes > limits.memory_bytes:
            return (
                End.LIMIT,
                f"Ended at its limit of {limits.memory_bytes / 1024**3:.1f} GB memory.",
            )
        return End.DONE, None


class _Usage:
    """CPU and memory of a child and all that it started, as of the last poll."""

    def __init__(self, pid: int) -> None:
        self.cpu_s = 0.0
        self.memory_bytes = 0
        self._pid = pid

    def poll(self) -> None:
        # Any of them may end while it is looked at.
        with contextlib.suppress(psutil.Error, OSError):
            family = [psutil.Process(pid) for pid in _family(self._pid)]
            times = [process.cpu_times() for process in family]
            cpu_s = sum(time_.user + time_.system for time_ in times)
            self.cpu_s = max(self.cpu_s, cpu_s)
            self.memory_bytes = sum(process.memory_info().rss for process in family)


def _family(pid: int) -> list[int]:
    """Return a process and all that it started."""
    lists = list(Path(f"/proc/{pid}/task").glob("*/children"))
    if not lists:
        return [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]
    # Looking through all processes of the machine, as psutil does, took 2 ms of every 50.
    children = [int(child) for path in lists for child in path.read_text().split()]
    return [pid, *(member for child in children for member in _family(child))]


def _receive(answer: Any) -> tuple[End, Any, str | None, float] | None:
    try:
        received: tuple[End, Any, str | None, float] = answer.recv()
    except (EOFError, OSError):
        return None
    return received


def _crash(exit_code: int | None) -> str:
    if exit_code is not None and exit_code < 0:
        return f"The fit crashed ({signal.Signals(-exit_code).name}) without an answer."
    return f"The fit ended by itself (exit code {exit_code}) without an answer."


def _kill_group(pid: int | None) -> None:
    # The child leads a group of its own, so that whatever it forked goes with it.
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if pid:
                kill(pid, signal.SIGKILL)
