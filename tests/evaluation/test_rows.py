"""The row of a base model, from its folds."""

from statistics import stdev

import pytest

from modelling.evaluation.plan import FoldJob, base_row, beaten_by_dummy
from modelling.models import model
from modelling.types import FoldResult, ResultStatus, TaskKind, Variant
from tests.builders import make_spec


def fold(number, score=None, error=None, cpu_s=1.0, metric="roc_auc"):
    return FoldResult(
        model="tree",
        trial=0,
        fold=number,
        status=ResultStatus.OK if error is None else ResultStatus.FAILED,
        fit_cpu_s=cpu_s,
        fit_time_s=cpu_s,
        cpu_s=cpu_s,
        scores={} if score is None else {metric: score},
        error=error,
    )


def test_the_selection_score_is_the_mean_of_the_folds_in_their_order():
    row = base_row("r", "tree", make_spec(), [fold(1, 0.7), fold(0, 0.5), fold(2, 0.9)])
    assert row.cv_score == pytest.approx(0.7)
    assert row.cv_std == pytest.approx(stdev([0.5, 0.7, 0.9]))
    assert row.fold_scores == (0.5, 0.7, 0.9)
    assert row.cv_cpu_s == 3.0
    assert (row.key, row.title, row.family) == ("tree", "Decision tree", "tree")
    assert (row.variant, row.status) == (Variant.BASE, ResultStatus.OK)
    assert row.params == model("tree").base


def test_one_failed_fold_makes_a_failed_row_with_its_reason_and_cost():
    row = base_row("r", "tree", make_spec(), [fold(0, 0.5), fold(1, error="It was too much.")])
    assert (row.status, row.error) == (ResultStatus.FAILED, "It was too much.")
    assert row.cv_score is None
    assert row.cv_cpu_s == 2.0


@pytest.mark.parametrize(
    ("metric", "kind", "score", "dummy", "beaten"),
    [
        ("roc_auc", TaskKind.BINARY, 0.6, 0.5, False),
        ("roc_auc", TaskKind.BINARY, 0.5, 0.5, True),
        ("roc_auc", TaskKind.BINARY, 0.4, 0.5, True),
        ("neg_root_mean_squared_error", TaskKind.REGRESSION, 1.0, 2.0, False),
        ("neg_root_mean_squared_error", TaskKind.REGRESSION, 3.0, 2.0, True),
    ],
)
def test_a_model_that_is_no_better_than_the_dummy_is_flagged(metric, kind, score, dummy, beaten):
    task = make_spec(kind, metric=metric)
    row = base_row("r", "tree", task, [fold(0, score, metric=metric)])
    other = base_row("r", "dummy", task, [fold(0, dummy, metric=metric)])
    assert beaten_by_dummy(row, other, task) is beaten
    assert not beaten_by_dummy(other, other, task)
    assert not beaten_by_dummy(row, None, task)


def test_a_job_has_a_name_of_its_own():
    job = FoldJob(model="tree", trial=3, fold=1, params={}, cpu_limit_s=1.0)
    assert job.id == "tree/3/1"
