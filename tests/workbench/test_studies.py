"""A study through the workbench: its report, and its way to Optuna and back."""

import pytest

from modelling.errors import DataError, SpecError
from modelling.models import model
from modelling.models.space import holds
from modelling.settings import Settings
from modelling.types import Budget
from modelling.workbench import WhenOwnerEnds, Workbench
from tests.runner.conftest import Lab, NoLauncher, experiment_on, serve, table  # noqa: F401


@pytest.fixture(scope="module")
def studied(tmp_path_factory, table):  # noqa: F811
    home = tmp_path_factory.mktemp("studied")
    settings = Settings(home=home, database_url=f"sqlite:///{home}/t.db", workers=2)
    with Workbench(settings, when_owner_ends=WhenOwnerEnds.STOP) as bench:
        bench._launcher = NoLauncher(home)
        experiment = experiment_on(bench, table)
        run = bench.start_tuning(experiment.id, ["tree"], Budget(trials=14), seed=1)
        serve(Lab(settings=settings, workbench=bench))
        yield bench, run


def test_the_report_is_of_the_stored_trials(studied):
    bench, run = studied
    report = bench.search_report(run.id, "tree")
    best = min(
        (trial for trial in bench.trials(run.id) if trial.state.value == "complete"),
        key=lambda trial: trial.value,
    )
    assert report.best.number == best.number
    assert set(report.importance) == {param.name for param in model("tree").space}
    assert report.noise > 0


def test_values_to_be_tried_start_from_the_defaults_of_the_library(studied):
    bench, run = studied
    spec = model("tree")
    assert not holds(spec.space, spec.base)
    assert bench.starting_point(run, "tree", spec.base) == spec.base_point
    asked = {"min_samples_leaf": 2}
    assert bench.starting_point(run, "tree", asked) == {**spec.base_point, **asked}
    with pytest.raises(SpecError, match="no study of 'knn'"):
        bench.starting_point(run, "knn", {})


def test_a_study_goes_to_a_journal_and_its_best_configurations_come_back(studied):
    bench, run = studied
    found = bench.configurations_of(bench.optuna_journal(run.id, "tree"), "tree")
    report = bench.search_report(run.id, "tree")
    if report.best.number:
        assert found[0] == report.best.params
    assert 1 <= len(found) <= 20


def test_a_model_that_the_run_did_not_tune_is_refused(studied):
    bench, run = studied
    with pytest.raises(SpecError, match="no study of 'knn'"):
        bench.search_report(run.id, "knn")


def test_a_file_that_is_no_journal_is_refused(studied):
    bench, _ = studied
    with pytest.raises(DataError, match="no Optuna journal"):
        bench.configurations_of(b"PK\x03\x04", "tree")
