"""Answers from elsewhere: scored like any model, counted as a look, never a candidate."""

import numpy as np
import pandas as pd
import pytest

from modelling.errors import DataError, SpecError
from modelling.metrics import metric, score
from modelling.types import ExternalCosts, ResultStatus, RunState, Variant
from tests.runner.conftest import experiment_on, serve


@pytest.fixture
def lab(make_lab, table):
    lab = make_lab("external")
    lab.experiment = experiment_on(lab.workbench, table)
    return lab


def answers_of(lab, path, **more):
    """Write answers by a rule on the rows that were downloaded."""
    rows = lab.workbench.rows_to_answer(lab.experiment.id)
    rule = 1 / (1 + np.exp(-rows["x0"]))
    pd.DataFrame({"row": rows["row"], "probability_yes": rule, **more}).to_csv(path, index=False)
    return path


def test_the_rows_to_answer_are_the_locked_ones_without_the_target(lab, table):
    rows = lab.workbench.rows_to_answer(lab.experiment.id)
    assert len(rows) == lab.experiment.n_test
    assert "y" not in rows
    whole = pd.read_csv(table)
    np.testing.assert_allclose(rows["x0"], whole["x0"].iloc[rows["row"]])


def test_answers_are_scored_on_the_same_rows_and_resamples(lab, tmp_path, table):
    bench, path = lab.workbench, answers_of(lab, tmp_path / "answers.csv", tokens=150)
    run = bench.add_external(
        lab.experiment.id,
        path,
        title="Today's rule",
        costs=ExternalCosts(fixed_usd=20.0, usd_per_1k=0.5),
        usd_per_million_tokens=2.0,
    )
    serve(lab)
    assert bench.run(run.id).state is RunState.FINISHED
    (row,) = bench.results(lab.experiment.id)
    assert (row.title, row.variant, row.status) == (
        "Today's rule",
        Variant.IMPORTED,
        ResultStatus.OK,
    )
    rows = bench.rows_to_answer(lab.experiment.id)
    truth = (pd.read_csv(table)["y"].iloc[rows["row"]] == "yes").to_numpy(dtype=int)
    chances = 1 / (1 + np.exp(-rows["x0"].to_numpy()))
    expected = score(metric("roc_auc"), truth, np.column_stack([1 - chances, chances]))
    assert row.test_score == pytest.approx(expected, abs=1e-9)
    assert row.test_interval[0] < row.test_score < row.test_interval[1]
    # 150 tokens at 2 dollars a million are 0.3 dollars per 1,000 rows.
    assert row.external.fixed_usd == 20.0
    assert row.external.usd_per_1k == pytest.approx(0.8)
    assert bench.experiment(lab.experiment.id).test_batches == 1


def test_an_imported_model_is_compared_but_never_the_reference_or_the_candidate(lab, tmp_path):
    bench = lab.workbench
    bench.start_benchmark(lab.experiment.id, ["logistic", "tree"])
    serve(lab)
    truth = bench.test_predictions(lab.experiment.id, "logistic")
    perfect = pd.DataFrame({"row": truth["row"], "prediction": truth["truth"]})
    perfect.to_csv(tmp_path / "perfect.csv", index=False)
    bench.add_external(lab.experiment.id, tmp_path / "perfect.csv", title="Oracle")
    serve(lab)
    comparison = bench.comparison(lab.experiment.id)
    oracle = next(row for row in comparison.models if row.variant is Variant.IMPORTED)
    assert oracle.test_score == 1.0
    assert comparison.overall is None
    base = next(row for row in comparison.models if row.key == "logistic")
    changes = bench.changes(lab.experiment.id, base, oracle)
    assert changes.rows.counts["broken"] == 0
    assert changes.rows.counts["fixed"] > 0
    assert bench.experiment(lab.experiment.id).peeks == 1


def test_newer_answers_of_the_same_name_replace_the_older(lab, tmp_path):
    bench, path = lab.workbench, answers_of(lab, tmp_path / "answers.csv")
    for fixed in (1.0, 2.0):
        costs = ExternalCosts(fixed_usd=fixed)
        bench.add_external(lab.experiment.id, path, title="Rule", costs=costs)
        serve(lab)
    (row,) = bench.results(lab.experiment.id)
    assert row.external.fixed_usd == 2.0


def test_what_cannot_be_scored_starts_no_run(lab, tmp_path):
    bench, path = lab.workbench, answers_of(lab, tmp_path / "answers.csv")
    with pytest.raises(SpecError, match="needs a name"):
        bench.add_external(lab.experiment.id, path, title="  ")
    with pytest.raises(SpecError, match="no column tokens"):
        bench.add_external(lab.experiment.id, path, title="x", usd_per_million_tokens=1.0)
    pd.read_csv(path).iloc[1:].to_csv(path, index=False)
    with pytest.raises(DataError, match="1 of the 300 locked rows have no answer"):
        bench.add_external(lab.experiment.id, path, title="x")
    with pytest.raises(DataError, match="no file"):
        bench.add_external(lab.experiment.id, tmp_path / "none.csv", title="x")
    assert bench.runs(lab.experiment.id) == ()
