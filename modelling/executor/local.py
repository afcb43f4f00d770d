"""The executor of one machine: N slots, each a thread that supervises one killable child.

Starting a child and warming its memory costs 45 ms of CPU, as much as many a fit: tasks that say
so take a child that an earlier one left as it was.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import queue
import threading
from collections.abc import Collection
from multiprocessing import forkserver

from modelling.executor.process import ChildProcess
from modelling.executor.protocol import End, Outcome, Task, describe_error

# An idle child holds memory; starting the next one takes 25 ms.
IDLE_S = 5.0


class LocalExecutor:
    """Runs each task in a killable child, forked from a server that is warm already.

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
        # Now, not with the first task: somebody may wait for that one.
        forkserver.ensure_running()
        # Children hold the read end; it closes when this process ends in any way.
        self._alive_read, self._alive_write = self._context.Pipe(duplex=False)
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._outcomes: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
        self._under_way: set[str] = set()
        # Tasks that no slot has taken yet.
        self._waiting: dict[str, Task] = {}
        self._lock = threading.Lock()
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
        with self._lock:
            self._waiting[task.id] = task
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
        """End these tasks within a poll; those that wait for a slot at once."""
        # An id may come again; what ended before must not end the next task of that name.
        asked = self._under_way.intersection(task_ids)
        with self._lock:
            waiting = {name for name in asked if self._waiting.pop(name, None) is not None}
        for name in waiting:
            self._outcomes.put(_cancelled(name))
        self._cancelled |= asked - waiting

    def close(self) -> None:
        """End all children and threads."""
        self._closing.set()
        self._alive_write.close()
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join(timeout=5)

    def _serve(self) -> None:
        idle: ChildProcess | None = None
        while True:
            try:
                task = self._tasks.get(timeout=IDLE_S if idle else None)
            except queue.Empty:
                _end(idle)
                idle = None
                continue
            if task is None:
                _end(idle)
                return
            if not self._takes(task):
                continue
            if self._is_cancelled(task):
                outcome = _cancelled(task.id)
            elif task.shares_child:
                outcome, idle = self._guarded_run(task, idle)
            else:
                outcome, left = self._guarded_run(task, None)
                _end(left)
            self._outcomes.put(outcome)

    def _takes(self, task: Task) -> bool:
        """Take a task from those that wait; False if it was cancelled there."""
        with self._lock:
            waits = self._waiting.get(task.id) is task
            if waits:
                del self._waiting[task.id]
        return waits

    def _is_cancelled(self, task: Task) -> bool:
        return task.id in self._cancelled or self._closing.is_set()

    def _guarded_run(
        self, task: Task, child: ChildProcess | None
    ) -> tuple[Outcome, ChildProcess | None]:
        """Run a task; return the child as well if it can take another."""
        try:
            if child is not None and not child.is_alive:
                child.end()
                child = None
            if child is None:
                child = ChildProcess(self._context, self._alive_read)
            outcome = child.run(task, is_cancelled=lambda: self._is_cancelled(task))
        # The outermost frame of a thread: without an outcome the task would never end, and its
        # slot would be lost. Work that cannot be pickled raises whatever its class decides.
        except Exception as error:  # noqa: BLE001
            message = f"The fit could not be started or answered: {describe_error(error)}"
            outcome = Outcome(task_id=task.id, end=End.CRASHED, error=message)
        if child is not None and outcome.ok and child.is_as_new():
            return outcome, child
        _end(child)
        return outcome, None


def _cancelled(task_id: str) -> Outcome:
    return Outcome(task_id=task_id, end=End.CANCELLED, error="It was stopped.")


def _end(child: ChildProcess | None) -> None:
    if child is not None:
        child.end()
