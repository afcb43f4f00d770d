"""The ensemble row: what it is made of, what it scores and costs, and when there is none."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score, root_mean_squared_error

from modelling.comparison import row_name
from modelling.comparison.compare import row_label
from modelling.datasets.choices import TaskChoices
from modelling.runner.ensemble_stage import ensemble_row
from modelling.runner.ensemble_work import BuiltEnsemble
from modelling.runner.works import LockedScores
from modelling.store.results import Batch
from modelling.types import (
    Budget,
    Experiment,
    ModelResult,
    ResultStatus,
    Run,
    RunState,
    SplitStrategy,
    TaskKind,
    TrialCounts,
    Variant,
)
from modelling.workbench import Workbench
from tests.runner.conftest import Lab, experiment_on, serve

MakeLab = Callable[[str], Lab]


def ensembles(bench: Workbench, experiment: Experiment) -> list[ModelResult]:
    rows = bench._store.results.models(experiment.id)
    return [row for row in rows if row.key == "ensemble"]


def folds_of(lab: Lab, n_folds: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return the truth of the training rows, and the rows that each fold validates."""
    (path,) = (lab.settings.home / "cache").rglob("folds.npz")
    with np.load(path) as parts:
        return parts["truth"], [parts[f"valid_{fold}"] for fold in range(n_folds)]


def load(bench: Workbench, blob: str | None) -> np.ndarray:
    return np.asarray(np.load(bench._store.blobs.path(str(blob))))


@pytest.fixture(scope="module")
def made_rows() -> tuple[ModelResult, ...]:
    tree = ModelResult(
        run_id="r",
        key="tree",
        title="Tree",
        family="tree",
        variant=Variant.BASE,
        fit_cpu_s=1.0,
        fit_time_s=2.0,
        cv_cpu_s=4.0,
        predict_cpu_ms_per_1k=3.0,
        predict_ms_per_1k_p50=4.0,
        predict_ms_per_1k_p95=5.0,
        predict_ms_single_p50=0.5,
        predict_ms_single_p95=0.75,
        peak_memory_bytes=100,
        size_bytes=1000,
    )
    tuned = replace(
        tree,
        variant=Variant.TUNED,
        fit_cpu_s=2.0,
        cv_cpu_s=0.0,
        search_cpu_s=30.0,
        search_time_s=40.0,
        trials=TrialCounts(complete=5, pruned=2, failed=1),
        peak_memory_bytes=300,
        machine_busy=True,
    )
    unused = replace(tree, key="knn", title="KNN", size_bytes=10**9)
    return tree, unused, tuned


def built(*weights: float) -> BuiltEnsemble:
    return BuiltEnsemble(
        weights=weights,
        fold_scores=(0.7, 0.8, 0.9),
        test=LockedScores(scores={"roc_auc": 0.75}, interval=(0.7, 0.8)),
        cpu_s=0.25,
        time_s=0.5,
    )


class TestRow:
    def test_costs_are_the_sums_of_the_members_that_have_weight(self, made_rows):
        """The tree is searched once: its base row of the same study carries no search."""
        row = ensemble_row("r", made_rows, built(0.25, 0.0, 0.75))
        assert (row.fit_cpu_s, row.fit_time_s) == (1.0 + 2.0 + 0.25, 2.0 + 2.0 + 0.5)
        assert (row.search_cpu_s, row.search_time_s, row.cv_cpu_s) == (30.0, 40.0, 4.0)
        assert row.training_cpu_s == 33.25
        assert row.trials == TrialCounts(complete=5, pruned=2, failed=1)
        assert (row.predict_cpu_ms_per_1k, row.predict_ms_single_p50) == (6.0, 1.0)
        assert (row.predict_ms_per_1k_p50, row.predict_ms_per_1k_p95) == (8.0, 10.0)
        assert row.predict_ms_single_p95 == 1.5
        assert (row.peak_memory_bytes, row.size_bytes) == (300, 2000)
        assert row.machine_busy

    def test_weights_and_members_are_named_heaviest_first(self, made_rows):
        row = ensemble_row("r", made_rows, built(0.25, 0.0, 0.75))
        assert list(row.params.items()) == [("Tree (tuned)", 0.75), ("Tree (base)", 0.25)]
        assert row.members == ("r:tree:tuned", "r:tree:base")
        assert (row.key, row.title, row.family) == ("ensemble", "Ensemble", "ensemble")

    def test_the_selection_score_is_the_mean_over_the_folds(self, made_rows):
        row = ensemble_row("r", made_rows, built(1.0, 0.0, 0.0))
        assert row.cv_score == pytest.approx(0.8)
        assert row.cv_std == pytest.approx(0.1)
        assert row.params == {"Tree (base)": 1.0}

    def test_an_answer_that_was_not_timed_leaves_the_sum_unknown(self, made_rows):
        tree, unused, tuned = made_rows
        rows = (tree, unused, replace(tuned, predict_cpu_ms_per_1k=None))
        assert ensemble_row("r", rows, built(0.5, 0.0, 0.5)).predict_cpu_ms_per_1k is None


