"""The pages of an experiment that was benchmarked and tuned."""

import re

import pandas as pd
import pytest

from components.tables import csv_bytes, safe_cell
from modelling.workbench import TaskChoices
from tests.pages.conftest import texts

VERDICTS = {"Tune", "Keep base", "Not enough evidence"}


def buttons(app, kind: str = "primary") -> list[str]:
    return [button.label for button in app.button if button.proto.type == kind]


@pytest.mark.parametrize(
    ("page", "label"),
    [("benchmark", "Run benchmark"), ("tuning", "Start tuning"), ("data", "Create experiment")],
)
def test_a_page_has_one_primary_button(open_page, finished, page, label):
    app = open_page(page, experiment=finished.tuned, dataset=finished.dataset)
    assert buttons(app) == [label]
    assert not app.exception


def test_home_lists_samples_and_recent_experiments(open_page, finished):
    # Other tests make experiments of their own, and only the newest are listed.
    finished.workbench.create_experiment(
        finished.dataset, TaskChoices(target="answer"), name="made last"
    )
    app = open_page("home")
    assert [button.label for button in app.button] == ["Use this sample"] * len(
        finished.workbench.samples()
    )
    assert buttons(app) == ["Use this sample"]
    assert "made last" in texts(app)
    assert {"Benchmark", "Tuning", "Compare"} <= {link.label for link in app.page_link}


def test_the_leaderboard_ranks_by_selection_score_and_keeps_the_test_locked(open_page, finished):
    app = open_page("benchmark", experiment=finished.tuned)
    frame = app.dataframe(key="benchmark_table").value
    places = [rank.removesuffix(" =") for rank in frame["rank"]]
    assert places == sorted(places)
    assert frame["model"].iloc[-1] == "Dummy (no features)"
    assert frame["selection score"].is_monotonic_decreasing
    assert not any("test" in name for name in frame.columns)
    assert "selection score" in texts(app)
    fits = [row for row in finished.workbench.results(finished.tuned) if row.key != "dummy"]
    drawn = frame.to_csv() + "".join(map(str, app.get("plotly_chart")))
    assert not any(f"{row.test_score:.8f}"[1:] in drawn for row in fits)
    selected = {f"{row.cv_score:.4f}" for row in fits}
    tested = {f"{row.test_score:.4f}" for row in fits} - selected
    assert tested
    assert not tested & set(re.findall(r"\d+\.\d+", texts(app)))


def test_the_benchmark_page_states_time_and_configurations(open_page, finished):
    app = open_page("benchmark", experiment=finished.fresh)
    assert "Will take about" in texts(app)
    assert "`C = 1`  `max_iter = 1000`" in texts(app)
    assert len(app.multiselect(key="benchmark_models").value) == len(
        app.multiselect(key="benchmark_models").options
    )


def test_without_a_model_the_benchmark_cannot_start(open_page, finished):
    app = open_page("benchmark", experiment=finished.fresh)
    app.multiselect(key="benchmark_models").set_value([]).run()
    assert app.button(key="benchmark_run").disabled
    assert "Choose at least one model" in texts(app)


def test_tuning_proposes_the_best_base_model_and_sixty_cpu_seconds(open_page, finished):
    app = open_page("tuning", experiment=finished.tuned)
    best = next(row for row in finished.workbench.results(finished.tuned) if row.variant == "base")
    assert app.multiselect(key="tuning_models").value == [best.key]
    assert app.number_input(key="tuning_budget").value == 60
    assert app.selectbox(key="tuning_budget_kind").value == "cpu_s"


def test_another_kind_of_budget_starts_from_its_own_default(open_page, finished):
    app = open_page("tuning", experiment=finished.tuned)
    app.selectbox(key="tuning_budget_kind").set_value("trials").run()
    assert app.number_input(key="tuning_budget").value == 40
    app.number_input(key="tuning_budget").set_value(8).run()
    assert app.number_input(key="tuning_budget").value == 8


def test_a_finished_study_shows_every_trial_and_the_way_on(open_page, finished):
    app = open_page("tuning", experiment=finished.tuned, run=finished.tuning_run)
    (trials,) = [item.value for item in app.dataframe if "trial" in item.value.columns]
    assert len(trials) == 6
    assert {item.label: item.value for item in app.metric}["Failed"] == "0"
    assert "Next: is it worth it?" in [link.label for link in app.page_link]
    assert "finished" in texts(app)


def test_a_run_of_another_kind_in_the_address_is_ignored(open_page, finished):
    app = open_page("benchmark", experiment=finished.tuned, run=finished.tuning_run)
    assert "Benchmark of 3 models" in texts(app)
    assert "run" not in app.query_params


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_in_an_exported_table_is_never_a_formula(start):
    frame = pd.DataFrame({f"{start}name": [f"{start}1+1", "harmless"], "number": [-1.5, 2.0]})
    text = csv_bytes(frame).decode("utf-8-sig")
    assert f"'{start}1+1" in text
    assert f"'{start}name" in text
    assert ",-1.5" in text
    assert safe_cell(-1.5) == -1.5
