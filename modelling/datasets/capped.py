"""Child processes that look at what a user brought: capped, and never the web process itself.

Both ends are here: `ask` runs ``python -m MODULE`` and takes its one JSON line; `answer` is the
``main`` of such a module.
"""

from __future__ import annotations

import errno
import json
import logging
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from modelling.errors import DataError, ModellingError

WALL_LIMIT_S = 360
CPU_LIMIT_S = 300
BASE_MEMORY_BYTES = 10**9
MEMORY_PER_BYTE = 6
_LOG = logging.getLogger(__name__)
_LOGGED_CHARACTERS = 4_000

# The signal that ended a child -> what it was about; libraries abort when memory is refused.
_ENDINGS: dict[int, str] = {
    signal.SIGABRT: "needs more memory than a file of its size gets; save it as Parquet, or use "
    "fewer rows or columns.",
    signal.SIGKILL: "needs more memory than this machine has; use fewer rows or columns.",
    signal.SIGXCPU: f"takes longer than {CPU_LIMIT_S} s to read; use fewer rows or columns.",
}
_BROKEN = "could not be read as a table; its contents may be damaged. Save it as CSV or Parquet."


def ask(module: str, *arguments: str, name: str, given: str = "") -> Any:
    """Run ``python -m module arguments`` and return the value that it answers.

    Parameters
    ----------
    name : str
        What the user calls the data, for messages.
    given : str
        Goes to its standard input: what is too long for an argument.

    Raises
    ------
    DataError
        If it answers so, or passes its caps.
    """
    try:
        child = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            capture_output=True,
            text=True,
            errors="replace",
            input=given,
            timeout=WALL_LIMIT_S,
            check=False,
            cwd=Path(__file__).parents[2],
        )
    except subprocess.TimeoutExpired as error:
        raise DataError(
            f"{name} took longer than {WALL_LIMIT_S} s to read; use fewer rows."
        ) from error
    try:
        answered = json.loads(child.stdout)
    except json.JSONDecodeError as error:
        # Ended by a signal, or by an error of ours, which belongs into the log.
        last = child.stderr[-_LOGGED_CHARACTERS:] if child.returncode > 0 else ""
        _LOG.error("%s gave no answer (exit code %d) %s", module, child.returncode, last)
        raise DataError(f"{name} {_ENDINGS.get(-child.returncode, _BROKEN)}") from error
    if "error" in answered:
        raise DataError(answered["error"])
    return answered["value"]


def answer(work: Callable[[], Any], *, name: str, file_size: int) -> int:
    """Cap this process, do the work, and print its plain value or what the user can cure.

    Memory is capped at the smaller of half the machine's and 1 GB + 6 x ``file_size`` in bytes.
    """
    _cap(file_size)
    try:
        answered: dict[str, Any] = {"value": work()}
    except ModellingError as error:
        answered = {"error": str(error)}
    except MemoryError:
        answered = {"error": f"{name} {_ENDINGS[signal.SIGABRT]}"}
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        answered = {"error": f"There is no space left on the disk to read {name}; free some."}
    sys.stdout.write(json.dumps(answered) + "\n")
    return 0


def allow_memory(file_size: int) -> None:
    """Let this process take what a file of ``file_size`` bytes gets, if it is capped and gets less.

    For a compressed file whose unpacked size has passed its own limits.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if soft != resource.RLIM_INFINITY:
        wanted = BASE_MEMORY_BYTES + MEMORY_PER_BYTE * file_size
        resource.setrlimit(resource.RLIMIT_DATA, (min(hard, max(soft, wanted)), hard))


def _cap(file_size: int) -> None:
    import psutil

    hard = psutil.virtual_memory().total // 2
    soft = min(hard, BASE_MEMORY_BYTES + MEMORY_PER_BYTE * file_size)
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_LIMIT_S, CPU_LIMIT_S))
    # A library that breaks on a hostile file would leave its memory behind as a file.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