def test_a_benchmark_and_a_study_leave_one_ensemble_each_and_the_study_alone_a_verdict(
    make_lab: MakeLab, table: Path
) -> None:
    lab = make_lab("whole")
    bench = lab.workbench
    experiment = experiment_on(bench, table)
    first = bench.start_benchmark(experiment.id, ["naive_bayes", "logistic", "tree"])
    serve(lab)
    (of_bases,) = ensembles(bench, experiment)
    assert of_bases.run_id == first.id
    alone = bench.comparison(experiment.id)
    assert (alone.pairs, alone.overall) == ((), None)
    assert of_bases in alone.models
    study = bench.start_tuning(experiment.id, ["tree"], Budget(trials=6))
    serve(lab)
    (_, of_all) = ensembles(bench, experiment)
    assert of_all.run_id == study.id
    assert_it_is_what_it_says(lab, experiment, of_all)
    assert_its_costs_are_sums(bench, experiment, of_all)
    assert_it_was_among_what_could_have_won(bench, experiment)
    assert bench.experiment(experiment.id).peeks == 1  # one batch of each run, the row included


def assert_it_is_what_it_says(lab: Lab, experiment: Experiment, row: ModelResult) -> None:
    """Recompute its scores from the stored predictions with scikit-learn's metric."""
    bench = lab.workbench
    truth, valid = folds_of(lab, experiment.task.folds)
    oof = load(bench, row.oof_blob)
    assert (oof.dtype, oof.shape) == (np.float64, (experiment.n_train, 2))
    by_hand = [roc_auc_score(truth[rows], oof[rows, 1]) for rows in valid]
    assert row.fold_scores == pytest.approx(by_hand, abs=1e-12)
    assert row.cv_score == pytest.approx(np.mean(by_hand), abs=1e-12)
    assert row.cv_std == pytest.approx(np.std(by_hand, ddof=1), abs=1e-12)
    assert sum(map(float, row.params.values())) == pytest.approx(1.0)
    members = members_of(bench, experiment, row)
    assert list(row.params) == [row_label(member) for member in members]
    average = sum(
        float(row.params[row_label(member)]) * load(bench, member.test_prediction_blob)
        for member in members
    )
    predicted = load(bench, row.test_prediction_blob)
    assert predicted == pytest.approx(average, abs=1e-12)
    test = bench.problem(experiment.id).load("test").truth
    assert row.test_score == pytest.approx(roc_auc_score(test, predicted[:, 1]), abs=1e-12)
    low, high = np.percentile(load(bench, row.draws_blob), [2.5, 97.5])
    assert row.test_interval == pytest.approx((low, high))


def members_of(bench: Workbench, experiment: Experiment, row: ModelResult) -> list[ModelResult]:
    rows = {row_name(item): item for item in bench._store.results.models(experiment.id)}
    return [rows[name] for name in row.members]


def assert_its_costs_are_sums(bench: Workbench, experiment: Experiment, row: ModelResult) -> None:
    members = members_of(bench, experiment, row)
    fitted = sum(member.fit_cpu_s or 0.0 for member in members)
    assert fitted < (row.fit_cpu_s or 0.0) < fitted + 30.0  # and the selection's own seconds
    assert row.search_cpu_s == sum(member.search_cpu_s for member in members)
    assert row.size_bytes == sum(member.size_bytes or 0 for member in members)
    answers = sum(member.predict_cpu_ms_per_1k or 0.0 for member in members)
    assert row.predict_cpu_ms_per_1k == pytest.approx(answers)


