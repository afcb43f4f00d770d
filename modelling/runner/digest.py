"""Which code a runner was started from."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
_Stamp = tuple[Path, int, int]


def source_digest() -> str:
    """Return a digest of the sources of this package and of the lock file beside it.

    Files are read again once any of them has another size or time of change.
    """
    files = [*sorted(_PACKAGE.rglob("*.py")), _PACKAGE.parent / "requirements.txt"]
    states = [(file, file.stat()) for file in files if file.exists()]
    return _digest(tuple((file, state.st_size, state.st_mtime_ns) for file, state in states))


@lru_cache(maxsize=1)
def _digest(stamps: tuple[_Stamp, ...]) -> str:
    digest = hashlib.sha256()
    for file, _, _ in stamps:
        digest.update(file.relative_to(_PACKAGE.parent).as_posix().encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()
