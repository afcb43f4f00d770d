"""The Compare page of an experiment that was benchmarked and tuned."""

import re

import pandas as pd
import pytest

from modelling.metrics import metrics_for
from modelling.types import Change, RunKind, RunState, TaskKind
from tests.pages.conftest import texts

VERDICTS = {"Tune", "Keep base", "Not enough evidence"}


def table_with(app, column: str) -> pd.DataFrame:
    return next(item.value for item in app.dataframe if column in item.value.columns)


def test_compare_gives_a_verdict_with_interval_cost_and_looks(open_page, finished):
    app = open_page("compare", experiment=finished.tuned)
    assert not app.exception
    assert any(word in app.subheader[0].value for word in VERDICTS)
    shown = {item.label: item for item in app.metric}
    assert " to " in shown["Gain in ROC AUC"].delta
    # The candidate is the tuned tree, or an ensemble with it (6 trials) or without it.
    counts = finished.workbench.comparison(finished.tuned).overall.candidate.trials
    n_trials = counts.complete + counts.pruned + counts.failed
    assert n_trials in (0, 6)
    assert f"{n_trials} trials" in shown["Cost of the search"].delta
    assert "scored twice (1 after the first)" in texts(app)
    assert "Not weighed" in texts(app)


def test_a_wider_margin_recomputes_the_verdict_at_once(open_page, finished):
    app = open_page("compare", experiment=finished.tuned)
    slider = app.slider(key="compare_margin")
    slider.set_value(slider.max).run()
    assert "Keep base" in app.subheader[0].value
    assert {item.label: item for item in app.metric}["Likely to matter"].value == "0 %"


def test_assumptions_are_stored_and_every_amount_follows(open_page, finished):
    app = open_page("compare", experiment=finished.fresh)
    app = open_page("compare", experiment=finished.tuned)
    before = table_with(app, "whole horizon, $")["whole horizon, $"].iloc[0]
    app.number_input(key="compare_usd_per_vcpu_hour").set_value(0.5).run()
    assert table_with(app, "whole horizon, $")["whole horizon, $"].iloc[0] == pytest.approx(
        10 * before
    )
    assert finished.workbench.experiment(finished.tuned).economics.usd_per_vcpu_hour == 0.5
    app.number_input(key="compare_usd_per_vcpu_hour").set_value(0.05).run()


def test_the_table_of_all_models_has_scores_costs_and_parameters(open_page, finished):
    app = open_page("compare", experiment=finished.tuned)
    frame = table_with(app, "whole horizon, $")
    assert sorted(frame["variant"]) == ["base", "base", "base", "ensemble", "tuned"]
    results = {
        (row.title, row.variant.value): row for row in finished.workbench.results(finished.tuned)
    }
    for _, row in frame.iterrows():
        result = results[row["model"], row["variant"]]
        assert row["locked test: ROC AUC"] == result.test_score
        for spec in metrics_for(TaskKind.BINARY):
            assert row[f"locked test: {spec.title}"] == result.metrics[spec.name]


def test_an_axis_of_money_prints_its_assumptions(open_page, finished):
    app = open_page("compare", experiment=finished.tuned)
    app.selectbox(key="compare_axis").set_value("total_usd").run()
    assert "predictions a month for 12 months" in texts(app)


def test_the_usual_margin_comes_back_with_one_click(open_page, finished):
    app = open_page("compare", experiment=finished.tuned)
    usual = app.subheader[0].value
    slider = app.slider(key="compare_margin")
    slider.set_value(slider.max).run()
    app.button(key="compare_margin_usual").click().run()
    assert app.subheader[0].value == usual
    assert app.slider(key="compare_margin").value == pytest.approx(0.005)


def test_any_metric_can_be_drawn_against_cost(open_page, finished):
    app = open_page("compare", experiment=finished.tuned)
    app.selectbox(key="compare_score").set_value("accuracy").run()
    assert "ROC AUC has the intervals" in texts(app)
    described = [chart.proto.alt for chart in app.get("plotly_chart")]
    assert any(alt.startswith("Accuracy on the locked test against cost") for alt in described)


def test_the_paper_view_has_no_controls_and_keeps_what_was_chosen(open_page, finished):
    app = open_page("compare", experiment=finished.tuned)
    app.selectbox(key="compare_axis").set_value("total_usd").run()
    app.toggle(key="compare_paper").set_value(True).run()
    app.run()
    assert not app.exception
    assert not app.selectbox
    assert not app.slider
    assert not app.number_input
    assert "predictions a month for 12 months" in texts(app)
    app.toggle(key="compare_paper").set_value(False).run()
    assert app.selectbox(key="compare_axis").value == "total_usd"


