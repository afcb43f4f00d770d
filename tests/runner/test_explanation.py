"""Asking stored models what they go by is a run, and no look at the locked test."""

import pytest

from modelling.errors import SpecError
from modelling.types import Budget, RunState, Variant
from tests.runner.conftest import experiment_on, serve


@pytest.fixture
def tuned(make_lab, table):
    lab = make_lab("explained")
    experiment = experiment_on(lab.workbench, table, folds=3)
    lab.workbench.start_benchmark(experiment.id, ["logistic", "tree"])
    lab.workbench.start_tuning(experiment.id, ["tree"], Budget(trials=4))
    serve(lab)
    return lab, experiment.id


def test_models_and_ensembles_are_asked_once_and_kept(tuned):
    lab, experiment = tuned
    bench = lab.workbench
    before = bench.experiment(experiment).test_batches
    rows = {(row.key, row.variant): row for row in bench.results(experiment)}
    wanted = [rows["tree", Variant.BASE], rows["ensemble", Variant.ENSEMBLE]]
    assert bench.explanation(experiment, wanted[0]) is None
    assert bench.explanation_price(experiment, wanted) > 0
    run = bench.start_explanation(experiment, wanted)
    serve(lab)
    assert bench.run(run.id).state is RunState.FINISHED
    assert bench.experiment(experiment).test_batches == before
    task = bench.experiment(experiment).task
    for row in wanted:
        found = bench.explanation(experiment, row)
        assert {weight.column for weight in found.weights} == set(task.features)
        assert found.outputs == task.classes[1:]
        lost = [weight.lost for weight in found.weights]
        assert lost == sorted(lost, reverse=True)
        assert lost[0] > 0
        assert all(len(effect.means[0]) == len(effect.values) for effect in found.effects)
        assert all(len(effect.own) == found.n_explained for effect in found.effects)
        assert found.cpu_s > 0
    # What is known is not asked again.
    known = [bench.explanation(experiment, row) for row in wanted]
    again = bench.start_explanation(experiment, wanted)
    serve(lab)
    assert bench.run(again.id).state is RunState.FINISHED
    assert [bench.explanation(experiment, row) for row in wanted] == known


def test_a_model_without_a_file_is_refused_in_a_sentence(tuned):
    lab, experiment = tuned
    bench = lab.workbench
    rows = {(row.key, row.variant): row for row in bench.results(experiment)}
    elsewhere = rows["tree", Variant.BASE].__class__(
        run_id="gone", key="rule", title="Rule", family="imported", variant=Variant.IMPORTED
    )
    with pytest.raises(SpecError, match="Rule has no stored model here"):
        bench.start_explanation(experiment, [elsewhere])
