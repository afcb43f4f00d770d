"""A workspace with a small experiment, and the real runner as a process of its own."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import pytest

from modelling.datasets.choices import TaskChoices
from modelling.evaluation import measure
from modelling.executor.inline import InlineExecutor
from modelling.launch import WhenOwnerEnds
from modelling.lock import WorkspaceLock
from modelling.runner.service import Runner
from modelling.settings import Settings
from modelling.types import Experiment
from modelling.workbench import Workbench

PROJECT = Path(__file__).parents[2]


def wait_until(condition: Callable[[], bool], *, timeout_s: float, what: str) -> None:
    """Poll until ``condition`` holds; fail with ``what`` if it does not in time."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, f"waited {timeout_s} s for: {what}"
        time.sleep(0.05)


@dataclass
class Lab:
    """A workspace, and runners that are started and killed as processes."""

    settings: Settings
    workbench: Workbench
    runners: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start_runner(
        self, *, workers: int = 2, module: str = "modelling"
    ) -> subprocess.Popen[bytes]:
        """Start a runner and wait until it holds the workspace's lock."""
        lock = WorkspaceLock(self.settings.home)
        wait_until(lambda: not lock.is_held(), timeout_s=15, what="the last runner's lock")
        runner = subprocess.Popen(
            [sys.executable, "-m", module, "runner"],
            env={**self.settings.to_env(), "TUNEWORTH_WORKERS": str(workers)},
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
        )
        self.runners.append(runner)
        wait_until(lock.is_held, timeout_s=15, what="a runner")
        return runner

    def end(self) -> None:
        """End the runners that are left."""
        for runner in self.runners:
            if runner.poll() is None:
                runner.terminate()
                runner.wait(timeout=20)

    def processes(self) -> list[psutil.Process]:
        """Return all processes that work on this workspace, except this one."""
        mark = f"TUNEWORTH_HOME={self.settings.home}"
        return [process for process in psutil.process_iter() if mark in _environment(process)]


def _environment(process: psutil.Process) -> list[str]:
    try:
        if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
            return []
        return [f"{name}={value}" for name, value in process.environ().items()]
    except psutil.Error:
        return []


class NoLauncher:
    """In place of the launcher: these tests start and kill runners themselves."""

    def __init__(self, home: Path) -> None:
        self._lock = WorkspaceLock(home)

    def is_alive(self) -> bool:
        return self._lock.is_held()

    def ensure(self) -> None:
        """Start nothing."""

    def end(self) -> None:
        """End nothing."""


@pytest.fixture(autouse=True, scope="package")
def short_measuring() -> Iterator[None]:
    """Time answers in shorter blocks: what answering costs is tested where it is measured."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(measure, "BLOCK_S", 0.01)
        yield


def open_lab(home: Path) -> Lab:
    """Return a workspace whose runners the tests start themselves."""
    settings = Settings(home=home, database_url=f"sqlite:///{home}/t.db", workers=2)
    workbench = Workbench(settings, when_owner_ends=WhenOwnerEnds.STOP)
    workbench._launcher = NoLauncher(home)  # type: ignore[assignment]
    return Lab(settings=settings, workbench=workbench)


@pytest.fixture
def make_lab(tmp_path: Path) -> Iterator[Callable[[str], Lab]]:
    labs: list[Lab] = []

    def make(name: str) -> Lab:
        labs.append(open_lab(tmp_path / name))
        return labs[-1]

    yield make
    for lab in labs:
        lab.end()
        lab.workbench.close()


@pytest.fixture(scope="session")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1,200 rows of which three columns matter; mixed types and missing values."""
    rng = np.random.default_rng(7)
    frame = pd.DataFrame(rng.normal(size=(1200, 6)), columns=[f"x{i}" for i in range(6)])
    frame["colour"] = rng.choice(["red", "green", "blue"], 1200)
    logit = frame["x0"] + 0.7 * frame["x1"] * (frame["colour"] == "red") - 0.5 * frame["x2"] ** 2
    frame["y"] = np.where(logit + rng.logistic(size=1200) > 0, "yes", "no")
    frame.loc[rng.choice(1200, 90, replace=False), "x3"] = np.nan
    path = tmp_path_factory.mktemp("tables") / "table.csv"
    frame.to_csv(path, index=False)
    return path


def experiment_on(workbench: Workbench, table: Path, **choices: object) -> Experiment:
    """Return an experiment on ``table`` with target ``y``."""
    ref = workbench.add_file(table)
    return workbench.create_experiment(ref.id, TaskChoices(target="y", **choices))  # type: ignore[arg-type]


def serve(lab: Lab, *, slots: int = 2) -> None:
    """Serve what is queued, here and now, and return when nothing is left."""
    store = lab.workbench._store
    Runner(store, InlineExecutor(slots), ending=threading.Event(), idle_s=1.0).serve()
