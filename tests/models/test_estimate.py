"""What fits will take: from earlier runs on this machine, else from the size of the table."""

import pytest

from modelling.models import model
from modelling.models.estimate import benchmark_estimate, fold_cpu_s, stage_seconds
from modelling.types import Economics, Experiment, FoldCost
from tests.builders import make_spec


def experiment(n_train=1000, folds=5):
    return Experiment(
        id="e",
        name="e",
        dataset_id="d",
        task=make_spec(folds=folds, features=("a", "b")),
        economics=Economics(usd_per_vcpu_hour=3600.0),
        n_train=n_train,
        n_test=100,
        split_blob="s",
        created_at="2026-01-01",
    )


def cost(cpu_s, *, n_rows=1000, key="tree"):
    return FoldCost(model=key, n_rows=n_rows, n_features=2, cpu_s=cpu_s)


def test_without_an_earlier_run_the_size_decides():
    assert fold_cpu_s(["tree"], 1000, 2, []) == {"tree": model("tree").estimated_fit_cpu_s(1000, 2)}


def test_a_table_of_the_same_size_takes_what_it_took():
    assert fold_cpu_s(["tree"], 1000, 2, [cost(7.0)]) == {"tree": pytest.approx(7.0)}


def test_the_run_nearest_in_size_counts_and_is_scaled():
    known = [cost(7.0), cost(50.0, n_rows=10_000)]
    by_size = model("tree").estimated_fit_cpu_s
    expected = 50.0 * by_size(20_000, 2) / by_size(10_000, 2)
    assert fold_cpu_s(["tree"], 20_000, 2, known)["tree"] == pytest.approx(expected)


def test_a_benchmark_is_its_folds_and_one_last_fit_of_each_model():
    known = [cost(4.0), cost(1.0, key="dummy")]
    estimate = benchmark_estimate(experiment(), ["tree"], workers=2, known=known)
    measuring = 2 * 1.2
    # Five folds, and a last fit on 5/4 of the rows of a fold.
    assert estimate.cpu_s == pytest.approx(5.0 * 6.25 + measuring)
    assert estimate.usd == pytest.approx(estimate.cpu_s)
    assert estimate.wall_s == pytest.approx(1.0 + 5.0 * 6.25 / 2 + measuring)
    assert (estimate.n_known, estimate.n_models) == (2, 2)


def test_what_was_measured_before_makes_the_range_narrower():
    known = [cost(4.0), cost(1.0, key="dummy")]
    sure = benchmark_estimate(experiment(), ["tree"], workers=2, known=known)
    unsure = benchmark_estimate(experiment(), ["tree"], workers=2, known=known[:1])
    assert sure.high_s / sure.low_s == pytest.approx(1.25**2)
    assert unsure.high_s / unsure.low_s == pytest.approx(4.0)


def test_the_stages_of_a_run_are_weighed_by_their_seconds():
    folds, last, measuring = stage_seconds({"a": 2.0, "b": 6.0}, make_spec(folds=5), slots=2)
    assert (folds, last, measuring) == (20.0, 5.0, pytest.approx(2.4))
