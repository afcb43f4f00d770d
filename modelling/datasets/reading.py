"""The caller's side of reading a file: one capped child process, one clear answer."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from modelling.codec import from_plain, to_plain
from modelling.datasets.capped import ask
from modelling.types import DatasetRef, ReadOptions


def read_in_child(
    source: Path,
    destination: Path,
    *,
    name: str,
    options: ReadOptions | None = None,
    head: int | None = None,
) -> DatasetRef:
    """Parse ``source`` in a child process and write it as Parquet to ``destination``.

    Parameters
    ----------
    source : Path
        The file as it came.
    destination : Path
        Where the Parquet file goes.
    name : str
        The label in messages and pages; never used as a path.
    options : ReadOptions, optional
        What the analyst corrected; default: all as detected.
    head : int, optional
        Read about so many rows only, where the format allows it: for a preview.

    Raises
    ------
    DataError
        If the file is no usable table, or reading it passes the caps.
    """
    shown = label(name)
    # The folder is ours, so that it goes away even if the child is ended.
    with TemporaryDirectory(dir=destination.parent) as scratch:
        answered = ask(
            "modelling.datasets.read",
            str(source.resolve()),
            str(destination.resolve()),
            f"--name={shown}",
            "--options=-",
            f"--scratch={Path(scratch).resolve()}",
            *(() if head is None else (f"--head={head}",)),
            name=shown,
            # In ASCII: an option may hold any character, halves of one included.
            given=json.dumps(to_plain(options or ReadOptions())),
        )
    return from_plain(DatasetRef, answered)


def label(name: str) -> str:
    """Return ``name`` as a short label on one line, without folders or control characters."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    printable = "".join(character if character.isprintable() else " " for character in base)
    return printable.strip()[:80] or "the file"
