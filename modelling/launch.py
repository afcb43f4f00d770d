"""Starting the runner of a workspace as a process of its own."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from enum import StrEnum
from pathlib import Path

from modelling.errors import StoreError
from modelling.lock import WorkspaceLock
from modelling.settings import Settings

MAX_FAILURES = 3
SHORT_LIFE_S = 10.0


class WhenOwnerEnds(StrEnum):
    """What a runner does once the process that started it is gone."""

    FINISH = "finish"
    STOP = "stop"


class RunnerLauncher:
    """Starts a runner if the workspace has none.

    Parameters
    ----------
    settings : Settings
        Of the workspace.
    when_owner_ends : WhenOwnerEnds
        A web server's runner finishes what was queued; that of a command line ends with it.
    """

    def __init__(self, settings: Settings, when_owner_ends: WhenOwnerEnds) -> None:
        self._settings = settings
        self._when_owner_ends = when_owner_ends
        self._lock = WorkspaceLock(settings.home)
        self._process: subprocess.Popen[bytes] | None = None
        self._failures = 0
        self._started = 0.0
        # Two sessions of one server may ask in the same moment.
        self._starting = threading.Lock()

    def is_alive(self) -> bool:
        """Whether some runner serves the workspace, or ours is about to."""
        starting = self._process is not None and self._process.poll() is None
        return starting or self._lock.is_held()

    def ensure(self) -> None:
        """Start a runner unless there is one.

        Raises
        ------
        StoreError
            If several in a row ended with an error: another start would not help.
        """
        with self._starting:
            if not self.is_alive():
                self._count_failures()
                self._let_go()
                self._process, self._started = self._start(), time.monotonic()

    def end(self) -> None:
        """End the runner that this launcher started, if any, and wait for it."""
        process = self._process
        self._let_go()
        if process is None:
            return
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _count_failures(self) -> None:
        lived_s = time.monotonic() - self._started
        failed = self._process is not None and self._process.returncode not in (None, 0)
        self._failures = self._failures + 1 if failed and lived_s < SHORT_LIFE_S else 0
        if self._failures >= MAX_FAILURES:
            self._failures = 0
            raise StoreError(
                f"The runner ended {MAX_FAILURES} times in a row as soon as it started; the file "
                "runner.log in the workspace says why. Mend that, then resume."
            )

    def _let_go(self) -> None:
        """Close our end of the pipe, by which a runner knows that nobody needs it any more."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        self._process = None

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "modelling", "runner", "--owned", self._when_owner_ends]
        with (self._settings.home / "runner.log").open("ab") as log:
            return subprocess.Popen(
                command,
                # Our end of this pipe closes when we die in any way: that is how the runner knows.
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=self._settings.to_env(),
                cwd=Path(__file__).parents[1],
                start_new_session=True,
            )
