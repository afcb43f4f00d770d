"""Files by content hash: a blob is written once, whole, and never changed."""

from __future__ import annotations

import hashlib
import os
import uuid
from pathlib import Path

from modelling.errors import NotFoundError, StoreError


class Blobs:
    """A folder of immutable files whose names are the SHA-256 of their bytes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def adopt(self, path: Path) -> str:
        """Move a finished file into the store and return its name.

        It is on disk before this returns: synced, then renamed, so it exists whole or not at all.
        """
        try:
            with path.open("rb") as file:
                name = hashlib.file_digest(file, "sha256").hexdigest()
                os.fsync(file.fileno())
            target = self._place(name)
            target.parent.mkdir(exist_ok=True)
            path.replace(target)
        except OSError as error:
            raise StoreError(
                f"A result could not be written to the workspace ({error.strerror}); free some "
                "space or check its permissions, then resume."
            ) from error
        return name

    def path(self, name: str) -> Path:
        """Return where the blob lies.

        Raises
        ------
        NotFoundError
            If there is none of that name.
        """
        place = self._place(name)
        if not place.exists():
            raise NotFoundError("A stored file of this workspace is missing; run it again.")
        return place

    def scratch(self, suffix: str = "") -> Path:
        """Return a fresh path on the same file system, from which a file can be adopted."""
        folder = self._folder / "incoming"
        folder.mkdir(exist_ok=True)
        return folder / f"{uuid.uuid4().hex}{suffix}"

    def _place(self, name: str) -> Path:
        if len(name) != 64 or not set(name) <= set("0123456789abcdef"):
            raise NotFoundError("That is no name of a stored file.")
        return self._folder / name[:2] / name
