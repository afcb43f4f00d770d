"""Our choice after a minute against what AutoML libraries choose in one, on rows nobody touched.

One locked test per table, the same for all; two cores. Ours is a benchmark of linear models and
boosters, then studies of the best of them and of LightGBM for what is left of the minute; of tuned
models and ensemble the one with the best selection score is taken. What a library
answered is kept beside the environments, so that ours can be measured again without it. Run on an
otherwise idle machine: ``.venv/bin/python benchmarks/tuned_peers.py``.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from platformdirs import user_cache_dir

PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT))

from benchmarks.ours import warm_workbench  # noqa: E402
from benchmarks.peers.environment import TUNING_PEERS, Peer, PeerError, run  # noqa: E402
from benchmarks.peers.our_side import CORES  # noqa: E402
from benchmarks.peers.tables import table  # noqa: E402
from benchmarks.peers.tuned_hand_over import Job, Spent, predictions  # noqa: E402
from modelling.comparison import paired_gain  # noqa: E402
from modelling.datasets.problem import ProblemRef  # noqa: E402
from modelling.machine import fingerprint  # noqa: E402
from modelling.metrics import metric  # noqa: E402
from modelling.runner.works import score_on_test  # noqa: E402
from modelling.types import Budget, Experiment, ModelResult, ResultStatus, Variant  # noqa: E402
from modelling.workbench import Workbench  # noqa: E402

TABLE = PROJECT / "benchmarks" / "tuned_peers.csv"
SAMPLES = ("card_transactions", "customer_churn", "credit_risk", "hpc_jobs", "house_prices")
BUDGET_S = 60.0
# For the last fits, the measurement of what answers cost, and the ensemble.
RESERVE_S = 5.5
# A minute is too short for forests, networks and neighbours, which seldom lead on tables.
TRIED = ("linear", "boosting")
# Of the boosters the fastest to fit (`model_costs.csv`): it gains most per second of tuning.
ALSO_TUNED = "lightgbm"
CHOSEN = (Variant.TUNED, Variant.ENSEMBLE)

Line = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class OnTest:
    """Somebody's answers on the locked rows: the score, and that of each resample."""

    score: float
    draws: np.ndarray


def ours(bench: Workbench, experiment: Experiment, budget_s: float, seed: int) -> ModelResult:
    """Benchmark, tune the best for the rest of the time, and return the row that we would take."""
    begin = time.perf_counter()
    quick = [spec.key for spec in bench.models(experiment.task.kind) if spec.family in TRIED]
    bench.wait(bench.start_benchmark(experiment.id, quick).id)
    left_s = budget_s - (time.perf_counter() - begin) - RESERVE_S
    if left_s > 0:
        chosen = to_tune(bench, experiment)
        study = bench.start_tuning(experiment.id, chosen, Budget(wall_s=left_s), seed=seed)
        bench.wait(study.id)
    rows = bench.results(experiment.id)
    return next(row for row in rows if row.variant in CHOSEN and row.status is ResultStatus.OK)


def to_tune(bench: Workbench, experiment: Experiment) -> list[str]:
    """Return the best base by selection score, and the booster that is tuned in any case."""
    rows = bench.results(experiment.id)
    best = next(row for row in rows if row.variant is Variant.BASE)
    return list(dict.fromkeys([best.key, ALSO_TUNED]))


def job_of(problem: ProblemRef, budget_s: float, seed: int) -> Job:
    """Return what the others are given: the same rows, the locked ones without their truth."""
    train = problem.load("train")
    return Job(
        train=train.features,
        truth=train.truth,
        test=problem.load("test").features,
        kind=str(problem.task.kind),
        metric=problem.task.metric,
        budget_s=budget_s,
        cores=CORES,
        seed=seed,
    )


def on_test(problem: ProblemRef, answers: np.ndarray, folder: Path) -> OnTest:
    """Score answers on the locked rows, and on the same resamples as everybody's."""
    path = folder / "draws.npy"
    score = score_on_test(problem, answers, path).scores[problem.task.metric]
    if score is None:
        raise PeerError(f"{problem.task.metric} is undefined for its answers")
    return OnTest(score=score, draws=np.load(path))


