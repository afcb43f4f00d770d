"""Answers of language models: kept by hash, so that nobody pays twice, and put back in order."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelling.text.replies import Asked, Ending

# Block -> its answers, in the order of the sample.
ByBlock = dict[int, list[Asked]]


def in_order(blocks: NDArray[np.int64], found: ByBlock, reason: str) -> tuple[Asked, ...]:
    """Return the answers in the order of the sample; rows of blocks that are missing got none.

    Parameters
    ----------
    blocks : array of shape (n_rows,)
        The block of each row.
    reason : str
        Why blocks are missing.
    """
    waiting = {block: iter(answers) for block, answers in found.items()}
    nothing = Asked(ending=Ending.NOT_ASKED, reason=reason)
    return tuple(next(waiting[block]) if block in waiting else nothing for block in blocks.tolist())


class KeptAnswers:
    """Answers as small files, by hash; each appears whole or not."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def get(self, name: str) -> dict[str, Any] | None:
        """Return what was kept under a name; what cannot be read is asked again."""
        try:
            found = json.loads((self._folder / f"{name}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def paid_by(self, run: str) -> dict[str, float]:
        """Return what a run has paid for each answer that it got, by name, in US dollars."""
        found = {path.stem: self.get(path.stem) or {} for path in self._folder.glob("*.json")}
        return {
            name: float(value.get("usd") or 0.0)
            for name, value in found.items()
            if value.get("run") == run
        }

    def put(self, name: str, value: dict[str, Any]) -> None:
        """Keep an answer."""
        temporary = self._folder / f".{name}.{secrets.token_hex(4)}.tmp"
        temporary.write_text(json.dumps(value), encoding="utf-8")
        temporary.replace(self._folder / f"{name}.json")
