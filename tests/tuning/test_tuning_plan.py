from statistics import fmean

import pytest

from modelling.models import model
from modelling.tuning.plan import TuningPlan
from modelling.types import Budget, ResultStatus, Trial, TrialState, TuningSpec, Variant
from tests.builders import make_spec
from tests.tuning.made_up import FOLDS, failing, result, rough


def make_plan(models=("tree",), budget=None, stored=(), **changes):
    values = {
        "run_id": "r",
        "n_rows": 100,
        "n_features": 5,
        "slots": 1,
        "usd_per_cpu_s": 0.01,
    }
    spec = TuningSpec(models=models, budget=budget or Budget(trials=10), sampler="random")
    return TuningPlan(spec, make_spec(), stored=tuple(stored), **{**values, **changes})


def work_off(plan, loss=rough, at_most=None):
    """Run all jobs; return the results, and the last state of each trial handed out."""
    results, trials, rows = [], {}, []
    while at_most is None or len(results) < at_most:
        jobs = plan.next_jobs()
        if not jobs:
            break
        (job,) = jobs
        results.append(result(job, loss(job)))
        plan.handle(results[-1])
        findings = plan.drain()
        trials.update({(trial.model, trial.number): trial for trial in findings.trials})
        rows += findings.rows
    findings = plan.drain()
    trials.update({(trial.model, trial.number): trial for trial in findings.trials})
    return results, trials, [*rows, *findings.rows]


def test_two_models_share_the_budget_and_follow_each_other():
    plan = make_plan(("tree", "knn"), Budget(trials=20))
    results, trials, _ = work_off(plan)
    assert plan.finished
    assert [len([key for key in trials if key[0] == name]) for name in ("tree", "knn")] == [10, 10]
    models = [fold.model for fold in results]
    assert models == sorted(models, key=("tree", "knn").index)


def test_what_a_small_space_leaves_of_its_share_goes_to_the_next_model():
    """A logistic regression has one parameter: 200 trials are enough, whatever they cost."""
    plan = make_plan(("logistic", "tree"), Budget(cpu_s=600.0))
    results, trials, _ = work_off(plan)
    assert len([key for key in trials if key[0] == "logistic"]) == 200
    cpu_s = {"logistic": 0.0, "tree": 0.0}
    for fold in results:
        cpu_s[fold.model] += fold.cpu_s
    assert cpu_s["logistic"] < 270.0
    assert 580.0 < sum(cpu_s.values()) <= 600.0


def test_the_final_model_is_the_best_trial_with_its_selection_score_and_cost():
    plan = make_plan()
    results, trials, _ = work_off(plan)
    (job,) = plan.finals()
    complete = [trial for trial in trials.values() if trial.state is TrialState.COMPLETE]
    best = min(complete, key=lambda trial: (trial.value, trial.number))
    row = job.row
    assert (row.key, row.variant, row.run_id) == ("tree", Variant.TUNED, "r")
    assert row.params == best.params
    assert row.cv_score == pytest.approx(-best.value)
    assert len(row.fold_scores) == FOLDS
    assert row.search_cpu_s == pytest.approx(sum(fold.cpu_s for fold in results))
    counts = (row.trials.complete, row.trials.pruned, row.trials.failed)
    assert sum(counts) == 10
    assert row.trials.complete == len(complete)
    assert job.rounds is None


def test_failed_and_stopped_trials_are_part_of_the_cost():
    plan = make_plan(budget=Budget(trials=20))
    results, trials, _ = work_off(plan, failing(0.1))
    (job,) = plan.finals()
    states = [trial.state for trial in trials.values()]
    assert states.count(TrialState.FAILED) == job.row.trials.failed > 0
    assert states.count(TrialState.PRUNED) == job.row.trials.pruned > 0
    assert job.row.search_cpu_s == pytest.approx(len(results))


def test_a_booster_is_fitted_last_with_the_mean_best_round_of_its_folds():
    plan = make_plan(("lightgbm",))
    work_off(plan, lambda job: float(job.trial == 0))
    (job,) = plan.finals()
    # Each made-up fold stops after 10, 20, 30, 40, 50 rounds.
    assert job.rounds == fmean([10, 20, 30, 40, 50])
    assert job.row.params["n_estimators"] == 30


def test_a_base_without_a_result_is_fitted_beside_the_tuned_model():
    plan = make_plan(with_base=frozenset({"tree"}))
    work_off(plan)
    base, tuned = plan.finals()
    assert (base.row.variant, tuned.row.variant) == (Variant.BASE, Variant.TUNED)
    assert base.row.params == model("tree").base
    assert base.row.cv_score <= tuned.row.cv_score
    assert base.row.cv_cpu_s == FOLDS


def test_a_study_in_which_nothing_works_is_one_failed_row():
    plan = make_plan(("tree", "knn"), Budget(trials=20))
    _, _, rows = work_off(plan, lambda job: None if job.model == "tree" else rough(job))
    assert [(row.key, row.status, row.error) for row in rows] == [
        ("tree", ResultStatus.FAILED, "It did not work.")
    ]
    assert [job.row.key for job in plan.finals()] == ["knn"]


@pytest.mark.parametrize("cut", [0, 1, 7, 23, 40, 60])
def test_a_plan_goes_on_from_what_is_stored(cut):
    models, budget = ("tree", "lightgbm"), Budget(trials=20)
    whole = make_plan(models, budget)
    _, expected, _ = work_off(whole)
    first, _, _ = work_off(make_plan(models, budget), at_most=cut)
    resumed = make_plan(models, budget, first)
    rest, trials, _ = work_off(resumed)
    assert {key: trials[key] for key in expected} == expected
    assert [job.row for job in resumed.finals()] == [job.row for job in whole.finals()]
    done = {(fold.model, fold.trial, fold.fold) for fold in first}
    assert done.isdisjoint((fold.model, fold.trial, fold.fold) for fold in rest)


def test_progress_runs_from_nothing_to_all():
    plan = make_plan(("tree", "knn"), Budget(trials=20))
    assert plan.progress().done == 0.0
    work_off(plan)
    assert (plan.progress().done, plan.progress().total) == (2.0, 2.0)


def test_seconds_of_an_earlier_attempt_count_against_the_wall_time_of_their_own_study():
    plan = make_plan(("tree", "logistic"), Budget(wall_s=60.0), begun=[begun(study_wall_s=1000.0)])
    _, trials, _ = work_off(plan)
    assert [number for name, number in trials if name == "tree"] == [0]
    assert len([number for name, number in trials if name == "logistic"]) > 10


def test_a_trial_says_how_long_its_study_had_run_in_all_attempts():
    plan = make_plan(begun=[begun(study_wall_s=1000.0)])
    _, trials, _ = work_off(plan, at_most=3)
    assert 1000.0 < trials["tree", 0].study_wall_s < 1060.0


def begun(**changes):
    """Return a trial that an earlier attempt has begun."""
    base = {"model": "tree", "number": 0, "origin": "base", "params": {}}
    return Trial(**base, state=TrialState.RUNNING, **changes)
