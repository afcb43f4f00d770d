"""Timing our own benchmark from the outside: when each row of the leaderboard is there."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.spent import tree_cpu_s
from modelling.settings import Settings
from modelling.types import ModelResult, Run
from modelling.workbench import Workbench

# Looking costs CPU time of the machine that is measured: rows are timed to a tenth of a second.
POLL_S = 0.1


@dataclass(frozen=True, kw_only=True, slots=True)
class Timed:
    """A benchmark as seen by who waits for it.

    ``row_s`` are the seconds from the start to each model's row, ``cv_s`` to the last of them;
    ``cv_cpu_s`` are the CPU seconds of all processes until then, our looking included. ``whole_s``
    also has the last fits and the measurement of what answering costs.
    """

    row_s: dict[str, float]
    cv_s: float
    cv_cpu_s: float
    whole_s: float
    run: Run
    rows: tuple[ModelResult, ...]


@contextmanager
def warm_workbench(*, workers: int = 2) -> Iterator[Workbench]:
    """Open a fresh workspace whose runner has loaded all libraries already."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = Settings(home=home, database_url=f"sqlite:///{home}/t.db", workers=workers)
        with Workbench.open(settings) as bench:
            data = bench.add_sample("credit_risk")
            experiment = bench.create_experiment(data.id)
            bench.wait(bench.start_benchmark(experiment.id, ["dummy"]).id)
            yield bench


def timed_benchmark(bench: Workbench, experiment_id: str, models: tuple[str, ...]) -> Timed:
    """Run a benchmark of ``models`` and note when each row appears."""
    begin_cpu, begin = tree_cpu_s(), time.monotonic()
    run = bench.start_benchmark(experiment_id, models)
    wanted = {*models, "dummy"}
    row_s: dict[str, float] = {}
    while run.state.is_active:
        for row in bench.results(experiment_id):
            if row.run_id == run.id and row.key in wanted:
                row_s.setdefault(row.key, time.monotonic() - begin)
        if wanted <= row_s.keys():
            break
        time.sleep(POLL_S)
        run = bench.run(run.id)
    cv_cpu_s = tree_cpu_s() - begin_cpu
    run = bench.wait(run.id)
    rows = tuple(row for row in bench.results(experiment_id) if row.run_id == run.id)
    return Timed(
        row_s=row_s,
        cv_s=max(row_s.values()),
        cv_cpu_s=cv_cpu_s,
        whole_s=time.monotonic() - begin,
        run=run,
        rows=rows,
    )
