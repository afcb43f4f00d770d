"""The caller's side of `read` and `examine`: one capped child process, one clear answer each."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from modelling.codec import from_plain, to_json, to_plain
from modelling.datasets.capped import ask
from modelling.datasets.choices import TaskChoices
from modelling.datasets.wording import label
from modelling.types import DatasetRef, Profile, ReadOptions

# Raised when profiles or checks change, so that no stored profile of before is shown.
PROFILE_VERSION = 1


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


def examine_in_child(
    ref: DatasetRef,
    path: Path,
    choices: TaskChoices,
    *,
    test: DatasetRef | None = None,
    test_path: Path | None = None,
) -> Profile:
    """Return the profile of a stored table under these choices.

    Parameters
    ----------
    path, test_path : Path
        The stored tables: the data, and the user's own test set if there is one.

    Raises
    ------
    DataError
        If the target is no column, or looking at the table passes the caps.
    """
    answered = ask(
        "modelling.datasets.examine",
        str(path.resolve()),
        *(() if test_path is None else (f"--test={test_path.resolve()}",)),
        name=label(ref.name),
        # A table of 5,000 columns is described by more text than fits into arguments.
        given=to_json({"ref": ref, "choices": choices, "test": test}),
    )
    return from_plain(Profile, answered)
