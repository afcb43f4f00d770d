"""Does the paired bootstrap's 95 % interval hold the truth about 95 times in 100?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from modelling.comparison import draw_weights, paired_gain
from modelling.metrics import metric, score
from modelling.metrics.resampled import weighted_scores

TABLE = Path(__file__).parents[2] / "benchmarks" / "coverage.csv"
N_TEST = 500
N_DRAWS = 1_000
N_REPETITIONS = 1_000
N_POPULATION = 1_000_000


@pytest.fixture(scope="module")
def lines() -> Iterator[dict[str, dict[str, float]]]:
    collected: dict[str, dict[str, float]] = {}
    yield collected
    table = pd.DataFrame.from_dict(collected, orient="index").rename_axis("metric").reset_index()
    table.insert(0, "date", datetime.now(tz=UTC).date().isoformat())
    table.to_csv(TABLE, index=False)


def population(rng: np.random.Generator, n_rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return truth and the answers of two fixed models, the second of which is a little better."""
    logit = rng.normal(0, 1.5, n_rows)
    truth = (logit + rng.logistic(size=n_rows) > 0.8).astype(np.int64)
    answers = [
        1 / (1 + np.exp(0.8 - logit - noise * rng.normal(size=n_rows))) for noise in (1.3, 1.0)
    ]
    base, candidate = (np.column_stack([1 - share, share]) for share in answers)
    return truth, base, candidate


@pytest.mark.long
@pytest.mark.parametrize("name", ["accuracy", "roc_auc"])
def test_the_interval_of_a_fixed_pair_holds_the_truth(
    name: str, lines: dict[str, dict[str, float]]
) -> None:
    judge, rng = metric(name), np.random.default_rng(0)
    truth, base, candidate = population(rng, N_POPULATION)
    true_gain = score(judge, truth, candidate) - score(judge, truth, base)
    held = 0
    for repetition in range(N_REPETITIONS):
        truth, base, candidate = population(rng, N_TEST)
        weights = draw_weights(n_draws=N_DRAWS, seed=repetition, n_rows=N_TEST, strata=truth)
        found = paired_gain(
            weighted_scores(judge, truth, base, weights),
            weighted_scores(judge, truth, candidate, weights),
            base_score=score(judge, truth, base),
            candidate_score=score(judge, truth, candidate),
            metric=judge,
            margin=0.0,
            n_test=N_TEST,
        )
        held += found.interval[0] <= true_gain <= found.interval[1]
    lines[name] = {"truth": round(true_gain, 5), "held": held, "of": N_REPETITIONS}
    assert 0.90 <= held / N_REPETITIONS <= 0.97
