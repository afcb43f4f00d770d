"""Rungs through the runner: the gain equals a recomputation from the stored predictions."""

import numpy as np
import pytest
from sklearn.metrics import f1_score, roc_auc_score

from modelling.datasets.choices import TaskChoices
from modelling.errors import SpecError
from modelling.models import model
from modelling.runner.out_of_fold import evaluated
from modelling.types import ResultStatus, Rung, RunState, Variant
from tests.runner.conftest import experiment_on, open_lab, serve
from tests.runner.test_ensemble_stage import folds_of, load


@pytest.fixture(scope="module")
def lab(tmp_path_factory, table):
    """A workspace with two benchmarks of one table: scored by ROC AUC and by F1."""
    lab = open_lab(tmp_path_factory.mktemp("ladder"))
    bench = lab.workbench
    lab.by_auc = experiment_on(bench, table)
    lab.by_f1 = bench.create_experiment(lab.by_auc.dataset_id, TaskChoices(target="y", metric="f1"))
    for experiment in (lab.by_auc, lab.by_f1):
        bench.start_benchmark(experiment.id, ["logistic", "tree"])
    serve(lab)
    yield lab
    bench.close()


def measure(lab, experiment, rung, key="tree"):
    run = lab.workbench.start_rung(experiment.id, rung, key)
    serve(lab)
    return lab.workbench.run(run.id)


def found_of(lab, experiment, rung, key="tree"):
    return next(one for one in lab.workbench.rungs(experiment.id, key) if one.rung is rung)


def out_of_fold(lab, run_id, key, trial, n_folds=5):
    truth, folds = folds_of(lab, n_folds)
    found = evaluated(lab.workbench._store, run_id, key, n_folds)[trial]
    whole = np.empty((len(truth), 2))
    for rows, path in zip(folds, found.predictions.by_fold, strict=True):
        whole[rows] = np.load(path)
    return truth, whole


def base_of(lab, experiment, key="tree"):
    return lab.workbench.result(experiment.id, key)


def test_the_known_good_configuration_is_compared_with_the_base(lab):
    run = measure(lab, lab.by_auc, Rung.KNOWN_GOOD)
    assert run.state is RunState.FINISHED
    found = found_of(lab, lab.by_auc, Rung.KNOWN_GOOD)
    truth, base = out_of_fold(lab, base_of(lab, lab.by_auc).run_id, "tree", 0)
    _, known = out_of_fold(lab, run.id, "tree", 1)
    gain = roc_auc_score(truth, known[:, 1]) - roc_auc_score(truth, base[:, 1])
    assert found.gain == pytest.approx(gain, abs=1e-12)
    assert found.interval[0] < found.gain < found.interval[1]
    folds = lab.workbench._store.results.folds(run.id)
    assert len(folds) == 5
    assert found.cpu_s >= sum(fold.cpu_s for fold in folds) > 0
    assert all(f"{name} = " in found.detail for name in model("tree").known_good[0])


def test_the_learning_curve_ends_in_a_forecast_for_twice_the_rows(lab):
    run = measure(lab, lab.by_auc, Rung.MORE_ROWS)
    found = found_of(lab, lab.by_auc, Rung.MORE_ROWS)
    sizes = [point.n_rows for point in found.curve]
    n_rows = sizes[3]
    assert sizes == [round(n_rows * share) for share in (1 / 8, 1 / 4, 1 / 2, 1, 2)]
    assert n_rows == round(lab.by_auc.n_train * 0.8)
    assert [point.is_forecast for point in found.curve] == [False] * 4 + [True]
    for trial, point in enumerate(found.curve[:3], start=1):
        truth, answers = out_of_fold(lab, run.id, "tree", trial)
        assert point.score == pytest.approx(roc_auc_score(truth, answers[:, 1]), abs=1e-12)
    truth, base = out_of_fold(lab, base_of(lab, lab.by_auc).run_id, "tree", 0)
    assert found.curve[3].score == pytest.approx(roc_auc_score(truth, base[:, 1]), abs=1e-12)
    assert found.gain >= 0.0
    assert found.interval[0] <= found.gain <= found.interval[1]


def test_a_threshold_is_learned_on_the_other_folds(lab):
    measure(lab, lab.by_f1, Rung.THRESHOLD, "logistic")
    found = found_of(lab, lab.by_f1, Rung.THRESHOLD, "logistic")
    base = base_of(lab, lab.by_f1, "logistic")
    truth, answers = out_of_fold(lab, base.run_id, "logistic", 0)
    _, folds = folds_of(lab, 5)
    second, decided = answers[:, 1], np.zeros(len(truth), dtype=bool)
    for rows in folds:
        others = np.setdiff1d(np.arange(len(truth)), rows)
        tried = np.quantile(second[others], np.linspace(0, 1, 200))
        scores = [f1_score(truth[others], second[others] > one) for one in tried]
        decided[rows] = second[rows] > tried[int(np.argmax(scores))]
    gain = f1_score(truth, decided) - f1_score(truth, second > 0.5)
    # The thresholds lie between the same quantiles, not on them.
    assert found.gain == pytest.approx(gain, abs=0.02)
    assert found.cpu_s < 5.0


def test_the_ensemble_is_a_rung_without_a_fit(lab):
    run = measure(lab, lab.by_auc, Rung.ENSEMBLE)
    found = found_of(lab, lab.by_auc, Rung.ENSEMBLE)
    row = lab.workbench.result(lab.by_auc.id, "ensemble", Variant.ENSEMBLE)
    truth, base = out_of_fold(lab, base_of(lab, lab.by_auc).run_id, "tree", 0)
    averaged = load(lab.workbench, row.oof_blob)[:, 1]
    gain = roc_auc_score(truth, averaged) - roc_auc_score(truth, base[:, 1])
    assert found.gain == pytest.approx(gain, abs=1e-12)
    assert lab.workbench._store.results.folds(run.id) == ()


def test_no_rung_adds_a_row_or_scores_the_locked_test(lab):
    bench = lab.workbench
    rows, peeks = bench.results(lab.by_auc.id), bench.experiment(lab.by_auc.id).peeks
    measure(lab, lab.by_auc, Rung.KNOWN_GOOD)
    measure(lab, lab.by_auc, Rung.ENSEMBLE)
    assert bench.results(lab.by_auc.id) == rows
    assert bench.experiment(lab.by_auc.id).peeks == peeks
    assert {row.status for row in rows} == {ResultStatus.OK}


def test_a_rung_that_does_not_apply_is_refused_in_a_sentence(lab):
    with pytest.raises(SpecError, match="^ROC AUC does not depend on a threshold.$"):
        lab.workbench.start_rung(lab.by_auc.id, Rung.THRESHOLD, "tree")
    with pytest.raises(SpecError, match="benchmark it first"):
        lab.workbench.start_rung(lab.by_auc.id, Rung.KNOWN_GOOD, "knn")


def test_measuring_again_replaces_what_was_measured(lab):
    first = measure(lab, lab.by_auc, Rung.KNOWN_GOOD)
    second = measure(lab, lab.by_auc, Rung.KNOWN_GOOD)
    assert first.id != second.id
    rungs = [one.rung for one in lab.workbench.rungs(lab.by_auc.id, "tree")]
    assert rungs.count(Rung.KNOWN_GOOD) == 1
    assert lab.workbench.rung_runs(lab.by_auc.id, "tree")[Rung.KNOWN_GOOD].id == second.id
