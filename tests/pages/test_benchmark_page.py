"""The leaderboard: ties, costs, filter, details of a model, failures and another try."""

from dataclasses import replace

import pytest

from modelling.store.results import Batch
from modelling.types import FitLimits, ResultStatus, RunState, Variant
from modelling.workbench import TaskChoices
from tests.pages.conftest import texts

GIB = 1024**3
COLUMNS = [
    "rank",
    "model",
    "variant",
    "family",
    "selection score",
    "95 % from",
    "95 % to",
    "± folds",
    "note",
    "fit CPU s",
    "fit wall s",
    "benchmarking CPU s",
    "1,000 rows, CPU ms",
    "one row, ms p50",
    "one row, ms p95",
    "memory MB",
    "file MB",
    "training $",
    "serving 1,000 $",
]


def leaderboard(app):
    return app.dataframe(key="benchmark_table").value


def fold_tables(app):
    """Return the tables of folds: one where a model is selected."""
    return [item.value for item in app.dataframe if "fold" in item.value]


def select(app, key: str, variant: Variant = Variant.BASE):
    """Select a model, as a click on its row does."""
    app.session_state["benchmark_table_selected"] = (key, variant)
    return app.run()


def put_row(workbench, experiment: str, like: str, **changes) -> None:
    """Store a row as a run would, made of another model's."""
    row = replace(workbench.result(experiment, like), **changes)
    batch = Batch(run_id=row.run_id, experiment_id=experiment)
    batch.results[row.key, str(row.variant)] = row
    workbench._store.results.save([batch])


@pytest.fixture
def new(finished) -> str:
    """Make an experiment that no other test looks at."""
    choices = TaskChoices(target="answer")
    return finished.workbench.create_experiment(finished.dataset, choices, name="new").id


@pytest.fixture(scope="module")
def failing(finished) -> str:
    """Make an experiment in which the tree came to its limits."""
    workbench = finished.workbench
    choices = TaskChoices(target="answer")
    experiment = workbench.create_experiment(finished.dataset, choices, name="failing").id
    limits = FitLimits(cpu_s=100, memory_bytes=2 * GIB)
    run = workbench.start_benchmark(experiment, ["logistic"], limits=limits)
    assert workbench.wait(run.id, timeout_s=60).state is RunState.FINISHED
    put_row(
        workbench,
        experiment,
        "logistic",
        key="tree",
        title="Decision tree",
        family="tree",
        status=ResultStatus.FAILED,
        error="Ended at its limit of 100 CPU seconds. :smile: **b**",
        cv_score=None,
        fold_scores=(),
    )
    return experiment


def test_the_table_has_ranks_intervals_and_all_costs(open_page, finished):
    app = open_page("benchmark", experiment=finished.tuned)
    table = leaderboard(app)
    assert list(table.columns) == COLUMNS
    lines = finished.workbench.leaderboard(finished.tuned)
    for line, (_, shown) in zip(lines, table.iterrows(), strict=True):
        assert shown["model"] == line.row.title
        assert shown["rank"].strip() == f"{line.rank} =" if line.tied else str(line.rank)
        assert (shown["95 % from"], shown["95 % to"]) == line.interval
        assert shown["training $"] == pytest.approx(line.row.training_cpu_s / 3600 * 0.05)
        assert shown["benchmarking CPU s"] == line.row.cv_cpu_s
    assert table.drop(columns="note").notna().all(axis=None)


def test_a_tuned_model_is_not_on_the_leaderboard_and_an_ensemble_is(open_page, finished, new):
    workbench, experiment = finished.workbench, new
    workbench.wait(workbench.start_benchmark(experiment, ["logistic"]).id, timeout_s=60)
    changes = {"title": "Ensemble", "family": "ensemble", "params": {"logistic (base)": 1.0}}
    put_row(workbench, experiment, "logistic", key="ensemble", variant=Variant.ENSEMBLE, **changes)
    put_row(workbench, experiment, "logistic", variant=Variant.TUNED)
    app = open_page("benchmark", experiment=experiment)
    table = leaderboard(app)
    assert list(table["variant"]) == ["base", "ensemble", "base"]
    assert list(table["rank"]) == [" 1 =", " 1 =", " 3"]
    select(app, "ensemble", Variant.ENSEMBLE)
    assert "Made of the predictions of other models" in texts(app)
    assert not app.exception


