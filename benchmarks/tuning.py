"""Our tuning strategy against plain Optuna TPE and random search, at equal CPU in fits.

One thread, one process, the same folds and encodings for all; the model is LightGBM. A seed is one
of the search: the locked rows and the folds of a data set are the same for all. Each strategy's
best configuration is fitted on all training rows and scored on the locked ones. Lines that are in
the table already are not run again. On a quiet machine, first the long searches that the gap is
made of, then those that are compared:
``.venv/bin/python benchmarks/tuning.py --long`` and ``.venv/bin/python benchmarks/tuning.py``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT))

from modelling.settings import use_one_thread  # noqa: E402

# Before numpy: its linear algebra takes the number of threads when it is loaded.
use_one_thread()

import pandas as pd  # noqa: E402

from benchmarks.strategies import search  # noqa: E402
from benchmarks.strategies.gap import (  # noqa: E402
    LONGER,
    Gap,
    gaps,
    left_by_each,
    left_of,
    outside_share,
    shares_left,
)
from benchmarks.strategies.ground import MODEL, SETS, Ground, HeldOut, ground  # noqa: E402
from modelling.comparison import paired_gain  # noqa: E402
from modelling.evaluation.warm_up import warm_up  # noqa: E402
from modelling.machine import fingerprint  # noqa: E402
from modelling.metrics import metric  # noqa: E402
from modelling.models import model  # noqa: E402

TABLE = PROJECT / "benchmarks" / "tuning.csv"
TARGET = 0.7
SEED_OF_LONG = 0
STRATEGIES = tuple(search.STRATEGIES)
OURS, PLAIN = STRATEGIES.index("ours"), STRATEGIES.index("plain TPE")
KEY = ("set", "strategy", "seed", "cpu_s")

Line = dict[str, Any]


def missing(arguments: argparse.Namespace) -> dict[str, list[Line]]:
    """Return what is still to be run, by data set."""
    have = {tuple(line) for line in lines_of(arguments.table)[list(KEY)].itertuples(index=False)}
    seeds = [SEED_OF_LONG] if arguments.long else range(arguments.seeds)
    cpu_s = arguments.cpu_s * (LONGER if arguments.long else 1)
    # Seed by seed, so that a table that is cut off holds whole comparisons.
    wanted = [
        {"set": name, "strategy": strategy, "seed": seed, "cpu_s": cpu_s}
        for name in arguments.sets
        for seed in seeds
        for strategy in STRATEGIES
    ]
    due = [line for line in wanted if tuple(line[column] for column in KEY) not in have]
    return {
        name: [line for line in due if line["set"] == name]
        for name in dict.fromkeys(line["set"] for line in due)
    }


def lines_of(table: Path) -> pd.DataFrame:
    """Return the lines that were written so far."""
    return pd.read_csv(table) if table.exists() else pd.DataFrame(columns=list(KEY))


def measured(due: dict[str, list[Line]]) -> Iterator[Line]:
    """Run what is due, and yield each line as soon as it is whole."""
    for name, asked in due.items():
        with ground(name) as field:
            default = field.held_out(model(MODEL).base)
            for line in asked:
                yield line | one(field, default, line)


def one(field: Ground, default: HeldOut, asked: Line) -> Line:
    """Run one strategy once and return what came of it."""
    found = search.STRATEGIES[asked["strategy"]](field, asked["cpu_s"], asked["seed"])
    best = field.held_out(found.params, found.rounds)
    return {
        **outcome(field, default, best),
        "fits_cpu_s": round(found.fits_cpu_s, 2),
        "search_cpu_s": round(found.search_cpu_s, 3),
        "complete": found.complete,
        "pruned": found.pruned,
        "params": json.dumps(dict(found.params)),
        "rounds": found.rounds,
        "date": datetime.now(tz=UTC).date().isoformat(),
        "cpu": fingerprint(1)["cpu"],
    }


def outcome(field: Ground, default: HeldOut, best: HeldOut) -> Line:
    """Return a configuration on the held-out rows, against the default on the same resamples."""
    published = metric(field.problem.task.metric)
    n_test = len(field.problem.positions("test"))
    gain = paired_gain(
        default.draws,
        best.draws,
        base_score=default.score,
        candidate_score=best.score,
        metric=published,
        margin=0.0,
        n_test=n_test,
    )
    return {
        "metric": published.name,
        "n_test": n_test,
        "default": default.score,
        "score": best.score,
        "gain": gain.gain,
        "gain_se": gain.sd,
    }


def report(lines: pd.DataFrame, cpu_s: float) -> str:
    """Return what the lines of a budget, and those of ten times as much, say."""
    short = lines[lines["cpu_s"] == cpu_s]
    long_lines = lines[lines["cpu_s"] == cpu_s * LONGER]
    if short.empty or long_lines.empty:
        return "Both budgets are needed for the gap; run with --long and without it."
    known = gaps(long_lines, STRATEGIES)
    shares = shares_left(short, known, STRATEGIES)
    parts = [by_set(known, short), of_search(short)]
    if shares:
        parts.insert(1, averaged(shares))
    return "\n\n".join(parts)


def by_set(known: dict[str, Gap], short: pd.DataFrame) -> str:
    """Return a line per data set: its gap, and what each strategy leaves, seeds resampled."""
    table: list[Line] = []
    for name, gap in known.items():
        shares = shares_left(short, {name: gap}, STRATEGIES)
        left = left_by_each(shares) if shares else ("",) * len(STRATEGIES)
        about = {"set": name, "gap": f"{gap.gap:.3g} ± {gap.sd:.2g}", "best found by": gap.found_by}
        note = "" if gap.counts else "under two standard errors: listed only"
        table.append(about | dict(zip(STRATEGIES, left, strict=True)) | {"note": note})
    return "Share of the gap that is left:\n" + pd.DataFrame(table).to_string(index=False)


def averaged(shares: dict[str, Any]) -> str:
    """Return the means over the data sets, and the figure that has a target."""
    seeds = sorted({table.shape[1] for table in shares.values()})
    means = zip(STRATEGIES, left_by_each(shares), strict=True)
    return "\n".join(
        [
            f"Mean over {len(shares)} data sets x {' or '.join(map(str, seeds))} seeds "
            "(95 % intervals: both resampled; the gap itself taken as known):",
            *(f"  {name}: {figure}" for name, figure in means),
            f"  ours / plain TPE: {left_of(shares, OURS, PLAIN)} (target: at most {TARGET})",
        ]
    )


def of_search(short: pd.DataFrame) -> str:
    """Return the CPU outside the fits of each strategy, by data set: the median of the seeds."""
    shares = [
        outside_share(line.fits_cpu_s, line.search_cpu_s) for line in short.itertuples(index=False)
    ]
    table = short.assign(outside=shares).pivot_table(
        index="set", columns="strategy", values="outside", aggfunc="median", sort=False
    )
    return "CPU outside the fits, share of all:\n" + table.round(3).to_string()


def append(line: Line, table: Path) -> None:
    """Add a line at once, so that nothing measured is lost."""
    pd.DataFrame([line]).to_csv(table, mode="a", header=not table.exists(), index=False)


def parse() -> argparse.Namespace:
    """Return the arguments; ``sets`` as a tuple."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cpu-s", type=float, default=60.0)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--long", action="store_true", help="ten times the budget, one seed")
    parser.add_argument("--table", type=Path, default=TABLE)
    arguments = parser.parse_args()
    arguments.sets = tuple(arguments.sets.split(","))
    if unknown := [name for name in arguments.sets if name not in SETS]:
        parser.error(f"there is no data set {unknown[0]!r}; choose among {', '.join(SETS)}")
    return arguments


def main() -> None:
    """Run what is missing, append it line by line, and print what all lines say."""
    arguments = parse()
    due = missing(arguments)
    if due:
        warm_up()
        search.warm_up()
    for line in measured(due):
        append(line, arguments.table)
        print({name: line[name] for name in (*KEY, "score", "gain", "fits_cpu_s")}, flush=True)
    print(report(lines_of(arguments.table), arguments.cpu_s))


if __name__ == "__main__":
    main()
