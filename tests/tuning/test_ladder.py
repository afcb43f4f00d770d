"""The rungs of the ladder: what applies where, and the plan of their fits."""

import pytest

from modelling.evaluation.plan import Progress
from modelling.models import MODELS, model
from modelling.tuning.ladder import Point, PointsPlan, points_of, why_not
from modelling.types import FoldResult, ResultStatus, Rung, RungSpec, TaskKind, TaskSpec


def task(kind=TaskKind.BINARY, metric="f1"):
    classes = {TaskKind.BINARY: ("a", "b"), TaskKind.MULTICLASS: ("a", "b", "c")}.get(kind, ())
    return TaskSpec(target="y", kind=kind, metric=metric, features=("x",), classes=classes)


@pytest.mark.parametrize(
    ("rung", "kind", "metric", "reason"),
    [
        (Rung.THRESHOLD, TaskKind.BINARY, "f1", None),
        (Rung.THRESHOLD, TaskKind.BINARY, "roc_auc", "ROC AUC does not depend on a threshold."),
        (
            Rung.THRESHOLD,
            TaskKind.MULTICLASS,
            "f1_macro",
            "A threshold divides two classes only.",
        ),
        (Rung.CALIBRATION, TaskKind.BINARY, "neg_log_loss", None),
        (Rung.CALIBRATION, TaskKind.MULTICLASS, "neg_brier_score", None),
        (
            Rung.CALIBRATION,
            TaskKind.BINARY,
            "roc_auc",
            "ROC AUC does not depend on how large the probabilities are.",
        ),
        (
            Rung.CALIBRATION,
            TaskKind.REGRESSION,
            "r2",
            "Only probabilities are calibrated.",
        ),
        (Rung.MORE_ROWS, TaskKind.REGRESSION, "r2", None),
        (Rung.ENSEMBLE, TaskKind.MULTICLASS, "f1_macro", None),
        (Rung.KNOWN_GOOD, TaskKind.BINARY, "roc_auc", None),
    ],
)
def test_a_rung_that_has_nothing_to_offer_says_why(rung, kind, metric, reason):
    assert why_not(rung, task(kind, metric), model("tree")) == reason


def test_a_model_without_known_good_configurations_has_no_such_rung():
    assert why_not(Rung.KNOWN_GOOD, task(), model("dummy")) == (
        f"{model('dummy').title} has no known-good configuration."
    )


@pytest.mark.parametrize("spec", [spec for spec in MODELS if spec.known_good], ids=lambda m: m.key)
def test_the_known_good_rung_changes_the_base(spec):
    (point,) = points_of(Rung.KNOWN_GOOD, spec)
    assert point.share == 1.0
    assert dict(point.params) != dict(spec.base)
    assert spec.base.keys() <= point.params.keys()


def test_the_learning_curve_fits_the_base_on_growing_shares():
    points = points_of(Rung.MORE_ROWS, model("tree"))
    assert [point.share for point in points] == [1 / 8, 1 / 4, 1 / 2]
    assert {tuple(point.params.items()) for point in points} == {tuple(model("tree").base.items())}


@pytest.mark.parametrize("rung", [Rung.THRESHOLD, Rung.CALIBRATION, Rung.ENSEMBLE])
def test_other_rungs_need_no_fit(rung):
    assert points_of(rung, model("tree")) == ()
    plan = PointsPlan(RungSpec(rung=rung, model="tree"), (), n_folds=5)
    assert plan.finished
    assert plan.next_jobs() == ()


def result(job, **changes):
    values = {
        "model": job.model,
        "trial": job.trial,
        "fold": job.fold,
        "status": ResultStatus.OK,
        "fit_cpu_s": 1.0,
        "fit_time_s": 1.0,
        "cpu_s": 1.5,
    }
    return FoldResult(**{**values, **changes})


def plan_of(n_points=2, stored=()):
    points = [Point(params={}, share=share / n_points) for share in range(1, n_points + 1)]
    spec = RungSpec(rung=Rung.MORE_ROWS, model="tree")
    return PointsPlan(spec, points, n_folds=2, stored=stored)


def test_every_point_is_evaluated_on_every_fold_once():
    plan, jobs = plan_of(), []
    while found := plan.next_jobs():
        jobs += found
    assert [(job.trial, job.fold, job.share) for job in jobs] == [
        (1, 0, 0.5),
        (1, 1, 0.5),
        (2, 0, 1.0),
        (2, 1, 1.0),
    ]
    assert not plan.finished
    for job in jobs:
        plan.handle(result(job))
    assert plan.finished
    assert plan.cpu_s == 6.0
    assert plan.progress() == Progress(done=4, total=4)
    assert plan.error is None


def test_a_plan_that_is_resumed_goes_on_where_it_was():
    first = plan_of()
    (job,) = first.next_jobs()
    resumed = plan_of(stored=(result(job),))
    assert resumed.next_jobs()[0].fold == 1
    assert resumed.cpu_s == 1.5


def test_one_failure_ends_the_plan():
    plan = plan_of()
    (first,), (second,) = plan.next_jobs(), plan.next_jobs()
    plan.handle(result(first, status=ResultStatus.FAILED, error="No."))
    assert plan.next_jobs() == ()
    assert not plan.finished
    plan.handle(result(second))
    assert plan.finished
    assert plan.error == "No."


def test_jobs_that_gave_no_answer_come_again():
    plan = plan_of(n_points=1)
    jobs = plan.next_jobs()
    plan.give_back(jobs)
    assert [plan.next_jobs()[0].fold for _ in range(2)] == [1, 0]
