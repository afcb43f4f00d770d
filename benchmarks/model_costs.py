"""What a fold of each base model costs: where `cpu_us_per_value` of the registry comes from.

A fit in one thread and the answers to a quarter as many rows, as in a fold of five, in microseconds
of CPU time per value of the table (training row x feature). The median of three, after a warm-up;
what takes long is done once. Run on a quiet machine:
``.venv/bin/python benchmarks/model_costs.py``.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT))

from modelling.settings import Settings, use_one_thread  # noqa: E402

# Before numpy: its linear algebra takes the number of threads when it is loaded.
use_one_thread()

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from modelling.datasets.choices import TaskChoices  # noqa: E402
from modelling.datasets.problem import ProblemRef  # noqa: E402
from modelling.machine import fingerprint  # noqa: E402
from modelling.models import models_for  # noqa: E402
from modelling.models.spec import ModelSpec  # noqa: E402
from modelling.types import TaskSpec  # noqa: E402
from modelling.workbench import Workbench  # noqa: E402

TIMES, LONG_S = 3, 2.0
TABLE = PROJECT / "benchmarks" / "model_costs.csv"


def numeric_table(n_rows: int = 20_000, seed: int = 0) -> pd.DataFrame:
    """Return 30 numbers, and the target of one task of each kind that follows seven of them."""
    rng = np.random.default_rng(seed)
    numbers = rng.normal(size=(n_rows, 30))
    signal = numbers[:, :5].sum(axis=1) + numbers[:, 5] * numbers[:, 6]
    noisy = signal + rng.logistic(size=n_rows)
    frame = pd.DataFrame(numbers, columns=[f"number_{j}" for j in range(30)])
    return frame.assign(
        binary=np.where(noisy > 0, "yes", "no"),
        multiclass=np.array(["low", "middle", "high"])[np.digitize(noisy, [-1.0, 1.0])],
        regression=noisy,
    )


def problems(folder: Path) -> Iterator[tuple[str, ProblemRef]]:
    """Yield each table as a problem, with its name."""
    settings = Settings(home=folder, database_url=f"sqlite:///{folder}/t.db", workers=1)
    with Workbench.open(settings) as bench:
        card = bench.create_experiment(bench.add_sample("card_transactions").id)
        yield "card_transactions", bench.problem(card.id)
        path = folder / "numeric.csv"
        frame = numeric_table()
        frame.to_csv(path, index=False)
        data = bench.add_file(path)
        kinds = ("binary", "multiclass", "regression")
        for kind in kinds:
            others = tuple(name for name in kinds if name != kind)
            choices = TaskChoices(target=kind, drop=others, test_share=0.05)
            yield "numeric 20,000 x 30", bench.problem(bench.create_experiment(data.id, choices).id)


def costs(name: str, problem: ProblemRef) -> Iterator[dict[str, object]]:
    """Yield one line per model."""
    from modelling.models.encoding import build_encoder, category_sizes
    from modelling.models.spec import Encoding

    task, rows = problem.task, problem.load("train")
    encoded = {
        encoding: build_encoder(
            encoding, rows.features, text=problem.text, kind=task.kind, seed=task.seed
        ).fit_transform(rows.features, rows.truth)
        for encoding in Encoding
        if not encoding.is_of_text
    }
    for spec in models_for(task.kind, text=False):
        sizes = category_sizes(spec.encoding, rows.features, text=problem.text)
        cpu_s = spent(spec, task, encoded[spec.encoding], rows.truth, sizes)
        yield {
            "date": datetime.now(tz=UTC).date().isoformat(),
            "table": name,
            "task": str(task.kind),
            "model": spec.key,
            "cpu_s": round(cpu_s, 4),
            "cpu_us_per_value": float(f"{cpu_s * 1e6 / rows.features.size:.2g}"),
            "cpu": fingerprint(1)["cpu"],
        }


def spent(
    spec: ModelSpec, task: TaskSpec, X: np.ndarray, y: np.ndarray, categories: tuple[int, ...]
) -> float:
    """Return the CPU seconds of a fit on all rows and the answers to every fourth."""
    from modelling.evaluation.estimators import fit, predict

    measured: list[float] = []
    while len(measured) < TIMES and sum(measured) < LONG_S:
        start = time.process_time()
        estimator, _ = fit(spec.key, spec.base, task, X, y, categories=categories)
        predict(estimator, X[::4], task)
        measured.append(time.process_time() - start)
    return median(measured)


def main() -> None:
    """Write the table, and print it with one column per table and task."""
    from modelling.evaluation.warm_up import warm_up

    warm_up()
    with tempfile.TemporaryDirectory() as folder:
        frame = pd.DataFrame([line for named in problems(Path(folder)) for line in costs(*named)])
    frame.to_csv(TABLE, index=False)
    wide = frame.pivot_table(
        index="model", columns=["table", "task"], values="cpu_us_per_value", sort=False
    )
    print(wide.to_string())


if __name__ == "__main__":
    main()
