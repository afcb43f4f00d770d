"""A CSV of 1,000,000 x 30 in the browser: from the upload to the profile, and the server's memory.

Run on an otherwise idle machine: ``.venv/bin/python benchmarks/large_upload.py``.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
from playwright.sync_api import Error as PlaywrightError, Page, expect, sync_playwright

PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT))

from modelling.machine import fingerprint  # noqa: E402
from tests.browser.conftest import ARGUMENTS, CHROMIUM  # noqa: E402

N_ROWS = 1_000_000
MEGA = 1e6
SETTLE_S = 5.0


def write_table(path: Path) -> None:
    """Write 18 decimals, 5 whole numbers, 5 categories, a moment and a target."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({f"decimal_{i}": rng.normal(size=N_ROWS).round(4) for i in range(18)})
    for i in range(5):
        frame[f"whole_{i}"] = rng.integers(0, 1000, N_ROWS)
        frame[f"category_{i}"] = rng.choice([f"v{k}" for k in range(10 ** (i % 3 + 1))], N_ROWS)
    minutes = pd.to_timedelta(np.arange(N_ROWS), unit="min")
    frame["moment"] = (pd.Timestamp("2024-01-01") + minutes).strftime("%Y-%m-%d %H:%M:%S")
    frame["target"] = rng.integers(0, 2, N_ROWS)
    frame.to_csv(path, index=False)


class Memory:
    """Resident megabytes of the server and of its largest child, watched in a thread."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self.peak = self.child_peak = 0.0
        self.ended = False
        threading.Thread(target=self._watch, daemon=True).start()

    def now(self) -> float:
        """Return the server's megabytes."""
        return self._process.memory_info().rss / MEGA

    def _watch(self) -> None:
        while not self.ended:
            try:
                self.peak = max(self.peak, self.now())
                for child in self._process.children(recursive=True):
                    self.child_peak = max(self.child_peak, child.memory_info().rss / MEGA)
            except psutil.Error:
                pass
            time.sleep(0.02)


@contextmanager
def server(home: str) -> Iterator[tuple[str, int]]:
    """Run the dashboard on a fresh workspace; yields its URL and process id."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    process = subprocess.Popen(
        command,
        cwd=PROJECT,
        env={**os.environ, "TUNEWORTH_HOME": home},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        for child in psutil.Process(process.pid).children(recursive=True):
            child.kill()
        process.kill()


def open_page(page: Page, url: str) -> None:
    """Open the Data page as soon as the server answers."""
    for _ in range(100):
        try:
            page.goto(f"{url}/data")
            break
        except PlaywrightError:  # it does not listen yet
            time.sleep(0.2)
    expect(page.locator(".st-key-data_upload")).to_be_visible(timeout=30_000)
    time.sleep(2)


def measure(page: Page, url: str, pid: int, table: Path) -> dict[str, float]:
    """Upload the table, create an experiment, open it again."""
    open_page(page, url)
    memory = Memory(pid)
    start_mb = memory.now()
    begin = time.perf_counter()
    page.locator(".st-key-data_upload input[type=file]").set_input_files(table)
    page.locator(".st-key-data_tabs").wait_for(timeout=120_000)
    table_s = time.perf_counter() - begin
    page.locator(".st-key-data_profile_tabs .js-plotly-plot").first.wait_for(timeout=120_000)
    profile_s = time.perf_counter() - begin
    time.sleep(SETTLE_S)
    after_mb = memory.now()
    memory.ended = True
    page.get_by_role("button", name="Create experiment").click()
    expect(page.get_by_role("heading", level=1, name="Benchmark")).to_be_visible(timeout=60_000)
    address = page.url
    page.goto("about:blank")
    begin = time.perf_counter()
    page.goto(address)
    expect(page.get_by_text("locked test rows")).to_be_visible(timeout=60_000)
    return {
        "file_mb": table.stat().st_size / MEGA,
        "table_shown_s": table_s,
        "profile_shown_s": profile_s,
        "reopen_s": time.perf_counter() - begin,
        "server_start_mb": start_mb,
        "server_peak_mb": memory.peak,
        "server_after_mb": after_mb,
        "child_peak_mb": memory.child_peak,
    }


def main() -> None:
    """Print the figures and append them to the table."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        table = Path(folder) / "large.csv"
        write_table(table)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        with server(f"{folder}/home") as (url, pid):
            found = measure(browser.new_page(), url, pid, table)
        browser.close()
    row = {
        "date": datetime.now(tz=UTC).date().isoformat(),
        **{name: round(value, 2) for name, value in found.items()},
        "cpu": fingerprint(os.cpu_count() or 1)["cpu"],
        "cores": os.cpu_count(),
    }
    path = PROJECT / "benchmarks" / "large_upload.csv"
    pd.DataFrame([row]).to_csv(path, mode="a", header=not path.exists(), index=False)
    print(row)


if __name__ == "__main__":
    main()
