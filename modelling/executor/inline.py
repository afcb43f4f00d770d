"""An executor in the same process, for tests: no limits, no cancel in the middle."""

from __future__ import annotations

import time
from collections.abc import Collection

from modelling.executor.protocol import End, Outcome, Task, describe_error


class InlineExecutor:
    """Runs each task when it is waited for."""

    def __init__(self, slots: int = 1) -> None:
        self._slots = slots
        self._queue: list[Task] = []
        self._cancelled: list[Outcome] = []

    @property
    def slots(self) -> int:
        """How many tasks may be under way."""
        return self._slots

    def submit(self, task: Task) -> None:
        """Queue a task."""
        self._queue.append(task)

    def wait(self, timeout_s: float) -> list[Outcome]:  # noqa: ARG002 nothing to wait for
        """Run the first queued task and return its outcome."""
        ended, self._cancelled = self._cancelled, []
        if self._queue:
            ended.append(_run(self._queue.pop(0)))
        return ended

    def cancel(self, task_ids: Collection[str]) -> None:
        """Drop queued tasks."""
        dropped = [task for task in self._queue if task.id in task_ids]
        self._queue = [task for task in self._queue if task.id not in task_ids]
        self._cancelled += [
            Outcome(task_id=task.id, end=End.CANCELLED, error="It was stopped.") for task in dropped
        ]

    def close(self) -> None:
        """Drop everything."""
        self._queue.clear()


def _run(task: Task) -> Outcome:
    start_cpu, start_wall = time.process_time(), time.monotonic()
    try:
        end, value, error = End.DONE, task.work(), None
    # The same net as in the child: whatever a library raises becomes the reason.
    except Exception as failure:  # noqa: BLE001
        end, value, error = End.FAILED, None, describe_error(failure)
    return Outcome(
        task_id=task.id,
        end=end,
        value=value,
        error=error,
        cpu_s=time.process_time() - start_cpu,
        wall_s=time.monotonic() - start_wall,
    )
