"""A runner that was started by another process does not outlive its use."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from modelling.launch import RunnerLauncher, WhenOwnerEnds
from modelling.types import Budget, RunState
from tests.runner.conftest import PROJECT, Lab, experiment_on, wait_until


def compare_command(lab: Lab, table: Path, budget: str) -> list[str]:
    options = ["--models", "dummy,tree", "--tune", "tree", "--budget", budget]
    return [
        *(sys.executable, "-m", "modelling", "compare", str(table), "--target", "y"),
        *(*options, "--json", str(lab.settings.home / "result.json")),
    ]


@pytest.mark.faults
@pytest.mark.parametrize("kill", [signal.SIGKILL, signal.SIGTERM])
def test_no_process_is_left_after_the_command_line_is_killed(
    make_lab: Callable[[str], Lab], table: Path, kill: signal.Signals
) -> None:
    lab = make_lab("killed")
    command = compare_command(lab, table, "500trials")
    client = subprocess.Popen(command, env=lab.settings.to_env(), cwd=PROJECT)
    wait_until(lambda: len(lab.workbench.runs()) == 2, timeout_s=60, what="the study")
    study = lab.workbench.runs()[0]
    wait_until(lambda: len(lab.workbench.trials(study.id)) > 3, timeout_s=60, what="trials")
    os.kill(client.pid, kill)
    client.wait()
    wait_until(lambda: not lab.processes(), timeout_s=15, what="the end of all processes")
    assert lab.workbench.run(study.id).state is RunState.INTERRUPTED


@pytest.mark.faults
def test_interrupting_the_command_line_stops_the_run_and_writes_what_there_is(
    make_lab: Callable[[str], Lab], table: Path
) -> None:
    lab = make_lab("interrupted")
    command = compare_command(lab, table, "500trials")
    client = subprocess.Popen(
        command,
        env=lab.settings.to_env(),
        cwd=PROJECT,
        stderr=subprocess.PIPE,
        text=True,
        # Started in the background, a shell lets its children ignore Ctrl+C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    wait_until(lambda: len(lab.workbench.runs()) == 2, timeout_s=60, what="the study")
    study = lab.workbench.runs()[0]
    wait_until(lambda: len(lab.workbench.trials(study.id)) > 3, timeout_s=60, what="trials")
    client.send_signal(signal.SIGINT)
    _, errors = client.communicate(timeout=30)
    assert client.returncode == 3
    assert "Traceback" not in errors
    assert lab.workbench.run(study.id).state is RunState.STOPPED
    result = json.loads((lab.settings.home / "result.json").read_text())
    assert {model["key"] for model in result["models"]} == {"dummy", "tree"}
    wait_until(lambda: not lab.processes(), timeout_s=15, what="the end of all processes")


@pytest.mark.faults
def test_a_servers_runner_finishes_the_work_and_then_ends(
    make_lab: Callable[[str], Lab], table: Path
) -> None:
    lab = make_lab("server")
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVER], env=lab.settings.to_env(), cwd=PROJECT
    )
    wait_until(lambda: bool(lab.workbench._launcher.is_alive()), timeout_s=20, what="a runner")
    experiment = experiment_on(lab.workbench, table)
    run = lab.workbench.start_tuning(experiment.id, ["tree"], Budget(trials=40))
    wait_until(lambda: len(lab.workbench.trials(run.id)) > 3, timeout_s=60, what="trials")
    os.kill(server.pid, signal.SIGKILL)
    server.wait()
    assert lab.workbench.wait(run.id, timeout_s=120).state is RunState.FINISHED
    wait_until(lambda: not lab.processes(), timeout_s=15, what="the end of all processes")


_SERVER = """
import time
from modelling.launch import RunnerLauncher, WhenOwnerEnds
from modelling.settings import Settings
launcher = RunnerLauncher(Settings.from_env(), WhenOwnerEnds.FINISH)
launcher.ensure()
time.sleep(600)
"""


@pytest.mark.faults
def test_a_second_runner_on_one_workspace_does_nothing(make_lab: Callable[[str], Lab]) -> None:
    lab = make_lab("two")
    lab.start_runner()
    second = subprocess.run(
        [sys.executable, "-m", "modelling", "runner"],
        env=lab.settings.to_env(),
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 0
    assert "already" in second.stderr
    launcher = RunnerLauncher(lab.settings, WhenOwnerEnds.FINISH)
    launcher.ensure()
    assert launcher._process is None
