"""The caller's side of examining a stored table: one capped child process."""

from __future__ import annotations

from pathlib import Path

from modelling.codec import from_plain, to_json
from modelling.datasets.capped import ask
from modelling.datasets.choices import TaskChoices
from modelling.datasets.reading import label
from modelling.types import DatasetRef, Profile

# Raised when profiles or checks change, so that no stored profile of before is shown.
PROFILE_VERSION = 1


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
