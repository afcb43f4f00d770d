"""What running a study costs beside its fits, and what a second slot saves, through the runner.

Two generated tables: LightGBM's folds take about 0.3 and about 1 CPU second on them. CPU is taken
from the run's own account and, as a check on it (``seen``), from the operating system: there our
waiting counts as well. ``search_only`` ends with the last fold; after it a run has work of a fixed
size, such as measuring what answers cost, so that a longer study has a smaller share. Run on an
otherwise idle machine: ``.venv/bin/python benchmarks/overhead.py``, and for a study five times as
long ``... --fit-s 1 --cpu-s 300 --no-slots``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT))

from benchmarks.limit import mixed_table  # noqa: E402
from benchmarks.ours import warm_workbench  # noqa: E402
from benchmarks.spent import tree_cpu_s  # noqa: E402
from benchmarks.strategies.gap import outside_share  # noqa: E402
from modelling.datasets.choices import TaskChoices  # noqa: E402
from modelling.machine import fingerprint  # noqa: E402
from modelling.runner.folds_stage import FoldsStage  # noqa: E402
from modelling.types import Budget, Run, RunState, Trial  # noqa: E402
from modelling.workbench import Workbench  # noqa: E402

TABLE = PROJECT / "benchmarks" / "overhead.csv"
MODEL = "lightgbm"
POLL_S = 0.05
# Rows of the table by the CPU seconds that a fold should take about.
ROWS = {0.3: 5_500, 1.0: 28_000}
OUTSIDE_TARGET = {0.3: 0.10, 1.0: 0.03}
SLOTS_TARGET = 0.60

Line = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Watched:
    """A study from the outside: when and at what CPU its last fold, and all of it, was done.

    ``search`` is the run as it stood at its last look before the last fits began. ``seen_cpu_s``
    are the CPU seconds of all processes, as the operating system counts them.
    """

    search: Run
    search_s: float
    run: Run
    whole_s: float
    seen_cpu_s: float


def watched(bench: Workbench, experiment_id: str, budget: Budget) -> Watched:
    """Run a study and look at it until its end."""
    begin_cpu, begin = tree_cpu_s(), time.monotonic()
    run = search = bench.start_tuning(experiment_id, [MODEL], budget)
    search_s = 0.0
    while run.state.is_active:
        if run.message in (None, FoldsStage.title):
            search, search_s = run, time.monotonic() - begin
        time.sleep(POLL_S)
        run = bench.run(run.id)
    if run.state is not RunState.FINISHED:
        raise RuntimeError(f"the study ended as {run.state}: {run.error}")
    return Watched(
        search=search,
        search_s=search_s,
        run=run,
        whole_s=time.monotonic() - begin,
        seen_cpu_s=tree_cpu_s() - begin_cpu,
    )


def experiment_on(bench: Workbench, n_rows: int) -> str:
    """Return the id of an experiment on a generated table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mixed.parquet"
        mixed_table(n_rows).to_parquet(path, index=False)
        data = bench.add_file(path)
    return bench.create_experiment(data.id, TaskChoices(target="y")).id


def outside_line(fit_s: float, cpu_s: float, *, after_benchmark: bool) -> Line:
    """Return the CPU outside the fits of one study in one slot."""
    with warm_workbench(workers=1) as bench:
        experiment_id = experiment_on(bench, ROWS[fit_s])
        if after_benchmark:
            bench.wait(bench.start_benchmark(experiment_id, [MODEL]).id)
        seen = watched(bench, experiment_id, Budget(cpu_s=cpu_s))
        trials = bench.trials(seen.run.id)
    run, search = seen.run, seen.search
    share = outside_share(run.fit_cpu_s, run.engine_cpu_s)
    return {
        "what": f"CPU outside fits of about {fit_s:g} s",
        "budget_cpu_s": cpu_s,
        "after_benchmark": after_benchmark,
        "figure": round(share, 4),
        "target": OUTSIDE_TARGET[fit_s],
        "search_only": round(outside_share(search.fit_cpu_s, search.engine_cpu_s), 4),
        "seen": round(outside_share(run.fit_cpu_s, seen.seen_cpu_s - run.fit_cpu_s), 4),
        "fits_cpu_s": round(run.fit_cpu_s, 2),
        "engine_cpu_s": round(run.engine_cpu_s, 2),
        "engine_after_search_s": round(run.engine_cpu_s - search.engine_cpu_s, 2),
        "fold_cpu_s": round(fold_cpu_s(trials), 3),
        "trials": len(trials),
        "whole_s": round(seen.whole_s, 1),
    }


