"""What the tuning page says of a study, and what it lets the analyst do with one."""

import time
from dataclasses import dataclass, replace

import pytest

from components.search_shows import stage
from modelling.types import Budget, Rung, RungSpec, RunKind, RunState
from modelling.workbench import TaskChoices, Workbench
from tests.pages.conftest import texts


@dataclass(frozen=True)
class Studied:
    """An experiment of its own, whose study these tests may follow up."""

    workbench: Workbench
    experiment: str
    run: str


@pytest.fixture(scope="module")
def studied(finished) -> Studied:
    bench = finished.workbench
    experiment = bench.create_experiment(finished.dataset, TaskChoices(target="answer")).id
    bench.wait(bench.start_benchmark(experiment, ["logistic", "tree"]).id, timeout_s=120)
    study = bench.wait(bench.start_tuning(experiment, ["tree"], Budget(trials=6)).id, timeout_s=120)
    return Studied(workbench=bench, experiment=experiment, run=study.id)


def opened(open_page, studied):
    app = open_page("tuning", experiment=studied.experiment, run=studied.run)
    assert not app.exception
    return app


def test_a_study_of_six_trials_is_too_young_for_advice(open_page, studied):
    shown = texts(opened(open_page, studied))
    assert "What the search shows" in shown
    assert "Too early to tell: fewer than 8 trials are complete." in shown
    assert "Importance is how much" in shown


@pytest.mark.parametrize(("before", "after"), [(39, 40), (40, 43), (10_000, 10_600)])
def test_a_report_is_made_anew_once_five_percent_more_trials_have_ended(before, after):
    assert stage(before, exact=False) < stage(after, exact=False)


def test_a_large_study_is_not_looked_at_again_for_every_trial():
    assert len({stage(n, exact=False) for n in range(10_000)}) < 160
    assert stage(10_000, exact=True) == 10_000


def ended(studied, app):
    """Return the run of the address once it has ended."""
    return studied.workbench.wait(app.query_params["run"], timeout_s=120)


def test_a_zero_extension_is_refused_in_a_sentence(open_page, studied):
    app = opened(open_page, studied)
    app.number_input(key="tuning_extend_by").set_value(0).run()
    app.button(key="tuning_extend").click().run()
    assert [box.value for box in app.error] == ["Give the study a budget above zero\\."]
    assert app.query_params["run"] == studied.run


def test_a_study_is_extended_in_the_unit_of_its_budget(open_page, studied):
    app = opened(open_page, studied)
    box = app.number_input(key="tuning_extend_by")
    assert box.label == "Extend by: Trials"
    box.set_value(2).run()
    app.button(key="tuning_extend").click().run()
    run = ended(studied, app)
    assert run.spec.extends == studied.run
    assert run.spec.budget.trials == 8
    assert len(studied.workbench.trials(run.id)) == 8


def test_another_seed_repeats_the_study_with_all_else_the_same(open_page, studied):
    app = opened(open_page, studied)
    app.button(key="tuning_reseed").click().run()
    run, before = ended(studied, app), studied.workbench.run(studied.run)
    assert run.id != before.id
    assert run.spec.seed == before.spec.seed + 1
    assert (run.spec.models, run.spec.budget) == (before.spec.models, before.spec.budget)


def test_the_journal_of_each_model_comes_with_the_line_that_opens_it(open_page, studied):
    app = opened(open_page, studied)
    (button,) = app.get("download_button")
    assert button.key == "tuning_optuna_tree"
    name = f"tree-{studied.run[:8]}.log"
    assert f"optuna-dashboard {name}" in [block.value for block in app.code]


def edit_space(app, model: str, row: int, **change):
    """Change cells of the table of a search space, as clicks into them do."""
    at = app.session_state[f"tuning_space_version_{model}"]
    app.session_state[f"tuning_space_{model}_{at}"] = {
        "edited_rows": {row: change},
        "added_rows": [],
        "deleted_rows": [],
    }
    return app.run()


def with_tree(open_page, studied):
    app = opened(open_page, studied)
    app.multiselect(key="tuning_models").set_value(["tree"]).run()
    return app


def test_the_size_of_the_space_follows_its_edits(open_page, studied):
    """Whole depths 2 to 30, leaves 1 to 300, and a range of the share of features."""
    app = with_tree(open_page, studied)
    assert "2 whole numbers and 1 range: unlimited" in texts(app)
    app = edit_space(app, "tree", 2, values="0.5, 1")
    assert "Size: 17,400 configurations." in texts(app)
    app.selectbox(key="tuning_sampler").set_value("grid").run()
    assert "the grid has 32 points" in texts(app)


def test_a_range_that_ends_before_it_begins_holds_the_start_until_it_is_reset(open_page, studied):
    app = edit_space(with_tree(open_page, studied), "tree", 0, to=1)
    (box,) = app.error
    assert "from must be below to\\, got 2 and 1" in box.value
    assert app.button(key="tuning_start").disabled
    app.button(key="tuning_space_reset_tree").click().run()
    assert not app.error
    assert not app.button(key="tuning_start").disabled


