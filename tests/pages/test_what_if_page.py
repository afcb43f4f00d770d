"""The What-if page: payoffs, the verdict in money, scenarios; and the Guide page."""

import re
from dataclasses import replace

import pytest

from modelling.types import Payoff
from tests.pages.conftest import texts

MISSED = "what_if_outcome_1_0"
REVIEW = "what_if_outcome_0_1"


def figures(app) -> dict[str, str]:
    return {item.label: item.value for item in app.metric}


def test_without_a_payoff_the_page_asks_for_one(open_page, finished):
    app = open_page("what_if", experiment=finished.tuned)
    assert not app.exception
    assert "Say what answers are worth" in texts(app)
    assert "Likely to pay" not in figures(app)
    assert "Which model at which volume" in [item.value for item in app.subheader]


def test_a_payoff_gives_a_verdict_in_money_at_once(open_page, finished):
    app = open_page("what_if", experiment=finished.tuned)
    app.number_input(key=MISSED).set_value(-100.0).run()
    app.number_input(key=REVIEW).set_value(-5.0).run()
    assert not app.exception
    shown = figures(app)
    assert shown["Likely to pay"].endswith("%")
    assert {"Ahead after 12 months", "Paid back"} <= shown.keys()
    assert "What decides it" in texts(app) or "No single assumption" in texts(app)
    titles = [item.value for item in app.subheader]
    assert {"What the verdict hangs on", "What calling more rows is worth"} <= set(titles)
    # It is tried here only.
    assert finished.workbench.experiment(finished.tuned).economics.payoff == Payoff()


def test_the_figures_are_those_of_the_modelling_layer(open_page, finished):
    bench = finished.workbench
    app = open_page("what_if", experiment=finished.tuned)
    app.number_input(key=MISSED).set_value(-40.0).run()
    economics = bench.experiment(finished.tuned).economics
    tried = replace(economics, payoff=Payoff(outcomes=((0.0, 0.0), (-40.0, 0.0))))
    pair = bench.comparison(finished.tuned).overall
    found = bench.ledger(finished.tuned).books.payback(pair.base, pair.candidate, tried)
    assert figures(app)["Ahead after 12 months"].replace("−", "-").startswith(("$", "-$"))
    value = float(
        figures(app)["Ahead after 12 months"].replace("−", "-").replace("$", "").replace(",", "")
    )
    assert value == pytest.approx(found.net, rel=0.02, abs=0.5)


def test_a_scenario_is_saved_and_opened_by_its_link(open_page, finished):
    app = open_page("what_if", experiment=finished.tuned)
    app.number_input(key=MISSED).set_value(-70.0).run()
    app.number_input(key="what_if_horizon_months").set_value(24.0).run()
    app.text_input(key="what_if_name").set_value("Stakeholder").run()
    app.button(key="what_if_save").click().run()
    assert not app.exception
    before = figures(app)
    again = open_page("what_if", experiment=finished.tuned, scenario="Stakeholder")
    assert figures(again) == before
    assert again.number_input(key=MISSED).value == -70.0
    assert "Ahead after 24 months" in before
    names = next(item.value for item in again.dataframe if "scenario" in item.value)["scenario"]
    assert "Stakeholder" in list(names)
    finished.workbench.forget_scenario(finished.tuned, "Stakeholder")


def test_a_link_to_a_scenario_that_is_gone_opens_the_stored_one(open_page, finished):
    app = open_page("what_if", experiment=finished.tuned, scenario="Gone")
    assert not app.exception
    assert app.selectbox(key="what_if_scenario").value == "As stored with the experiment"


@pytest.mark.parametrize("name", ["predictions_per_month", "horizon_months", "usd_per_vcpu_hour"])
def test_nothing_shown_is_no_number(open_page, finished, name):
    app = open_page("what_if", experiment=finished.tuned)
    app.number_input(key=MISSED).set_value(-100.0).run()
    app.number_input(key=f"what_if_{name}").set_value(0.0).run()
    assert not app.exception
    shown = f"{texts(app)} {figures(app)}".lower()
    assert "nan" not in shown.split()
    assert "inf" not in shown.split()


def test_an_experiment_without_models_points_to_the_benchmark(open_page, finished):
    app = open_page("what_if", experiment=finished.fresh)
    assert "There are no models to price yet" in texts(app)


def test_the_guide_fills_itself_from_the_open_experiment(open_page, finished):
    app = open_page("guide", experiment=finished.tuned)
    assert not app.exception
    assert "ROC AUC changed by" in texts(app)
    assert app.radio(key="guide_size").value == "200 to 5,000"
    app.radio(key="guide_labelled").set_value("no").run()
    assert "Label some rows first" in texts(app)


def test_the_guide_does_without_an_experiment(open_empty):
    app = open_empty("guide")
    assert not app.exception
    assert "Benchmark base models" in texts(app)


def test_models_stand_by_accuracy_and_by_worth(open_page, finished):
    app = open_page("what_if", experiment=finished.tuned)
    app.number_input(key=MISSED).set_value(-100.0).run()
    app.number_input(key=REVIEW).set_value(-30.0).run()
    assert not app.exception
    assert "1,000 answers are worth" in texts(app)
    frame = next(item.value for item in app.dataframe if "by worth" in item.value)
    assert list(frame["by worth"]) == list(range(1, len(frame) + 1))
    assert sorted(frame["by ROC AUC"]) == list(frame["by worth"])
    worth = [float(re.sub("[$,]", "", text).replace("−", "-")) for text in frame["worth of 1,000"]]
    assert worth == sorted(worth, reverse=True)
    assert frame["called answer"].str.fullmatch(r"[\d.]+ %").all()


def test_a_usual_payoff_fills_the_outcomes_and_leaves_prices_alone(open_page, finished):
    app = open_page("what_if", experiment=finished.tuned)
    app.number_input(key="what_if_horizon_months").set_value(24.0).run()
    app.button(key="what_if_begin_0").click().run()
    assert not app.exception
    assert (app.number_input(key=MISSED).value, app.number_input(key=REVIEW).value) == (-50.0, -5.0)
    assert app.number_input(key="what_if_horizon_months").value == 24.0
    assert "Likely to pay" in figures(app)
    app.number_input(key=MISSED).set_value(-7.0).run()
    app.button(key="what_if_begin_0").click().run()
    assert app.number_input(key=MISSED).value == -50.0


def test_two_models_of_ones_choice_are_weighed(open_page, finished):
    app = open_page("what_if", experiment=finished.tuned)
    app.button(key="what_if_begin_0").click().run()
    before = figures(app)
    first, second = app.selectbox(key="what_if_from").value, app.selectbox(key="what_if_to").value
    app.selectbox(key="what_if_from").set_value(second).run()
    assert "Choose two different models" in texts(app)
    app.selectbox(key="what_if_to").set_value(first).run()
    assert not app.exception
    assert figures(app)["Ahead after 12 months"] != before["Ahead after 12 months"]
    verdicts = {"It pays", "It does not pay", "Not enough evidence"}
    assert any(word in item.value for item in app.subheader for word in verdicts)
