"""Fresh test rows for models that are stored already."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from modelling.errors import SpecError
from modelling.types import Experiment, FreshSpec, ResultStatus, Run, RunKind
from modelling.workbench.rigorous import RigorousChecks


class FreshTests(RigorousChecks):
    """The part of the workbench that scores stored models on rows that came later."""

    def add_fresh_test(
        self, experiment_id: str, rows: Path | IO[bytes], *, name: str | None = None
    ) -> tuple[Experiment, Run]:
        """Make an experiment with other test rows, and queue scoring the stored models on them.

        Nothing is fitted. The experiment before keeps its own verdict; the new one has the same
        training rows and searches, and a verdict on rows that nobody has looked at.

        Parameters
        ----------
        rows : Path or binary stream
            A table with the columns of the data set, the target included.
        name : str, optional
            What the table is called; needed for a stream.

        Raises
        ------
        DataError, TaskError
            If it is no usable table, misses a column or a class, or breaks the promise of the
            split.
        SpecError
            If there is no stored model yet.
        """
        from modelling.datasets.experiments import with_fresh_test
        from modelling.store.catalogue import now

        known = self.results(experiment_id)
        if not any(row.status is ResultStatus.OK and row.model_blob for row in known):
            raise SpecError("There is no stored model to score; run the benchmark first.")
        whole = self.experiment(experiment_id)
        if isinstance(rows, Path):
            test = self.add_test_file(rows, whole.dataset_id)
        else:
            test = self.add_upload(rows, name or "the file", test_of=whole.dataset_id)
        path = self._store.blobs.path
        made = with_fresh_test(
            whole,
            self.dataset(whole.dataset_id),
            path(whole.dataset_id),
            self.problem(experiment_id).positions("train"),
            test=test,
            test_path=path(test.id),
            adopt=self._store.blobs.adopt,
            scratch=self._store.blobs.scratch("-split.npz"),
            created_at=now(),
        )
        self._store.catalogue.add_experiment(made)
        run = self._start(made.id, RunKind.FRESH, FreshSpec(source=experiment_id))
        return made, run
