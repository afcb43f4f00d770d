"""Models that misbehave: they hang, raise, crash, or take all memory."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modelling.models.spec import CLASSIFICATION, Encoding, ModelSpec
from tests.executor.works import Allocate, Burn, Fail, Segfault, Sleep


@dataclass(frozen=True)
class Misbehaving:
    """An estimator whose fit leaves its process id in the workspace, and then misbehaves."""

    key: str
    misdeed: Callable[[], Any]

    def fit(self, X: Any, y: Any) -> None:
        home = Path(os.environ["TUNEWORTH_HOME"])
        (home / f"fit of {self.key} in {os.getpid()}").touch()
        self.misdeed()


def processes(home: Path, key: str) -> list[int]:
    """Return the ids of the processes in which a fit of that model was begun."""
    return [int(path.name.rpartition(" ")[2]) for path in home.glob(f"fit of {key} in *")]


def _broken(key: str, misdeed: Callable[[], Any]) -> ModelSpec:
    return ModelSpec(
        key=key,
        title=key.capitalize(),
        family="broken",
        tasks=CLASSIFICATION,
        encoding=Encoding.TREE,
        base={},
        build=lambda *_: Misbehaving(key, misdeed),
        cpu_us_per_value=0.1,
    )


# Waiting and taking come to an end, so that no fault of ours can take the machine down.
BROKEN = (
    _broken("sleeps", Sleep(300)),
    _broken("burns", Burn()),
    _broken("raises", Fail(ValueError("the third column is not to my liking"))),
    _broken("crashes", Segfault()),
    _broken("eats", Allocate(3 * 2**30)),
)
