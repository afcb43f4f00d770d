"""Starting a runner: lock, signals, owner, executor."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time

from modelling.errors import StoreError
from modelling.executor.local import LocalExecutor
from modelling.launch import WhenOwnerEnds
from modelling.lock import WorkspaceLock
from modelling.runner.service import Runner
from modelling.settings import Settings, use_one_thread
from modelling.store import Store

LOCK_WAIT_S = 3.0
PRELOAD = ("modelling.runner.preload",)


def run_service(
    settings: Settings,
    *,
    owned: WhenOwnerEnds | None = None,
    preload: tuple[str, ...] = PRELOAD,
) -> int:
    """Serve the workspace's queued runs; returns the exit code of the process.

    Parameters
    ----------
    owned : WhenOwnerEnds, optional
        Set when another process started this one and holds the other end of standard input.
    preload : tuple of str
        Modules that the fork server of the fits imports, in this order.
    """
    lock = WorkspaceLock(settings.home)
    settings.home.mkdir(parents=True, exist_ok=True)
    if not _acquire(lock):
        sys.stderr.write("Another runner serves this workspace already; nothing to do.\n")
        return 0
    use_one_thread()
    _keep_main_out_of_children()
    _be_nice()
    ending, owner_gone = threading.Event(), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    if owned is not None:
        gone = ending if owned is WhenOwnerEnds.STOP else owner_gone
        threading.Thread(target=_watch_owner, args=(gone,), daemon=True).start()
    store = Store(settings)
    executor = LocalExecutor(settings.workers, preload=preload)
    try:
        Runner(store, executor, ending=ending, owner_gone=owner_gone.is_set).serve()
    except StoreError as error:
        # Nothing can be written any more; what was written is resumed by the next runner.
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        store.close()
        lock.release()
    return 0


def _acquire(lock: WorkspaceLock) -> bool:
    """Take the lock; waits a moment, as somebody may only be looking at it."""
    deadline = time.monotonic() + LOCK_WAIT_S
    while not lock.acquire():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _keep_main_out_of_children() -> None:
    """Spare every child the import of the command line, 7 ms: no work is defined in ``__main__``.

    A spawned or forkserver child imports the starter's main module by its spec or its file.
    """
    main = sys.modules["__main__"]
    main.__spec__ = None
    if hasattr(main, "__file__"):
        del main.__file__


def _be_nice() -> None:
    """Leave the processor to whoever clicks."""
    with contextlib.suppress(OSError):
        os.nice(10)


def _watch_owner(gone: threading.Event) -> None:
    """Set ``gone`` when the other end of standard input closes: its holder has ended."""
    # Not through sys.stdin: a thread that waits in its buffer brings the interpreter down at exit.
    with contextlib.suppress(OSError):
        while os.read(0, 1):
            pass
    gone.set()
