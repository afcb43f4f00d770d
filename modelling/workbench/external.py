"""Models from elsewhere: the locked rows to answer, and the answers that come back."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np

from modelling.datasets.stored import read_columns
from modelling.datasets.wording import label
from modelling.errors import DataError, SpecError
from modelling.types import ExternalCosts, ExternalSpec, Run, RunKind
from modelling.workbench.answers import LockedAnswers

if TYPE_CHECKING:
    import pandas as pd

_COPY_BYTES = 1 << 20
_LONGEST_TITLE = 60
_TOKENS_PER_PRICE = 1e6


class External(LockedAnswers):
    """The part of the workbench that takes answers of models that run elsewhere."""

    def rows_to_answer(self, experiment_id: str) -> pd.DataFrame:
        """Return the locked rows without the target, each with its number in column row."""
        from modelling.datasets.external import ROW
        from modelling.datasets.locked import locked_columns

        problem = self.problem(experiment_id)
        positions = problem.positions("test")
        frame = locked_columns(problem, problem.task.features, np.arange(len(positions)))
        named = frame.drop(columns=ROW, errors="ignore")
        named.insert(0, ROW, positions)
        return named

    def add_external(
        self,
        experiment_id: str,
        answers: Path | IO[bytes],
        *,
        title: str,
        costs: ExternalCosts | None = None,
        usd_per_million_tokens: float | None = None,
    ) -> Run:
        """Queue the scoring of answers that came from elsewhere; it is a look at the locked test.

        Parameters
        ----------
        answers : Path or binary stream
            A table with one line for each of `rows_to_answer`: row, and prediction or
            probability_<class>; tokens and latency_ms if they are known.
        title : str
            What the model is called; answers of the same title replace each other.
        usd_per_million_tokens : float, optional
            Added to the running costs for the mean tokens of a row.

        Raises
        ------
        DataError
            If it is no usable table, or does not answer every locked row.
        SpecError
            If the title is empty or too long, or tokens have a price but no column.
        """
        from modelling.datasets.external import external_answers
        from modelling.datasets.locked import locked_truth

        name = " ".join(title.split())
        if not 0 < len(name) <= _LONGEST_TITLE:
            raise SpecError(
                f"The model needs a name of 1 to {_LONGEST_TITLE} characters, got {len(name)}."
            )
        problem = self.problem(experiment_id)
        found = external_answers(
            self._table(answers), problem.task, problem.positions("test"), locked_truth(problem)
        )
        paid = costs or ExternalCosts()
        if usd_per_million_tokens:
            if found.tokens is None:
                raise SpecError("Tokens have a price, but the file has no column tokens; add it.")
            per_row = found.tokens * usd_per_million_tokens / _TOKENS_PER_PRICE
            paid = ExternalCosts(
                fixed_usd=paid.fixed_usd, usd_per_1k=paid.usd_per_1k + 1000.0 * per_row
            )
        scratch = self._store.blobs.scratch(".npy")
        np.save(scratch, found.predicted)
        spec = ExternalSpec(
            key=f"external:{_slug(name)}",
            title=name,
            answers=self._store.blobs.adopt(scratch),
            costs=paid,
            latency_ms=found.latency_ms,
            note=_note(found.n_invalid),
        )
        return self._start(experiment_id, RunKind.EXTERNAL, spec)

    def _table(self, answers: Path | IO[bytes]) -> pd.DataFrame:
        """Return a table of answers, parsed by a capped child; nothing of the file is kept."""
        if isinstance(answers, Path):
            if not answers.is_file():
                raise DataError(f"There is no file {label(str(answers))}; check the path.")
            return self._parsed(answers, answers.name)
        raw = self._store.blobs.scratch(".upload")
        try:
            with raw.open("wb") as file:
                shutil.copyfileobj(answers, file, _COPY_BYTES)
            return self._parsed(raw, label(getattr(answers, "name", "the file")))
        finally:
            raw.unlink(missing_ok=True)

    def _parsed(self, source: Path, name: str) -> pd.DataFrame:
        from modelling.datasets.children import read_in_child

        parquet = self._store.blobs.scratch(".parquet")
        try:
            ref = read_in_child(source, parquet, name=name)
            return read_columns(parquet, [column.name for column in ref.columns])
        finally:
            parquet.unlink(missing_ok=True)


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "model"


def _note(n_invalid: int) -> str | None:
    if not n_invalid:
        return None
    return f"{n_invalid:,} answers outside the classes, counted as wrong"
