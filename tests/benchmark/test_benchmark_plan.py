import random
from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from modelling.benchmark.plan import BenchmarkPlan
from modelling.models import MODELS, model, models_for
from modelling.types import BenchmarkSpec, FitLimits, FoldResult, ResultStatus, TaskKind, Variant
from tests.builders import make_spec

TASK = make_spec(folds=3)
# ROC AUC by model: the tree is no better than guessing.
SCORES = {"dummy": 0.5, "logistic": 0.8, "tree": 0.5, "knn": 0.7, "lightgbm": 0.9}


def make_plan(models=("tree", "logistic"), stored=(), task=TASK, slots=1, **changes):
    spec = BenchmarkSpec(models=models, **changes)
    order = [spec.key for spec in MODELS if spec.key in {"dummy", *models}]
    # Seconds, so that no child does several.
    costs = {key: 1.0 + place for place, key in enumerate(order)}
    stored = tuple(stored)
    return BenchmarkPlan(spec, task, run_id="r", fold_cpu_s=costs, slots=slots, stored=stored)


def result(job, *, fails=False):
    score = SCORES[job.model] + 0.01 * (job.fold - 1)
    return FoldResult(
        model=job.model,
        trial=job.trial,
        fold=job.fold,
        status=ResultStatus.FAILED if fails else ResultStatus.OK,
        fit_cpu_s=1.0,
        fit_time_s=1.0,
        cpu_s=1.0,
        loss=None if fails else -score,
        scores={} if fails else {"roc_auc": score},
        error="It did not work." if fails else None,
    )


def work_off(plan, *, fails=(), slots=1, order=0, at_most=None):
    """Run all jobs; return the jobs, the results, and the last state of each row."""
    jobs, results, rows, under_way = [], [], {}, []
    shuffled = random.Random(order)
    while at_most is None or len(results) < at_most:
        while len(under_way) < slots and (new := plan.next_jobs()):
            jobs += new
            under_way += new
        if not under_way:
            break
        job = under_way.pop(shuffled.randrange(len(under_way)))
        results.append(result(job, fails=(job.model, job.fold) in fails))
        plan.handle(results[-1])
        rows.update({row.key: row for row in plan.drain().rows})
    rows.update({row.key: row for row in plan.drain().rows})
    return jobs, results, rows


def without_cost(rows):
    """Return the rows without their cost: more folds of a failing model may be under way."""
    return {key: replace(row, cv_cpu_s=0.0) for key, row in rows.items()}


def test_all_folds_of_one_model_come_before_the_next_quickest_first():
    jobs, _, _ = work_off(make_plan(("lightgbm", "tree", "logistic")))
    registered = [spec.key for spec in MODELS]
    keys = ["dummy", "logistic", "tree", "lightgbm"]
    assert keys == sorted(keys, key=registered.index)
    assert [(job.model, job.fold) for job in jobs] == [
        (key, fold) for key in keys for fold in range(3)
    ]


def test_each_job_is_the_base_configuration_within_the_limit_of_the_run():
    jobs, _, _ = work_off(make_plan(("lightgbm",), limits=FitLimits(cpu_s=7.0)))
    job = jobs[-1]
    assert (job.trial, job.params, job.cpu_limit_s, job.stop_early) == (
        0,
        model("lightgbm").base,
        7.0,
        False,
    )


@pytest.mark.parametrize("models", [("tree",), ("dummy", "tree"), ()])
def test_the_dummy_is_always_among_them_once(models):
    jobs, _, rows = work_off(make_plan(models))
    assert [job.model for job in jobs].count("dummy") == 3
    assert set(rows) == {"dummy", *models}


def test_a_row_appears_with_the_last_fold_of_its_model():
    plan = make_plan(("tree",))
    for _ in range(2):
        plan.handle(result(*plan.next_jobs()))
        assert plan.drain().rows == []
    plan.handle(result(*plan.next_jobs()))
    (row,) = plan.drain().rows
    assert (row.key, row.variant, row.run_id) == ("dummy", Variant.BASE, "r")
    assert row.cv_score == pytest.approx(0.5)
    assert row.cv_std == pytest.approx(0.01)
    assert plan.drain().rows == []
    assert not plan.finished


def test_a_model_that_fails_on_a_fold_is_not_tried_on_the_others_and_has_a_row():
    plan = make_plan(("tree", "logistic"))
    jobs, _, rows = work_off(plan, fails={("logistic", 1)})
    assert [job.fold for job in jobs if job.model == "logistic"] == [0, 1]
    assert (rows["logistic"].status, rows["logistic"].error) == (
        ResultStatus.FAILED,
        "It did not work.",
    )
    assert rows["logistic"].cv_score is None
    assert rows["tree"].status is ResultStatus.OK
    assert plan.finished


