"""Encodings fitted once per fold and shared by all models that use them.

A fold's encoding is a folder of arrays that fits read by path; it appears whole or not.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from modelling.datasets.problem import ProblemRef, Rows
from modelling.evaluation.arrays import has_array, load_array, save_array
from modelling.evaluation.folds import fold_rows
from modelling.models.encoding import build_encoder, category_sizes
from modelling.models.spec import Encoding


@dataclass(frozen=True, kw_only=True, slots=True)
class EncodeFolds:
    """Work: fit one encoding on the training part of each of some folds and encode both parts.

    ``folders`` has where to write by number of fold; each becomes visible as soon as it is whole.
    """

    problem: ProblemRef
    folds: Path
    encoding: Encoding
    folders: Mapping[int, Path]

    def __call__(self) -> float:
        """Write the arrays and return the CPU seconds that it took."""
        start = time.process_time()
        rows = self.problem.load("train")
        for fold, folder in self.folders.items():
            write_arrays(folder, self._arrays(rows, fold))
        return time.process_time() - start

    def _arrays(self, rows: Rows, fold: int) -> dict[str, np.ndarray]:
        train, valid = fold_rows(self.folds, fold)
        task = self.problem.task
        features = rows.features.iloc[train]
        text = self.problem.text
        encoder = build_encoder(self.encoding, features, text=text, kind=task.kind, seed=task.seed)
        arrays = {
            "X_train": encoder.fit_transform(features, rows.truth[train]),
            "y_train": rows.truth[train],
            "X_valid": encoder.transform(rows.features.iloc[valid]),
            "y_valid": rows.truth[valid],
        }
        if sizes := category_sizes(self.encoding, features, text=text):
            arrays["categories"] = np.array(sizes)
        if rows.groups is not None:
            arrays["groups_train"] = rows.groups[train]
        if rows.times is not None:
            arrays["times_train"] = rows.times[train]
        return arrays


def write_arrays(folder: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write ``arrays`` as one folder that becomes visible at once."""
    temporary = folder.with_name(f".{folder.name}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    for name, array in arrays.items():
        save_array(temporary, name, array)
    shutil.rmtree(folder, ignore_errors=True)
    temporary.replace(folder)


@dataclass(frozen=True, kw_only=True, slots=True)
class EncodedFold:
    """The arrays of one encoded fold, mapped from disk when asked for."""

    folder: Path

    def array(self, name: str) -> np.ndarray:
        """Return one array; see `EncodeFold` for the names."""
        return load_array(self.folder, name)

    @property
    def categories(self) -> tuple[int, ...]:
        """The `category_sizes` of the encoding."""
        sizes = self.optional("categories")
        return () if sizes is None else tuple(sizes.tolist())

    def optional(self, name: str) -> np.ndarray | None:
        """Return one array, or None if the data have no such role."""
        return self.array(name) if has_array(self.folder, name) else None