def test_places_sort_as_numbers_though_they_are_text(open_page, finished):
    app = open_page("benchmark", experiment=finished.tuned)
    assert all(len(rank.removesuffix(" =")) == 2 for rank in leaderboard(app)["rank"])
    assert " 2" < "10 ="


def test_a_family_chosen_leaves_its_models_in_table_and_chart(open_page, finished):
    app = open_page("benchmark", experiment=finished.tuned)
    (families,) = [item for item in app.pills if item.key == "benchmark_family"]
    assert families.options == ["baseline", "linear", "tree", "ensemble"]
    families.set_value(["tree"]).run()
    assert list(leaderboard(app)["model"]) == ["Decision tree"]
    (chart,) = app.get("plotly_chart")
    assert "Decision tree" in chart.proto.spec
    assert "Logistic regression" not in chart.proto.spec
    assert "of 1 model:" in chart.proto.alt
    app.pills(key="benchmark_family").set_value([]).run()
    assert len(leaderboard(app)) == 4


def test_a_selected_model_shows_folds_metrics_parameters_and_log(open_page, finished):
    app = select(open_page("benchmark", experiment=finished.tuned), "tree")
    details = finished.workbench.details(finished.tuned, "tree")
    (folds,) = fold_tables(app)
    assert list(folds["fold"]) == [1, 2, 3, 4, 5]
    assert list(folds["score"]) == list(details.row.fold_scores)
    (metrics,) = [table.value for table in app.table]
    assert metrics["metric"].iloc[0] == "ROC AUC"
    assert metrics["mean"].iloc[0] == f"{details.row.cv_score:.4f}"
    assert metrics["± folds"].iloc[0] == f"{details.row.cv_std:.4f}"
    assert len(metrics) == len(finished.workbench.metrics("binary"))
    assert "max_depth \\= None" in texts(app)
    assert "All 5 folds: finished" in texts(app)
    labels = [button.label for button in app.download_button]
    assert labels == [
        "Leaderboard (CSV)",
        "Leaderboard (Parquet)",
        "Out-of-fold predictions (CSV)",
        "Out-of-fold predictions (Parquet)",
    ]


def test_the_details_show_no_score_of_the_locked_test(open_page, finished):
    app = select(open_page("benchmark", experiment=finished.tuned), "tree")
    row = finished.workbench.result(finished.tuned, "tree")
    written = texts(app) + "".join(item.value.to_csv() for item in app.table)
    assert all(f"{value:.4f}"[1:] not in written for value in row.metrics.values())
    # A frame holds times to many digits, in which any four digits may come by chance.
    frames = "".join(item.value.to_csv() for item in app.dataframe)
    assert all(f"{value:.8f}"[1:] not in frames for value in row.metrics.values())


def test_a_selection_marks_the_row_of_its_model(open_page, finished):
    app = select(open_page("benchmark", experiment=finished.tuned), "dummy")
    assert app.session_state["benchmark_table"]["selection"]["rows"] == [3]
    app.pills(key="benchmark_family").set_value(["baseline"]).run()
    assert app.session_state["benchmark_table"]["selection"]["rows"] == [0]
    app.pills(key="benchmark_family").set_value(["tree"]).run()
    assert app.session_state["benchmark_table"]["selection"]["rows"] == []
    assert fold_tables(app) == []