def assert_it_was_among_what_could_have_won(bench: Workbench, experiment: Experiment) -> None:
    """The gain seen by the search is that of the best of all trials and both ensembles."""
    pair = bench.comparison(experiment.id).overall
    assert pair is not None
    assert pair.selection is not None
    trials = pair_trials(bench, experiment)
    both = [load(bench, row.oof_blob) for row in ensembles(bench, experiment)]
    assert pair.selection.n_configurations == len(trials) + 2
    base = pair_base(bench, pair.base)
    truth = bench.problem(experiment.id).load("train").truth
    auc = [roc_auc_score(truth, oof[:, 1].astype("float32")) for oof in (*trials, *both, base)]
    assert pair.selection.selection_gain == pytest.approx(max(auc[:-1]) - auc[-1], abs=1e-9)


def pair_trials(bench: Workbench, experiment: Experiment) -> list[np.ndarray]:
    """Return the out-of-fold predictions of each complete trial."""
    (study,) = [run for run in bench.runs(experiment.id) if run.kind == "tuning"]
    complete = [trial.number for trial in bench.trials(study.id) if trial.state == "complete"]
    return [out_of_fold(bench, study.id, "tree", number) for number in complete]


def pair_base(bench: Workbench, base: ModelResult) -> np.ndarray:
    return out_of_fold(bench, base.run_id, base.key, 0)


