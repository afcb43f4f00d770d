"""The command line as a user runs it: a process of its own on a workspace of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

PROJECT = Path(__file__).parents[2]


@dataclass(frozen=True)
class CommandLine:
    """A workspace in ``home``, and a folder of tables that commands start in."""

    home: Path
    tables: Path

    def __call__(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run one command and return how it ended."""
        return subprocess.run(
            [sys.executable, "-m", "modelling", *words],
            cwd=self.tables,
            env={
                **os.environ,
                "PYTHONPATH": str(PROJECT),
                "TUNEWORTH_HOME": str(self.home),
                "TUNEWORTH_WORKERS": "2",
                **env,
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


def _table(n_rows: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(n_rows, 3)), columns=["a", "b", "c"])
    frame["colour"] = rng.choice(["red", "grün", "blue"], n_rows)
    frame["y"] = np.where(frame["a"] + 0.5 * rng.normal(size=n_rows) > 0, "yes", "no")
    return frame


def _write_tables(folder: Path) -> None:
    good, own = _table(300, 0), _table(80, 1)
    for name, frame in {
        "good.csv": good,
        "own.csv": own,
        "without_a.csv": own.drop(columns="a"),
        "another_class.csv": own.assign(y="maybe"),
        "one_column.csv": good[["a"]],
        "one_class.csv": good.assign(y="yes"),
        "five_rows.csv": good.head(5),
        # The target stays the last column, and so the proposed one.
        "leaking.csv": good.drop(columns="y").assign(**{"copy of y": good["y"], "y": good["y"]}),
    }.items():
        frame.to_csv(folder / name, index=False)
    (folder / "empty.csv").touch()
    (folder / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))


@pytest.fixture(scope="package")
def make_command_line(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str], CommandLine]:
    tables = tmp_path_factory.mktemp("tables")
    _write_tables(tables)
    return lambda name: CommandLine(tmp_path_factory.mktemp(name) / "home", tables)
