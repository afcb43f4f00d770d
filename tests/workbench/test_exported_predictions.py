"""Exported predictions: right rows, exact figures, and metrics that anyone can recompute."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest

from components.tables import csv_bytes, parquet_bytes
from modelling.errors import NotFoundError
from modelling.launch import WhenOwnerEnds
from modelling.metrics import metrics_for
from modelling.settings import Settings
from modelling.store.results import Batch
from modelling.types import Budget, ResultStatus, RunState, SplitStrategy, TaskKind, Variant
from modelling.workbench import TaskChoices, Workbench
from tests.builders import mixed_table
from tests.metrics.reference import by_scikit_learn

# Naive Bayes and the logistic regression answer in single precision.
MODELS = {
    TaskKind.BINARY: ("naive_bayes", "logistic", "tree"),
    TaskKind.MULTICLASS: ("naive_bayes", "logistic", "lightgbm"),
    TaskKind.REGRESSION: ("ridge", "linear_svm", "tree"),
}
FOLDS = 3
N_ROWS = 240
EVERY_MODEL = [(kind, key) for kind, keys in MODELS.items() for key in (*keys, "dummy")]
EVERY_METRIC = [(kind, spec) for kind in TaskKind for spec in metrics_for(kind)]


@dataclass(frozen=True)
class Workspace:
    """Three benchmarked experiments, one a kind of task, and the tables they were made from."""

    workbench: Workbench
    experiments: dict[TaskKind, str]
    tables: dict[TaskKind, pd.DataFrame]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory) -> Iterator[Workspace]:
    home = tmp_path_factory.mktemp("exported")
    settings = Settings.from_env({"TUNEWORTH_HOME": str(home), "TUNEWORTH_WORKERS": "2"})
    tables = {kind: mixed_table(kind, N_ROWS, seed=5) for kind in TaskKind}
    with Workbench.open(settings, when_owner_ends=WhenOwnerEnds.STOP) as workbench:
        experiments = {
            kind: workbench.create_experiment(
                workbench.add_frame(table, name=f"{kind}.parquet").id,
                TaskChoices(target="y", kind=kind, folds=FOLDS),
            ).id
            for kind, table in tables.items()
        }
        runs = [workbench.start_benchmark(experiments[kind], MODELS[kind]) for kind in TaskKind]
        for run in runs:
            assert workbench.wait(run.id, timeout_s=120).state is RunState.FINISHED
        yield Workspace(workbench, experiments, tables)


def read_back(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table as whoever downloads its CSV has it."""
    return pd.read_csv(io.BytesIO(csv_bytes(frame)), encoding="utf-8-sig")


