"""The lock that makes the runner of a workspace the only one on its host."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import IO


class WorkspaceLock:
    """An advisory lock on ``<home>/runner.lock``; the kernel frees it when its holder dies."""

    def __init__(self, home: Path) -> None:
        self._path = home / "runner.lock"
        self._file: IO[str] | None = None

    def acquire(self) -> bool:
        """Take the lock if nobody holds it."""
        file = self._path.open("a", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return False
        self._file = file
        return True

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def is_held(self) -> bool:
        """Whether some process, this one included, holds the lock."""
        if self._file is not None:
            return True
        if self.acquire():
            self.release()
            return False
        return True
