"""The sample data that ships with the product, with its roles and notes as data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from modelling.codec import from_plain
from modelling.datasets.choices import TaskChoices
from modelling.errors import NotFoundError
from modelling.types import SplitStrategy, TaskKind

SAMPLE_DATA = Path(__file__).parents[2] / "sample_data"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """One sample: what it is, where it comes from, and how to use it."""

    name: str
    title: str
    summary: str
    file: str
    rows: int
    columns: int
    task: TaskKind
    target: str
    metric: str
    split: SplitStrategy
    licence: str
    copyright: str
    source: str
    shows: str
    positive: str | None = None
    group: str | None = None
    time: str | None = None
    stake: str | None = None
    ids: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        """The data file."""
        return SAMPLE_DATA / self.name / self.file

    def choices(self) -> TaskChoices:
        """Return the task that the sample is made for."""
        return TaskChoices(
            target=self.target,
            kind=self.task,
            metric=self.metric,
            positive=self.positive,
            group=self.group,
            time=self.time,
            stake=self.stake,
            drop=self.ids,
            split=self.split,
        )


@cache
def samples() -> tuple[Sample, ...]:
    """Return all samples, the first demo first."""
    found = [
        from_plain(Sample, tomllib.loads(path.read_text(encoding="utf-8")))
        for path in sorted(SAMPLE_DATA.glob("*/sample.toml"))
    ]
    return tuple(sorted(found, key=lambda sample: sample.name != "card_transactions"))


def sample(name: str) -> Sample:
    """Return the sample of that name.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    for candidate in samples():
        if candidate.name == name:
            return candidate
    known = ", ".join(candidate.name for candidate in samples())
    raise NotFoundError(f"There is no sample {name!r}; choose one of {known}.")
