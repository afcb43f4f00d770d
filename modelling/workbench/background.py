"""Answers that take seconds, worked out beside the page that asks for them."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Soon(Generic[T]):
    """Runs each piece of work once, at most two at a time; whoever asks again gets its answer.

    Answers are handed out once: what is worth keeping is stored by the work itself.
    """

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="soon")
        self._lock = Lock()
        self._pending: dict[Hashable, Future[T]] = {}

    def ask(self, key: Hashable, work: Callable[[], T]) -> T | None:
        """Return the answer, raise what the work raised, or return None while it is under way."""
        with self._lock:
            future = self._pending.get(key)
            if future is None:
                self._pending[key] = self._pool.submit(work)
                return None
            if not future.done():
                return None
            # A failure stays, or the next one to ask would start the same failure again.
            if future.exception() is None:
                del self._pending[key]
        return future.result()

    def close(self) -> None:
        """Take no more work; what has not begun is dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)