def out_of_fold(bench: Workbench, run_id: str, key: str, trial: int) -> np.ndarray:
    folds = [
        fold
        for fold in bench._store.results.folds(run_id)
        if (fold.model, fold.trial) == (key, trial)
    ]
    (path,) = (bench.settings.home / "cache").rglob("folds.npz")
    with np.load(path) as parts:
        whole = np.full((len(parts["truth"]), 2), np.nan)
        for fold in folds:
            whole[parts[f"valid_{fold.fold}"]] = load(bench, fold.prediction_blob)
    return whole


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """600 rows with a day, a shop, a number and three classes that follow two features."""
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(rng.normal(size=(600, 4)), columns=["a", "b", "c", "d"])
    frame["day"] = pd.Timestamp(2026, 1, 1) + pd.to_timedelta(np.arange(600) // 2, "D")
    frame["shop"] = [f"shop {number}" for number in rng.integers(0, 300, 600)]
    signal = frame["a"] + np.abs(frame["b"]) + 0.5 * rng.normal(size=600)
    frame["amount"] = 10 * signal
    frame["kind"] = pd.qcut(signal, 3, labels=["low", "mid", "high"]).astype(str)
    path = tmp_path_factory.mktemp("tables") / "dated.csv"
    frame.to_csv(path, index=False)
    return path


def rmse(truth: np.ndarray, values: np.ndarray) -> float:
    return float(root_mean_squared_error(truth, values))


def brier(truth: np.ndarray, chances: np.ndarray) -> float:
    return float(np.square(chances - np.eye(3)[truth]).sum(axis=1).mean())


@pytest.mark.parametrize(
    ("target", "split", "hand"),
    [
        ("amount", SplitStrategy.TIME, rmse),
        ("amount", SplitStrategy.TIME_AND_GROUP, rmse),
        ("kind", SplitStrategy.GROUP, brier),
        ("kind", SplitStrategy.TIME, brier),
    ],
)
def test_it_works_where_later_rows_or_whole_groups_validate(
    make_lab: MakeLab,
    dated: Path,
    target: str,
    split: SplitStrategy,
    hand: Callable[[np.ndarray, np.ndarray], float],
) -> None:
    lab = make_lab("split")
    bench = lab.workbench
    other, metric = ("kind", None) if target == "amount" else ("amount", "neg_brier_score")
    choices = TaskChoices(
        target=target,
        metric=metric,
        split=split,
        time="day",
        group="shop",
        drop=(other,),
        folds=3,
    )
    experiment = bench.create_experiment(bench.add_file(dated).id, choices)
    regression = experiment.task.kind is TaskKind.REGRESSION
    models = ["ridge", "knn", "tree"] if regression else ["naive_bayes", "logistic", "knn"]
    run = bench.start_benchmark(experiment.id, models)
    serve(lab)
    assert bench.run(run.id).state is RunState.FINISHED
    (row,) = ensembles(bench, experiment)
    assert (row.status, row.error) == (ResultStatus.OK, None)
    truth, valid = folds_of(lab, 3)
    oof = load(bench, row.oof_blob)
    validated = np.isfinite(oof.reshape(len(oof), -1)).all(axis=1)
    assert set(np.flatnonzero(validated)) == set(np.concatenate(valid))
    assert row.fold_scores == pytest.approx([hand(truth[rows], oof[rows]) for rows in valid])
    guess = next(item for item in bench.results(experiment.id) if item.key == "dummy")
    assert (row.cv_score or 9.0) < (guess.cv_score or 0.0)
    assert not row.beaten_by_dummy


def test_a_run_that_is_resumed_after_its_ensemble_makes_no_second_one(
    make_lab: MakeLab, table: Path
) -> None:
    lab = make_lab("resumed")
    bench = lab.workbench
    experiment = experiment_on(bench, table, folds=2)
    run = bench.start_benchmark(experiment.id, ["logistic", "tree"])
    serve(lab)
    before = bench._store.results.models(experiment.id)
    interrupt(bench, run)
    bench.resume(run.id)
    serve(lab)
    assert bench.run(run.id).state is RunState.FINISHED
    assert bench._store.results.models(experiment.id) == before
    assert len(ensembles(bench, experiment)) == 1


def interrupt(bench: Workbench, run: Run) -> None:
    """Leave a run as a runner does that is killed just before the end."""
    values = {"state": RunState.INTERRUPTED}
    batch = Batch(run_id=run.id, experiment_id=run.experiment_id, run_values=values)
    bench._store.results.save([batch])


def test_one_model_beside_the_dummy_is_no_ensemble(make_lab: MakeLab, table: Path) -> None:
    lab = make_lab("single")
    experiment = experiment_on(lab.workbench, table, folds=2)
    lab.workbench.start_benchmark(experiment.id, ["dummy", "tree"])
    serve(lab)
    assert ensembles(lab.workbench, experiment) == []


def test_models_that_do_not_beat_guessing_are_no_members(make_lab: MakeLab, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    noise = pd.DataFrame(rng.normal(size=(200, 3)), columns=["a", "b", "c"])
    noise["y"] = rng.normal(size=200)
    noise.to_csv(tmp_path / "noise.csv", index=False)
    lab = make_lab("noise")
    bench = lab.workbench
    experiment = experiment_on(bench, tmp_path / "noise.csv", folds=2)
    bench.start_benchmark(experiment.id, ["ridge", "tree", "knn"])
    bench.start_tuning(experiment.id, ["tree", "knn"], Budget(trials=2))
    serve(lab)
    guess = next(row for row in bench.results(experiment.id) if row.key == "dummy")
    rest = [row for row in bench.results(experiment.id) if row.key != "dummy"]
    assert len(rest) == 5
    assert all((row.cv_score or 0.0) >= (guess.cv_score or 0.0) for row in rest)
    assert ensembles(bench, experiment) == []


def fold_files(bench: Workbench, run: Run, key: str) -> list[Path]:
    """Return where the fold predictions of one model lie."""
    folds = bench._store.results.folds(run.id)
    path = bench._store.blobs.path
    return [path(str(fold.prediction_blob)) for fold in folds if fold.model == key]


def test_a_member_whose_file_cannot_be_read_makes_a_failed_row_and_the_run_goes_on(
    make_lab: MakeLab, table: Path
) -> None:
    lab = make_lab("damaged")
    bench = lab.workbench
    experiment = experiment_on(bench, table, folds=2)
    first = bench.start_benchmark(experiment.id, ["logistic", "tree"])
    serve(lab)
    fold_files(bench, first, "tree")[0].write_bytes(b"no array")
    second = bench.start_benchmark(experiment.id, ["naive_bayes"])
    serve(lab)
    assert bench.run(second.id).state is RunState.FINISHED
    good, failed = ensembles(bench, experiment)
    assert (good.run_id, good.status) == (first.id, ResultStatus.OK)
    assert (failed.run_id, failed.status) == (second.id, ResultStatus.FAILED)
    assert failed.error
    assert failed.cv_score is None
    assert good in bench.results(experiment.id)


def test_a_model_whose_predictions_are_gone_is_no_member(make_lab: MakeLab, table: Path) -> None:
    lab = make_lab("gone")
    bench = lab.workbench
    experiment = experiment_on(bench, table, folds=2)
    first = bench.start_benchmark(experiment.id, ["logistic", "tree"])
    serve(lab)
    fold_files(bench, first, "tree")[0].unlink()
    second = bench.start_benchmark(experiment.id, ["naive_bayes"])
    serve(lab)
    row = ensembles(bench, experiment)[-1]
    assert (row.run_id, row.status) == (second.id, ResultStatus.OK)
    assert "Decision tree (base)" not in row.params
