"""Scenarios are kept with an experiment and leave and enter as JSON."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from modelling.errors import NotFoundError, SpecError
from modelling.settings import Settings
from modelling.types import CostBasis, Economics, Experiment, OtherCost, Payoff
from modelling.workbench import Workbench


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[Workbench]:
    with Workbench.open(Settings.from_env({"TUNEWORTH_HOME": str(tmp_path)})) as opened:
        yield opened


@pytest.fixture
def experiment(workbench: Workbench) -> Experiment:
    return workbench.create_experiment(workbench.add_sample("credit_risk").id)


TRIED = Economics(
    predictions_per_month=5_000.0,
    currency="EUR",
    payoff=Payoff(outcomes=((0.0, -5.0), (-50.0, 0.0)), stakes=((0.0, 0.0), (-1.0, 0.0))),
    other_costs=(OtherCost(label="licence", amount=9.0, basis=CostBasis.ONCE, model="tree:tuned"),),
)


def test_scenarios_are_kept_by_name_and_replaced(workbench, experiment):
    assert workbench.scenarios(experiment.id) == ()
    workbench.save_scenario(experiment.id, "  Base   case ", TRIED)
    workbench.save_scenario(experiment.id, "Pessimistic", replace(TRIED, horizon_months=3.0))
    assert [one.name for one in workbench.scenarios(experiment.id)] == ["Base case", "Pessimistic"]
    workbench.save_scenario(experiment.id, "Pessimistic", TRIED)
    assert workbench.scenario(experiment.id, "Pessimistic").economics == TRIED
    workbench.forget_scenario(experiment.id, "Pessimistic")
    with pytest.raises(NotFoundError, match="no scenario 'Pessimistic'"):
        workbench.scenario(experiment.id, "Pessimistic")


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_scenario_needs_a_name(workbench, experiment, name):
    with pytest.raises(SpecError, match="needs a name of 1 to 60 characters"):
        workbench.save_scenario(experiment.id, name, TRIED)


def test_a_scenario_comes_back_from_its_json(workbench, experiment):
    saved = workbench.save_scenario(experiment.id, "Base case", TRIED)
    assert workbench.read_scenario(workbench.scenario_json(saved)) == saved


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"\xff\xfe", "no JSON"),
        ("{", "no JSON"),
        ("[]", "no scenario"),
        ('{"name": "x"}', "'economics' is missing"),
        (json.dumps({"name": "x", "economics": {"horizon_months": -1}}), "zero or more"),
        (json.dumps({"name": "x", "economics": {"payoff": {"outcomes": [[1, 2]]}}}), "square"),
        (json.dumps({"name": "x", "economics": {"usd_per_vcpu_hour": None}}), "zero or more"),
    ],
)
def test_what_is_no_scenario_is_refused_in_a_sentence(workbench, text, words):
    with pytest.raises(SpecError, match=words) as refused:
        workbench.read_scenario(text)
    assert str(refused.value).endswith(".")
    assert "Traceback" not in str(refused.value)
