"""What an executor is: it runs pure, picklable work under limits and reports each end once."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

Work = Callable[[], Any]


class End(StrEnum):
    """How a task ended."""

    DONE = "done"
    FAILED = "failed"
    LIMIT = "limit"
    CRASHED = "crashed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """When a task is ended: CPU seconds, wall seconds, bytes of resident memory."""

    cpu_s: float = 600.0
    wall_s: float = 1800.0
    memory_bytes: int = 4 * 1024**3


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """One piece of work; ``id`` is unique among the tasks under way.

    ``exclusive`` tasks run while no other does. Those with ``shares_child`` may run in a process
    that ran others before; all others find a new one.
    """

    id: str
    work: Work
    limits: Limits = Limits()
    exclusive: bool = False
    shares_child: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How one task ended: its value, or a sentence that says why there is none.

    ``cpu_s`` and ``wall_s`` are those of the child; of a killed one, as last seen.
    """

    task_id: str
    end: End
    value: Any = None
    error: str | None = None
    cpu_s: float = 0.0
    wall_s: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether there is a value."""
        return self.end is End.DONE


class Executor(Protocol):
    """Runs tasks in a number of slots."""

    @property
    def slots(self) -> int:
        """How many tasks may be under way."""
        ...

    def submit(self, task: Task) -> None:
        """Start a task as soon as a slot is free."""
        ...

    def wait(self, timeout_s: float) -> list[Outcome]:
        """Return the tasks that ended since the last call; wait for one up to ``timeout_s``."""
        ...

    def cancel(self, task_ids: Collection[str]) -> None:
        """End these tasks now; each still has its outcome."""
        ...

    def close(self) -> None:
        """End all tasks and free what the executor holds."""
        ...


def describe_error(error: BaseException) -> str:
    """Return one line for a failed row: the text of our errors, type and text of others."""
    from modelling.errors import ModellingError

    if isinstance(error, ModellingError):
        return str(error)
    if isinstance(error, MemoryError):
        return "The fit ran out of memory; use fewer rows or a lighter model."
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:300]}" if lines else type(error).__name__
