"""Looking back on a study, and the rigorous check: both are runs like any other."""

import numpy as np
import pytest

from modelling.errors import SpecError
from modelling.types import Budget, RunState, TrialState, Variant
from tests.runner.conftest import experiment_on, serve


@pytest.fixture
def tuned(make_lab, table):
    """Return a workspace with a finished study, its experiment and its run."""
    lab = make_lab("tuned")
    experiment = experiment_on(lab.workbench, table, folds=3)
    lab.workbench.start_benchmark(experiment.id, ["logistic"])
    run = lab.workbench.start_tuning(experiment.id, ["tree"], Budget(trials=12))
    serve(lab)
    assert lab.workbench.run(run.id).state is RunState.FINISHED
    return lab, experiment.id, run.id


def test_the_winners_of_a_study_are_scored_in_one_look(tuned):
    lab, experiment, study = tuned
    bench = lab.workbench
    before = bench.experiment(experiment).test_batches
    assert bench.hindsight(experiment, study, "tree") is None
    run = bench.start_hindsight(study, "tree")
    serve(lab)
    assert bench.run(run.id).state is RunState.FINISHED
    found = bench.hindsight(experiment, study, "tree")
    assert bench.experiment(experiment).test_batches == before + 1
    rows = {(row.key, row.variant): row for row in bench.results(experiment)}
    first, last = found.points[0], found.points[-1]
    assert first.trial == 0
    assert first.test_score == pytest.approx(rows["tree", Variant.BASE].test_score, abs=1e-9)
    assert last.test_score == pytest.approx(rows["tree", Variant.TUNED].test_score, abs=1e-9)
    scores = [point.cv_score for point in found.points]
    assert scores == sorted(scores)
    spent = [trial.cpu_s for trial in bench.trials(study) if trial.number <= last.trial]
    assert last.cpu_s == pytest.approx(sum(spent))
    assert 0 < found.cpu_s < bench.run(run.id).fit_cpu_s + 1e-9
    assert len(found.points) <= 8
    assert all(trial.state is not TrialState.RUNNING for trial in bench.trials(study))


def test_only_a_study_that_has_ended_can_be_looked_back_on(tuned):
    lab, experiment, study = tuned
    bench = lab.workbench
    with pytest.raises(SpecError, match="no study of 'logistic'"):
        bench.start_hindsight(study, "logistic")
    running = bench.start_tuning(experiment, ["logistic"], Budget(trials=3))
    with pytest.raises(SpecError, match="not over"):
        bench.start_hindsight(running.id, "logistic")


def test_a_rigorous_check_replaces_the_verdict_and_touches_nothing_else(tuned):
    lab, experiment, _ = tuned
    bench = lab.workbench
    before = bench.comparison(experiment)
    looks = bench.experiment(experiment).test_batches
    assert bench.rigorous(experiment) is None
    cpu_s, usd = bench.rigorous_price(experiment)
    assert cpu_s > 0 < usd
    base, candidate = bench.rigorous_pair(experiment)
    assert (base.variant, candidate.variant) == (Variant.BASE, Variant.TUNED)
    runs = bench.start_rigorous(experiment)
    assert bench.rigorous(experiment).is_active
    assert bench.comparison(experiment).overall.gain == before.overall.gain
    serve(lab)
    found = bench.rigorous(experiment)
    assert (found.is_whole, found.is_active, found.failed) == (True, False, None)
    assert len(runs) == (10 if base.key != candidate.key else 5)
    overall = bench.comparison(experiment).overall
    differences = [tuned - plain for plain, tuned in found.scores]
    assert overall.gain.gain == pytest.approx(np.mean(differences))
    assert overall.gain.n_parts == 5
    assert overall.gain.n_test == 1200
    assert (overall.base.key, overall.candidate.key) == (base.key, candidate.key)
    assert [item.id for item in bench.experiments()] == [experiment]
    assert bench.experiment(experiment).test_batches == looks
    wide = bench.comparison(experiment, margin=0.9).overall.verdict.verdict
    assert wide == "keep base"


def test_what_cannot_be_checked_rigorously_says_why(make_lab, table):
    lab = make_lab("untuned")
    experiment = experiment_on(lab.workbench, table)
    with pytest.raises(SpecError, match="no tuned model yet"):
        lab.workbench.start_rigorous(experiment.id)
    assert lab.workbench.rigorous_price(experiment.id) is None