def test_another_experiment_starts_without_filter_and_selection(open_page, finished, failing):
    app = select(open_page("benchmark", experiment=finished.tuned), "tree")
    app.pills(key="benchmark_family").set_value(["tree"]).run()
    app.query_params["experiment"] = failing
    app.run()
    assert app.pills(key="benchmark_family").value == []
    assert app.session_state["benchmark_table"]["selection"]["rows"] == []


def test_a_failed_model_keeps_its_reason_and_has_no_rank(open_page, failing):
    app = select(open_page("benchmark", experiment=failing), "tree")
    (row,) = [row for _, row in leaderboard(app).iterrows() if row["model"] == "Decision tree"]
    assert row["rank"] == ""
    assert row["note"].startswith("failed: Ended at its limit of 100 CPU seconds.")
    assert "Ended at its limit of 100 CPU seconds\\. \\:⁠smile\\: \\*\\*b\\*\\*" in texts(app)
    assert "Out-of-fold" not in "".join(button.label for button in app.download_button)
    assert not app.exception


def test_retry_runs_that_model_alone_with_four_times_the_time_and_twice_the_memory(
    open_page, finished, failing
):
    workbench = finished.workbench
    app = open_page("benchmark", experiment=failing)
    button = app.button(key="benchmark_retry_tree")
    assert (button.label, button.proto.type) == ("Retry with a larger limit", "secondary")
    assert "400 CPU seconds and 4.0 GB" in button.help
    button.click().run()
    run = workbench.runs(failing)[0]
    assert run.spec.models == ("tree",)
    assert run.spec.limits == FitLimits(cpu_s=400, memory_bytes=4 * GIB)
    assert app.query_params["run"] == run.id
    assert workbench.wait(run.id, timeout_s=60).state is RunState.FINISHED
    app.run()
    assert workbench.result(failing, "tree").status is ResultStatus.OK
    assert not [button for button in app.button if button.label.startswith("Retry")]


def test_memory_is_never_raised_beyond_the_machine_nor_lowered(finished, new):
    workbench = finished.workbench
    huge = FitLimits(cpu_s=1, memory_bytes=10**15)
    run = workbench.start_benchmark(new, ["dummy"], limits=huge)
    workbench.wait(run.id, timeout_s=60)
    assert workbench.larger_limits(run.id) == FitLimits(cpu_s=4, memory_bytes=10**15)


def test_limits_of_the_form_reach_the_run(open_page, finished, new):
    app = open_page("benchmark", experiment=new)
    assert app.number_input(key="benchmark_cpu_limit").value == 600
    assert app.number_input(key="benchmark_memory_limit").value == 4
    app.number_input(key="benchmark_cpu_limit").set_value(90)
    app.number_input(key="benchmark_memory_limit").set_value(1.5)
    app.multiselect(key="benchmark_models").set_value(["dummy"])
    app.button(key="benchmark_run").click().run()
    run = finished.workbench.runs(new)[0]
    assert run.spec.limits == FitLimits(cpu_s=90, memory_bytes=3 * GIB // 2)
    finished.workbench.wait(run.id, timeout_s=60)


def test_a_model_that_guessing_beats_is_flagged(open_page, finished, new):
    workbench, experiment = finished.workbench, new
    workbench.wait(workbench.start_benchmark(experiment, ["tree"]).id, timeout_s=60)
    put_row(workbench, experiment, "tree", beaten_by_dummy=True)
    notes = leaderboard(open_page("benchmark", experiment=experiment)).set_index("model")["note"]
    assert notes["Decision tree"].startswith("no better than guessing")
    assert "guessing" not in notes["Dummy (no features)"]


def test_base_configurations_are_told_family_by_family(open_page, finished):
    app = open_page("benchmark", experiment=finished.fresh)
    said = [item.value for item in app.markdown]
    linear, boosting = said.index("##### Linear"), said.index("##### Boosting")
    assert "**Logistic regression**  `C = 1`  `max_iter = 1000`" in said[linear + 1]
    assert any("XGBoost" in text for text in said[boosting:])
    assert not any("XGBoost" in text for text in said[:boosting])
