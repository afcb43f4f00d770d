"""The Tuning page with a study of 10,000 trials: the time to the first view, the cost of watching.

A short study of a decision tree is run; its trials are then repeated with other numbers, as a long
search would have left them. The page is opened in a browser with the study ended, and watched
with the study marked as running. Run on an otherwise idle machine:
``.venv/bin/python benchmarks/large_study.py``.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import psutil
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT))

from benchmarks.large_upload import open_page, server  # noqa: E402
from modelling.machine import fingerprint  # noqa: E402
from modelling.settings import Settings  # noqa: E402
from modelling.store.results import Batch  # noqa: E402
from modelling.types import Budget, FoldResult, Run, RunState, Trial  # noqa: E402
from modelling.workbench import Workbench  # noqa: E402
from tests.browser.conftest import ARGUMENTS, CHROMIUM  # noqa: E402

MODEL = "tree"
REAL_TRIALS = 60
WATCH_S = 30.0
SETTLE_S = 4.0
TABLE = PROJECT / "benchmarks" / "large_study.csv"


def long_study(bench: Workbench, n_trials: int) -> Run:
    """Return a finished study with so many trials."""
    experiment = bench.create_experiment(bench.add_sample("credit_risk").id)
    bench.wait(bench.start_benchmark(experiment.id, ["dummy", MODEL]).id)
    run = bench.wait(bench.start_tuning(experiment.id, [MODEL], Budget(trials=REAL_TRIALS)).id)
    batch = Batch(run_id=run.id, experiment_id=experiment.id)
    store = bench._store
    trials, folds = bench.trials(run.id), store.results.folds(run.id)
    for trial, own in repeated(trials, folds, n_trials):
        batch.trials[MODEL, trial.number] = trial
        batch.folds.extend(own)
    store.results.save([batch])
    return run


def repeated(
    trials: tuple[Trial, ...], folds: tuple[FoldResult, ...], n_trials: int
) -> Iterator[tuple[Trial, list[FoldResult]]]:
    """Yield the trials that follow, with their folds: those of the search again and again."""
    searched = [trial for trial in trials if trial.origin == "tpe"]
    for number in range(len(trials), n_trials):
        model = searched[number % len(searched)]
        own = [replace(fold, trial=number) for fold in folds if fold.trial == model.number]
        yield replace(model, number=number), own


def mark(bench: Workbench, run: Run, state: RunState) -> None:
    """Let the study count as running, or as finished; its runner is alive and knows nothing."""
    values = {"state": state}
    batch = Batch(run_id=run.id, experiment_id=run.experiment_id, run_values=values)
    bench._store.results.save([batch])


def view(browser: BrowserContext, address: str, process: psutil.Process) -> dict[str, float]:
    """Open the page in another tab; return the seconds to all of it, and the server's CPU."""
    page = browser.new_page()
    before, begin = cpu_s(process), time.perf_counter()
    page.goto(address)
    seen(page)
    shown_s = time.perf_counter() - begin
    time.sleep(SETTLE_S)
    used = cpu_s(process) - before
    page.close()
    return {"view_s": shown_s, "view_server_cpu_s": used}


def watch(browser: BrowserContext, address: str, process: psutil.Process) -> float:
    """Return the server's CPU milliseconds per second of watching the study."""
    page = browser.new_page()
    page.goto(address)
    seen(page)
    time.sleep(SETTLE_S)
    before, begin = cpu_s(process), time.perf_counter()
    time.sleep(WATCH_S)
    used, passed = cpu_s(process) - before, time.perf_counter() - begin
    page.close()
    return 1000 * used / passed


def seen(page: Page) -> None:
    """Wait for the chart, the table and the last chart of what the search shows."""
    table = page.get_by_role("region", name="Trials of the study").locator("canvas")
    charts = [
        page.locator(f".st-key-{key} .main-svg")
        for key in ("tuning_history", f"tuning_stopped_{MODEL}")
    ]
    for drawn in (table, *charts):
        expect(drawn.first).to_be_visible(timeout=60_000)


def cpu_s(process: psutil.Process) -> float:
    """Return the CPU seconds that the server has used."""
    times = process.cpu_times()
    return float(times.user + times.system)


def main() -> None:
    """Print the figures and append them to the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        settings = Settings.from_env({"TUNEWORTH_HOME": home})
        with Workbench.open(settings) as bench:
            run = long_study(bench, arguments.trials)
            for _ in range(arguments.times):
                with server(home) as (url, pid):
                    # Whoever looks at a study has the program's own files in the browser already.
                    used = browser.new_context(viewport={"width": 1280, "height": 2400})
                    open_page(used.new_page(), url)
                    address = f"{url}/tuning?experiment={run.experiment_id}&run={run.id}"
                    process = psutil.Process(pid)
                    found = view(used, address, process)
                    mark(bench, run, RunState.RUNNING)
                    found["watching_cpu_ms_per_s"] = watch(used, address, process)
                    mark(bench, run, RunState.FINISHED)
                write(arguments.trials, found)
        browser.close()


def write(n_trials: int, found: dict[str, float]) -> None:
    """Append a line at once, so that nothing measured is lost."""
    row = {
        "date": datetime.now(tz=UTC).date().isoformat(),
        "trials": n_trials,
        **{name: round(value, 2) for name, value in found.items()},
        "cpu": fingerprint(os.cpu_count() or 1)["cpu"],
    }
    pd.DataFrame([row]).to_csv(TABLE, mode="a", header=not TABLE.exists(), index=False)
    print(row, flush=True)


if __name__ == "__main__":
    main()
