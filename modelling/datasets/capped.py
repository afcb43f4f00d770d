"""Child processes that look at what a user brought: capped, and never the web process itself.

Both ends are here: `ask` runs ``python -m MODULE`` and takes its one JSON line; `answer` is the
``main`` of such a module.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from modelling.errors import DataError, ModellingError

WALL_LIMIT_S = 360
CPU_LIMIT_S = 300
BASE_MEMORY_BYTES = 1024**3


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
        # Ended by a signal, or by an error of its own.
        ended = child.returncode < 0
        reason = (
            "within the memory and time that a file of its size gets" if ended else "as a table"
        )
        raise DataError(
            f"{name} could not be read {reason}; save it as Parquet, or use fewer rows."
        ) from error
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
        answered = {"error": f"{name} needs more memory than allowed; use fewer rows."}
    sys.stdout.write(json.dumps(answered) + "\n")
    return 0


def _cap(file_size: int) -> None:
    import psutil

    memory = min(psutil.virtual_memory().total // 2, BASE_MEMORY_BYTES + 6 * file_size)
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_LIMIT_S, CPU_LIMIT_S))
