"""What the checks look at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from modelling.types import ColumnInfo, SplitStrategy, TargetScale, TaskKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """A uniform table under one choice of target and roles.

    ``features`` and ``text`` are what models would see; without a target, ``target`` and ``kind``
    are None and checks that need them find nothing. ``train`` and ``test`` are the row positions
    of the split as it would be drawn, or None where it cannot be; ``test_frame`` is the user's
    own test file, to which ``test`` then refers. ``merged`` are the classes that count as one,
    ``scale`` is what a regression is fitted on.
    """

    frame: pd.DataFrame
    columns: tuple[ColumnInfo, ...]
    features: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    target: str | None = None
    kind: TaskKind | None = None
    group: str | None = None
    time: str | None = None
    split: SplitStrategy | None = None
    folds: int = 5
    train: np.ndarray | None = None
    test: np.ndarray | None = None
    test_frame: pd.DataFrame | None = None
    merged: tuple[str, ...] = ()
    scale: TargetScale = TargetScale.IDENTITY
