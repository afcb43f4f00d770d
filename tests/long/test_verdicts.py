"""Does the verdict keep its promise? Many tables through the whole product (METHODS, section 9)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from modelling.comparison import Comparison
from modelling.datasets.choices import TaskChoices
from modelling.settings import Settings
from modelling.types import Budget, RunState, VerdictWord
from modelling.workbench import Workbench

N_NOISE_TABLES = 30
TABLE = Path(__file__).parents[2] / "benchmarks" / "verdicts.csv"
MODELS = ("dummy", "logistic", "tree", "lightgbm")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the table that the checks leave behind."""

    check: str
    table: str
    verdict: str
    gain: float
    low: float
    high: float
    selection_gain: float
    corrected_gain: float


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    home = tmp_path_factory.mktemp("long")
    settings = Settings(home=home, database_url=f"sqlite:///{home}/t.db", workers=2)
    with Workbench.open(settings) as bench:
        yield bench


@pytest.fixture(scope="module")
def lines() -> Iterator[list[Line]]:
    collected: list[Line] = []
    yield collected
    table = pd.DataFrame([vars(line) for line in collected])
    table.insert(0, "date", datetime.now(tz=UTC).date().isoformat())
    table.round(5).to_csv(TABLE, index=False)


def decide(
    workbench: Workbench,
    frame: pd.DataFrame,
    models: tuple[str, ...],
    tune: tuple[str, ...],
    budget: Budget,
    path: Path,
    **choices: object,
) -> Comparison:
    """Take a table through benchmark and tuning and return the comparison."""
    frame.to_parquet(path)
    ref = workbench.add_file(path)
    task = TaskChoices(target="y", **choices)  # type: ignore[arg-type]
    experiment = workbench.create_experiment(ref.id, task)
    for run in (
        workbench.start_benchmark(experiment.id, models),
        workbench.start_tuning(experiment.id, tune, budget),
    ):
        assert workbench.wait(run.id, timeout_s=1200).state is RunState.FINISHED
    return workbench.comparison(experiment.id)


def line(check: str, table: str, comparison: Comparison) -> Line:
    pair = comparison.overall
    assert pair is not None
    assert pair.selection is not None
    return Line(
        check=check,
        table=table,
        verdict=pair.verdict.verdict,
        gain=pair.gain.gain,
        low=pair.gain.interval[0],
        high=pair.gain.interval[1],
        selection_gain=pair.selection.selection_gain,
        corrected_gain=pair.selection.corrected_gain,
    )


@pytest.mark.long
def test_on_thirty_noise_tables_tune_is_claimed_at_most_four_times(
    workbench: Workbench, lines: list[Line], tmp_path: Path
) -> None:
    verdicts: Counter[str] = Counter()
    for seed in range(N_NOISE_TABLES):
        rng = np.random.default_rng(seed)
        frame = pd.DataFrame(rng.normal(size=(600, 10)), columns=[f"x{i}" for i in range(10)])
        frame["y"] = rng.integers(0, 2, 600)
        comparison = decide(
            workbench,
            frame,
            MODELS,
            ("lightgbm",),
            Budget(trials=20),
            tmp_path / f"noise_{seed}.parquet",
            seed=seed,
        )
        lines.append(line("pure noise", f"seed {seed}", comparison))
        verdicts[lines[-1].verdict] += 1
    assert sum(verdicts.values()) == N_NOISE_TABLES
    assert verdicts[VerdictWord.TUNE] <= 4


@pytest.mark.long
def test_where_the_default_is_bad_by_construction_tune_is_claimed(
    workbench: Workbench, lines: list[Line], tmp_path: Path
) -> None:
    """A full-grown tree learns the 30 % of wrong labels by heart; a shallow one does not."""
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.normal(size=(6000, 8)), columns=[f"x{i}" for i in range(8)])
    frame["y"] = ((frame["x0"] + frame["x1"] > 0) ^ (rng.random(6000) < 0.3)).astype(int)
    comparison = decide(
        workbench,
        frame,
        ("dummy", "tree"),
        ("tree",),
        Budget(trials=25),
        tmp_path / "bad_default.parquet",
    )
    lines.append(line("bad default", "full-grown tree, 30 % wrong labels", comparison))
    assert lines[-1].verdict == VerdictWord.TUNE
    assert lines[-1].low > 0


@pytest.mark.long
def test_on_a_linear_table_boosting_does_not_replace_the_logistic_model(
    workbench: Workbench, lines: list[Line], tmp_path: Path
) -> None:
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(rng.normal(size=(20_000, 10)), columns=[f"x{i}" for i in range(10)])
    logit = frame.to_numpy() @ rng.normal(size=10)
    frame["y"] = (logit + rng.logistic(size=20_000) > 0).astype(int)
    comparison = decide(
        workbench,
        frame,
        ("dummy", "logistic", "lightgbm"),
        ("lightgbm",),
        Budget(cpu_s=60),
        tmp_path / "linear.parquet",
    )
    assert comparison.overall is not None
    assert comparison.overall.base.key == "logistic"
    lines.append(line("linear logit", "20,000 rows", comparison))
    assert lines[-1].verdict == VerdictWord.KEEP_BASE


@pytest.mark.long
def test_credit_risk_over_five_seeds_gives_whatever_comes(
    workbench: Workbench, lines: list[Line]
) -> None:
    """Seeds draw other locked rows, folds and searches; the table shows how the answers differ."""
    ref = workbench.add_sample("credit_risk")
    for seed in range(5):
        choices = replace(workbench.proposed_choices(ref.id), seed=seed)
        experiment = workbench.create_experiment(ref.id, choices)
        for run in (
            workbench.start_benchmark(experiment.id, MODELS),
            workbench.start_tuning(experiment.id, ("lightgbm",), Budget(cpu_s=30)),
        ):
            assert workbench.wait(run.id, timeout_s=600).state is RunState.FINISHED
        found = line("credit_risk", f"seed {seed}", workbench.comparison(experiment.id))
        assert found.low <= found.gain <= found.high
        lines.append(found)


@pytest.mark.long
def test_permuted_labels_give_an_auc_of_one_half_on_average(
    workbench: Workbench, tmp_path: Path
) -> None:
    ref = workbench.add_sample("credit_risk")
    frame = workbench.preview(ref.id, 100_000)
    scores: dict[str, list[float]] = {}
    for seed in range(20):
        shuffled = frame.assign(
            y=np.random.default_rng(seed).permutation(frame["Status"].to_numpy())
        ).drop(columns="Status")
        path = tmp_path / f"permuted_{seed}.parquet"
        shuffled.to_parquet(path)
        experiment = workbench.create_experiment(
            workbench.add_file(path).id, TaskChoices(target="y", seed=seed)
        )
        run = workbench.start_benchmark(experiment.id, ("logistic", "lightgbm"))
        assert workbench.wait(run.id, timeout_s=300).state is RunState.FINISHED
        for row in workbench.results(experiment.id):
            scores.setdefault(row.key, []).append(row.cv_score or 0.0)
    for key in ("logistic", "lightgbm"):
        assert 0.47 <= np.mean(scores[key]) <= 0.53
