"""A study that the product exported opens in optuna-dashboard, which is asked over its own API."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from modelling.types import TrialState
from tests.serving import free_port, wait_for_port

Answers = Callable[[str], Any]


@pytest.fixture
def dashboard(finished, tmp_path: Path) -> Iterator[Answers]:
    journal = tmp_path / "study.log"
    journal.write_bytes(finished.workbench.optuna_journal(finished.tuning_run, "tree"))
    port = free_port()
    # The command of the README, from the environment of the tests.
    command = [str(Path(sys.executable).parent / "optuna-dashboard"), str(journal)]
    server = subprocess.Popen([*command, "--port", str(port)])

    def answer(path: str) -> Any:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as response:
            return json.load(response)

    try:
        wait_for_port(port, server)
        yield answer
    finally:
        server.terminate()
        server.wait(timeout=10)


def test_an_exported_study_opens_in_optuna_dashboard(finished, dashboard: Answers) -> None:
    (study,) = dashboard("/api/studies")["study_summaries"]
    assert study["study_name"].startswith("tree-")
    assert study["directions"] == ["maximize"]
    shown = dashboard(f"/api/studies/{study['study_id']}")["trials"]
    trials = finished.workbench.trials(finished.tuning_run)
    names = {
        TrialState.COMPLETE: "Complete",
        TrialState.PRUNED: "Pruned",
        TrialState.FAILED: "Fail",
    }
    assert [trial["state"] for trial in shown] == [names[trial.state] for trial in trials]
    assert "tpe" in {trial.origin for trial in trials}
    for trial, drawn in zip(trials, shown, strict=True):
        if trial.state is TrialState.COMPLETE:
            assert drawn["values"] == [pytest.approx(-trial.value)]
        if trial.origin == "tpe":
            named = {param["name"]: param["param_external_value"] for param in drawn["params"]}
            assert named == {name: str(value) for name, value in trial.params.items()}
