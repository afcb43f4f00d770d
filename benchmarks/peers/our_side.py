"""Our side of the comparison: what is asked of every peer, and our own benchmark, warm and cold."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from benchmarks.ours import Timed, timed_benchmark, warm_workbench
from benchmarks.peers.estimators import shared_models
from benchmarks.peers.hand_over import Question, Scores
from benchmarks.peers.tables import Table, command_line
from modelling.codec import to_plain
from modelling.datasets.problem import ProblemRef
from modelling.evaluation.folds import PrepareFolds, fold_rows
from modelling.models import model
from modelling.settings import Settings
from modelling.store import Store

PROJECT = Path(__file__).parents[2]
CORES = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Ours:
    """Our benchmark of one table: what was asked, how long it took, and the mean scores."""

    question: Question
    timed: Timed
    scores: Scores


def measure(chosen: Table) -> Ours:
    """Run our benchmark in a warm workspace of its own, where nothing is encoded yet."""
    with warm_workbench(workers=CORES) as bench:
        experiment = bench.create_experiment(bench.add_file(chosen.path).id, chosen.choices)
        question = asked(bench.problem(experiment.id))
        timed = timed_benchmark(bench, experiment.id, tuple(question.models))
        scores = fold_means(bench.settings, timed.run.id)
    return Ours(question=question, timed=timed, scores=scores)


def asked(problem: ProblemRef) -> Question:
    """Return what is asked of every peer: the training rows only, and our folds of them."""
    rows, task = problem.load("train"), problem.task
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "folds.npz"
        PrepareFolds(problem=problem, path=path)()
        folds = tuple(fold_rows(path, fold) for fold in range(task.folds))
    return Question(
        features=rows.features,
        truth=rows.truth,
        folds=folds,
        task=to_plain(task),
        text=problem.text,
        models={key: dict(model(key).base) for key in shared_models(task.kind)},
        cores=CORES,
    )


def fold_means(settings: Settings, run_id: str) -> Scores:
    """Return the mean over the folds of each model and metric, as the run stored them."""
    store = Store(settings)
    try:
        folds = store.results.folds(run_id)
    finally:
        store.close()
    means = pd.DataFrame([{"model": fold.model, **fold.scores} for fold in folds])
    return means.groupby("model").mean().to_dict(orient="index")


def cold_s(chosen: Table, models: tuple[str, ...]) -> float:
    """Return the seconds of our command line: start, last fits and cost measurement included."""
    command = [sys.executable, "-m", "modelling", "benchmark", str(chosen.path)]
    command += [*command_line(chosen.choices), "--models", ",".join(models)]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = Settings(home=home, database_url=f"sqlite:///{home}/t.db", workers=CORES)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        begin = time.perf_counter()
        subprocess.run(command, check=True, cwd=PROJECT, env=settings.to_env(), **quiet)
        return time.perf_counter() - begin
