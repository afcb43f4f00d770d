import random
from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from modelling.benchmark.plan import BenchmarkPlan
from modelling.errors import SpecError
from modelling.models import MODELS, model, models_for
from modelling.types import BenchmarkSpec, FitLimits, FoldResult, ResultStatus, TaskKind, Variant
from tests.builders import make_spec

TASK = make_spec(folds=3)
# ROC AUC by model: the tree is no better than guessing.
SCORES = {"dummy": 0.5, "logistic": 0.8, "tree": 0.5, "knn": 0.7, "lightgbm": 0.9}


def make_plan(models=("tree", "logistic"), stored=(), task=TASK, **changes):
    spec = BenchmarkSpec(models=models, **changes)
    return BenchmarkPlan(spec, task, run_id="r", n_rows=100, n_features=4, stored=tuple(stored))


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
        while len(under_way) < slots and (job := plan.next_job()) is not None:
            jobs.append(job)
            under_way.append(job)
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
        plan.handle(result(plan.next_job()))
        assert plan.drain().rows == []
    plan.handle(result(plan.next_job()))
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
    plan = make_plan(("tree", "logistic", "knn"))
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
    jobs = [plan.next_job() for _ in range(6)]
    logistic = [job for job in jobs if job.model == "logistic"]
    plan.handle(result(logistic[1], fails=True))
    plan.handle(result(logistic[0]))
    plan.handle(result(logistic[2]))
    row = plan.drain().rows[-1]
    assert (row.key, row.status, row.cv_cpu_s) == ("logistic", ResultStatus.FAILED, 3.0)


def test_models_with_a_selection_score_are_fitted_last():
    plan = make_plan(("tree", "logistic"))
    work_off(plan, fails={("logistic", 0)})
    finals = plan.finals()
    assert sorted(job.row.key for job in finals) == ["dummy", "tree"]
    assert all(job.rounds is None for job in finals)


def test_progress_is_the_estimated_cost_that_is_done():
    plan = make_plan()
    before = plan.progress()
    assert before.done == pytest.approx(0.0, abs=1e-12)
    assert before.total == pytest.approx(
        3 * sum(model(key).estimated_fit_cpu_s(100, 4) for key in ("dummy", "logistic", "tree"))
    )
    work_off(plan)
    assert plan.progress().done == pytest.approx(before.total)


def test_unknown_and_unfitting_models_are_refused():
    with pytest.raises(SpecError, match="no model 'nope'"):
        make_plan(("nope",))
    with pytest.raises(SpecError, match="ridge cannot learn a binary task"):
        make_plan(("ridge",))


@pytest.mark.parametrize("kind", list(TaskKind))
def test_every_model_of_every_task_can_be_planned(kind):
    keys = tuple(spec.key for spec in models_for(kind))
    plan = make_plan(keys, task=make_spec(kind, folds=3))
    jobs = []
    while (job := plan.next_job()) is not None:
        jobs.append(job)
    assert len(jobs) == 3 * len(keys)