def test_rows_that_change_add_up_and_can_be_read(open_page, finished):
    app = open_page("compare", experiment=finished.tuned)
    shown = {
        item.label: int(item.value)
        for item in app.metric
        if item.label in {"Fixed", "Broken", "Both wrong", "Both right"}
    }
    n_test = finished.workbench.experiment(finished.tuned).n_test
    assert sum(shown.values()) == n_test
    control = app.segmented_control(key="compare_change")
    control.set_value(Change.BOTH_WRONG).run()
    rows = table_with(app, "truth")
    assert len(rows) == shown["Both wrong"]
    names = [name for name in rows.columns if "(" in name and "sure" not in name]
    assert all((rows[name] != rows["truth"]).all() for name in names[:2])


def test_two_models_of_ones_choice(open_page, finished):
    app = open_page("compare", experiment=finished.tuned)
    labels = app.selectbox(key="compare_from").options
    dummy = next(label for label in labels if "Dummy" in label)
    app.selectbox(key="compare_from").set_value(dummy).run()
    assert f"From {dummy.replace('(', chr(92) + '(').replace(')', chr(92) + ')')}" in texts(app)
    app.selectbox(key="compare_to").set_value(dummy).run()
    assert "Choose two different models" in texts(app)
    assert not app.exception


@pytest.mark.parametrize("look", ["Classes", "Thresholds", "Agreement"])
def test_how_two_models_differ(open_page, finished, look):
    app = open_page("compare", experiment=finished.tuned)
    app.segmented_control(key="compare_look").set_value(look).run()
    assert not app.exception
    described = " ".join(chart.proto.alt for chart in app.get("plotly_chart"))
    said = {"Classes": "rightly", "Thresholds": "ROC for", "Agreement": "most alike"}[look]
    assert said in described
    if look == "Thresholds":
        for curve in ("precision_recall", "gains", "calibration"):
            app.segmented_control(key="compare_curve").set_value(curve).run()
            assert not app.exception


def test_every_chart_states_its_finding(open_page, finished):
    app = open_page("compare", experiment=finished.tuned)
    charts = app.get("plotly_chart")
    assert len(charts) >= 6
    assert all(chart.proto.alt.endswith(".") for chart in charts)


def test_every_run_on_these_rows_on_one_chart(open_page, finished):
    app = open_page("compare", experiment=finished.tuned)
    app.toggle(key="compare_across").set_value(True).run()
    assert not app.exception
    # Other tests may have made experiments on the same rows.
    found = re.search(r"results of (\d+) experiments", texts(app))
    assert found is not None
    assert int(found[1]) >= 2


def test_a_rigorous_check_shows_its_price_first(open_page, finished):
    app = open_page("compare", experiment=finished.tuned)
    assert app.button(key="compare_rigorous").label == "Check rigorously"
    assert "Recommended here" in texts(app)
    assert "five parts of all 300 rows" in texts(app)


def test_the_locked_rows_can_be_downloaded_without_the_target(finished):
    rows = finished.workbench.rows_to_answer(finished.tuned)
    assert next(iter(rows.columns)) == "row"
    assert "answer" not in rows


def test_an_external_model_that_lacks_rows_is_refused_in_a_sentence(open_page, finished):
    app = open_page("compare", experiment=finished.tuned)
    assert app.button(key="compare_external_add").disabled
    answers = pd.DataFrame({"row": [0], "prediction": ["yes"]}).to_csv(index=False).encode()
    app.file_uploader(key="compare_external_upload").set_value(
        ("answers.csv", answers, "text/csv")
    ).run()
    app.text_input(key="compare_external_title").set_value("Rule").run()
    app.button(key="compare_external_add").click().run()
    assert "locked rows have no answer" in app.error[0].value
    assert not app.exception


def test_models_are_asked_what_they_go_by(open_page, finished):
    bench, experiment = finished.workbench, finished.tuned
    app = open_page("compare", experiment=experiment)
    app.button(key="compare_explain").click().run()
    run = next(run for run in bench.runs(experiment) if run.kind is RunKind.EXPLANATION)
    assert bench.wait(run.id, timeout_s=120).state is RunState.FINISHED
    app = open_page("compare", experiment=experiment)
    assert not app.exception
    assert "What the models go by" in [item.value for item in app.subheader]
    assert "compare_explain" not in [button.key for button in app.button]
    columns = app.selectbox(key="compare_effect_column").options
    assert set(columns) <= set(bench.experiment(experiment).task.features)
    app.selectbox(key="compare_effect_column").set_value(columns[-1]).run()
    assert not app.exception
