"""Which code a runner was started from."""

from __future__ import annotations

import hashlib
from pathlib import Path


def source_digest() -> str:
    """Return a digest of the sources of this package and of the lock file beside it."""
    package = Path(__file__).parents[1]
    files = [*sorted(package.rglob("*.py")), package.parent / "requirements.txt"]
    digest = hashlib.sha256()
    for file in files:
        if file.exists():
            digest.update(file.relative_to(package.parent).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()
