"""Gains of a known size through the whole product: how often are they found?

The base tree is full-grown, so it learns wrong labels by heart; a share of them plants a gain for
a shallower one. The truth is the gain of both fitted models on 100,000 fresh rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from modelling.evaluation.estimators import predict
from modelling.evaluation.persistence import load_model
from modelling.metrics import metric, score
from modelling.settings import Settings
from modelling.types import Budget, ModelResult, VerdictWord
from modelling.workbench import Workbench
from tests.long.test_verdicts import decide

TABLE = Path(__file__).parents[2] / "benchmarks" / "planted_gains.csv"
JUDGE = metric("accuracy")
N_ROWS, N_FRESH, N_TABLES, N_FEATURES = 3_000, 100_000, 10, 6
# About how many times the smallest detectable gain is planted -> the share of wrong labels.
WRONG = {1.5: 0.02, 2.0: 0.031, 3.0: 0.058}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One table: what was planted, what could be detected, what was said."""

    planted: float
    seed: int
    truth: float
    detectable: float
    gain: float
    verdict: str
    corrected_gain: float
    corrected_low: float
    corrected_high: float

    @property
    def is_covered(self) -> bool:
        return self.corrected_low <= self.truth <= self.corrected_high


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    home = tmp_path_factory.mktemp("planted")
    settings = Settings(home=home, database_url=f"sqlite:///{home}/t.db", workers=2)
    with Workbench.open(settings) as bench:
        yield bench


def rows(rng: np.random.Generator, n_rows: int, wrong: float) -> pd.DataFrame:
    """Return rows whose class is the sign of a sum, but for a share of wrong labels."""
    names = [f"x{i}" for i in range(N_FEATURES)]
    frame = pd.DataFrame(rng.normal(size=(n_rows, N_FEATURES)), columns=names)
    frame["y"] = ((frame["x0"] > 0) ^ (rng.random(n_rows) < wrong)).astype(int)
    return frame


def on_fresh_rows(
    bench: Workbench, experiment: str, row: ModelResult, fresh: pd.DataFrame
) -> float:
    """Return the accuracy of a stored model on fresh rows."""
    model = load_model(bench._store.blobs.path(str(row.model_blob)))
    task = bench.experiment(experiment).task
    answered = predict(model, fresh[list(task.features)], task)
    return score(JUDGE, fresh["y"].to_numpy(), answered)


def one_table(bench: Workbench, planted: float, seed: int, folder: Path) -> Line:
    rng = np.random.default_rng([seed, round(10 * planted)])
    frame = rows(rng, N_ROWS, WRONG[planted])
    comparison = decide(
        bench,
        frame,
        ("dummy", "tree"),
        ("tree",),
        Budget(trials=20),
        folder / f"{planted}_{seed}.parquet",
        metric="accuracy",
        seed=seed,
    )
    (pair,) = [pair for pair in comparison.pairs if pair.role == "same model"]
    assert pair.selection is not None
    experiment = bench.experiments()[0].id
    fresh = rows(rng, N_FRESH, WRONG[planted])
    base, tuned = (
        on_fresh_rows(bench, experiment, row, fresh) for row in (pair.base, pair.candidate)
    )
    return Line(
        planted=planted,
        seed=seed,
        truth=tuned - base,
        detectable=pair.gain.smallest_detectable,
        gain=pair.gain.gain,
        verdict=pair.verdict.verdict,
        corrected_gain=pair.selection.corrected_gain,
        corrected_low=pair.selection.corrected_interval[0],
        corrected_high=pair.selection.corrected_interval[1],
    )


@pytest.mark.long
def test_planted_gains_are_found_the_larger_the_surer(workbench: Workbench, tmp_path: Path) -> None:
    lines = [
        one_table(workbench, planted, seed, tmp_path)
        for planted in WRONG
        for seed in range(N_TABLES)
    ]
    table = pd.DataFrame([asdict(line) for line in lines])
    table.insert(0, "date", datetime.now(tz=UTC).date().isoformat())
    table.round(5).to_csv(TABLE, index=False)
    power = {
        planted: sum(line.verdict == VerdictWord.TUNE for line in lines if line.planted == planted)
        for planted in WRONG
    }
    reached = {
        planted: np.mean(
            [line.truth / line.detectable for line in lines if line.planted == planted]
        )
        for planted in WRONG
    }
    # Otherwise the tables would not hold what they are named after.
    assert all(abs(reached[planted] / planted - 1) < 0.15 for planted in WRONG), reached
    assert power[3.0] >= 8, power
    assert sum(line.is_covered for line in lines) >= 0.9 * len(lines)
