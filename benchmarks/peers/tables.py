"""The tables that peers are compared on: samples of the product, and one that is larger."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from modelling.datasets.choices import TaskChoices
from modelling.datasets.samples import sample

# 53,940 diamonds and their prices, from the wheel of plotnine (MIT licence), whose hash is pinned.
LARGE = "diamonds"
LARGE_PIN = Path(__file__).with_name("diamonds.txt")
LARGE_MEMBER = "plotnine/data/diamonds.csv"


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A file and what is to be learned from it."""

    name: str
    path: Path
    choices: TaskChoices


def table(name: str, cache: Path) -> Table:
    """Return a table by name; the large one is fetched into ``cache`` unless it is there."""
    if name == LARGE:
        return Table(name=name, path=_large(cache), choices=TaskChoices(target="price"))
    chosen = sample(name)
    return Table(name=name, path=chosen.path, choices=chosen.choices())


def some_rows(whole: Table, n_rows: int, folder: Path) -> Table:
    """Return the same with ``n_rows`` drawn rows only, in their order; for trying things out."""
    frame = pd.read_parquet(whole.path) if whole.path.suffix == ".parquet" else None
    frame = pd.read_csv(whole.path) if frame is None else frame
    path = folder / f"{whole.name}.parquet"
    frame.sample(min(n_rows, len(frame)), random_state=0).sort_index().to_parquet(path, index=False)
    return Table(name=f"{whole.name}, {n_rows} rows", path=path, choices=whole.choices)


def command_line(choices: TaskChoices) -> list[str]:
    """Return the options of ``python -m modelling`` that make the same choices."""
    options = {
        "target": choices.target,
        "task": choices.kind,
        "metric": choices.metric,
        "positive": choices.positive,
        "group": choices.group,
        "time": choices.time,
        "stake": choices.stake,
        "drop": ",".join(choices.drop) or None,
    }
    given = [(f"--{name}", str(value)) for name, value in options.items() if value is not None]
    return [word for pair in given for word in pair]


def _large(cache: Path) -> Path:
    path = cache / f"{LARGE}.csv"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        fetch = ["download", "--quiet", "--no-deps", "--require-hashes", "-r", str(LARGE_PIN)]
        subprocess.run([sys.executable, "-m", "pip", *fetch, "-d", str(cache)], check=True)
        (wheel,) = cache.glob("plotnine-*.whl")
        with zipfile.ZipFile(wheel) as members:
            path.write_bytes(members.read(LARGE_MEMBER))
        wheel.unlink()
    return path
