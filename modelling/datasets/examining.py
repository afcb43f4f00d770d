"""The caller's side of examining a stored table: one capped child process."""

from __future__ import annotations

from pathlib import Path

from modelling.datasets.tasks import TaskChoices
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
    """Return the profile of a stored table under these choices."""
    raise NotImplementedError
