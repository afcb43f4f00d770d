"""The data sets of a workspace: bringing tables in, and looking at them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

from modelling.datasets.proposal import labels_of, proposed_choices
from modelling.datasets.reading import label, read_in_child
from modelling.datasets.samples import Sample, sample, samples
from modelling.datasets.tasks import TaskChoices
from modelling.errors import DataError
from modelling.types import DatasetRef
from modelling.workbench.desk import Desk

if TYPE_CHECKING:
    import pandas as pd


class Data(Desk):
    """The part of the workbench that knows data sets."""

    def samples(self) -> tuple[Sample, ...]:
        """Return the sample data sets, the first demo first."""
        return samples()

    def add_sample(self, name: str) -> DatasetRef:
        """Read a sample into the workspace."""
        chosen = sample(name)
        ref = self.add_file(chosen.path, name=chosen.name)
        ref = replace(ref, sample=chosen.name)
        self._store.catalogue.add_dataset(ref)
        return ref

    def add_file(self, path: Path | str, *, name: str | None = None) -> DatasetRef:
        """Read a file into the workspace.

        Raises
        ------
        DataError
            If there is no such file, it is too large, or it is no usable table.
        """
        source = Path(path)
        if not source.is_file():
            raise DataError(f"There is no file {label(str(path))}; check the path.")
        size_mb = source.stat().st_size / 1024**2
        if size_mb > self.settings.max_upload_mb:
            raise DataError(
                f"{label(source.name)} has {size_mb:,.0f} MB; at most "
                f"{self.settings.max_upload_mb:,} MB are read (TUNEWORTH_MAX_UPLOAD_MB)."
            )
        parquet = self._store.blobs.scratch(".parquet")
        try:
            ref = read_in_child(source, parquet, name=name or source.name)
            self._store.blobs.adopt(parquet)
        finally:
            parquet.unlink(missing_ok=True)
        self._store.catalogue.add_dataset(ref)
        return ref

    def add_upload(self, stream: IO[bytes], name: str) -> DatasetRef:
        """Read an uploaded file; its bytes are kept only while it is read."""
        raw = self._store.blobs.scratch(".upload")
        try:
            with raw.open("wb") as file:
                shutil.copyfileobj(stream, file)
            return self.add_file(raw, name=name)
        finally:
            raw.unlink(missing_ok=True)

    def add_frame(self, frame: pd.DataFrame, *, name: str) -> DatasetRef:
        """Read a data frame into the workspace, as a notebook has it."""
        raw = self._store.blobs.scratch(".frame")
        try:
            frame.to_parquet(raw, index=False)
            return self.add_file(raw, name=name)
        finally:
            raw.unlink(missing_ok=True)

    def dataset(self, dataset_id: str) -> DatasetRef:
        """Return what is known of a data set."""
        return self._store.catalogue.dataset(dataset_id)

    def preview(self, dataset_id: str, n_rows: int = 100) -> pd.DataFrame:
        """Return the first rows of a data set."""
        import pyarrow.parquet as pq

        file = pq.ParquetFile(self._store.blobs.path(dataset_id))
        first: pd.DataFrame = next(file.iter_batches(batch_size=n_rows)).to_pandas()
        return first

    def proposed_choices(self, dataset_id: str, target: str | None = None) -> TaskChoices:
        """Return what we would choose: the sample's own task, or what the target suggests.

        The positive class stays open where the data do not make a task as they are.

        Raises
        ------
        TaskError
            If there is no column ``target``.
        """
        path = self._store.blobs.path(dataset_id)
        return proposed_choices(self.dataset(dataset_id), path, target)

    def class_labels(self, dataset_id: str, target: str) -> tuple[str, ...]:
        """Return the labels of a classification target, in order."""
        return labels_of(self._store.blobs.path(dataset_id), target)
