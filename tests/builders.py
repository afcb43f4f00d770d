"""Small tables, tasks and results that tests of several layers start from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from modelling.datasets.problem import ProblemRef
from modelling.datasets.read import read_file
from modelling.metrics import default_metric
from modelling.types import (
    DatasetRef,
    TaskKind,
    TaskSpec,
)

CLASSES = {
    TaskKind.BINARY: ("no", "yes"),
    TaskKind.MULTICLASS: ("a", "b", "c"),
    TaskKind.REGRESSION: (),
}


def make_spec(kind: TaskKind = TaskKind.BINARY, **changes) -> TaskSpec:
    values = {
        "target": "y",
        "kind": kind,
        "metric": default_metric(kind).name,
        "features": ("x",),
        "classes": CLASSES[kind],
    }
    return TaskSpec(**{**values, **changes})


def mixed_table(kind: TaskKind, n_rows: int = 90, seed: int = 0) -> pd.DataFrame:
    """Return a table with every type of column, gaps, and awkward names; target ``y``."""
    rng = np.random.default_rng(seed)
    signal = rng.normal(size=n_rows)
    words = rng.choice(["red", "green", "blue", "small", "large", "round"], (n_rows, 6))
    frame = pd.DataFrame(
        {
            "number": np.where(rng.random(n_rows) < 0.1, np.nan, signal),
            "größe in m²": rng.integers(0, 9, n_rows),
            '{"a": [1, 2]}': rng.normal(size=n_rows),
            "flag": rng.random(n_rows) < 0.5,
            "few": rng.choice(["x", "ÿ", None], n_rows),
            "many": [f"id {value}" for value in rng.integers(0, n_rows // 2, n_rows)],
            "empty": np.full(n_rows, np.nan),
            "date": pd.Timestamp(2026, 1, 1) + pd.to_timedelta(rng.integers(0, 900, n_rows), "D"),
            "text": [" ".join(row) for row in words],
        }
    )
    frame["few"] = frame["few"].astype("str")
    if kind is TaskKind.REGRESSION:
        frame["y"] = 2.0 * signal + rng.normal(size=n_rows)
    else:
        labels = CLASSES[kind]
        codes = np.argsort(np.argsort(signal + rng.normal(size=n_rows))) * len(labels) // n_rows
        frame["y"] = np.array(labels)[codes]
    return frame


def write_problem(
    folder: Path,
    frame: pd.DataFrame,
    task: TaskSpec,
    *,
    train: np.ndarray | None = None,
    test: np.ndarray | None = None,
    text: tuple[str, ...] = (),
) -> ProblemRef:
    """Write a table and its split; by default the last quarter of the rows is the test."""
    rows = np.arange(len(frame))
    train = rows[: len(rows) * 3 // 4] if train is None else train
    test = np.setdiff1d(rows, train) if test is None else test
    folder.mkdir(parents=True, exist_ok=True)
    frame.to_parquet(folder / "data.parquet")
    np.savez(folder / "split.npz", train=train, test=test)
    return ProblemRef(
        dataset=folder / "data.parquet", split=folder / "split.npz", task=task, text=text
    )


def read_table(
    folder: Path, frame: pd.DataFrame, name: str = "data.csv"
) -> tuple[DatasetRef, Path]:
    """Return a table as the product knows it after an upload, and where its Parquet lies."""
    folder.mkdir(parents=True, exist_ok=True)
    source, parquet = folder / f"{name}.upload", folder / f"{name}.parquet"
    frame.to_csv(source, index=False)
    return read_file(source, parquet, name), parquet
