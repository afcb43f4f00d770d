"""The caller's side of reading a file: one capped child process, one clear answer."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from modelling.codec import from_plain
from modelling.errors import DataError
from modelling.types import DatasetRef

WALL_LIMIT_S = 360


def read_in_child(source: Path, destination: Path, *, name: str) -> DatasetRef:
    """Parse ``source`` in a child process and write it as Parquet to ``destination``.

    Parameters
    ----------
    source : Path
        The file as it came.
    destination : Path
        Where the Parquet file goes.
    name : str
        The label in messages and pages; never used as a path.

    Raises
    ------
    DataError
        If the file is no usable table, or reading it passes the caps.
    """
    command = [
        *(sys.executable, "-m", "modelling.datasets.read"),
        *(str(source.resolve()), str(destination.resolve()), f"--name={label(name)}"),
    ]
    try:
        child = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=WALL_LIMIT_S,
            check=False,
            cwd=Path(__file__).parents[2],
        )
    except subprocess.TimeoutExpired as error:
        raise DataError(
            f"{label(name)} took longer than {WALL_LIMIT_S} s to read; use fewer rows."
        ) from error
    try:
        answer = json.loads(child.stdout)
    except json.JSONDecodeError as error:
        # Ended by a signal, or by an error of its own.
        ended = child.returncode < 0
        reason = (
            "within the memory and time that a file of its size gets" if ended else "as a table"
        )
        raise DataError(
            f"{label(name)} could not be read {reason}; save it as Parquet, or use fewer rows."
        ) from error
    if "error" in answer:
        raise DataError(answer["error"])
    return from_plain(DatasetRef, answer["ref"])


def label(name: str) -> str:
    """Return ``name`` as a short label on one line, without folders or control characters."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    printable = "".join(character if character.isprintable() else " " for character in base)
    return printable.strip()[:80] or "the file"
