"""How long the server takes for the What-if page of 20 models and 20,000 locked rows.

The experiment is that of `compare_page`; the time is from a change of what a mistake costs to the
whole page with verdict, curves and flip points. Run on an otherwise idle machine:
``.venv/bin/python benchmarks/what_if_page.py``.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
from streamlit.testing.v1 import AppTest

PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT))

from benchmarks.compare_page import N_MODELS, N_TEST, filled, table, timed_ms  # noqa: E402
from modelling.machine import fingerprint  # noqa: E402
from modelling.types import Budget  # noqa: E402
from modelling.workbench import TaskChoices, Workbench  # noqa: E402

MISSED = "what_if_outcome_1_0"


def what_if_page(experiment_id: str) -> AppTest:
    """Return the page as a new browser would open it."""
    page = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=120).run()
    page.query_params["experiment"] = experiment_id
    return page.switch_page("pages/what_if.py").run()


def main() -> None:
    """Print the times and append them to the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["TUNEWORTH_HOME"] = str(folder / "home")
        with Workbench.open() as bench:
            data = bench.add_file(table(folder))
            experiment = bench.create_experiment(data.id, TaskChoices(target="y"))
            bench.start_benchmark(experiment.id, ["naive_bayes", "logistic", "tree"])
            study = bench.start_tuning(experiment.id, ["tree"], Budget(trials=6))
            bench.wait(study.id)
            filled(bench, experiment.id, folder)
            start = time.perf_counter()
            page = what_if_page(experiment.id)
            first_ms = 1000 * (time.perf_counter() - start)
            row = {
                "date": datetime.now(tz=UTC).date().isoformat(),
                "models": N_MODELS,
                "test_rows": N_TEST,
                "first_ms": round(first_ms),
                "payoff_ms": round(
                    timed_ms(
                        page, lambda i: page.number_input(key=MISSED).set_value(-10.0 - 3.0 * i)
                    )
                ),
                "cpu": fingerprint(os.cpu_count() or 1)["cpu"],
            }
    out = PROJECT / "benchmarks" / "what_if_page.csv"
    pd.DataFrame([row]).to_csv(out, mode="a", header=not out.exists(), index=False)
    print(row)


if __name__ == "__main__":
    main()
