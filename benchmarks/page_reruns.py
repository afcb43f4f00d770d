"""Does a running study slow the Compare page down? Median server-side rerun, idle and busy.

Run on an otherwise idle machine: ``.venv/bin/python benchmarks/page_reruns.py``.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import pandas as pd
from streamlit.testing.v1 import AppTest

PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT))

from modelling.machine import fingerprint  # noqa: E402
from modelling.types import Budget, RunState  # noqa: E402
from modelling.workbench import Workbench  # noqa: E402

N_RERUNS = 40
WARM_UP = 5


def rerun_ms(page: AppTest) -> float:
    """Return the median milliseconds of a rerun of the page."""
    times = []
    for _ in range(WARM_UP + N_RERUNS):
        start = time.perf_counter()
        page.run()
        times.append(1000 * (time.perf_counter() - start))
    assert not page.exception
    return median(times[WARM_UP:])


def compare_page(experiment_id: str) -> AppTest:
    """Return the Compare page of an experiment, opened through the router."""
    page = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60).run()
    page.query_params["experiment"] = experiment_id
    return page.switch_page("pages/compare.py").run()


def main() -> None:
    """Print idle and busy medians and their ratio, and append them to the table."""
    home = tempfile.mkdtemp()
    os.environ["TUNEWORTH_HOME"] = home
    with Workbench.open() as bench:
        data = bench.add_sample("card_transactions")
        experiment = bench.create_experiment(data.id)
        bench.wait(bench.start_benchmark(experiment.id).id)
        bench.wait(bench.start_tuning(experiment.id, ["lightgbm"], Budget(cpu_s=30)).id)
        page = compare_page(experiment.id)
        assert any("evidence" in m.value or "base" in m.value for m in page.markdown)
        idle = rerun_ms(page)
        study = bench.start_tuning(experiment.id, ["lightgbm"], Budget(wall_s=300), seed=1)
        while not bench.trials(study.id):
            time.sleep(0.1)
        busy = rerun_ms(page)
        assert bench.run(study.id).state is RunState.RUNNING
        bench.stop(study.id)
        bench.wait(study.id)
    row = {
        "date": datetime.now(tz=UTC).date().isoformat(),
        "idle_ms": round(idle, 1),
        "busy_ms": round(busy, 1),
        "ratio": round(busy / idle, 2),
        "cpu": fingerprint(os.cpu_count() or 1)["cpu"],
        "cores": os.cpu_count(),
    }
    table = PROJECT / "benchmarks" / "page_reruns.csv"
    pd.DataFrame([row]).to_csv(table, mode="a", header=not table.exists(), index=False)
    print(row)


if __name__ == "__main__":
    main()
