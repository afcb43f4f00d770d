"""How close a benchmark of all base models comes to the limit of the machine.

The limit is the CPU sum of a plain single-thread loop over the same estimators and shared
encodings, divided by the slots. Run on an otherwise idle machine:
``.venv/bin/python benchmarks/limit.py``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT))

from benchmarks.ours import Timed, timed_benchmark, warm_workbench  # noqa: E402
from modelling.datasets.choices import TaskChoices  # noqa: E402
from modelling.machine import fingerprint  # noqa: E402
from modelling.models import models_for  # noqa: E402
from modelling.settings import use_one_thread  # noqa: E402
from modelling.types import Experiment, TaskKind  # noqa: E402
from modelling.workbench import Workbench  # noqa: E402

SLOTS = 2
TABLE = PROJECT / "benchmarks" / "limit.csv"


def mixed_table(n_rows: int = 20_000, seed: int = 0) -> pd.DataFrame:
    """Return 20 numbers, a tenth of their values missing, 10 categoricals and a target ``y``."""
    rng = np.random.default_rng(seed)
    numbers = rng.normal(size=(n_rows, 20))
    codes = rng.integers(0, [3, 4, 5, 6, 8, 10, 12, 20, 60, 200], size=(n_rows, 10))
    effects = [rng.normal(size=200) for _ in range(10)]
    logit = numbers[:, :5].sum(axis=1) + numbers[:, 5] * numbers[:, 6]
    logit += 0.5 * sum(effects[j][codes[:, j]] for j in range(10))
    numbers[rng.random(numbers.shape) < 0.1] = np.nan
    frame = pd.DataFrame(numbers, columns=[f"number_{j}" for j in range(20)])
    for j in range(10):
        frame[f"category_{j}"] = [f"c{code}" for code in codes[:, j]]
    frame["y"] = np.where(logit + rng.logistic(size=n_rows) > 0, "yes", "no")
    return frame


def experiments(bench: Workbench, folder: Path) -> Iterator[tuple[str, Experiment]]:
    """Yield the two tables as experiments."""
    path = folder / "mixed.csv"
    mixed_table().to_csv(path, index=False)
    yield "card_transactions", bench.create_experiment(bench.add_sample("card_transactions").id)
    mixed = bench.create_experiment(bench.add_file(path).id, TaskChoices(target="y"))
    yield "mixed 20,000 x 30", mixed


def plain_loop(bench: Workbench, experiment: Experiment) -> dict[str, float]:
    """Return the CPU seconds of each model, and of the encodings, in a plain loop in one thread."""
    arguments = [str(bench.settings.home), bench.settings.database_url, experiment.id]
    done = subprocess.run(
        [sys.executable, __file__, "--loop", *arguments], check=True, capture_output=True, text=True
    )
    return dict(json.loads(done.stdout))


def loop(home: str, url: str, experiment_id: str) -> dict[str, float]:
    """Fit, predict and score every model on every fold; each encoding is made once per fold."""
    from modelling.evaluation.encodings import EncodedFold, EncodeFolds
    from modelling.evaluation.folds import PrepareFolds
    from modelling.evaluation.unit import FitFold
    from modelling.evaluation.warm_up import warm_up
    from modelling.models.spec import Encoding
    from modelling.settings import Settings

    with Workbench.open(Settings(home=Path(home), database_url=url, workers=1)) as bench:
        experiment = bench.experiment(experiment_id)
        problem = bench.problem(experiment_id)
    warm_up()
    task, spent = experiment.task, {"folds and encodings": 0.0}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        start = time.process_time()
        folds = folder / "folds.npz"
        PrepareFolds(problem=problem, path=folds)()
        for encoding in (one for one in Encoding if not one.is_of_text):
            folders = {fold: folder / f"{encoding}-{fold}" for fold in range(task.folds)}
            EncodeFolds(problem=problem, folds=folds, encoding=encoding, folders=folders)()
        spent["folds and encodings"] = time.process_time() - start
        for spec in models_for(task.kind, text=False):
            start = time.process_time()
            for fold in range(task.folds):
                FitFold(
                    model=spec.key,
                    trial=0,
                    fold=fold,
                    params=spec.base,
                    task=task,
                    encoded=EncodedFold(folder=folder / f"{spec.encoding}-{fold}"),
                    prediction=folder / "prediction.npy",
                )()
            spent[spec.key] = time.process_time() - start
    return spent


def measured(bench: Workbench, name: str, experiment: Experiment) -> dict[str, object]:
    """Return one line of the table."""
    keys = tuple(spec.key for spec in models_for(TaskKind.BINARY, text=False))
    timed = timed_benchmark(bench, experiment.id, keys)
    spent = plain_loop(bench, experiment)
    cpu_s = sum(spent.values())
    limit_s = cpu_s / SLOTS
    print(json.dumps({key: round(value, 2) for key, value in spent.items()}))
    print(json.dumps({key: round(value, 2) for key, value in timed.row_s.items()}))
    return {
        "date": datetime.now(tz=UTC).date().isoformat(),
        "table": name,
        "models": len(keys),
        "loop_cpu_s": round(cpu_s, 1),
        "limit_s": round(limit_s, 1),
        "cv_s": round(timed.cv_s, 1),
        "ratio": round(timed.cv_s / limit_s, 3),
        "first_row_s": round(first_row(timed), 2),
        "fits_cpu_s": round(timed.run.fit_cpu_s, 1),
        "half_of_models_share": round(half_of_models(timed), 2),
        "whole_s": round(timed.whole_s, 1),
        "cpu": fingerprint(SLOTS)["cpu"],
    }


def first_row(timed: Timed) -> float:
    """Return the seconds to the first row that is not the dummy's."""
    return min(seconds for key, seconds in timed.row_s.items() if key != "dummy")


def half_of_models(timed: Timed) -> float:
    """Return the share of the time after which half of the models have their row."""
    times = sorted(timed.row_s.values())
    return times[(len(times) - 1) // 2] / timed.cv_s


def main() -> None:
    """Print and append one line per table, or run the plain loop of one."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--loop", nargs=3, metavar=("HOME", "URL", "EXPERIMENT"))
    parser.add_argument("--times", type=int, default=1)
    arguments = parser.parse_args()
    if arguments.loop:
        print(json.dumps(loop(*arguments.loop)))
        return
    for _ in range(arguments.times):
        # A workspace keeps the encodings that it made: each time in one of its own.
        with warm_workbench(workers=SLOTS) as bench, tempfile.TemporaryDirectory() as folder:
            for name, experiment in experiments(bench, Path(folder)):
                row = measured(bench, name, experiment)
                frame = pd.DataFrame([row])
                frame.to_csv(TABLE, mode="a", header=not TABLE.exists(), index=False)
                print(row)


if __name__ == "__main__":
    use_one_thread()
    main()
