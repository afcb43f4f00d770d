"""How long the server takes for the Compare page of 20 models and 20,000 locked rows.

Everything comes from the store; the rows beyond those of a small benchmark and a short study are
made by disturbing their answers, and scored like them. Run on an otherwise idle machine:
``.venv/bin/python benchmarks/compare_page.py``.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd
from streamlit.testing.v1 import AppTest

PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT))

from benchmarks.page_reruns import compare_page  # noqa: E402
from modelling.machine import fingerprint  # noqa: E402
from modelling.runner.works import score_on_test  # noqa: E402
from modelling.store.results import Batch  # noqa: E402
from modelling.types import Budget, ModelResult, Variant  # noqa: E402
from modelling.workbench import TaskChoices, Workbench  # noqa: E402

N_MODELS, N_TEST, N_COLUMNS = 20, 20_000, 12
N_RERUNS = 15


def table(folder: Path) -> Path:
    """Write a table of which a quarter are 20,000 rows, of numbers and of categories."""
    rng = np.random.default_rng(0)
    n_rows = 4 * N_TEST
    frame = pd.DataFrame(rng.normal(size=(n_rows, N_COLUMNS - 4)).round(4))
    frame.columns = [f"number {i}" for i in range(N_COLUMNS - 4)]
    for i in range(4):
        frame[f"category {i}"] = rng.choice([f"value {k}" for k in range(4 + 5 * i)], n_rows)
    logit = frame["number 0"] + frame["number 1"] * (frame["category 0"] == "value 1")
    frame["y"] = np.where(logit + rng.logistic(size=n_rows) > 0, "yes", "no")
    path = folder / "table.parquet"
    frame.to_parquet(path, index=False)
    return path


def filled(bench: Workbench, experiment_id: str, folder: Path) -> None:
    """Add rows until there are as many models as the page is asked to bear."""
    rows = list(bench.results(experiment_id))
    scored = [row for row in rows if row.key != "dummy" and row.variant is Variant.BASE]
    for number in range(N_MODELS - len(rows)):
        row = disturbed(bench, experiment_id, scored[number % len(scored)], number, folder)
        batch = Batch(run_id=row.run_id, experiment_id=experiment_id)
        batch.results[row.key, row.variant] = row
        bench._store.results.save([batch])
    assert len(bench.results(experiment_id)) == N_MODELS


def disturbed(
    bench: Workbench, experiment_id: str, row: ModelResult, number: int, folder: Path
) -> ModelResult:
    """Return a row of another name whose answers are those of ``row`` with some noise."""
    blobs, problem = bench._store.blobs, bench.problem(experiment_id)
    rng = np.random.default_rng(number)
    positive = np.load(blobs.path(str(row.test_prediction_blob)))[:, 1].astype(float)
    noisy = np.clip(positive + rng.normal(0, 0.02 + 0.01 * number, len(positive)), 0.0, 1.0)
    answers, draws = folder / "answers.npy", folder / "draws.npy"
    np.save(answers, np.column_stack([1 - noisy, noisy]))
    scored = score_on_test(problem, np.load(answers), draws)
    return replace(
        row,
        key=f"{row.key}_{number}",
        title=f"{row.title} {number}",
        cv_score=(row.cv_score or 0.0) - 0.002 * number,
        test_score=scored.scores[problem.task.metric],
        test_interval=scored.interval,
        metrics=scored.scores,
        fit_cpu_s=(row.fit_cpu_s or 0.1) * (1 + number),
        test_prediction_blob=blobs.adopt(answers),
        draws_blob=blobs.adopt(draws),
    )


def timed_ms(page: AppTest, change: Callable[[int], object]) -> float:
    """Return the median milliseconds from a change to the whole page."""
    times = []
    for number in range(N_RERUNS):
        change(number)
        start = time.perf_counter()
        page.run()
        times.append(1000 * (time.perf_counter() - start))
    assert not page.exception
    return median(times[N_RERUNS // 3 :])


def main() -> None:
    """Print the times and append them to the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["TUNEWORTH_HOME"] = str(folder / "home")
        with Workbench.open() as bench:
            data = bench.add_file(table(folder))
            experiment = bench.create_experiment(data.id, TaskChoices(target="y"))
            assert experiment.n_test == N_TEST
            bench.start_benchmark(experiment.id, ["naive_bayes", "logistic", "tree"])
            study = bench.start_tuning(experiment.id, ["tree"], Budget(trials=6))
            bench.wait(study.id)
            filled(bench, experiment.id, folder)
            start = time.perf_counter()
            page = compare_page(experiment.id)
            first_ms = 1000 * (time.perf_counter() - start)
            slider = page.slider(key="compare_margin")
            row = {
                "date": datetime.now(tz=UTC).date().isoformat(),
                "models": N_MODELS,
                "test_rows": N_TEST,
                "first_ms": round(first_ms),
                "again_ms": round(timed_ms(page, lambda _: None)),
                "margin_ms": round(
                    timed_ms(
                        page,
                        lambda i: page.slider(key="compare_margin").set_value(
                            slider.min + (1 + i) * (slider.max - slider.min) / (2 + N_RERUNS)
                        ),
                    )
                ),
                "cpu": fingerprint(os.cpu_count() or 1)["cpu"],
            }
    out = PROJECT / "benchmarks" / "compare_page.csv"
    pd.DataFrame([row]).to_csv(out, mode="a", header=not out.exists(), index=False)
    print(row)


if __name__ == "__main__":
    main()