def truth_and_prediction(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the columns of an exported table as scikit-learn's functions take them."""
    if "prediction" in table:
        return table["truth"].to_numpy(), table["prediction"].to_numpy()
    names = [name for name in table if name.startswith("probability_")]
    classes = [name.removeprefix("probability_") for name in names]
    return table["truth"].map(classes.index).to_numpy(), table[names].to_numpy()


def as_distribution(name: str, prediction: np.ndarray) -> np.ndarray:
    """Return probabilities that sum to one where scikit-learn insists on it."""
    if name == "neg_log_loss" or (name == "neg_brier_score" and prediction.shape[1] > 2):
        return prediction / prediction.sum(axis=1, keepdims=True)
    if name == "neg_brier_score":
        return np.column_stack([1 - prediction[:, 1], prediction[:, 1]])
    return prediction


def by_hand(name: str, table: pd.DataFrame) -> float:
    truth, prediction = truth_and_prediction(table)
    return by_scikit_learn(name, truth, as_distribution(name, prediction))


@pytest.mark.parametrize(("kind", "spec"), EVERY_METRIC, ids=lambda item: getattr(item, "name", 0))
class TestShownMetrics:
    def test_over_the_folds_are_scikit_learns_of_the_exported_predictions(
        self, workspace, kind, spec
    ):
        workbench, experiment = workspace.workbench, workspace.experiments[kind]
        for key in (*MODELS[kind], "dummy"):
            table = read_back(workbench.out_of_fold(experiment, key))
            expected = [by_hand(spec.name, part) for _, part in table.groupby("fold")]
            details = workbench.details(experiment, key)
            (shown,) = [item for item in details.metrics if item.metric == spec]
            assert shown.n_folds == FOLDS
            assert shown.mean == pytest.approx(np.mean(expected), rel=1e-12, abs=1e-12)
            assert shown.sd == pytest.approx(np.std(expected, ddof=1), rel=1e-9, abs=1e-12)

    def test_of_the_locked_test_are_scikit_learns_of_its_predictions(self, workspace, kind, spec):
        workbench, experiment = workspace.workbench, workspace.experiments[kind]
        for key in (*MODELS[kind], "dummy"):
            table = read_back(workbench.test_predictions(experiment, key))
            shown = workbench.result(experiment, key).metrics[spec.name]
            assert shown == pytest.approx(by_hand(spec.name, table), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(("kind", "key"), EVERY_MODEL)
def test_a_row_is_the_position_in_the_data_set_and_truth_is_what_stands_there(workspace, kind, key):
    workbench, experiment = workspace.workbench, workspace.experiments[kind]
    trained = workbench.out_of_fold(experiment, key)
    tested = workbench.test_predictions(experiment, key)
    stored = workspace.tables[kind]["y"]
    for table in (trained, tested):
        assert list(table["truth"]) == list(stored.iloc[table["row"]])
        assert table["row"].is_monotonic_increasing
    together = [*trained["row"], *tested["row"]]
    assert sorted(together) == list(range(N_ROWS))
    assert sorted(set(trained["fold"])) == [1, 2, 3]
    assert "fold" not in tested


@pytest.mark.parametrize("kind", list(TaskKind))
def test_every_figure_survives_csv_and_parquet(workspace, kind):
    table = workspace.workbench.out_of_fold(workspace.experiments[kind], MODELS[kind][0])
    assert {str(kind) for kind in table.dtypes.iloc[3:]} == {"float64"}
    pd.testing.assert_frame_equal(read_back(table), table, check_exact=True, check_dtype=False)
    stored = pd.read_parquet(io.BytesIO(parquet_bytes(table)))
    pd.testing.assert_frame_equal(stored, table, check_exact=True)


def test_probabilities_are_named_after_their_classes(workspace):
    table = workspace.workbench.out_of_fold(workspace.experiments[TaskKind.MULTICLASS], "logistic")
    names = ["row", "fold", "truth", "probability_a", "probability_b", "probability_c"]
    assert list(table.columns) == names
    values = workspace.workbench.out_of_fold(workspace.experiments[TaskKind.REGRESSION], "ridge")
    assert list(values.columns) == ["row", "fold", "truth", "prediction"]


def test_a_tuned_model_has_the_predictions_of_the_trial_it_came_from(workspace):
    workbench, experiment = workspace.workbench, workspace.experiments[TaskKind.BINARY]
    run = workbench.start_tuning(experiment, ["tree"], Budget(trials=5))
    assert workbench.wait(run.id, timeout_s=120).state is RunState.FINISHED
    row = workbench.result(experiment, "tree", Variant.TUNED)
    table = read_back(workbench.out_of_fold(experiment, "tree", Variant.TUNED))
    scores = [by_hand("roc_auc", part) for _, part in table.groupby("fold")]
    assert scores == pytest.approx(row.fold_scores, abs=1e-12)
    tested = read_back(workbench.test_predictions(experiment, "tree", Variant.TUNED))
    assert by_hand("roc_auc", tested) == pytest.approx(row.test_score, abs=1e-12)


def test_by_time_the_rows_that_no_fold_validates_are_left_out(workspace):
    workbench = workspace.workbench
    data = workbench.add_frame(workspace.tables[TaskKind.BINARY], name="by time.parquet")
    choices = TaskChoices(target="y", time="date", split=SplitStrategy.TIME, folds=FOLDS)
    experiment = workbench.create_experiment(data.id, choices)
    workbench.wait(workbench.start_benchmark(experiment.id, ["tree"]).id, timeout_s=120)
    table = workbench.out_of_fold(experiment.id, "tree")
    assert 0 < len(table) < experiment.n_train
    assert table["row"].is_unique
    dates = workspace.tables[TaskKind.BINARY]["date"].iloc[table["row"]].reset_index(drop=True)
    assert dates[table["fold"] == 1].max() < dates[table["fold"] == 2].min()


def test_an_ensembles_predictions_come_in_one_piece_and_belong_to_the_same_rows(workspace):
    workbench, experiment = workspace.workbench, workspace.experiments[TaskKind.BINARY]
    logistic = workbench.out_of_fold(experiment, "logistic")
    store = workbench._store
    whole = store.blobs.scratch(".npy")
    # As an ensemble leaves them: in the order of the training rows, here those of one model.
    np.save(whole, logistic[["probability_no", "probability_yes"]].to_numpy())
    row = replace(
        workbench.result(experiment, "logistic"),
        key="ensemble",
        variant=Variant.ENSEMBLE,
        oof_blob=store.blobs.adopt(whole),
    )
    batch = Batch(run_id=row.run_id, experiment_id=experiment)
    batch.results["ensemble", "ensemble"] = row
    store.results.save([batch])
    table = workbench.out_of_fold(experiment, "ensemble", Variant.ENSEMBLE)
    pd.testing.assert_frame_equal(table, logistic)
    assert [line.row.key for line in workbench.leaderboard(experiment)][:2] == [
        "logistic",
        "ensemble",
    ]
    details = workbench.details(experiment, "ensemble", Variant.ENSEMBLE)
    assert details.folds == ()
    known = {item.metric.name: item.mean for item in details.metrics if item.mean is not None}
    assert known == {"roc_auc": pytest.approx(row.cv_score)}


def test_a_model_that_failed_or_never_ran_has_none_and_says_why(workspace):
    workbench, experiment = workspace.workbench, workspace.experiments[TaskKind.REGRESSION]
    with pytest.raises(NotFoundError, match='no result of "knn" \\(base\\)'):
        workbench.out_of_fold(experiment, "knn")
    failed = replace(
        workbench.result(experiment, "tree"),
        key="knn",
        title="Nearest neighbours",
        status=ResultStatus.FAILED,
        error="Ended at its limit of 1 CPU seconds.",
        test_prediction_blob=None,
    )
    batch = Batch(run_id=failed.run_id, experiment_id=experiment)
    batch.results["knn", "base"] = failed
    workbench._store.results.save([batch])
    for ask in (workbench.out_of_fold, workbench.test_predictions):
        with pytest.raises(NotFoundError, match="Ended at its limit of 1 CPU seconds"):
            ask(experiment, "knn")


def test_without_the_rows_of_the_folds_the_next_step_is_said(workspace):
    workbench, experiment = workspace.workbench, workspace.experiments[TaskKind.MULTICLASS]
    files = list((workbench._store.home / "cache").rglob("folds.npz"))
    hidden = [path.rename(path.with_suffix(".hidden")) for path in files]
    try:
        with pytest.raises(NotFoundError, match="run the benchmark once more"):
            workbench.out_of_fold(experiment, "logistic")
    finally:
        for path in hidden:
            path.rename(path.with_suffix(".npz"))
    assert len(workbench.out_of_fold(experiment, "logistic")) > 0
