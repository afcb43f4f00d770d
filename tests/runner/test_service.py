"""The runner's loop, in this process: what it stores, and what a failure of one run does."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from modelling.types import (
    BenchmarkSpec,
    Budget,
    ClassWeight,
    FitLimits,
    ResultStatus,
    RunKind,
    RunState,
    Variant,
)
from tests.runner.conftest import PROJECT, Lab, experiment_on, serve, wait_until


@pytest.fixture(scope="module")
def rare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1,000 rows, one in ten of the class that is looked for."""
    rng = np.random.default_rng(3)
    found = rng.random(1000) < 0.1
    frame = pd.DataFrame(rng.normal(size=(1000, 4)) + found[:, None], columns=list("abcd"))
    frame["y"] = np.where(found, "yes", "no")
    path = tmp_path_factory.mktemp("tables") / "rare.csv"
    frame.to_csv(path, index=False)
    return path


def test_a_benchmark_and_a_study_leave_rows_scores_costs_and_a_verdict(
    make_lab: Callable[[str], Lab], table: Path
) -> None:
    lab = make_lab("whole")
    bench = lab.workbench
    experiment = experiment_on(bench, table)
    first = bench.start_benchmark(experiment.id, ["logistic", "tree"])
    second = bench.start_tuning(experiment.id, ["tree"], Budget(trials=6))
    serve(lab)
    assert [bench.run(run.id).state for run in (first, second)] == [RunState.FINISHED] * 2
    comparison = bench.comparison(experiment.id)
    rows = {(row.key, row.variant): row for row in comparison.models}
    assert set(rows) == {
        ("dummy", Variant.BASE),
        ("logistic", Variant.BASE),
        ("tree", Variant.BASE),
        ("tree", Variant.TUNED),
        ("ensemble", Variant.ENSEMBLE),
    }
    for row in rows.values():
        assert row.status is ResultStatus.OK
        assert row.test_interval is not None
        assert row.test_interval[0] <= (row.test_score or 0) <= row.test_interval[1]
        assert (row.fit_cpu_s or 0) > 0
        assert (row.size_bytes or 0) > 0
        assert (row.predict_cpu_ms_per_1k or 0) > 0
    assert {pair.role for pair in comparison.pairs} == {"same model", "experiment"}
    assert comparison.overall is not None
    assert comparison.overall.selection is not None
    assert bench.experiment(experiment.id).peeks == 1


def test_the_shown_score_is_scikit_learns_of_the_stored_predictions(
    make_lab: Callable[[str], Lab], table: Path
) -> None:
    lab = make_lab("scores")
    bench = lab.workbench
    experiment = experiment_on(bench, table)
    bench.start_benchmark(experiment.id, ["logistic"])
    serve(lab)
    blobs = lab.workbench._store.blobs
    frame = pd.read_parquet(blobs.path(experiment.dataset_id))
    with np.load(blobs.path(experiment.split_blob)) as split:
        truth = (frame["y"].iloc[split["test"]] == "yes").to_numpy()
    for row in bench.comparison(experiment.id).models:
        predicted = np.load(blobs.path(str(row.test_prediction_blob)))
        assert row.test_score == pytest.approx(roc_auc_score(truth, predicted[:, 1]), abs=1e-12)


def test_weights_of_classes_change_the_fits_of_an_experiment_and_no_encoding(
    make_lab: Callable[[str], Lab], rare: Path
) -> None:
    lab = make_lab("weights")
    bench = lab.workbench
    plain = experiment_on(bench, rare)
    weighted = experiment_on(bench, rare, class_weight=ClassWeight.BALANCED)
    for experiment in (plain, weighted):
        bench.start_benchmark(experiment.id, ["logistic", "lightgbm"])
        bench.start_tuning(experiment.id, ["lightgbm"], Budget(trials=3))
    serve(lab)
    assert len(list((lab.settings.home / "cache").iterdir())) == 1
    before, after = (
        {
            (row.key, row.variant): row.metrics["balanced_accuracy"]
            for row in bench.comparison(experiment.id).models
            if row.variant is not Variant.ENSEMBLE
        }
        for experiment in (plain, weighted)
    )
    dummy = ("dummy", Variant.BASE)
    assert len(before) == 4
    assert before.pop(dummy) == after.pop(dummy) == 0.5
    assert all(after[name] > before[name] + 0.02 for name in before), (before, after)


def test_a_model_that_cannot_be_fitted_is_a_row_with_its_reason(
    make_lab: Callable[[str], Lab], table: Path
) -> None:
    lab = make_lab("failing")
    bench = lab.workbench
    experiment = experiment_on(bench, table)
    # A forest cannot be grown in a millisecond: the real child is ended at its real limit.
    spec = BenchmarkSpec(models=("random_forest",), limits=FitLimits(cpu_s=0.001))
    run = bench._start(experiment.id, RunKind.BENCHMARK, spec)
    lab.start_runner()
    assert bench.wait(run.id, timeout_s=60).state is RunState.FINISHED
    (forest,) = [row for row in bench.results(experiment.id) if row.key == "random_forest"]
    assert forest.status is ResultStatus.FAILED
    assert "limit" in str(forest.error)
    assert forest.cv_cpu_s > 0


def test_a_run_without_its_data_fails_in_one_sentence_and_the_next_one_works(
    make_lab: Callable[[str], Lab], table: Path
) -> None:
    lab = make_lab("damaged")
    bench = lab.workbench
    broken, sound = experiment_on(bench, table), experiment_on(bench, table, seed=1)
    bench._store.blobs.path(broken.split_blob).unlink()
    first = bench.start_benchmark(broken.id, ["tree"])
    second = bench.start_benchmark(sound.id, ["tree"])
    serve(lab)
    failed = bench.run(first.id)
    assert failed.state is RunState.FAILED
    assert failed.error == "A stored file of this workspace is missing; run it again."
    assert failed.incident is None
    assert bench.run(second.id).state is RunState.FINISHED


def test_the_same_click_twice_is_one_run(make_lab: Callable[[str], Lab], table: Path) -> None:
    bench = make_lab("double").workbench
    experiment = experiment_on(bench, table)
    first = bench.start_benchmark(experiment.id, ["tree"])
    second = bench.start_benchmark(experiment.id, ["tree"])
    assert first.id == second.id
    assert len(bench.runs()) == 1


def n_runners(lab: Lab) -> int:
    with lab.workbench._store.database.read() as connection:
        return int(connection.exec_driver_sql("select count(*) from runners").scalar_one())


@pytest.mark.faults
def test_a_runner_of_older_code_makes_way(make_lab: Callable[[str], Lab], tmp_path: Path) -> None:
    lab = make_lab("retired")
    copy = tmp_path / "source"
    shutil.copytree(PROJECT / "modelling", copy / "modelling")
    runner = subprocess.Popen(
        [sys.executable, "-m", "modelling", "runner"],
        env=lab.settings.to_env(),
        cwd=copy,
        stdin=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: n_runners(lab) == 1, timeout_s=20, what="the runner's row")
        (copy / "modelling" / "types.py").write_text("# edited\n")
        wait_until(lambda: runner.poll() is not None, timeout_s=30, what="the runner's end")
        assert runner.returncode == 0
    finally:
        if runner.poll() is None:
            os.kill(runner.pid, signal.SIGKILL)
            runner.wait()