def test_a_model_that_does_not_beat_the_dummy_is_flagged():
    _, _, rows = work_off(make_plan(("tree", "logistic")))
    assert {key: row.beaten_by_dummy for key, row in rows.items()} == {
        "dummy": False,
        "tree": True,
        "logistic": False,
    }


@settings(max_examples=40, deadline=None)
@given(slots=st.integers(1, 6), order=st.integers(0, 10**6), n_failing=st.integers(0, 3))
def test_the_rows_are_the_same_whatever_runs_at_once_and_ends_first(slots, order, n_failing):
    fails = {("logistic", 0), ("knn", 0), ("dummy", 0)} if n_failing == 3 else set()
    _, _, alone = work_off(make_plan(("tree", "logistic", "knn")), fails=fails)
    plan = make_plan(("tree", "logistic", "knn"), slots=slots)
    _, _, together = work_off(plan, fails=fails, slots=slots, order=order)
    assert without_cost(together) == without_cost(alone)
    assert plan.finished


@settings(max_examples=30, deadline=None)
@given(cut=st.integers(0, 12), slots=st.integers(1, 3), order=st.integers(0, 10**6))
def test_a_benchmark_that_was_cut_off_goes_on_to_the_same_rows(cut, slots, order):
    fails = {("logistic", 1)}
    _, _, expected = work_off(make_plan(), fails=fails)
    _, first, _ = work_off(make_plan(), fails=fails, slots=slots, order=order, at_most=cut)
    resumed = make_plan(stored=first)
    jobs, _, rows = work_off(resumed, fails=fails)
    done = {(fold.model, fold.fold) for fold in first}
    assert done.isdisjoint((job.model, job.fold) for job in jobs)
    assert resumed.finished
    assert without_cost(rows) == without_cost(expected)


def test_folds_that_were_under_way_when_their_model_failed_count_as_its_cost():
    plan = make_plan(("logistic",))
    jobs = [job for _ in range(6) for job in plan.next_jobs()]
    logistic = [job for job in jobs if job.model == "logistic"]
    plan.handle(result(logistic[1], fails=True))
    plan.handle(result(logistic[0]))
    plan.handle(result(logistic[2]))
    row = plan.drain().rows[-1]
    assert (row.key, row.status, row.cv_cpu_s) == ("logistic", ResultStatus.FAILED, 3.0)


def test_a_model_that_fails_alone_after_a_lost_child_is_not_tried_again():
    plan = make_plan(("logistic",))
    jobs = [job for _ in range(6) for job in plan.next_jobs()]
    plan.give_back(jobs)
    (first,) = plan.next_jobs()
    plan.handle(result(first, fails=True))
    again = [job for _ in range(6) for job in plan.next_jobs()]
    assert {job.model for job in again} == {"dummy", "logistic"} - {first.model}
    assert len(again) == 3


def test_models_with_a_selection_score_are_fitted_last():
    plan = make_plan(("tree", "logistic"))
    work_off(plan, fails={("logistic", 0)})
    finals = plan.finals()
    assert sorted(job.row.key for job in finals) == ["dummy", "tree"]
    assert all(job.rounds is None for job in finals)


def test_progress_is_the_cost_that_was_spent_and_the_cost_expected_to_come():
    plan = make_plan()
    before = plan.progress()
    assert (before.done, before.total) == (0.0, 3 * (1.0 + 2.0 + 3.0))
    plan.handle(result(*plan.next_jobs()))
    # A fold of the dummy took 1 second, as expected.
    assert (plan.progress().done, plan.progress().total) == (1.0, before.total)
    work_off(plan)
    # Each of the nine folds took 1 second.
    assert (plan.progress().done, plan.progress().total) == (9.0, 9.0)


def test_with_two_slots_one_begins_with_the_longest_model():
    jobs, _, _ = work_off(make_plan(("lightgbm", "tree", "logistic"), slots=2), slots=2)
    assert [job.model for job in jobs[:2]] == ["dummy", "lightgbm"]


@pytest.mark.parametrize("kind", list(TaskKind))
def test_every_model_of_every_task_can_be_planned(kind):
    keys = tuple(spec.key for spec in models_for(kind))
    plan = make_plan(keys, task=make_spec(kind, folds=3))
    jobs = []
    while new := plan.next_jobs():
        jobs += new
    assert len(jobs) == 3 * len(keys)