def fold_cpu_s(trials: Sequence[Trial]) -> float:
    """Return the mean CPU seconds of a fold."""
    return sum(trial.cpu_s for trial in trials) / sum(trial.folds_done for trial in trials)


def slots_line(fit_s: float, trials: int) -> Line:
    """Return the wall time of the same trials with two slots over one slot."""
    seconds: dict[int, Watched] = {}
    found: dict[int, list[float | None]] = {}
    for slots in (1, 2):
        with warm_workbench(workers=slots) as bench:
            seen = watched(bench, experiment_on(bench, ROWS[fit_s]), Budget(trials=trials))
            found[slots] = [trial.value for trial in bench.trials(seen.run.id)]
        seconds[slots] = seen
    if found[1] != found[2]:
        raise RuntimeError("one slot and two slots ran different trials")
    one, two = seconds[1], seconds[2]
    return {
        "what": f"two slots over one, fits of about {fit_s:g} s",
        "figure": round(two.search_s / one.search_s, 3),
        "target": SLOTS_TARGET,
        "whole_ratio": round(two.whole_s / one.whole_s, 3),
        "one_slot_s": round(one.search_s, 1),
        "two_slots_s": round(two.search_s, 1),
        "fits_cpu_s": round(one.search.fit_cpu_s, 2),
        "fits_cpu_s_two": round(two.search.fit_cpu_s, 2),
        "trials": trials,
    }


COLUMNS = (
    *("date", "what", "budget_cpu_s", "after_benchmark", "figure", "target", "search_only", "seen"),
    *("whole_ratio", "one_slot_s", "two_slots_s", "fits_cpu_s", "fits_cpu_s_two", "engine_cpu_s"),
    *("engine_after_search_s", "fold_cpu_s", "trials", "whole_s", "cpu"),
)


def lines(arguments: argparse.Namespace) -> Iterator[Line]:
    """Yield one line per figure."""
    about = {
        "date": datetime.now(tz=UTC).date().isoformat(),
        "cpu": fingerprint(1)["cpu"],
    }
    for fit_s in arguments.fit_s:
        # A benchmark comes first as a rule, and leaves its encodings.
        for after_benchmark in (True, False):
            line = outside_line(fit_s, arguments.cpu_s, after_benchmark=after_benchmark)
            yield about | line
    for fit_s in arguments.fit_s if arguments.slots else ():
        yield about | slots_line(fit_s, arguments.trials)


def append(line: Line, table: Path) -> None:
    """Add a line at once, so that nothing measured is lost."""
    frame = pd.DataFrame([line], columns=list(COLUMNS))
    frame.to_csv(table, mode="a", header=not table.exists(), index=False)


def main() -> None:
    """Print and append one line per figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cpu-s", type=float, default=60.0, help="budget of a study")
    parser.add_argument("--fit-s", type=float, choices=ROWS, nargs="+", default=list(ROWS))
    parser.add_argument("--trials", type=int, default=20, help="for one slot against two")
    parser.add_argument("--slots", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--table", type=Path, default=TABLE)
    arguments = parser.parse_args()
    for _ in range(arguments.times):
        for line in lines(arguments):
            append(line, arguments.table)
            print({name: value for name, value in line.items() if name != "cpu"}, flush=True)


if __name__ == "__main__":
    main()