def compared(problem: ProblemRef, own: OnTest, other: OnTest) -> Line:
    """Return how much better ours is, with its interval."""
    gain = paired_gain(
        other.draws,
        own.draws,
        base_score=other.score,
        candidate_score=own.score,
        metric=metric(problem.task.metric),
        margin=0.0,
        n_test=len(problem.positions("test")),
    )
    low, high = gain.interval
    says = "tied" if low <= 0 <= high else ("ours is better" if low > 0 else "ours is worse")
    return {"ours_over_it": gain.gain, "low": low, "high": high, "says": says}


def lines(name: str, arguments: argparse.Namespace, seed: int) -> Iterator[Line]:
    """Yield our line of a table, then one for each library."""
    chosen = table(name, arguments.envs)
    with warm_workbench(workers=CORES) as bench, tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        experiment = bench.create_experiment(bench.add_file(chosen.path).id, chosen.choices)
        problem = bench.problem(experiment.id)
        about: Line = {
            "date": datetime.now(tz=UTC).date().isoformat(),
            "sample": name,
            "seed": seed,
            "metric": problem.task.metric,
            "cpu": fingerprint(CORES)["cpu"],
        }
        begin = time.perf_counter()
        row = ours(bench, experiment, arguments.budget_s, seed)
        taken_s = time.perf_counter() - begin
        own = on_test(problem, _answers(bench, row), folder)
        yield about | {
            "who": "ours",
            "fit_s": round(taken_s, 1),
            "score": own.score,
            "chosen": f"{row.title}, {row.variant}",
        }
        job = job_of(problem, arguments.budget_s, seed)
        for peer in arguments.peers:
            kept = arguments.envs / "answers" / f"{name}-{seed}-{peer.name}"
            found = peer_line(peer, job, problem, own, kept, arguments.envs)
            yield about | {"who": peer.name} | found


def peer_line(
    peer: Peer, job: Job, problem: ProblemRef, own: OnTest, folder: Path, environments: Path
) -> Line:
    """Return what a library reached and how ours compares, or why it gave no answer."""
    try:
        if not Spent.is_in(folder):
            folder.mkdir(parents=True, exist_ok=True)
            job.write(folder)
            run(peer, folder, environments)
        spent, other = Spent.read(folder), on_test(problem, predictions(folder), folder)
    except PeerError as error:
        return {"failure": str(error)}
    return {
        "fit_s": round(spent.fit_s, 1),
        "score": other.score,
        **compared(problem, own, other),
        "chosen": spent.chosen,
        "setting": spent.setting,
        "versions": json.dumps(spent.versions),
    }


def _answers(bench: Workbench, row: ModelResult) -> np.ndarray:
    assert row.test_prediction_blob is not None
    return np.asarray(np.load(bench._store.blobs.path(row.test_prediction_blob)))


PRINTED = ("sample", "seed", "who", "fit_s", "score", "ours_over_it", "low", "high", "says")
COLUMNS = ("date", *PRINTED, "chosen", "failure", "metric", "setting", "versions", "cpu")


def main() -> None:
    """Measure, print and append line by line."""
    known = {peer.name: peer for peer in TUNING_PEERS}
    cache = Path(user_cache_dir("tuneworth", appauthor=False)) / "peers"
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", default=",".join(known))
    parser.add_argument("--samples", default=",".join(SAMPLES))
    parser.add_argument("--seeds", default="0,1", help="of the searches; the split is the same")
    parser.add_argument("--budget-s", type=float, default=BUDGET_S)
    parser.add_argument("--envs", type=Path, default=cache, help="where environments are kept")
    parser.add_argument("--table", type=Path, default=TABLE)
    arguments = parser.parse_args()
    arguments.peers = [known[name] for name in arguments.peers.split(",") if name]
    for name in arguments.samples.split(","):
        for seed in map(int, arguments.seeds.split(",")):
            for line in lines(name, arguments, seed):
                shown = {key: line[key] for key in (*PRINTED, "failure") if key in line}
                print(shown, flush=True)
                frame = pd.DataFrame([line], columns=list(COLUMNS))
                new = not arguments.table.exists()
                frame.to_csv(arguments.table, mode="a", header=new, index=False)


if __name__ == "__main__":
    main()
