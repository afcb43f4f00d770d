"""The whole corpus through the child process, with time and memory taken of each file."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import psutil
import pytest

from modelling.datasets.children import read_in_child
from modelling.datasets.wording import label
from tests.datasets.corpus import ENTRIES, Entry, Refused
from tests.datasets.corpus.claims import Outcome, disagreements, outcome_of

TABLE = Path(__file__).parents[2] / "benchmarks" / "uploads.csv"
MAX_REFUSAL_S = 2.0
MAX_BOMB_MB = 1_024
MAX_GROWTH_MB = 512
POLL_S = 0.005
ATTEMPTS = 3
CRASHED = "its contents may be damaged"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the table that the check leaves behind."""

    fault: str
    format: str
    outcome: str
    rows: int | None
    columns: int | None
    seconds: float
    child_peak_mb: float
    growth_mb: float
    message: str
    must_refuse: bool
    is_bomb: bool
    wrong: tuple[str, ...]

    @property
    def id(self) -> str:
        return f"{self.fault} [{self.format}]"


@dataclass
class Watch:
    """The peak memory of every child of this process while it is watched, in MB."""

    peak_mb: float = 0.0
    _done: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def watching(self) -> Iterator[Watch]:
        thread = threading.Thread(target=self._look, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._done.set()
            thread.join()

    def _look(self) -> None:
        me = psutil.Process()
        while not self._done.wait(POLL_S):
            for child in me.children(recursive=True):
                # Until it runs its own program it is a copy of this process, memory included.
                if command_of(child.pid) != command_of(me.pid):
                    self.peak_mb = max(self.peak_mb, high_water_mb(child.pid))


def command_of(pid: int) -> bytes:
    """Return the command line of a process; empty where it has ended."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def high_water_mb(pid: int | None = None) -> float:
    """Return the largest resident size that a process ever had; 0 where it has ended."""
    status = ""
    with suppress(OSError):
        status = Path(f"/proc/{pid or os.getpid()}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def forget_high_water() -> None:
    """Let the kernel count the largest resident size of this process anew."""
    Path("/proc/self/clear_refs").write_text("5")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One reading in a child, with what it took."""

    outcome: Outcome
    seconds: float
    child_peak_mb: float
    growth_mb: float


def read_once(source: Path, parquet: Path, name: str) -> Reading:
    forget_high_water()
    before_mb = resident_mb()
    with Watch().watching() as watch:
        start = time.monotonic()
        outcome = outcome_of(lambda: read_in_child(source, parquet, name=name))
        seconds = time.monotonic() - start
    growth_mb = max(0.0, high_water_mb() - before_mb)
    return Reading(
        outcome=outcome, seconds=seconds, child_peak_mb=watch.peak_mb, growth_mb=growth_mb
    )


def line_of(entry: Entry, folder: Path) -> Line:
    source, parquet = folder / "upload", folder / "data.parquet"
    case = entry.make()
    expects = case.expects
    source.write_bytes(case.content)
    # Only what reading takes is to be counted, not what making the file took.
    del case
    name, must_refuse = label(entry.file_name), isinstance(expects, Refused)
    readings = [read_once(source, parquet, name)]
    # A machine that does something else as well is slow now and then; a reader, each time.
    while must_refuse and readings[-1].seconds > MAX_REFUSAL_S and len(readings) < ATTEMPTS:
        readings.append(read_once(source, parquet, name))
    last, ref = readings[-1], readings[-1].outcome.ref
    return Line(
        fault=entry.fault,
        format=entry.format,
        outcome=last.outcome.word,
        rows=None if ref is None else ref.n_rows,
        columns=None if ref is None else len(ref.columns),
        seconds=round(last.seconds, 2),
        child_peak_mb=round(max(reading.child_peak_mb for reading in readings)),
        growth_mb=round(max(reading.growth_mb for reading in readings)),
        message=last.outcome.message,
        must_refuse=must_refuse,
        is_bomb=entry.in_child,
        wrong=disagreements(expects, last.outcome, label=name, parquet=parquet),
    )


def resident_mb() -> float:
    return float(psutil.Process().memory_info().rss) / 2**20


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[Line]:
    """Read everything, one file after the other, and leave the table behind."""
    folder = tmp_path_factory.mktemp("corpus")
    collected = [line_of(entry, folder) for entry in ENTRIES]
    table = pd.DataFrame([vars(line) for line in collected])
    table = table.drop(columns=["must_refuse", "is_bomb", "wrong"])
    table.insert(0, "date", datetime.now(tz=UTC).date().isoformat())
    table.astype({"rows": "Int64", "columns": "Int64"}).to_csv(TABLE, index=False)
    return collected


@pytest.mark.long
def test_every_file_is_read_or_refused_as_it_must_be(lines: list[Line]) -> None:
    assert len(lines) == len(ENTRIES)
    wrong = [f"{line.id}: {claim}" for line in lines for claim in line.wrong]
    assert not wrong, "\n".join(wrong)


@pytest.mark.long
def test_no_file_ends_its_reader(lines: list[Line]) -> None:
    """The caps may end it; a crash has a sentence of its own."""
    crashed = [line.id for line in lines if CRASHED in line.message]
    assert not crashed, "\n".join(crashed)


@pytest.mark.long
def test_a_refusal_takes_two_seconds_at_most(lines: list[Line]) -> None:
    slow = [line for line in lines if line.must_refuse and line.seconds > MAX_REFUSAL_S]
    assert not slow, "\n".join(f"{line.id}: {line.seconds} s" for line in slow)


@pytest.mark.long
def test_bombs_stay_below_a_gigabyte(lines: list[Line]) -> None:
    large = [line for line in lines if line.is_bomb and line.child_peak_mb >= MAX_BOMB_MB]
    assert not large, "\n".join(f"{line.id}: {line.child_peak_mb} MB" for line in large)


@pytest.mark.long
def test_the_process_that_asks_hardly_grows(lines: list[Line]) -> None:
    assert max(line.growth_mb for line in lines) < MAX_GROWTH_MB