def test_a_logarithm_of_zero_is_refused(open_page, studied):
    app = edit_space(with_tree(open_page, studied), "tree", 1, **{"from": 0})
    (box,) = app.error
    assert "a logarithmic range starts above zero" in box.value


def test_a_study_searches_the_edited_space(open_page, studied):
    app = with_tree(open_page, studied)
    app.selectbox(key="tuning_budget_kind").set_value("trials").run()
    app.number_input(key="tuning_budget").set_value(5).run()
    app = edit_space(app, "tree", 0, values="3")
    app.button(key="tuning_start").click().run()
    run = ended(studied, app)
    assert set(run.spec.spaces) == {"tree"}
    tried = {
        trial.params["max_depth"]
        for trial in studied.workbench.trials(run.id)
        if trial.origin in ("tpe", "random")
    }
    assert tried == {3}


def test_a_study_begins_with_the_configurations_of_a_journal(open_page, studied):
    journal = studied.workbench.optuna_journal(studied.run, "tree")
    known = studied.workbench.configurations_of(journal, "tree")
    app = with_tree(open_page, studied)
    app.file_uploader(key="tuning_import").set_value(("study.log", journal, "text/plain")).run()
    assert f"{len(known)} configurations will be tried after the base." in texts(app)
    app.selectbox(key="tuning_budget_kind").set_value("trials").run()
    app.number_input(key="tuning_budget").set_value(4).run()
    app.button(key="tuning_start").click().run()
    assert ended(studied, app).spec.given == {"tree": known}


def test_a_file_that_is_no_journal_is_refused_in_one_sentence(open_page, studied):
    app = with_tree(open_page, studied)
    app.file_uploader(key="tuning_import").set_value(("a.log", b"PK\x03\x04", "text/plain")).run()
    (box,) = app.error
    assert "no Optuna journal file" in box.value


def test_values_of_ones_own_are_queued_or_refused_while_a_study_runs(open_page, studied):
    bench = studied.workbench
    run = bench.start_tuning(studied.experiment, ["tree"], Budget(cpu_s=120.0))
    while not any(trial.state == "complete" for trial in bench.trials(run.id)):
        assert bench.run(run.id).state.is_active
        time.sleep(0.1)
    app = open_page("tuning", experiment=studied.experiment, run=run.id)
    app.session_state["tuning_wish"] = True
    app.run()
    app.number_input(key=wished(run, "max_depth")).set_value(99)
    app.button(key="tuning_wish_add").click().run()
    assert "max_depth is outside the search space" in app.error[0].value
    app.run()
    assert "max_depth is outside the search space" in app.error[0].value
    app.number_input(key=wished(run, "max_depth")).set_value(7)
    app.number_input(key=wished(run, "min_samples_leaf")).set_value(123)
    app.button(key="tuning_wish_add").click().run()
    assert not app.error
    assert "Queued: it is the next trial" in texts(app)
    give_up = time.monotonic() + 60
    while not any(asked_for(trial) for trial in bench.trials(run.id)):
        assert time.monotonic() < give_up
        time.sleep(0.1)
    bench.stop(run.id)
    bench.wait(run.id, timeout_s=60)


def wished(run, param: str) -> str:
    return f"tuning_wish_value_{run.id[:8]}_tree_{param}"


def asked_for(trial) -> bool:
    return (trial.params.get("max_depth"), trial.params.get("min_samples_leaf")) == (7, 123)


def test_the_ladder_is_measured_on_a_click_and_drawn_beside_tuning(open_page, studied):
    app = opened(open_page, studied)
    shown = texts(app)
    assert "What the same minutes could have bought" in shown
    assert "Measures known-good configuration, ensemble and more rows" in shown
    assert "ROC AUC does not depend on a threshold" in shown
    app.button(key="ladder_start").click().run()
    assert not app.exception
    runs = studied.workbench.rung_runs(studied.experiment, "tree")
    assert list(runs) == [Rung.MORE_ROWS, Rung.ENSEMBLE, Rung.KNOWN_GOOD]
    for run in runs.values():
        assert studied.workbench.wait(run.id, timeout_s=120).state is RunState.FINISHED
    app = opened(open_page, studied)
    assert app.button(key="ladder_start").disabled
    assert "All is measured." in texts(app)
    found = [one.rung for one in studied.workbench.rungs(studied.experiment, "tree")]
    assert found == [Rung.KNOWN_GOOD, Rung.ENSEMBLE, Rung.MORE_ROWS]


def test_a_rung_that_failed_says_why(open_page, studied, monkeypatch):
    bench = studied.workbench
    failed = replace(
        bench.run(studied.run),
        kind=RunKind.RUNG,
        spec=RungSpec(rung=Rung.MORE_ROWS, model="logistic"),
        state=RunState.FAILED,
        error="The rung's fits failed: out of rows.",
    )
    monkeypatch.setattr(Workbench, "rungs", lambda *_: ())
    monkeypatch.setattr(Workbench, "rung_runs", lambda *_: {Rung.MORE_ROWS: failed})
    app = opened(open_page, studied)
    assert ["out of rows" in box.value for box in app.error] == [True]
    assert not app.button(key="ladder_start").disabled
