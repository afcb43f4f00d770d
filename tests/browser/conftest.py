"""A server of its own for each test, and one Chromium for all of them."""

import csv
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    TimeoutError as PlaywrightTimeoutError,
    expect,
    sync_playwright,
)

from modelling.settings import Settings
from modelling.types import Budget, RunState
from modelling.workbench import TaskChoices, Workbench
from tests.serving import free_port, wait_for_port

PROJECT = Path(__file__).parents[2]
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OPENINGS = 6
expect.set_options(timeout=20_000)


@dataclass(frozen=True)
class Server:
    """A running dashboard, and a workbench that looks into its workspace."""

    url: str
    process: subprocess.Popen[bytes]
    workbench: Workbench


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve tests that do not change what another one looks at."""
    with serving(tmp_path_factory.mktemp("shared") / "home") as started:
        yield started


@pytest.fixture(scope="session")
def tuned(shared_server: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return an experiment of the shared server with base models, a tuned one, an ensemble."""
    experiment = small_experiment(shared_server, tmp_path_factory.mktemp("tuned"))
    bench = shared_server.workbench
    bench.start_benchmark(experiment, ["logistic", "tree"])
    study = bench.start_tuning(experiment, ["tree"], Budget(trials=6))
    assert bench.wait(study.id, timeout_s=120).state is RunState.FINISHED
    return experiment


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path / "home") as started:
        yield started


@contextmanager
def serving(home: Path) -> Iterator[Server]:
    """Start a server on a fresh workspace; whatever it logs as a traceback is an error."""
    home.mkdir()
    settings = Settings.from_env({"TUNEWORTH_HOME": str(home), "TUNEWORTH_WORKERS": "2"})
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env={**os.environ, **settings.to_env()},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        wait_for_port(port, process)
        with Workbench.open(settings) as workbench:
            yield Server(url=f"http://127.0.0.1:{port}", process=process, workbench=workbench)
        log_text = (home / "server.log").read_text(encoding="utf-8", errors="replace")
        assert "Traceback" not in log_text, log_text[-3_000:]
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the server and what it started: its runner, and the runner's children."""
    started = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    for child in started:
        if child.is_running():
            child.kill()
    psutil.wait_procs(started, timeout=10)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Return a fresh browser session in which every request to another host fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    foreign: list[str] = []
    context.on(
        "request",
        lambda request: (
            foreign.append(request.url)
            if urlsplit(request.url).hostname not in ("127.0.0.1", None)
            else None
        ),
    )
    yield context
    context.close()
    assert foreign == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def box(page: Page, key: str) -> Locator:
    """Return the element of that widget key."""
    return page.locator(f".st-key-{key}")


def expect_title(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()


def expect_state(page: Page, state: str, *, timeout_s: float = 60) -> None:
    """Wait until the status of the run on the page shows that word."""
    status = box(page, "run_status").get_by_text(state, exact=True)
    expect(status).to_be_visible(timeout=timeout_s * 1000)


def choose(page: Page, key: str, options: list[str]) -> None:
    """Empty a multiselect and choose these options."""
    field = box(page, key)
    field.get_by_label("Clear all").click()
    expect(field.get_by_label("Clear all")).to_have_count(0)
    for option in options:
        _pick(page, field.get_by_role("combobox"), option, typed=True)
        expect(field.get_by_text(re.compile(option)).first).to_be_visible()
        expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    page.keyboard.press("Escape")


def select(page: Page, key: str, option: str) -> None:
    """Choose an option of a selectbox."""
    _pick(page, box(page, key).get_by_role("combobox"), option, typed=False)


def _pick(page: Page, field: Locator, option: str, *, typed: bool) -> None:
    """Open a list and click an option; a list is closed again when the page answers meanwhile."""
    wanted = page.get_by_role("option", name=re.compile(option)).first
    for _ in range(OPENINGS):
        if typed:
            field.fill("")
            field.fill(option)
        elif not wanted.is_visible():
            field.click()
        try:
            wanted.click(timeout=3_000)
        except PlaywrightTimeoutError:
            continue
        return
    raise AssertionError(f"the option {option!r} did not show in {OPENINGS} openings")


def small_experiment(server: Server, tmp_path: Path, target: str = "answer") -> str:
    """Make an experiment of 200 rows without the browser."""
    table = tmp_path / "table.csv"
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["number", target])
        writer.writerows([i % 17, "yes" if i % 17 > 8 or i % 5 == 0 else "no"] for i in range(200))
    data = server.workbench.add_file(table)
    return server.workbench.create_experiment(data.id, TaskChoices(target=target)).id


def expect_accessible(page: Page, *, without: str | None = None) -> None:
    """Fail on a serious or critical finding of axe-core, outside the elements of a selector."""
    where = {"exclude": [[without]]} if without else None
    found = Axe().run(page, context=where).response["violations"]
    serious = [item for item in found if item["impact"] in ("serious", "critical")]
    assert [(item["id"], [node["html"] for node in item["nodes"]]) for item in serious] == []
