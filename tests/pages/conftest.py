"""A workspace with one finished experiment, made once by the real runner."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest, app_test

from modelling.launch import WhenOwnerEnds
from modelling.settings import Settings
from modelling.types import Budget, RunState
from modelling.workbench import TaskChoices, Workbench

APP = Path(__file__).parents[2] / "app.py"


@dataclass(frozen=True)
class Finished:
    """An experiment that was benchmarked and tuned, and one that was only made."""

    workbench: Workbench
    tuned: str
    fresh: str
    dataset: str
    tuning_run: str


def write_table(path: Path, n_rows: int = 300) -> Path:
    """Write a table whose target a tree can learn, with a column named like Markdown."""
    rng = np.random.default_rng(7)
    signal = rng.normal(size=n_rows)
    pd.DataFrame(
        {
            "signal": signal.round(3),
            "noise": rng.normal(size=n_rows).round(3),
            "**bold** :smile: $x$": rng.integers(0, 5, n_rows),
            "answer": np.where(signal + 0.4 * rng.normal(size=n_rows) > 0, "yes", "no"),
        }
    ).to_csv(path, index=False)
    return path


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Finished]:
    home = tmp_path_factory.mktemp("finished")
    settings = Settings.from_env({"TUNEWORTH_HOME": str(home), "TUNEWORTH_WORKERS": "2"})
    with Workbench.open(settings, when_owner_ends=WhenOwnerEnds.STOP) as workbench:
        data = workbench.add_file(write_table(home / "table.csv"))
        choices = TaskChoices(target="answer")
        tuned = workbench.create_experiment(data.id, choices).id
        fresh = workbench.create_experiment(data.id, choices, name="only made").id
        benchmark = workbench.start_benchmark(tuned, ["dummy", "logistic", "tree"])
        workbench.wait(benchmark.id, timeout_s=120)
        study = workbench.start_tuning(tuned, ["tree"], Budget(trials=6))
        run = workbench.wait(study.id, timeout_s=120)
        assert run.state is RunState.FINISHED
        yield Finished(
            workbench=workbench, tuned=tuned, fresh=fresh, dataset=data.id, tuning_run=study.id
        )


Opener = Callable[..., AppTest]


@pytest.fixture
def open_page(finished: Finished, monkeypatch: pytest.MonkeyPatch) -> Opener:
    """Return a function that opens a page of the finished workspace as a new browser would."""
    return _opener(finished.workbench.settings, monkeypatch)


@pytest.fixture
def open_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opener:
    """Return the same for a workspace in which nothing was done."""
    settings = Settings.from_env({"TUNEWORTH_HOME": str(tmp_path)})
    return _opener(settings, monkeypatch)


def _opener(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Opener:
    # AppTest resets this flag before each run, as if every rerun met a fresh server that serves
    # `pages/` by itself. The reset goes to the subclass, the rest of Streamlit reads the base.
    monkeypatch.setattr(PagesManager, "uses_pages_directory", False)
    monkeypatch.setattr(app_test, "PagesManager", type("Warm", (PagesManager,), {}))
    monkeypatch.setenv("TUNEWORTH_HOME", str(settings.home))
    monkeypatch.setenv("TUNEWORTH_DATABASE_URL", settings.database_url)

    def open_page(page: str = "home", **query: str) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=30)
        app.run()
        app.switch_page(f"pages/{page}.py")
        app.query_params.update(query)
        return app.run()

    return open_page


def texts(app: AppTest) -> str:
    """Return everything that a page says, in one string."""
    parts = [
        element.value
        for kind in ("markdown", "caption", "title", "subheader")
        for element in app.get(kind)
    ]
    parts += [element.value for kind in ("error", "warning", "info") for element in app.get(kind)]
    parts += [f"{item.label} {item.value} {item.delta}" for item in app.metric]
    return "\n".join(map(str, parts))
