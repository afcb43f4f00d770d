"""What a peer is given and what it hands back: files, since its environment is not ours.

A peer imports nothing of the product, only this module and what its requirements bring: NumPy,
pandas, PyArrow and psutil among it.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.spent import tree_cpu_s

Fold = tuple[np.ndarray, np.ndarray]
# Model -> metric -> mean over the folds, errors as positive numbers.
Scores = dict[str, dict[str, float]]
TINY_ROWS = 120


@dataclass(frozen=True, kw_only=True)
class Question:
    """The same rows, folds and models for every peer.

    ``features`` is a frame (n_rows, n_features) of the training rows, ``truth`` (n_rows,) holds
    class codes or values, ``folds`` the row positions (train, valid). ``task`` is a `TaskSpec` as
    plain values, ``text`` the features that hold free text, ``cores`` what may be used.
    """

    features: pd.DataFrame
    truth: np.ndarray
    folds: tuple[Fold, ...]
    task: dict[str, Any]
    text: tuple[str, ...]
    models: dict[str, dict[str, Any]]
    cores: int

    @property
    def is_classification(self) -> bool:
        return self.task["kind"] != "regression"

    @property
    def seed(self) -> int:
        return self.task["seed"]

    def write(self, folder: Path) -> None:
        """Write all of it into ``folder``."""
        self.features.to_parquet(folder / "features.parquet", index=False)
        np.save(folder / "truth.npy", self.truth)
        parts = {f"train_{k}": train for k, (train, _) in enumerate(self.folds)}
        parts |= {f"valid_{k}": valid for k, (_, valid) in enumerate(self.folds)}
        np.savez(folder / "folds.npz", **parts)
        rest = {name: getattr(self, name) for name in ("task", "text", "models", "cores")}
        (folder / "question.json").write_text(json.dumps(rest), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Question:
        """Return what `write` wrote."""
        rest = json.loads((folder / "question.json").read_text(encoding="utf-8"))
        with np.load(folder / "folds.npz") as parts:
            numbers = range(len(parts.files) // 2)
            folds = tuple((parts[f"train_{k}"], parts[f"valid_{k}"]) for k in numbers)
        return cls(
            features=pd.read_parquet(folder / "features.parquet"),
            truth=np.load(folder / "truth.npy"),
            folds=folds,
            task=rest["task"],
            text=tuple(rest["text"]),
            models=rest["models"],
            cores=rest["cores"],
        )

    def tiny(self) -> Question:
        """Return a question of the same kind about a few made-up rows, to warm up with."""
        rng = np.random.default_rng(0)
        codes = np.arange(TINY_ROWS) % max(2, len(self.task["classes"]))
        features = pd.DataFrame(
            {
                "number": rng.normal(size=TINY_ROWS) + codes,
                "word": rng.choice(["a", "b", "c"], TINY_ROWS),
            }
        )
        halves = np.arange(TINY_ROWS // 2), np.arange(TINY_ROWS // 2, TINY_ROWS)
        return replace(
            self,
            features=features,
            truth=codes if self.is_classification else features["number"].to_numpy(),
            folds=(halves, halves[::-1]),
            text=(),
        )


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a peer's call gave and took.

    ``call_s`` and ``call_cpu_s`` are the call alone, ``prepare_s`` what the peer wants done with
    the rows before it, ``tiny_s`` the warm-up. ``setting`` says how the peer was run.
    """

    scores: Scores
    call_s: float
    call_cpu_s: float
    prepare_s: float
    tiny_s: float
    setting: str
    versions: dict[str, str]

    def write(self, folder: Path) -> None:
        """Write it beside the question."""
        (folder / "answer.json").write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Answer:
        """Return what `write` wrote."""
        return cls(**json.loads((folder / "answer.json").read_text(encoding="utf-8")))


# Takes a question, does what the peer wants done before its call, and returns the call.
Prepare = Callable[[Question], Callable[[], Scores]]


def serve(prepare: Prepare, *, setting: str, libraries: tuple[str, ...]) -> None:
    """Answer the question in the folder that the command line names: warm, and timed."""
    folder = Path(sys.argv[1])
    question = Question.read(folder)
    begin = time.perf_counter()
    prepare(question.tiny())()
    tiny_s = time.perf_counter() - begin
    begin = time.perf_counter()
    call = prepare(question)
    prepare_s = time.perf_counter() - begin
    begin, begin_cpu = time.perf_counter(), tree_cpu_s()
    scores = call()
    Answer(
        scores=scores,
        call_s=time.perf_counter() - begin,
        call_cpu_s=tree_cpu_s() - begin_cpu,
        prepare_s=prepare_s,
        tiny_s=tiny_s,
        setting=setting,
        versions={name: version(name) for name in libraries},
    ).write(folder)
