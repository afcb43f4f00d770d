"""Keys of providers that a user typed: handed to the runner in a file that is read once.

The database, the logs and what a run stores never hold a key. Whoever wants none on disk sets the
environment variable of the provider instead.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

_FOLDER = "keys"


def left(home: Path, key: str) -> str:
    """Leave a key for the runner and return the ticket it is taken with."""
    folder = home / _FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ticket = secrets.token_hex(16)
    descriptor = os.open(folder / ticket, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(key)
    return ticket


def taken(home: Path, ticket: str) -> str:
    """Return the key of a ticket and remove it; empty if it was taken before."""
    path = home / _FOLDER / ticket
    if not ticket or not path.is_file():
        return ""
    key = path.read_text(encoding="utf-8")
    path.unlink()
    return key
