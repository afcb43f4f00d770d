"""Files as the analyst brought them, kept for a day so that a wrong guess can be corrected."""

from __future__ import annotations

import time
import uuid
from pathlib import Path

from modelling.errors import NotFoundError

KEPT_S = 24 * 3600


class Uploads:
    """A folder of raw files under generated names."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def fresh(self) -> tuple[str, Path]:
        """Return a new name and the path to write it to; files older than a day go."""
        self._forget_old()
        name = uuid.uuid4().hex
        return name, self._folder / name

    def path(self, name: str) -> Path:
        """Return where the file lies.

        Raises
        ------
        NotFoundError
            If it is not kept any more.
        """
        known = len(name) == 32 and set(name) <= set("0123456789abcdef")
        if not known or not (self._folder / name).exists():
            raise NotFoundError(
                "The file is no longer kept as it was uploaded (it is for a day); upload it again "
                "to change how it is read."
            )
        return self._folder / name

    def has(self, name: str | None) -> bool:
        """Whether the file still is kept."""
        try:
            return name is not None and self.path(name).exists()
        except NotFoundError:
            return False

    def _forget_old(self) -> None:
        # The one place where the clock on the wall decides; a jump only ends the day early or late.
        oldest = time.time() - KEPT_S
        for path in self._folder.iterdir():
            if path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)
