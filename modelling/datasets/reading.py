"""The caller's side of reading a file: one capped child process, one clear answer."""

from __future__ import annotations

from pathlib import Path

from modelling.codec import from_plain, to_json
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
    answered = ask(
        "modelling.datasets.read",
        str(source.resolve()),
        str(destination.resolve()),
        f"--name={label(name)}",
        f"--options={to_json(options or ReadOptions())}",
        *(() if head is None else (f"--head={head}",)),
        name=label(name),
    )
    return from_plain(DatasetRef, answered)


def label(name: str) -> str:
    """Return ``name`` as a short label on one line, without folders or control characters."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    printable = "".join(character if character.isprintable() else " " for character in base)
    return printable.strip()[:80] or "the file"
