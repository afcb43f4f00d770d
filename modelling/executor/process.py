"""A child process as seen by its supervisor: asked for one work at a time, watched, ended."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import psutil

from modelling.executor.child import serve_works
from modelling.executor.protocol import End, Limits, Outcome, Task

POLL_S = 0.05
# What works may leave behind in a child before it is too large to take another.
MAX_GROWTH_BYTES = 256 * 1024**2


class ChildProcess:
    """One child, forked from a server that is warm already.

    Parameters
    ----------
    context : ForkServerContext
        Starts it.
    starter_alive : Connection
        The child ends when the other end of this pipe closes.
    """

    def __init__(self, context: ForkServerContext, starter_alive: Connection) -> None:
        self._answers, theirs = context.Pipe(duplex=True)
        self._process = context.Process(
            target=serve_works, args=(theirs, starter_alive), daemon=True
        )
        self._process.start()
        theirs.close()
        self._pid = self._process.pid or 0
        self._first_bytes: int | None = None

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked: an idle child may have been killed for its memory."""
        # It has nothing to say unasked: what can be read is the end of the pipe.
        return not self._answers.poll()

    def run(self, task: Task, *, is_cancelled: Callable[[], bool]) -> Outcome:
        """Run one task to whatever end it finds."""
        start = time.monotonic()
        usage = _Usage(self._pid)
        if self._first_bytes is None:
            self._first_bytes = usage.memory_bytes
        self._answers.send((task.work, task.limits))
        while True:
            ready = wait([self._answers, self._process.sentinel], timeout=POLL_S)
            wall_s = time.monotonic() - start
            if self._answers in ready:
                received = self._receive()
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
                self._process.join(timeout=5)
                end, error = End.CRASHED, _crash(self._process.exitcode)
            else:
                usage.poll()
                cancelled = is_cancelled()
                end, error = _over(task.limits, usage, wall_s, cancelled=cancelled)
            if error is not None:
                return Outcome(
                    task_id=task.id, end=end, error=error, cpu_s=usage.cpu_s, wall_s=wall_s
                )

    def is_as_new(self) -> bool:
        """Whether works left nothing behind that the next could notice."""
        grown = _held(self._pid)[1] - (self._first_bytes or 0)
        alone = _family(self._pid) == [self._pid]
        return alone and grown <= MAX_GROWTH_BYTES

    def end(self) -> None:
        """End it and whatever it started."""
        # The child leads a group of its own, so that whatever it forked goes with it.
        for kill in (os.killpg, os.kill):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if self._pid:
                    kill(self._pid, signal.SIGKILL)
        self._process.join(timeout=5)
        self._answers.close()

    def _receive(self) -> tuple[End, Any, str | None, float] | None:
        try:
            received: tuple[End, Any, str | None, float] = self._answers.recv()
        except (EOFError, OSError):
            return None
        return received


class _Usage:
    """CPU of a child and all that it started since it was asked, and the memory that they hold."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._before_s, self.memory_bytes = _held(pid)
        self.cpu_s = 0.0

    def poll(self) -> None:
        cpu_s, self.memory_bytes = _held(self._pid)
        self.cpu_s = max(self.cpu_s, cpu_s - self._before_s)


def _held(pid: int) -> tuple[float, int]:
    """Return CPU seconds and resident bytes of a process and all that it started."""
    cpu_s, memory_bytes = 0.0, 0
    for member in _family(pid):
        # Any of them may end while it is looked at.
        with contextlib.suppress(psutil.Error, OSError):
            process = psutil.Process(member)
            times = process.cpu_times()
            cpu_s += times.user + times.system
            memory_bytes += process.memory_info().rss
    return cpu_s, memory_bytes


def _family(pid: int) -> list[int]:
    """Return a process and all that it started."""
    lists = list(Path(f"/proc/{pid}/task").glob("*/children"))
    with contextlib.suppress(psutil.Error, OSError):
        if not lists:
            return [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]
        # Looking through all processes of the machine, as psutil does, took 2 ms of every 50.
        children = [int(child) for path in lists for child in path.read_text().split()]
        return [pid, *(member for child in children for member in _family(child))]
    return [pid]


def _over(
    limits: Limits, usage: _Usage, wall_s: float, *, cancelled: bool
) -> tuple[End, str | None]:
    if cancelled:
        return End.CANCELLED, "It was stopped."
    if usage.cpu_s > limits.cpu_s:
        return End.LIMIT, f"Ended at its limit of {limits.cpu_s:g} CPU seconds."
    if wall_s > limits.wall_s:
        return End.LIMIT, f"Ended at its limit of {limits.wall_s:g} seconds."
    if usage.memory_bytes > limits.memory_bytes:
        return End.LIMIT, f"Ended at its limit of {limits.memory_bytes / 1024**3:.1f} GB memory."
    return End.DONE, None


def _crash(exit_code: int | None) -> str:
    if exit_code is not None and exit_code < 0:
        return f"The fit crashed ({signal.Signals(-exit_code).name}) without an answer."
    return f"The fit ended by itself (exit code {exit_code}) without an answer."
