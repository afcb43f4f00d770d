"""Fresh test rows: stored models answer them, nothing is fitted, nothing before changes."""

import numpy as np
import pandas as pd
import pytest

from modelling.errors import DataError, SpecError, TaskError
from modelling.metrics import metric, score
from modelling.types import Budget, ResultStatus, RunState, Variant
from tests.runner.conftest import experiment_on, serve


@pytest.fixture
def tuned(make_lab, table):
    lab = make_lab("fresh")
    experiment = experiment_on(lab.workbench, table, folds=3)
    lab.workbench.start_benchmark(experiment.id, ["logistic", "tree"])
    lab.workbench.start_tuning(experiment.id, ["tree"], Budget(trials=6))
    serve(lab)
    return lab, experiment.id


def write_fresh(table, path, n_rows=400):
    """Write other rows of the same kind: the table's own, shuffled column by column but for y."""
    frame = pd.read_csv(table).sample(n_rows, random_state=1, ignore_index=True)
    frame["x5"] = np.random.default_rng(2).permutation(frame["x5"])
    frame.to_csv(path, index=False)
    return path


def test_every_stored_model_is_scored_and_keeps_its_search(tuned, table, tmp_path):
    lab, before = tuned
    bench = lab.workbench
    old, old_rows = bench.experiment(before), bench.results(before)
    made, run = bench.add_fresh_test(before, write_fresh(table, tmp_path / "later.csv"))
    serve(lab)
    assert bench.run(run.id).state is RunState.FINISHED
    assert bench.run(run.id).fit_cpu_s == 0.0
    rows = {(row.key, row.variant): row for row in bench.results(made.id)}
    assert rows.keys() == {(row.key, row.variant) for row in old_rows}
    for row in old_rows:
        fresh = rows[row.key, row.variant]
        assert fresh.status is ResultStatus.OK
        assert fresh.cv_score == row.cv_score
        assert fresh.search_cpu_s == row.search_cpu_s
        assert fresh.test_score != row.test_score or row.key == "dummy"
        answers = bench.test_predictions(made.id, row.key, row.variant)
        truth = (answers["truth"] == "yes").to_numpy(dtype=int)
        shares = answers[["probability_no", "probability_yes"]].to_numpy()
        expected = score(metric("roc_auc"), truth, shares)
        assert fresh.test_score == pytest.approx(expected, abs=1e-9)
    assert bench.experiment(made.id).test_batches == 1
    assert bench.experiment(before) == old
    assert bench.results(before) == old_rows


def test_the_verdict_is_there_with_what_the_search_saw(tuned, table, tmp_path):
    lab, before = tuned
    bench = lab.workbench
    old = bench.comparison(before)
    made, _ = bench.add_fresh_test(before, write_fresh(table, tmp_path / "later.csv"))
    serve(lab)
    new = bench.comparison(made.id)
    assert (new.overall.base.key, new.overall.candidate.key) == (
        old.overall.base.key,
        old.overall.candidate.key,
    )
    assert new.overall.gain.n_test == 400
    assert new.overall.selection == old.overall.selection
    assert any(row.variant is Variant.ENSEMBLE for row in new.models)


def test_rows_that_cannot_be_scored_are_refused(tuned, table, tmp_path):
    lab, before = tuned
    bench = lab.workbench
    path = write_fresh(table, tmp_path / "later.csv")
    pd.read_csv(path).drop(columns="x0").to_csv(path, index=False)
    with pytest.raises(TaskError, match="misses the column 'x0'"):
        bench.add_fresh_test(before, path)
    pd.read_csv(table).head(400).replace({"y": {"yes": "maybe"}}).to_csv(path, index=False)
    with pytest.raises(DataError, match="'maybe'"):
        bench.add_fresh_test(before, path)
    assert [item.id for item in bench.experiments()] == [before]


def test_without_a_stored_model_there_is_nothing_to_score(make_lab, table, tmp_path):
    lab = make_lab("empty")
    experiment = experiment_on(lab.workbench, table)
    with pytest.raises(SpecError, match="no stored model"):
        lab.workbench.add_fresh_test(experiment.id, write_fresh(table, tmp_path / "later.csv"))
